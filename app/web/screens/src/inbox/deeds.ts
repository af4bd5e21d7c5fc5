import type { Answer, Api } from '../api/api'
import {
  LeesTaakDocument,
  LegTerugDocument,
  LichtToeDocument,
  NeemDocument,
  NietBereiktDocument,
  StuurDoorDocument,
  WijsToeDocument,
  WijzigStatusDocument,
  type TaakNaDaadFragment,
} from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import { ALREADY_SAVED, trySendToelichting, type PendingToelichting } from '../taak/toelichting'
import { orNull } from '../ui/texts'
import { outcomeOf, firstTrySucceeded, type Outcome } from './outcome'
import type { Taak } from './store'

/** A deed: something that an employee does with a task. */
export type Deed =
  | { soort: 'neem' }
  | { soort: 'wijsToe'; medewerkerId: string; toelichting: string }
  | { soort: 'legTerug'; toelichting: string }
  | { soort: 'rondAf'; antwoord: string; toelichting: string }
  | { soort: 'nietBereikt' }
  | { soort: 'heropen'; toelichting: string }
  | { soort: 'stuurDoor'; eenheidId: string; medewerkerId: string | null; toelichting: string }
  | { soort: 'lichtToe'; toelichting: string }

/** What performing a deed needs. */
export interface DeedContext {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  retryContext: RetryContext
  /** The id of the employee who does it. */
  me: string
  /** Called when it is not known whether the deed was done. */
  onUnconfirmed: () => void
  /** Whether the screen still waits for the result. */
  isWanted: () => boolean
}

/** Performs a deed on the task as the employee saw it, with retries. It is never done twice: the server refuses a
 * second try of the same versie, and for a toelichting the logboek is checked first. Returns undefined when the
 * screen no longer waits. */
export async function performDeed(context: DeedContext, seen: Taak, deed: Deed): Promise<Outcome | undefined> {
  const { me, retryContext, onUnconfirmed, isWanted } = context
  const isToelichting = deed.soort === 'lichtToe'
  const sending = isToelichting
    ? toelichtingSender(context, seen, deed.toelichting)
    : () => send(context.api, seen, deed)
  let tries = 0
  const attempt = () => {
    tries++
    return sending()
  }
  const answer = await retryUntilAnswered(attempt, retryContext, {
    isWanted,
    onUnconfirmed,
    idempotent: !isToelichting,
  })
  if (answer?.failure) return { kind: 'refused', bericht: answer.failure.bericht }
  if (!answer) return undefined
  const { data } = answer
  if (data === ALREADY_SAVED) return { kind: 'done' }
  if (tries > 1 && firstTrySucceeded(data, seen, deed, me)) return { kind: 'done', taak: data.interneTaak }
  return outcomeOf(data, deed, me)
}

/** Creates a function that tries to send the same toelichting, for every retry. */
function toelichtingSender({ api, me }: DeedContext, seen: Taak, text: string) {
  const pending: PendingToelichting = { text, naVersie: seen.versie, verzondenOp: null }
  const read = async () => {
    const { data, failure } = await api.query(LeesTaakDocument, { id: seen.id })
    return failure ? { failure } : { data: data.interneTaak?.logboek ?? [] }
  }
  const sendOnce = () => send(api, seen, { soort: 'lichtToe', toelichting: text })
  return () => trySendToelichting(pending, { medewerkerId: me, now: api.now, read, send: sendOnce })
}

function send(api: DeedContext['api'], { id, versie }: Taak, deed: Deed): Promise<Answer<TaakNaDaadFragment>> {
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
    case 'rondAf': {
      const input = { id, versie, status: 'GEDAAN' as const, antwoord: orNull(deed.antwoord), toelichting }
      return only(api.mutate(WijzigStatusDocument, { input }))
    }
    case 'nietBereikt':
      return only(api.mutate(NietBereiktDocument, { input: { id, versie } }))
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

/** Unwraps the only field of a mutation's result. */
async function only<D extends Record<string, TaakNaDaadFragment>>(
  response: Promise<Answer<D>>,
): Promise<Answer<TaakNaDaadFragment>> {
  const { data, failure } = await response
  if (failure) return { failure }
  return { data: Object.values(data)[0] as TaakNaDaadFragment }
}
