import { inject, ref, type InjectionKey, type Ref } from 'vue'
import { batch } from './batch'

const ALOUD_MS = 1_000

/** Says something to who hears the screen instead of seeing it, when what was being said has ended: once a second at
 * most, all that came in meanwhile together. */
export interface Announcer {
  readonly said: Ref<string>
  say: (text: string) => void
}

export const ANNOUNCER: InjectionKey<Announcer> = Symbol('announcer')

/** One for the whole page. The same text twice is said twice: it differs by a space that is not heard. */
export function newAnnouncer(): Announcer {
  const said = ref('')
  const say = batch<string>((texts) => {
    const text = texts.join(' ')
    said.value = said.value === text ? `${text}\u00a0` : text
  }, ALOUD_MS)
  return { said, say }
}

/** The page's announcer. */
export const useAnnouncer = (): Announcer => inject(ANNOUNCER) as Announcer
