import type { Answer, Api } from '../api/api'
import {
  LeesTaakDocument,
  LegTerugDocument,
  LichtToeDocument,
  NeemDocument,
  StuurDoorDocument,
  WijsToeDocument,
  WijzigStatusDocument,
  type TaakNaDaadFragment,
} from '../api/gql/graphql'
import { untilAnswered, type Line } from '../api/persevering'
import { THERE, tryNote, type Note } from '../taak/note'
import { orNull } from '../ui/texts'
import { understood, wished, type Outcome } from './outcome'
import type { Taak } from './store'

/** What can be done with a task. */
export type Deed =
  | { soort: 'neem' }
  | { soort: 'wijsToe'; medewerkerId: string; toelichting: string }
  | { soort: 'legTerug'; toelichting: string }
  | { soort: 'rondAf'; toelichting: string }
  | { soort: 'heropen'; toelichting: string }
  | { soort: 'stuurDoor'; eenheidId: string; medewerkerId: string | null; toelichting: string }
  | { soort: 'lichtToe'; toelichting: string }

/** What a deed needs while it is done. */
export interface Doing {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  line: Line
  /** Who does it. */
  me: string
  /** Told as soon as it is not known whether the deed was done. */
  unconfirmed: () => void
  /** Whether somebody still waits for it. */
  wanted: () => boolean
}

/** Does it with the task as it was seen. Where the answer is lost it is tried again until there is one: nothing is done
 * twice, because the server tells a second try of a deed from a first, and a note is looked for before it is sent once
 * more. Undefined when nobody waits any more. */
export async function perform(doing: Doing, seen: Taak, deed: Deed): Promise<Outcome | undefined> {
  const { me, line, unconfirmed, wanted } = doing
  const noting = deed.soort === 'lichtToe'
  const sending = noting ? noter(doing, seen, deed.toelichting) : () => send(doing.api, seen, deed)
  let tries = 0
  const attempt = () => {
    tries++
    return sending()
  }
  const answer = await untilAnswered(attempt, line, { wanted, unconfirmed, hasty: !noting })
  if (answer?.failure) return { kind: 'geweigerd', bericht: answer.failure.bericht }
  if (!answer) return undefined
  const { data } = answer
  if (data === THERE) return { kind: 'gedaan' }
  if (tries > 1 && wished(data, deed, me)) return { kind: 'gedaan', taak: data.interneTaak }
  return understood(data, deed, me)
}

/** Tries of the same note. */
function noter({ api, me }: Doing, seen: Taak, text: string) {
  const note: Note = { text, naVersie: seen.versie, verzondenOp: null }
  const read = async () => {
    const { data, failure } = await api.query(LeesTaakDocument, { id: seen.id })
    return failure ? { failure } : { data: data.interneTaak?.logboek ?? [] }
  }
  const sendOnce = () => send(api, seen, { soort: 'lichtToe', toelichting: text })
  return () => tryNote(note, { medewerkerId: me, now: api.now, read, send: sendOnce })
}

function send(api: Doing['api'], { id, versie }: Taak, deed: Deed): Promise<Answer<TaakNaDaadFragment>> {
  const toelichting = 'toelichting' in deed ? orNull(deed.toelichting) : null
  const required = toelichting ?? ''
  switch (deed.soort) {
    case 'neem':
      return only(api.mutate(NeemDocument, { input: { id } }))
    case 'wijsToe': {
      const { medewerkerId } = deed
      return only(api.mutate(WijsToeDocument, { input: { id, versie, medewerkerId, toelichting } }))
    }
    case 'legTerug':
      return only(api.mutate(LegTerugDocument, { input: { id, versie, toelichting } }))
    case 'rondAf':
      return only(api.mutate(WijzigStatusDocument, { input: { id, versie, status: 'GEDAAN', toelichting } }))
    case 'heropen':
      return only(api.mutate(WijzigStatusDocument, { input: { id, versie, status: 'TE_DOEN', toelichting } }))
    case 'stuurDoor': {
      const { eenheidId: organisatorischeEenheidId, medewerkerId } = deed
      const input = { id, versie, organisatorischeEenheidId, medewerkerId, toelichting: required }
      return only(api.mutate(StuurDoorDocument, { input }))
    }
    case 'lichtToe':
      return only(api.mutate(LichtToeDocument, { input: { id, toelichting: required } }))
  }
}

/** The one field of the answer to a mutation. */
async function only<D extends Record<string, TaakNaDaadFragment>>(
  asked: Promise<Answer<D>>,
): Promise<Answer<TaakNaDaadFragment>> {
  const { data, failure } = await asked
  if (failure) return { failure }
  return { data: Object.values(data)[0] as TaakNaDaadFragment }
}
