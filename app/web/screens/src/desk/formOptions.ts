import { onScopeDispose, shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { AfdelingenDocument, BalieDocument, type AfdelingenFragment } from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'

/** An afdeling with how many employees have its postvak open. */
export type Afdeling = AfdelingenFragment['organisatorischeEenheden'][number]

/** The choices of the form. */
export interface FormOptions {
  kanalen: readonly string[]
  handelingen: readonly string[]
  afdelingen: readonly Afdeling[]
  /** Why the choices could not be read; empty where they were. */
  refusal: string
  /** Reads the choices again after a refusal. */
  retry: () => Promise<void>
  /** Reads again how many colleagues have each postvak open. */
  refresh: () => Promise<void>
}

const EVERY_MS = 5_000

/** Reads the choices once, and the afdelingen every few seconds while `inUse` returns true, for as long as the
 * component exists. */
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

/** Without a recent answer the number of colleagues is unknown. */
const unknown = (afdeling: Afdeling): Afdeling => ({ ...afdeling, aantalMetPostvakOpen: null })
