/** A task of any selection. */
interface Versioned {
  id: string
  versie: number
}

/** Keeps the newer of two by its versie, whichever way it came. What an older one had selected besides stays. */
export function newer<T extends Versioned>(known: T | undefined, received: T): T {
  if (!known) return received
  return received.versie >= known.versie ? { ...known, ...received } : known
}
