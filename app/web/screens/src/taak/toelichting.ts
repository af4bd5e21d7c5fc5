import type { Answer } from '../api/api'
import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { normalized } from '../ui/texts'

/** After this time an unanswered request can no longer be executed: the server cancels it after 15 seconds. */
const MAX_EXECUTION_MS = 16_000

/** A toelichting that is being sent. The API gives it no id, so a retry cannot be recognised by one. */
export interface PendingToelichting {
  text: string
  /** The versie of the task before it was sent: in the logboek it has a higher one. */
  naVersie: number
  /** When it was last sent without an answer; null where it has certainly not been saved. */
  verzondenOp: number | null
}

type Logboek = readonly GebeurtenisInLogboekFragment[]

interface Sending<D> {
  /** The id of the employee who wrote it. */
  medewerkerId: string
  now: () => number
  /** Reads the current logboek of the task. */
  read: () => Promise<Answer<Logboek>>
  send: () => Promise<Answer<D>>
}

/** The result where the logboek shows that it was saved already. */
export const ALREADY_SAVED = 'already-saved'
const NOT_YET = { failure: { kind: 'unreachable', code: '', bericht: '' } } as const

/** Tries once to send a toelichting, and records in it what the next try needs. After a lost answer the logboek is
 * checked first, and it is sent again only when the earlier request can no longer be executed. */
export async function trySendToelichting<D>(
  pending: PendingToelichting,
  { medewerkerId, now, read, send }: Sending<D>,
): Promise<Answer<D | typeof ALREADY_SAVED>> {
  const before = pending.verzondenOp
  if (before !== null) {
    const { data: logboek, failure } = await read()
    if (failure) return { failure }
    if (isInLogboek(logboek, pending, medewerkerId)) return { data: ALREADY_SAVED }
    if (now() - before < MAX_EXECUTION_MS) return NOT_YET
  }
  pending.verzondenOp = now()
  const answer = await send()
  if (answer.failure?.kind === 'login-expired') pending.verzondenOp = before
  return answer
}

const isInLogboek = (logboek: Logboek, { text, naVersie }: PendingToelichting, medewerkerId: string): boolean =>
  logboek.some(
    ({ soort, versie, door, toelichting }) =>
      soort === 'TOEGELICHT' && versie > naVersie && door?.id === medewerkerId && toelichting === normalized(text),
  )
