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
  /** Whether it still is, after the moment in which all that comes at once is gathered. */
  isNieuw: (taak: Taak) => boolean
}

/** Announces tasks by a sound, a notification and in words, those that come at once together. */
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

/** The tab's title, as long as this screen is shown. The router names it anew with every address. */
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
