import { inject, ref, type InjectionKey, type Ref } from 'vue'

/** Says something to who hears the screen instead of seeing it, when what was being said has ended. */
export interface Announcer {
  readonly said: Ref<string>
  say: (text: string) => void
}

export const ANNOUNCER: InjectionKey<Announcer> = Symbol('announcer')

/** One for the whole page. The same text twice is said twice: it differs by a space that is not heard. */
export function newAnnouncer(): Announcer {
  const said = ref('')
  return { said, say: (text) => (said.value = said.value === text ? `${text}\u00a0` : text) }
}

/** The page's announcer. */
export const useAnnouncer = (): Announcer => inject(ANNOUNCER) as Announcer
