import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/vue-virtual'
import { computed, onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

const ROW = 62
const OVERSCAN = 6

/** Renders only the rows in view, and always the active one, so that it can keep the focus. */
export function useVirtualRows(
  list: Ref<HTMLElement | null>,
  rows: () => readonly { id: string }[],
  activeIndex: () => number,
) {
  const top = shallowRef(0)
  const scrolled = shallowRef(false)
  const measureTop = () => {
    if (list.value) top.value = Math.round(list.value.getBoundingClientRect().top + window.scrollY)
  }
  const look = () => (scrolled.value = window.scrollY > top.value)
  // Whatever appears above the list moves it and changes the height of the page.
  const moved = new ResizeObserver(measureTop)
  onMounted(() => {
    measureTop()
    moved.observe(document.body)
    window.addEventListener('scroll', look, { passive: true })
  })
  onBeforeUnmount(() => {
    moved.disconnect()
    window.removeEventListener('scroll', look)
  })

  type Range = Parameters<typeof defaultRangeExtractor>[0]
  /** A new function for every active row, which makes the virtualizer calculate its range again. */
  const shownWith = (active: number) => (range: Range) => {
    const shown = defaultRangeExtractor(range)
    if (active < 0 || active >= range.count || shown.includes(active)) return shown
    return [...shown, active].sort((a, b) => a - b)
  }
  const virtualizer = useWindowVirtualizer<HTMLElement>(
    computed(() => ({
      count: rows().length,
      estimateSize: () => ROW,
      overscan: OVERSCAN,
      scrollMargin: top.value,
      scrollPaddingStart: ROW * 2,
      scrollPaddingEnd: ROW,
      getItemKey: (index: number) => rows()[index]?.id ?? index,
      // An employee who has scrolled down keeps seeing the same rows when others are added above.
      anchorTo: scrolled.value ? ('end' as const) : ('start' as const),
      rangeExtractor: shownWith(activeIndex()),
    })),
  )
  return { virtualizer, top }
}
