const KEY = 'overdracht.tabblad'
/** After how long a lock that is still held is somebody else's: the page before a reload gives it up at once. */
const PATIENCE_MS = 2_000

/** The locks of the browser, as far as they are used here. */
export type Locks = Pick<LockManager, 'request'>

interface Options {
  locks: Locks | undefined
  /** What stops waiting for a lock. */
  timeout: () => AbortSignal
}

const REAL: Options = {
  // A browser keeps locks on a page that came safely only; elsewhere no copy is known as one.
  locks: (navigator as { locks?: LockManager }).locks,
  timeout: () => AbortSignal.timeout(PATIENCE_MS),
}

/** Takes the identity of this tab, and holds it as long as the page lives. A browser copies what a tab keeps when the tab
 * is copied: where a tab that lives has the identity already, this one is the copy and gets another. Gives whether it
 * is one. */
export async function claimTabId({ locks, timeout }: Options = REAL): Promise<boolean> {
  if (!locks) return false
  const before = sessionStorage.getItem(KEY)
  if (before && (await hold(locks, before, timeout()))) return false
  const mine = crypto.randomUUID()
  sessionStorage.setItem(KEY, mine)
  await hold(locks, mine, timeout())
  return before !== null
}

/** Holds a lock for as long as the page lives; false: another page has it. */
function hold(locks: Locks, id: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const held = () => {
      resolve(true)
      return new Promise<never>(() => undefined)
    }
    locks.request(`overdracht.tabblad.${id}`, { signal }, held).catch(() => resolve(false))
  })
}
