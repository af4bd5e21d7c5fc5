import { inject, ref, type InjectionKey, type Ref } from 'vue'
import { batch } from './batch'

const ALOUD_MS = 1_000

/** Announces texts to a screen reader: once a second at most, with all texts of that second together. */
export interface Announcer {
  readonly said: Ref<string>
  say: (text: string) => void
}

export const ANNOUNCER: InjectionKey<Announcer> = Symbol('announcer')

/** Creates the announcer of the page. A text that is announced twice in a row gets an extra space, because screen
 * readers only read changes. */
export function newAnnouncer(): Announcer {
  const said = ref('')
  const say = batch<string>((texts) => {
    const text = texts.join(' ')
    said.value = said.value === text ? `${text}\u00a0` : text
  }, ALOUD_MS)
  return { said, say }
}

export const useAnnouncer = (): Announcer => inject(ANNOUNCER) as Announcer
