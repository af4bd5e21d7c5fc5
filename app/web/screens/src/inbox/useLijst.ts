import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useHere } from '../api/inject'
import { ALLES, fits, type Keuze } from './filters'
import type { Following } from './following'
import { gathering } from '../ui/gathering'
import { Listing } from './listing'

const TYPING_MS = 300
const AGAIN_MS = 1_000

/** What the parts of the screen have of it. */
export type Lijst = ReturnType<typeof useLijst>

/** What is listed of an inbox, as it is chosen: live for what is open, page by page for what is done or searched. */
export function useLijst(following: Ref<Following | undefined>) {
  const { api } = useHere()
  const keuze = ref<Keuze>({ ...ALLES })
  const sought = ref('')
  const listing = shallowRef<Listing>()
  let typing: ReturnType<typeof setTimeout> | undefined

  watch(
    () => keuze.value.zoek.trim(),
    (zoek) => {
      clearTimeout(typing)
      typing = setTimeout(() => (sought.value = zoek), zoek ? TYPING_MS : 0)
    },
  )
  watch(
    () => [following.value, keuze.value.gedaan, keuze.value.toon, sought.value] as const,
    ([inbox, gedaan, toon, zoek]) => {
      listing.value?.stop()
      inbox?.list()
      listing.value = inbox && (gedaan || zoek) ? new Listing(api, inbox, { gedaan, toon, zoek }) : undefined
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(typing)
    listing.value?.stop()
  })

  const rows = computed(() => {
    const { gedaan } = keuze.value
    const found = sought.value ? listing.value?.ids.value : undefined
    const all = (gedaan ? following.value?.done.value : following.value?.open.value) ?? []
    return all.filter((taak) => fits(taak, keuze.value) && (!found || found.has(taak.id)))
  })
  const reading = computed(() => {
    if (keuze.value.zoek.trim() !== sought.value) return true
    if (listing.value) return listing.value.toestand.value === 'leest'
    return following.value?.toestand.value === 'leest'
  })
  const arrived = gathering(() => sought.value && listing.value?.again(), AGAIN_MS)
  return { keuze, rows, listing, reading, arrived: () => arrived(undefined) }
}
