import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useScreenContext } from '../api/screenContext'
import { ALL_OPEN, matchesFilter, type Filter } from './filters'
import type { LivePostvak } from './livePostvak'
import { batch } from '../ui/batch'
import { searching, type Searching } from './searching'

const TYPING_MS = 300
const REFRESH_MS = 1_000

/** What the components of the screen use of it. */
export type Lijst = ReturnType<typeof useLijst>

/** The rows of the list for the chosen filter: live for open tasks, page by page for done tasks and search results.
 * */
export function useLijst(livePostvak: Ref<LivePostvak | undefined>) {
  const { api } = useScreenContext()
  const filter = ref<Filter>({ ...ALL_OPEN })
  const searchedText = ref('')
  const pagedQuery = shallowRef<Searching>()
  let typing: ReturnType<typeof setTimeout> | undefined

  watch(
    () => filter.value.zoek.trim(),
    (zoek) => {
      clearTimeout(typing)
      typing = setTimeout(() => (searchedText.value = zoek), zoek ? TYPING_MS : 0)
    },
  )
  watch(
    () => [livePostvak.value, filter.value.gedaan, filter.value.toon, searchedText.value] as const,
    ([postvak, gedaan, toon, zoek]) => {
      pagedQuery.value?.stop()
      postvak?.loadTaken()
      pagedQuery.value = postvak && (gedaan || zoek) ? searching(api, postvak, { gedaan, toon, zoek }) : undefined
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(typing)
    pagedQuery.value?.stop()
  })

  const rows = computed(() => {
    const { gedaan } = filter.value
    const matchingIds = searchedText.value ? pagedQuery.value?.ids.value : undefined
    const all = (gedaan ? livePostvak.value?.done.value : livePostvak.value?.open.value) ?? []
    return all.filter((taak) => matchesFilter(taak, filter.value) && (!matchingIds || matchingIds.has(taak.id)))
  })
  const isLoading = computed(() => {
    if (filter.value.zoek.trim() !== searchedText.value) return true
    if (pagedQuery.value) return pagedQuery.value.status.value === 'reading'
    return livePostvak.value?.status.value === 'reading'
  })
  const onArrived = batch(() => searchedText.value && pagedQuery.value?.refresh(), REFRESH_MS)
  return { filter, rows, pagedQuery, isLoading, onArrived: () => onArrived(undefined) }
}
