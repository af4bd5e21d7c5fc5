import { computed, onMounted, shallowRef } from 'vue'
import { useHere } from '../api/inject'
import { AfdelingenDocument } from '../api/gql/graphql'

/** A department, as it is chosen. */
export interface Eenheid {
  id: string
  naam: string
}

/** The departments whose inboxes somebody may see: his own first; a TOEZICHTHOUDER all of them. */
export function useEenheden() {
  const { api, ik } = useHere()
  const own: readonly Eenheid[] = ik.postvakken.map(({ organisatorischeEenheid }) => organisatorischeEenheid)
  const others = shallowRef<readonly Eenheid[]>([])
  onMounted(async () => {
    if (!ik.rollen.includes('TOEZICHTHOUDER')) return
    const { data } = await api.query(AfdelingenDocument, {})
    others.value = (data?.organisatorischeEenheden ?? []).filter(({ id }) => !own.some((mine) => mine.id === id))
  })
  const all = computed(() => [...own, ...others.value])
  const naamOf = (eenheidId: string): string =>
    all.value.find(({ id }) => id === eenheidId)?.naam ?? 'Onbekende afdeling'
  return { own, others, all, naamOf }
}
