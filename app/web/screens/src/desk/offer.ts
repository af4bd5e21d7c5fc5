import { onScopeDispose, shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { AfdelingenDocument, BalieDocument, type AfdelingenFragment } from '../api/gql/graphql'
import { untilAnswered, type Line } from '../api/persevering'

/** A department that can be chosen. */
export type Afdeling = AfdelingenFragment['organisatorischeEenheden'][number]

/** What the form lets choose from. */
export interface Offer {
  kanalen: readonly string[]
  handelingen: readonly string[]
  afdelingen: readonly Afdeling[]
  /** Why there is nothing to choose from, if that was refused. */
  refusal: string
  /** Asks once more what was refused. */
  retry: () => Promise<void>
  /** How many colleagues are there, anew. */
  refresh: () => Promise<void>
}

const EVERY_MS = 5_000

/** Read once, and while `inUse` the departments every few seconds; as long as who uses it is shown. */
export function useOffer(api: Pick<Api, 'query'>, line: Line, inUse: () => boolean): Offer {
  let left = false
  let refreshing = false
  const offer = shallowReactive<Offer>({
    kanalen: [],
    handelingen: [],
    afdelingen: [],
    refusal: '',
    retry: begin,
    refresh,
  })

  async function begin(): Promise<void> {
    offer.refusal = ''
    const options = { wanted: () => !left, unconfirmed: () => undefined, hasty: true }
    const answer = await untilAnswered(() => api.query(BalieDocument, {}), line, options)
    if (answer?.failure) offer.refusal = answer.failure.bericht
    if (!answer?.data) return
    const { kanalen, gevraagdeHandelingen: handelingen, organisatorischeEenheden: afdelingen } = answer.data
    Object.assign(offer, { kanalen, handelingen, afdelingen })
  }

  async function refresh(): Promise<void> {
    if (refreshing) return
    refreshing = true
    const { data } = await api.query(AfdelingenDocument, {})
    refreshing = false
    offer.afdelingen = data?.organisatorischeEenheden ?? offer.afdelingen.map(unknown)
  }

  const timer = setInterval(() => inUse() && document.visibilityState === 'visible' && void refresh(), EVERY_MS)
  onScopeDispose(() => {
    left = true
    clearInterval(timer)
  })
  void begin()
  return offer
}

/** Without an answer how many are there is not known: what was true is not said of now. */
const unknown = (afdeling: Afdeling): Afdeling => ({ ...afdeling, aantalMetPostvakOpen: null })
