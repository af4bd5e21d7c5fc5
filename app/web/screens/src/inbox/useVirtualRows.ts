import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/vue-virtual'
import { computed, onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

const ROW = 62
const OVERSCAN = 6

/** Of many rows those that are in the window, at their places. One row is always there: the one with the focus. */
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
  // What appears above the list moves it, and makes the page longer.
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
  /** Made anew with another active row: by that the virtualizer knows that other rows are wanted. */
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
      // Who has scrolled on keeps before his eyes what he reads, whatever comes in above it.
      anchorTo: scrolled.value ? ('end' as const) : ('start' as const),
      rangeExtractor: shownWith(activeIndex()),
    })),
  )
  return { virtualizer, top }
}
