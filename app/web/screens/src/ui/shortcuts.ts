import { onBeforeUnmount, onMounted } from 'vue'

interface Platform {
  platform: string
  userAgentData?: { platform: string }
}

/** Whether this is a computer of Apple, where Option with a letter types another character, such as ñ. */
export const isApple = ({ platform, userAgentData }: Platform): boolean =>
  /^(mac|iphone|ipad)/i.test(userAgentData?.platform ?? platform)

/** The modifier keys of the shortcuts: their names for ARIA, how they are shown, and a check whether exactly these
 * are held down. */
interface Modifier {
  aria: string
  shown: readonly string[]
  held: (event: Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>) => boolean
}

/** The modifier keys on this platform: Alt, except on Apple, where Option types characters. */
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

/** The keys of a shortcut, as they are shown. */
export const keysOf = (letter: string): string[] => [...MODIFIER.shown, letter.toUpperCase()]

/** The keys of a shortcut, for `aria-keyshortcuts`. */
export const ariaKeysOf = (letter: string): string => `${MODIFIER.aria}+${letter.toUpperCase()}`

/** The letter of a key event. On a keyboard with another script it is derived from the key's position. */
const letterOf = ({ key, code }: KeyboardEvent): string =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase()

/** Registers shortcuts for as long as the component exists. An action returns false where it did nothing, so that
 * the key keeps its normal meaning. */
export function useShortcuts(actions: Record<string, () => boolean>): void {
  const onKeydown = (event: KeyboardEvent) => {
    if (!MODIFIER.held(event) || event.repeat) return
    if (actions[letterOf(event)]?.()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeydown))
}

/** Whether the event is Ctrl+Enter or Cmd+Enter, which sends a form. */
export const isSending = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey
