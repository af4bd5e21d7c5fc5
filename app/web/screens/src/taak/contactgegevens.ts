import type { Answer, Api } from '../api/api'
import {
  LeesContactgegevensDocument,
  NoteerBetrokkeneDocument,
  VerbeterBetrokkeneDocument,
  type BetrokkeneInput,
  type BetrokkeneNaVastleggenFragment,
  type BetrokkeneVeldenFragment,
  type ContactgegevensFragment,
  type GebeurtenisSoort,
} from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'

/** A betrokkene as the employee who may see them has it. */
export type Betrokkene = BetrokkeneVeldenFragment

/** Whom to call: not for this employee, nobody was noted, it was removed, or somebody. */
export type WieBellen =
  | { kind: 'hidden' }
  | { kind: 'none' }
  | { kind: 'removed'; op: string }
  | { kind: 'somebody'; betrokkene: Betrokkene }

/** What is known of whom to call, from the last query. */
export function wieBellen({
  betrokkenen,
  contactgegevensVerwijderdOp: op,
}: Pick<ContactgegevensFragment, 'betrokkenen' | 'contactgegevensVerwijderdOp'>): WieBellen {
  if (!betrokkenen) return { kind: 'hidden' }
  // The list is the standard's; in this version it has one at most.
  const [betrokkene] = betrokkenen
  if (betrokkene) return { kind: 'somebody', betrokkene }
  return op ? { kind: 'removed', op } : { kind: 'none' }
}

const RENEWING: readonly GebeurtenisSoort[] = [
  'CONTACTGEGEVENS_GEWIJZIGD',
  'TERUGBELLEN_GEVRAAGD',
  'DOORGESTUURD',
  'ONTVANGEN',
]

/** Whether after this fact whom to call has to be read again: it changed, it came along with the request
 * to call back, or the employee may have got or lost the sight of it. A subscription never has it. */
export const mayChangeContactgegevens = (soort: GebeurtenisSoort): boolean => RENEWING.includes(soort)

interface Reading {
  api: Pick<Api, 'query'>
  retryContext: RetryContext
  isWanted: () => boolean
}

/** Reads whom to call by a query, with retries; undefined where it is no longer needed. What is refused is hidden. */
export async function readContactgegevens(
  taakId: string,
  { api, retryContext, isWanted }: Reading,
): Promise<ContactgegevensFragment | undefined> {
  const answer = await retryUntilAnswered(
    () => api.query(LeesContactgegevensDocument, { id: taakId }),
    retryContext,
    { isWanted, onUnconfirmed: () => undefined, idempotent: true },
  )
  if (!isWanted()) return undefined
  return answer?.data?.interneTaak?.ontstaanUitKlantcontact ?? HIDDEN
}

const HIDDEN: ContactgegevensFragment = { id: '', betrokkenen: null, contactgegevensVerwijderdOp: null }

/** Notes whom to call, or corrects the one that the employee saw. */
export async function sendBetrokkene(
  api: Pick<Api, 'mutate'>,
  klantcontactId: string,
  seen: Betrokkene | undefined,
  betrokkene: BetrokkeneInput,
): Promise<Answer<BetrokkeneNaVastleggenFragment>> {
  if (seen) {
    const { id, versie } = seen
    const { data, failure } = await api.mutate(VerbeterBetrokkeneDocument, { input: { id, versie, betrokkene } })
    return failure ? { failure } : { data: data.wijzigBetrokkene }
  }
  const { data, failure } = await api.mutate(NoteerBetrokkeneDocument, { input: { klantcontactId, betrokkene } })
  return failure ? { failure } : { data: data.registreerBetrokkene }
}
