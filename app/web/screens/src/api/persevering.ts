import { watch } from 'vue'
import type { Answer } from './api'
import type { Connection } from './connection'
import type { Session } from '../login/session'

/** What tells when it is worth trying again. */
export interface Line {
  connection: Connection
  session: Pick<Session, 'expired'>
  pause: (ms: number) => Promise<void>
}

interface Options {
  /** Whether the answer is still waited for; asked before every try. */
  wanted: () => boolean
  /** It is not known whether it was done; called whenever it turns out so. */
  unconfirmed: () => void
  /** A try whose line was lost and came back is not waited for: it does no harm when it is done twice. */
  hasty: boolean
}

const FIRST_MS = 500
const LONGEST_MS = 5_000
export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Asks until there is an answer: at once when the line or the login comes back, else after ever longer pauses.
 * Undefined: it was not wanted any more. */
export async function untilAnswered<D>(
  ask: () => Promise<Answer<D>>,
  line: Line,
  { wanted, unconfirmed, hasty }: Options,
): Promise<Answer<D> | undefined> {
  for (let tries = 0; wanted(); tries++) {
    const back = coming(line, () => wanted() && unconfirmed())
    const answer = await (hasty ? Promise.race([ask(), back.came]) : ask())
    if (answer?.data || answer?.failure?.kind === 'geweigerd') {
      back.stop()
      return answer
    }
    if (wanted()) unconfirmed()
    if (answer) await Promise.race([back.came, line.pause(Math.min(FIRST_MS * 2 ** tries, LONGEST_MS))])
    back.stop()
  }
  return undefined
}

/** The coming back of what is lost, now or later. */
function coming(
  { connection, session }: Line,
  lost: () => unknown,
): { came: Promise<undefined>; stop: () => void } {
  let come: (nothing: undefined) => void
  const came = new Promise<undefined>((resolve) => (come = resolve))
  const stop = watch(
    () => connection.state !== 'verbroken' && !session.expired,
    (is) => {
      if (is) come(undefined)
      else lost()
    },
    { flush: 'sync' },
  )
  return { came, stop }
}
