import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

/** The number of rows where the page scrolls: on a small screen, or with a large zoom. */
const SCROLLED = 10

/** How many rows fit into the room, all as high as the first one. */
export function useRowsThatFit(room: Ref<HTMLElement | null>, rowOf: () => HTMLElement | null | undefined) {
  const rowsThatFit = shallowRef(SCROLLED)
  const measure = () => {
    const height = rowOf()?.getBoundingClientRect().height
    if (!room.value || !height) return
    const filled = getComputedStyle(room.value).overflowY === 'hidden'
    rowsThatFit.value = filled ? Math.max(1, Math.floor(room.value.clientHeight / height)) : SCROLLED
  }
  const resized = new ResizeObserver(measure)
  onMounted(() => {
    if (room.value) resized.observe(room.value)
  })
  onBeforeUnmount(() => resized.disconnect())
  return { rowsThatFit, measure }
}
