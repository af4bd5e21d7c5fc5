import { inject, ref, type InjectionKey, type Ref } from 'vue'
import { batch } from './batch'

const ALOUD_MS = 1_000

/** Announces texts to a screen reader: once a second at most, with all texts of that second together. */
export interface Announcer {
  readonly announcement: Ref<string>
  say: (text: string) => void
}

export const ANNOUNCER: InjectionKey<Announcer> = Symbol('announcer')

/** Creates the announcer of the page. A text that is announced twice in a row gets an extra space, because screen
 * readers only read changes. */
export function newAnnouncer(): Announcer {
  const announcement = ref('')
  const say = batch<string>((texts) => {
    const text = texts.join(' ')
    announcement.value = announcement.value === text ? `${text}\u00a0` : text
  }, ALOUD_MS)
  return { announcement, say }
}

export const useAnnouncer = (): Announcer => inject(ANNOUNCER) as Announcer
