/** Letter case and diacritics do not count, as in the server's searches. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const words = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Whose name has, for every word that was typed, a word that begins with it. */
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
