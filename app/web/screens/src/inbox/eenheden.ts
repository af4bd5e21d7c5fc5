import { computed, onMounted, onScopeDispose, reactive, ref } from 'vue'
import { useScreenContext } from '../api/screenContext'
import { AfdelingenDocument } from '../api/gql/graphql'

/** An afdeling as it is shown. */
export interface Eenheid {
  id: string
  naam: string
}

const EVERY_MS = 60_000

/** The afdelingen whose postvak the employee may see: their own, and for a TOEZICHTHOUDER all others. Names are
 * read again every minute, and every fact contains the current one. */
export function useEenheden() {
  const { api, ik } = useScreenContext()
  const own = reactive<Eenheid[]>(ik.postvakken.map(({ organisatorischeEenheid: { id, naam } }) => ({ id, naam })))
  const others = ref<Eenheid[]>([])
  const seesAll = ik.rollen.includes('TOEZICHTHOUDER')

  async function read(): Promise<void> {
    const { data } = await api.query(AfdelingenDocument, {})
    data?.organisatorischeEenheden.forEach(rename)
    if (seesAll && data)
      others.value = data.organisatorischeEenheden.filter(({ id }) => !own.some((mine) => mine.id === id))
  }

  /** Updates the name of an afdeling. */
  function rename({ id, naam }: Eenheid): void {
    for (const eenheid of all.value) if (eenheid.id === id) eenheid.naam = naam
  }

  const readIfVisible = () => document.visibilityState === 'visible' && void read()
  const timer = setInterval(readIfVisible, EVERY_MS)
  window.addEventListener('focus', readIfVisible)
  onScopeDispose(() => {
    clearInterval(timer)
    window.removeEventListener('focus', readIfVisible)
  })
  onMounted(() => seesAll && void read())
  const all = computed(() => [...own, ...others.value])
  const naamOf = (eenheidId: string): string =>
    all.value.find(({ id }) => id === eenheidId)?.naam ?? 'Onbekende afdeling'
  return { own, others, all, naamOf, rename }
}
