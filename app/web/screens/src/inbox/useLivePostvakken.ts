import { onScopeDispose, shallowReactive, watch } from 'vue'
import { useScreenContext } from '../api/screenContext'
import { Attention } from './attention'
import { LivePostvak } from './livePostvak'
import type { Eenheid } from './eenheden'
import type { Taak } from './store'

interface Options {
  /** The afdelingen whose postvakken are live. */
  eenheidIds: () => readonly string[]
  onNieuw: (taak: Taak) => void
  /** Called when a task arrives in a postvak, for anybody. */
  onArrived?: (eenheidId: string) => void
  onMissed: (eenheidId: string, text: string) => void
  /** Called with the current name of an afdeling. */
  onNaam?: (eenheid: Eenheid) => void
}

/** The live postvakken of these afdelingen, and which of their tasks are new. */
export function useLivePostvakken({ eenheidIds, onNieuw, onArrived, onMissed, onNaam }: Options) {
  const { api, retryContext, ik } = useScreenContext()
  const attention = new Attention(ik.medewerker.id)
  const livePostvakken = shallowReactive(new Map<string, LivePostvak>())

  function open(eenheidId: string): LivePostvak {
    return new LivePostvak({
      api,
      eenheidId,
      retryContext,
      onFact(fact) {
        onNaam?.(fact.organisatorischeEenheid)
        const taak = attention.handleFact(fact, Date.now())
        if (taak) onNieuw(taak)
        if (fact.soort === 'GEREGISTREERD' || fact.soort === 'ONTVANGEN') onArrived?.(eenheidId)
      },
      onMissed: (text) => onMissed(eenheidId, text),
    })
  }
  function close(eenheidId: string): void {
    livePostvakken.get(eenheidId)?.stop()
    livePostvakken.delete(eenheidId)
  }
  watch(
    eenheidIds,
    (ids) => {
      for (const id of [...livePostvakken.keys()]) if (!ids.includes(id)) close(id)
      for (const id of ids) if (!livePostvakken.has(id)) livePostvakken.set(id, open(id))
    },
    { immediate: true },
  )
  // Retry as soon as the employee looks at the window again.
  const retryAll = () => livePostvakken.forEach((one) => one.retry())
  window.addEventListener('focus', retryAll)
  onScopeDispose(() => {
    window.removeEventListener('focus', retryAll)
    ;[...livePostvakken.keys()].forEach(close)
  })
  return { livePostvakken, attention }
}
