/** Does something later; a clock of its own in tests. */
export type Later = (deed: () => void, ms: number) => void

const realLater: Later = (deed, ms) => void setTimeout(deed, ms)

/** Gathers what comes in within a moment, and hands it over together: ten tasks at once are one sound. */
export function gathering<T>(hand: (items: T[]) => void, ms: number, later = realLater): (item: T) => void {
  let items: T[] = []
  return (item) => {
    if (items.push(item) > 1) return
    later(() => {
      const all = items
      items = []
      hand(all)
    }, ms)
  }
}
