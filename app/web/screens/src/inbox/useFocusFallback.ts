import { onBeforeUpdate, onUpdated } from 'vue'

/** Keeps the focus from getting lost: where what had it is gone after an update, `elsewhere` says where it goes. */
export function useFocusFallback(within: () => HTMLElement | null | undefined, elsewhere: () => void): void {
  let had = false
  onBeforeUpdate(() => (had = within()?.contains(document.activeElement) ?? false))
  onUpdated(() => {
    if (had && (document.activeElement === null || document.activeElement === document.body)) elsewhere()
    had = false
  })
}
