import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

/** Shows one element in full screen, where the browser supports it. */
export function useFullscreen(element: Ref<HTMLElement | null>) {
  const can = document.fullscreenEnabled
  const full = shallowRef(false)
  const look = () => (full.value = document.fullscreenElement !== null)
  onMounted(() => document.addEventListener('fullscreenchange', look))
  onBeforeUnmount(() => document.removeEventListener('fullscreenchange', look))
  const toggle = () => (full.value ? document.exitFullscreen() : element.value?.requestFullscreen())
  return { can, full, toggle }
}
