/** Runs something after a delay; tests pass a schedule of their own. */
export type Schedule = (deed: () => void, ms: number) => void

const timerSchedule: Schedule = (deed, ms) => void setTimeout(deed, ms)

/** Batches items: calls `handle` once with all items that arrive within `ms`. Ten new tasks make one sound. */
export function batch<T>(handle: (items: T[]) => void, ms: number, schedule = timerSchedule): (item: T) => void {
  let items: T[] = []
  return (item) => {
    if (items.push(item) > 1) return
    schedule(() => {
      const all = items
      items = []
      handle(all)
    }, ms)
  }
}
