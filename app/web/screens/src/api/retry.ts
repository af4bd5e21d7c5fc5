import { watch } from 'vue'
import type { Answer } from './api'
import type { Connection } from './connection'
import type { Session } from '../login/session'

/** What tells when it is worth trying again. */
export interface RetryContext {
  connection: Connection
  session: Pick<Session, 'expired'>
  pause: (ms: number) => Promise<void>
}

interface Options {
  /** Whether the answer is still waited for; asked before every try. */
  isWanted: () => boolean
  /** It is not known whether it was done; called whenever it turns out so. */
  onUnconfirmed: () => void
  /** A try whose line was lost and came back is not waited for: it does no harm when it is done twice. */
  idempotent: boolean
}

const FIRST_MS = 500
const LONGEST_MS = 5_000
export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Asks until there is an answer: at once when the line or the login comes back, else after ever longer pauses.
 * Undefined: it was not wanted any more. */
export async function retryUntilAnswered<D>(
  ask: () => Promise<Answer<D>>,
  retryContext: RetryContext,
  { isWanted, onUnconfirmed, idempotent }: Options,
): Promise<Answer<D> | undefined> {
  for (let tries = 0; isWanted(); tries++) {
    const back = reconnection(retryContext, () => isWanted() && onUnconfirmed())
    const answer = await (idempotent ? Promise.race([ask(), back.reconnected]) : ask())
    if (answer?.data || answer?.failure?.kind === 'refused') {
      back.stop()
      return answer
    }
    if (isWanted()) onUnconfirmed()
    if (answer)
      await Promise.race([back.reconnected, retryContext.pause(Math.min(FIRST_MS * 2 ** tries, LONGEST_MS))])
    back.stop()
  }
  return undefined
}

/** The coming back of what is lost, now or later. */
function reconnection(
  { connection, session }: RetryContext,
  lost: () => unknown,
): { reconnected: Promise<undefined>; stop: () => void } {
  let resolveReconnected: (nothing: undefined) => void
  const reconnected = new Promise<undefined>((resolve) => (resolveReconnected = resolve))
  const stop = watch(
    () => connection.state !== 'disconnected' && !session.expired,
    (is) => {
      if (is) resolveReconnected(undefined)
      else lost()
    },
    { flush: 'sync' },
  )
  return { reconnected, stop }
}
