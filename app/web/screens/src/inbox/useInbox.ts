import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useScreenContext } from '../api/screenContext'
import { factSentence } from '../taak/wording'
import { useAnnouncer } from '../ui/announcer'
import { useClock } from '../ui/clock'
import { useEenheden } from './eenheden'
import { useOpenTaak } from './openTaak'
import { handlesTaken } from './choices'
import { isOpen, type Taak } from './store'
import { useAlerts, useTitle } from './useAlerts'
import { useDeeds } from './useDeeds'
import { useLivePostvakken } from './useLivePostvakken'
import { useLijst } from './useLijst'

/** The postvak and the task that the address names, and the route to another. */
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

/** The state that the components of the inbox share. */
export function useInbox() {
  const { api, retryContext, ik } = useScreenContext()
  const me = ik.medewerker.id
  const router = useRouter()
  const now = useClock(api.now)
  const { say } = useAnnouncer()
  const { own, others, all, naamOf, rename } = useEenheden()
  const { eenheidId, taakId, to } = useAddress(own)
  const open = (taak: Taak) => void router.push(to(taak.id, taak.organisatorischeEenheid.id))
  const { sound, notifier, alert } = useAlerts({ say, open, isNieuw: ({ id }) => attention.nieuw.has(id) })

  const missed = shallowRef<readonly string[]>([])
  const { livePostvakken, attention } = useLivePostvakken({
    eenheidIds: () => [...new Set([...own.map(({ id }) => id), eenheidId.value])],
    onNieuw: alert,
    onArrived: () => lijst.onArrived(),
    onNaam: rename,
    onMissed(eenheid, summary) {
      const text = own.length > 1 ? `${naamOf(eenheid)}: ${summary}` : summary
      missed.value = [...missed.value, text]
      say(text)
    },
  })
  const livePostvak = computed(() => livePostvakken.get(eenheidId.value))
  const lijst = useLijst(livePostvak)
  useTitle(
    () => attention.nieuw.size,
    () => `Postvak ${naamOf(eenheidId.value)}`,
  )

  const upsertEverywhere = (taak: Taak) => livePostvakken.forEach((one) => one.upsert(taak))
  const { opened, refusal, upsert, upsertBetrokkene } = useOpenTaak({
    api,
    id: () => taakId.value,
    retryContext,
    onTaak: upsertEverywhere,
    onFact(fact) {
      if (fact.door?.id !== me) say(`${factSentence(fact)}.`)
    },
  })
  const deeds = useDeeds({
    say,
    onTaak(taak) {
      upsertEverywhere(taak)
      upsert(taak)
    },
  })
  watch(taakId, () => deeds.forget())

  const mayTake = handlesTaken(ik.rollen)
  const isNeembaar = (taak: Taak) => mayTake && isOpen(taak) && !taak.medewerker
  async function neem(taak: Taak): Promise<void> {
    await router.push(to(taak.id))
    await deeds.perform(taak, { soort: 'neem' })
  }

  // A task that is in view for a while counts as seen, unless the page is hidden.
  const inView = shallowRef<readonly string[]>([])
  watch(now, () => attention.inView(document.hidden ? [] : inView.value, Date.now()))
  watch(taakId, (id) => id && attention.seen(id), { immediate: true })

  const choose = (eenheid: string) => void router.push(to(undefined, eenheid))
  const address = { eenheidId, taakId, to, choose, own, others, all, naamOf }
  const live = { livePostvakken, livePostvak, attention, lijst, inView, missed, opened, refusal, upsertBetrokkene }
  return { me, now, say, sound, notifier, ...address, ...live, deeds, isNeembaar, neem }
}
