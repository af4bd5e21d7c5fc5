import { onScopeDispose, shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { AfdelingenDocument, BalieDocument, type AfdelingenFragment } from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'

/** A department that can be chosen. */
export type Afdeling = AfdelingenFragment['organisatorischeEenheden'][number]

/** What the form lets choose from. */
export interface FormOptions {
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
export function useFormOptions(
  api: Pick<Api, 'query'>,
  retryContext: RetryContext,
  inUse: () => boolean,
): FormOptions {
  let stopped = false
  let refreshing = false
  const formOptions = shallowReactive<FormOptions>({
    kanalen: [],
    handelingen: [],
    afdelingen: [],
    refusal: '',
    retry: begin,
    refresh,
  })

  async function begin(): Promise<void> {
    formOptions.refusal = ''
    const options = { isWanted: () => !stopped, onUnconfirmed: () => undefined, idempotent: true }
    const answer = await retryUntilAnswered(() => api.query(BalieDocument, {}), retryContext, options)
    if (answer?.failure) formOptions.refusal = answer.failure.bericht
    if (!answer?.data) return
    const { kanalen, gevraagdeHandelingen: handelingen, organisatorischeEenheden: afdelingen } = answer.data
    Object.assign(formOptions, { kanalen, handelingen, afdelingen })
  }

  async function refresh(): Promise<void> {
    if (refreshing) return
    refreshing = true
    const { data } = await api.query(AfdelingenDocument, {})
    refreshing = false
    formOptions.afdelingen = data?.organisatorischeEenheden ?? formOptions.afdelingen.map(unknown)
  }

  const timer = setInterval(() => inUse() && document.visibilityState === 'visible' && void refresh(), EVERY_MS)
  onScopeDispose(() => {
    stopped = true
    clearInterval(timer)
  })
  void begin()
  return formOptions
}

/** Without an answer how many are there is not known: what was true is not said of now. */
const unknown = (afdeling: Afdeling): Afdeling => ({ ...afdeling, aantalMetPostvakOpen: null })
