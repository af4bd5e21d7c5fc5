import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useHere } from '../api/inject'
import { sentence } from '../taak/wording'
import { useAnnouncer } from '../ui/announcer'
import { useTicking } from '../ui/ticking'
import { useEenheden } from './eenheden'
import { useOpened } from './opened'
import { works } from './possible'
import { isOpen, type Taak } from './store'
import { useAlerts, useTitle } from './useAlerts'
import { useDeeds } from './useDeeds'
import { useFollowings } from './useFollowings'
import { useLijst } from './useLijst'

/** Which inbox and which task the address names, and the address of another. */
export function useAddress(own: readonly { id: string }[]) {
  const route = useRoute()
  const textOf = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
  const eenheidId = computed(() => textOf(route.params['eenheidId']) ?? own[0]?.id ?? '')
  const taakId = computed(() => textOf(route.query['taak']))
  const to = (id: string | undefined, eenheid = eenheidId.value) => ({
    name: 'inbox',
    params: { eenheidId: eenheid },
    query: { ...route.query, taak: id },
  })
  return { eenheidId, taakId, to }
}

/** All that the parts of the inbox have in common. */
export function useInbox() {
  const { api, ik } = useHere()
  const me = ik.medewerker.id
  const router = useRouter()
  const now = useTicking(api.now)
  const { say } = useAnnouncer()
  const { own, others, all, naamOf, named } = useEenheden()
  const { eenheidId, taakId, to } = useAddress(own)
  const open = (taak: Taak) => void router.push(to(taak.id, taak.organisatorischeEenheid.id))
  const { sound, notifier, alert } = useAlerts({ say, open, isNieuw: ({ id }) => attention.nieuw.has(id) })

  const meanwhile = shallowRef<readonly string[]>([])
  const { followings, attention, line } = useFollowings({
    eenheidIds: () => [...new Set([...own.map(({ id }) => id), eenheidId.value])],
    alert,
    arrived: () => lijst.arrived(),
    named,
    meanwhile(eenheid, told) {
      const text = own.length > 1 ? `${naamOf(eenheid)}: ${told}` : told
      meanwhile.value = [...meanwhile.value, text]
      say(text)
    },
  })
  const following = computed(() => followings.get(eenheidId.value))
  const lijst = useLijst(following)
  useTitle(
    () => attention.nieuw.size,
    () => `Postvak ${naamOf(eenheidId.value)}`,
  )

  const known = (taak: Taak) => followings.forEach((one) => one.upsert(taak))
  const { opened, refusal, upsert } = useOpened({
    api,
    id: () => taakId.value,
    line,
    onTaak: known,
    onFact(fact) {
      if (fact.door?.id !== me) say(`${sentence(fact)}.`)
    },
  })
  const deeds = useDeeds({
    say,
    onTaak(taak) {
      known(taak)
      upsert(taak)
    },
  })
  watch(taakId, () => deeds.forget())

  const mayTake = works(ik.rollen)
  const isNeembaar = (taak: Taak) => mayTake && isOpen(taak) && !taak.medewerker
  async function neem(taak: Taak): Promise<void> {
    await router.push(to(taak.id))
    await deeds.doe(taak, { soort: 'neem' })
  }

  // What is in view, while the page is, counts as seen after a while.
  const inView = shallowRef<readonly string[]>([])
  watch(now, () => attention.inView(document.hidden ? [] : inView.value, Date.now()))
  watch(taakId, (id) => id && attention.seen(id), { immediate: true })

  const choose = (eenheid: string) => void router.push(to(undefined, eenheid))
  const place = { eenheidId, taakId, to, choose, own, others, all, naamOf }
  const live = { followings, following, attention, lijst, inView, meanwhile, opened, refusal }
  return { me, now, say, sound, notifier, ...place, ...live, deeds, isNeembaar, neem }
}
