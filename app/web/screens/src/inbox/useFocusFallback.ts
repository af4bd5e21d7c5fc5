import { onBeforeUpdate, onUpdated } from 'vue'

/** Calls `moveFocus` when an update removed the element with the focus, so that the focus does not get lost. */
export function useFocusFallback(within: () => HTMLElement | null | undefined, moveFocus: () => void): void {
  let had = false
  onBeforeUpdate(() => (had = within()?.contains(document.activeElement) ?? false))
  onUpdated(() => {
    if (had && (document.activeElement === null || document.activeElement === document.body)) moveFocus()
    had = false
  })
}
