/** Any selection of a task with its id and versie. */
interface Versioned {
  id: string
  versie: number
}

/** Returns the version with the higher versie. Fields that only the older one has are kept. */
export function newer<T extends Versioned>(known: T | undefined, received: T): T {
  if (!known) return received
  return received.versie >= known.versie ? { ...known, ...received } : known
}
