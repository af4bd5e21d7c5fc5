import { watch } from 'vue'
import type { Answer } from './api'
import type { Connection } from './connection'
import type { Session } from '../login/session'

/** What a retry depends on: the connection, the login, and a way to pause. */
export interface RetryContext {
  connection: Connection
  session: Pick<Session, 'expired'>
  pause: (ms: number) => Promise<void>
}

interface Options {
  /** Whether the answer is still needed; checked before every try. */
  isWanted: () => boolean
  /** Called whenever it becomes unclear whether the server executed the request. */
  onUnconfirmed: () => void
  /** Whether the request may be executed twice without harm. Only then is it sent again after a reconnect while the
   * first answer is still awaited. */
  idempotent: boolean
}

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 5_000
export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Repeats a request until the server answers or refuses it: at once when the connection or the login is restored,
 * otherwise after increasing pauses. Returns undefined when the answer is no longer needed. */
export async function retryUntilAnswered<D>(
  ask: () => Promise<Answer<D>>,
  retryContext: RetryContext,
  { isWanted, onUnconfirmed, idempotent }: Options,
): Promise<Answer<D> | undefined> {
  for (let tries = 0; isWanted(); tries++) {
    const restored = watchRestored(retryContext, () => isWanted() && onUnconfirmed())
    const answer = await (idempotent ? Promise.race([ask(), restored.reconnected]) : ask())
    if (answer?.data || answer?.failure?.kind === 'refused') {
      restored.stop()
      return answer
    }
    if (isWanted()) onUnconfirmed()
    if (answer)
      await Promise.race([
        restored.reconnected,
        retryContext.pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS)),
      ])
    restored.stop()
  }
  return undefined
}

/** Watches for the connection and the login: `reconnected` resolves when they are restored, `onLost` is called when
 * one of them is lost. */
function watchRestored(
  { connection, session }: RetryContext,
  onLost: () => unknown,
): { reconnected: Promise<undefined>; stop: () => void } {
  let resolveReconnected: (nothing: undefined) => void
  const reconnected = new Promise<undefined>((resolve) => (resolveReconnected = resolve))
  const stop = watch(
    () => connection.state !== 'disconnected' && !session.expired,
    (is) => {
      if (is) resolveReconnected(undefined)
      else onLost()
    },
    { flush: 'sync' },
  )
  return { reconnected, stop }
}
