import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

/** How many rows there are at least: on a small screen the page scrolls. */
const LEAST = 10

/** How many rows of the height of the first one the room has that its parent leaves. */
export function useFitting(room: Ref<HTMLElement | null>, rowOf: () => HTMLElement | null | undefined) {
  const fitting = shallowRef(LEAST)
  const measure = () => {
    const height = rowOf()?.getBoundingClientRect().height
    if (!room.value || !height) return
    fitting.value = Math.max(LEAST, Math.floor(room.value.clientHeight / height))
  }
  const resized = new ResizeObserver(measure)
  onMounted(() => {
    if (room.value) resized.observe(room.value)
  })
  onBeforeUnmount(() => resized.disconnect())
  return { fitting, measure }
}
