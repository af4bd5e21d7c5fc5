import { onBeforeUnmount, onMounted } from 'vue'

interface Platform {
  platform: string
  userAgentData?: { platform: string }
}

/** Whether this is a computer of Apple, where Option with a letter types another one: ñ, for instance. */
export const isApple = ({ platform, userAgentData }: Platform): boolean =>
  /^(mac|iphone|ipad)/i.test(userAgentData?.platform ?? platform)

/** The keys that make a shortcut of a letter: by their names in ARIA, as they are shown, and whether they are held. */
interface Modifier {
  aria: string
  shown: readonly string[]
  held: (event: Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>) => boolean
}

/** Alt, unless that is how letters are typed. */
export const modifierOn = (platform: Platform): Modifier =>
  isApple(platform)
    ? {
        aria: 'Control+Shift',
        shown: ['Ctrl', 'Shift'],
        held: ({ altKey, ctrlKey, metaKey, shiftKey }) => ctrlKey && shiftKey && !altKey && !metaKey,
      }
    : {
        aria: 'Alt',
        shown: ['Alt'],
        held: ({ altKey, ctrlKey, metaKey, shiftKey }) => altKey && !ctrlKey && !metaKey && !shiftKey,
      }

const MODIFIER = modifierOn(navigator)

/** The keys of a shortcut as they are shown. */
export const keysOf = (letter: string): string[] => [...MODIFIER.shown, letter.toUpperCase()]

/** The keys of a shortcut for `aria-keyshortcuts`. */
export const ariaKeysOf = (letter: string): string => `${MODIFIER.aria}+${letter.toUpperCase()}`

/** The letter of a shortcut, also on a keyboard whose letters are others. */
const letterOf = ({ key, code }: KeyboardEvent): string =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase()

/** A shortcut's letter, anywhere on the page as long as this screen is shown. A deed says by false that there was nothing
 * to do, and the key keeps its own meaning. */
export function useShortcuts(deeds: Record<string, () => boolean>): void {
  const onKeydown = (event: KeyboardEvent) => {
    if (!MODIFIER.held(event) || event.repeat) return
    if (deeds[letterOf(event)]?.()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeydown))
}

/** What sends, wherever the focus is in a form. */
export const isSending = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey
