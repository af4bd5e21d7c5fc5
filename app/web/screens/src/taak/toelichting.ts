import type { Answer } from '../api/api'
import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { normalized } from '../ui/texts'

/** The server breaks off a change after 15 seconds: from then on, what is not there will not come. */
const SETTLED_MS = 16_000

/** A note on its way to a task. It has no id of its own by which a second try would be known. */
export interface PendingToelichting {
  text: string
  /** The versie that was known before it was sent: it stands behind that, if it does. */
  naVersie: number
  /** When it was last sent without an answer; null: it is surely not there. */
  verzondenOp: number | null
}

type Logboek = readonly GebeurtenisInLogboekFragment[]

interface Sending<D> {
  /** Whose note it is. */
  medewerkerId: string
  now: () => number
  /** Reads the task's logbook anew. */
  read: () => Promise<Answer<Logboek>>
  send: () => Promise<Answer<D>>
}

/** The answer where the note stood in the logbook already. */
export const ALREADY_SAVED = 'already-saved'
const NOT_YET = { failure: { kind: 'unreachable', code: '', bericht: '' } } as const

/** One try of sending a note, that keeps in it what the next try has to know. Where an answer was lost, the logbook tells
 * whether it is there, and it is sent again only when the first can come no more. */
export async function trySendToelichting<D>(
  note: PendingToelichting,
  { medewerkerId, now, read, send }: Sending<D>,
): Promise<Answer<D | typeof ALREADY_SAVED>> {
  const before = note.verzondenOp
  if (before !== null) {
    const { data: logboek, failure } = await read()
    if (failure) return { failure }
    if (isNoted(logboek, note, medewerkerId)) return { data: ALREADY_SAVED }
    if (now() - before < SETTLED_MS) return NOT_YET
  }
  note.verzondenOp = now()
  const answer = await send()
  if (answer.failure?.kind === 'login-expired') note.verzondenOp = before
  return answer
}

const isNoted = (logboek: Logboek, { text, naVersie }: PendingToelichting, medewerkerId: string): boolean =>
  logboek.some(
    ({ soort, versie, door, toelichting }) =>
      soort === 'TOEGELICHT' && versie > naVersie && door?.id === medewerkerId && toelichting === normalized(text),
  )
