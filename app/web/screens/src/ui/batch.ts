/** Does something later; a clock of its own in tests. */
export type Schedule = (deed: () => void, ms: number) => void

const timerSchedule: Schedule = (deed, ms) => void setTimeout(deed, ms)

/** Gathers what comes in within a moment, and hands it over together: ten tasks at once are one sound. */
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
