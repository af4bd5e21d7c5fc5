import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** The row under the pointer, and where it was in the last frame. */
interface Anchor {
  id: string
  top: number
  scrollY: number
}

/** Smaller differences in pixels are no movement. */
const STILL = 1
/** How long scrolling continues after the wheel or a key. */
const SCROLLS_MS = 500

const SCROLLING = ['wheel', 'keydown'] as const

/** Keeps the row under the pointer in its place when something appears or disappears above it: scrolls by as much
 * as the row moved, and adds room where the page cannot scroll that far. When that does not work it records when
 * the row moved. */
export function useScrollAnchor(list: Ref<HTMLElement | null>) {
  let at: { x: number; y: number } | undefined
  let anchor: Anchor | undefined
  let frame = 0
  let movedAt = -Infinity
  let userScrolledAt = -Infinity
  /** Room that was added, in pixels: above the list, and the minimal length of the page. */
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

  /** Moves everything up by this many pixels, or down if it is negative. */
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
    // The employee scrolled, or nothing moved.
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
    // Touch has no pointer position before the touch.
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
    /** Whether the pointer is on the list. */
    isPointing: () => frame !== 0,
    /** When a row under the pointer last moved and could not be held, by `performance.now()`. */
    movedAt: () => movedAt,
  }
}
