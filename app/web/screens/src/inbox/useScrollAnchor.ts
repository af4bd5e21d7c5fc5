import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** What stands under the pointer, and where it stood when it was looked at last. */
interface Anchor {
  id: string
  top: number
  scrollY: number
}

/** Half a pixel is no move. */
const STILL = 1
/** How long a page goes on scrolling after its user asked for it. */
const SCROLLS_MS = 500

const SCROLLING = ['wheel', 'keydown'] as const

/** Keeps the row that the pointer is on where it is, whatever appears or goes above it: the page is scrolled as far as
 * it was moved, with room added where there is nothing to scroll. The rest is counted as moved. */
export function useScrollAnchor(list: Ref<HTMLElement | null>) {
  let at: { x: number; y: number } | undefined
  let anchor: Anchor | undefined
  let frame = 0
  let movedAt = -Infinity
  let userScrolledAt = -Infinity
  /** What was added: pixels above the list, and how long the page has to be at least. */
  const room = { before: 0, page: 0 }

  const rowAtPointer = (): HTMLElement | null => {
    if (!at) return null
    const row = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>('[data-taak]')
    return row && list.value?.contains(row) ? row : null
  }
  const topOf = (row: Element): number => row.getBoundingClientRect().top

  function applyRoom(): void {
    if (list.value) list.value.style.marginBlockStart = room.before ? `${room.before}px` : ''
    document.body.style.minBlockSize = room.page ? `${room.page}px` : ''
  }

  /** Brings everything up by so many pixels, or down where it is negative. */
  function shift(by: number): void {
    const fromRoom = Math.min(Math.max(by, 0), room.before)
    const to = window.scrollY + by - fromRoom
    room.before += Math.max(0, -to) - fromRoom
    room.page = Math.max(room.page, Math.ceil(to + document.documentElement.clientHeight))
    applyRoom()
    window.scrollTo({ top: to, behavior: 'instant' })
  }

  function hold({ id, top, scrollY }: Anchor): void {
    const row = list.value?.querySelector(`[data-taak="${id}"]`)
    const moved = row ? topOf(row) - top : Infinity
    const scrolled = window.scrollY - scrollY
    // It moved because its user scrolls, or it did not move.
    if (Math.abs(moved) < STILL || Math.abs(moved + scrolled) < STILL) return
    const byUser = performance.now() - userScrolledAt < SCROLLS_MS && Math.abs(scrolled) >= STILL
    if (row && Math.abs(moved) < window.innerHeight && !byUser) shift(moved)
    if (!row || Math.abs(topOf(row) - top) >= STILL) movedAt = performance.now()
  }

  function onFrame(): void {
    if (anchor) hold(anchor)
    const row = rowAtPointer()
    const id = row?.dataset['taak']
    anchor = row && id ? { id, top: topOf(row), scrollY: window.scrollY } : undefined
    frame = requestAnimationFrame(onFrame)
  }

  function onPointerMove({ clientX: x, clientY: y, pointerType }: PointerEvent): void {
    // A finger points at nothing until it touches.
    if (pointerType === 'touch') return
    at = { x, y }
    if (frame) return
    document.documentElement.style.overflowAnchor = 'none'
    frame = requestAnimationFrame(onFrame)
  }

  function release(): void {
    cancelAnimationFrame(frame)
    frame = 0
    at = anchor = undefined
    document.documentElement.style.overflowAnchor = ''
    Object.assign(room, { before: 0, page: 0 })
    applyRoom()
  }
  const onScroll = () => (userScrolledAt = performance.now())
  onMounted(() => {
    for (const name of SCROLLING) window.addEventListener(name, onScroll, { passive: true })
    list.value?.addEventListener('pointermove', onPointerMove)
    list.value?.addEventListener('pointerleave', release)
  })
  onBeforeUnmount(() => {
    for (const name of SCROLLING) window.removeEventListener(name, onScroll)
    release()
  })
  return {
    /** Whether the pointer is on it. */
    isPointing: () => frame !== 0,
    /** When a row under the pointer moved in spite of all, in milliseconds of the page's clock. */
    movedAt: () => movedAt,
  }
}
