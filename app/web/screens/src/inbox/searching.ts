import { computed } from 'vue'
import type { Api } from '../api/api'
import { adresIn } from '../taak/adres'
import type { Filter } from './filters'
import type { LivePostvak } from './livePostvak'
import { PagedQuery, type QueryStatus } from './pagedQuery'
import { pagesByAdres, pagesByWords } from './pages'

/** What of the list the server has to search, as one; see `searching`. */
export type Searching = ReturnType<typeof searching>

/** Searches a postvak by words, and where they look like a phone number or an e-mail address also for the citizen who
 * has it. Both are sent by POST only, and kept nowhere. */
export function searching(api: Pick<Api, 'query'>, postvak: LivePostvak, filter: Filter) {
  const adres = adresIn(filter.zoek)
  const { eenheidId } = postvak
  const pages = [pagesByWords(api, eenheidId, filter)]
  if (adres) pages.push(pagesByAdres(api, eenheidId, filter, adres))
  const queries = pages.map((readPage) => new PagedQuery(readPage, postvak))
  const failed = computed(() => queries.find(({ status }) => status.value === 'failed'))
  return {
    ids: computed<ReadonlySet<string>>(() => new Set(queries.flatMap(({ ids }) => [...ids.value]))),
    /** The one that is least far: nothing is complete before everything is. */
    status: computed(() => ORDER.find((one) => queries.some(({ status }) => status.value === one)) ?? 'complete'),
    bericht: computed(() => failed.value?.bericht.value ?? ''),
    more: () => queries.forEach((one) => one.more()),
    refresh: () => queries.forEach((one) => one.refresh()),
    stop: () => queries.forEach((one) => one.stop()),
  }
}

const ORDER: readonly QueryStatus[] = ['failed', 'reading', 'more', 'complete']
