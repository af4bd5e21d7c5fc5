import { shallowReactive } from 'vue'

/** The line to the server, for the banner and for who waits for its return. */
export interface Connection {
  state: 'connecting' | 'connected' | 'disconnected'
  /** Since when it is so, in milliseconds of this computer's clock. */
  since: number
}

/** A connection that is yet to be made. */
export const newConnection = (): Connection => shallowReactive({ state: 'connecting', since: Date.now() })

/** It is so from now on; a line that is lost stays lost since it was, however often it is tried. */
export function setConnectionState(connection: Connection, state: 'connected' | 'disconnected'): void {
  if (connection.state === state) return
  connection.since = Date.now()
  connection.state = state
}
