import { onScopeDispose, shallowReactive, watch } from 'vue'
import { useHere } from '../api/inject'
import { Attention } from './attention'
import { Following } from './following'
import type { Eenheid } from './eenheden'
import type { Taak } from './store'

interface Options {
  /** The departments whose inboxes are followed. */
  eenheidIds: () => readonly string[]
  alert: (taak: Taak) => void
  /** A task came in, for whomever. */
  arrived?: (eenheidId: string) => void
  meanwhile: (eenheidId: string, told: string) => void
  /** A fact tells what its department is called now. */
  named?: (eenheid: Eenheid) => void
}

/** The inboxes of these departments, live, and which of their tasks are new. */
export function useFollowings({ eenheidIds, alert, arrived, meanwhile, named }: Options) {
  const { api, line, ik } = useHere()
  const attention = new Attention(ik.medewerker.id)
  const followings = shallowReactive(new Map<string, Following>())

  function begin(eenheidId: string): Following {
    return new Following({
      api,
      eenheidId,
      line,
      onFact(fact) {
        named?.(fact.organisatorischeEenheid)
        const news = attention.heed(fact, Date.now())
        if (news) alert(news)
        if (fact.soort === 'GEREGISTREERD' || fact.soort === 'ONTVANGEN') arrived?.(eenheidId)
      },
      onMeanwhile: (told) => meanwhile(eenheidId, told),
    })
  }
  function end(eenheidId: string): void {
    followings.get(eenheidId)?.stop()
    followings.delete(eenheidId)
  }
  watch(
    eenheidIds,
    (ids) => {
      for (const id of [...followings.keys()]) if (!ids.includes(id)) end(id)
      for (const id of ids) if (!followings.has(id)) followings.set(id, begin(id))
    },
    { immediate: true },
  )
  // Who looks at the screen again need not wait for the next try.
  const again = () => followings.forEach((one) => one.retry())
  window.addEventListener('focus', again)
  onScopeDispose(() => {
    window.removeEventListener('focus', again)
    ;[...followings.keys()].forEach(end)
  })
  return { followings, attention, line }
}
