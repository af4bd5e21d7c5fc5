import { shallowReactive } from 'vue'

/** The state of the connection to the server, for the banner and for everything that waits for a reconnect. */
export interface Connection {
  state: 'connecting' | 'connected' | 'disconnected'
  /** When this state began, in milliseconds by this computer's clock. */
  since: number
}

export const newConnection = (): Connection => shallowReactive({ state: 'connecting', since: Date.now() })

/** Changes the state. Further failed attempts to reconnect leave `since` as it is. */
export function setConnectionState(connection: Connection, state: 'connected' | 'disconnected'): void {
  if (connection.state === state) return
  connection.since = Date.now()
  connection.state = state
}
