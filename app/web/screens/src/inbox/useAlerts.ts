import { onScopeDispose, watchEffect } from 'vue'
import { useRouter } from 'vue-router'
import { batch } from '../ui/batch'
import { spokenMelding, tabTitle } from './melding'
import { Notifier } from './notifier'
import { Sound } from './sound'
import type { Taak } from './store'

const TOGETHER_MS = 300

interface Options {
  say: (text: string) => void
  open: (taak: Taak) => void
  /** Whether the task still has the mark “Nieuw” when the batch is announced. */
  isNieuw: (taak: Taak) => boolean
}

/** Announces new tasks by sound, by notification and to the screen reader; those that arrive together in one batch.
 * */
export function useAlerts({ say, open, isNieuw }: Options) {
  const sound = new Sound()
  const notifier = new Notifier()
  onScopeDispose(() => sound.stop())
  const alert = batch<Taak>((came) => {
    const taken = came.filter(isNieuw)
    if (!taken.length) return
    sound.play()
    notifier.show(taken, open)
    say(spokenMelding(taken))
  }, TOGETHER_MS)
  return { sound, notifier, alert }
}

/** Sets the title of the browser tab for as long as the component exists. The router resets it on every navigation.
 * */
export function useTitle(unseen: () => number, screen: () => string): void {
  const name = () => {
    document.title = tabTitle(unseen(), screen())
  }
  watchEffect(name)
  onScopeDispose(
    useRouter().afterEach((to, from) => {
      if (to.name === from.name) name()
    }),
  )
}
