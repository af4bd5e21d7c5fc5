/** Ignores letter case and diacritics, as the server's search does. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const words = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** The options in whose name every typed word is the beginning of a word. */
export function matching<Option>(
  options: readonly Option[],
  name: (option: Option) => string,
  typed: string,
): Option[] {
  const searched = words(typed)
  return options.filter((option) => {
    const has = words(name(option))
    return searched.every((word) => has.some((other) => other.startsWith(word)))
  })
}
