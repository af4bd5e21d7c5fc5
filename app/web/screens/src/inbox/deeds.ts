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
import { isNoted, SETTLED_MS } from '../taak/note'
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

const FOUND = 'staat er'
const NOT_YET = { failure: { kind: 'onbereikbaar', code: '', bericht: '' } } as const

/** Does it with the task as it was seen. Where the answer is lost it is tried again until there is one: nothing is done
 * twice, because the server tells a second try of a deed from a first, and a note is looked for before it is sent once
 * more. Undefined when nobody waits any more. */
export async function perform(doing: Doing, seen: Taak, deed: Deed): Promise<Outcome | undefined> {
  const { me, line, unconfirmed, wanted } = doing
  const noting = deed.soort === 'lichtToe'
  let tries = 0
  let sentAt = 0
  const attempt = async (): Promise<Answer<TaakNaDaadFragment | typeof FOUND>> => {
    if (noting && tries > 0) {
      const found = await isThere(doing, seen, deed.toelichting)
      if (found.failure) return found
      if (found.data) return { data: FOUND }
      if (doing.api.now() - sentAt < SETTLED_MS) return NOT_YET
    }
    tries++
    sentAt = doing.api.now()
    return send(doing.api, seen, deed)
  }
  const answer = await untilAnswered(attempt, line, { wanted, unconfirmed, hasty: !noting })
  if (answer?.failure) return { kind: 'geweigerd', bericht: answer.failure.bericht }
  if (!answer) return undefined
  const { data } = answer
  if (data === FOUND) return { kind: 'gedaan' }
  if (tries > 1 && wished(data, deed, me)) return { kind: 'gedaan', taak: data.interneTaak }
  return understood(data, deed, me)
}

async function isThere({ api, me }: Doing, seen: Taak, text: string): Promise<Answer<boolean>> {
  const { data, failure } = await api.query(LeesTaakDocument, { id: seen.id })
  if (failure) return { failure }
  const logboek = data.interneTaak?.logboek ?? []
  return { data: isNoted(logboek, { text, naVersie: seen.versie, medewerkerId: me }) }
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
