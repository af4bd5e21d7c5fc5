import { onBeforeUnmount, onMounted } from 'vue'

/** The letter of a shortcut, also where Alt makes another character of it, as on a Mac. */
function letterOf({ key, code }: KeyboardEvent): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase()
}

/** Alt with a letter, anywhere on the page as long as this screen is shown. A deed says by false that there was nothing
 * to do, and the key keeps its own meaning. */
export function useShortcuts(deeds: Record<string, () => boolean>): void {
  const hear = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return
    if (deeds[letterOf(event)]?.()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', hear))
  onBeforeUnmount(() => window.removeEventListener('keydown', hear))
}

/** What sends, wherever the focus is in a form. */
export const isSending = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey
