const KEY = 'overdracht.tabblad'
/** After how long a lock that is still held belongs to another tab: on a reload the previous page releases its lock
 * at once. */
const TIMEOUT_MS = 2_000

/** The part of the browser's LockManager that is used here. */
export type Locks = Pick<LockManager, 'request'>

interface Options {
  locks: Locks | undefined
  /** Creates a signal that ends the wait for a lock. */
  timeout: () => AbortSignal
}

const REAL: Options = {
  // Browsers have locks only on pages from HTTPS or localhost; on others a copy is not detected.
  locks: (navigator as { locks?: LockManager }).locks,
  timeout: () => AbortSignal.timeout(TIMEOUT_MS),
}

/** Claims the id of this tab by holding a lock with its name for as long as the page lives. A duplicated tab has a
 * copy of the storage, with the same id: its lock is already held, so the copy gets a new id. Returns whether this
 * tab is a copy. */
export async function claimTabId({ locks, timeout }: Options = REAL): Promise<boolean> {
  if (!locks) return false
  const before = sessionStorage.getItem(KEY)
  if (before && (await hold(locks, before, timeout()))) return false
  const mine = crypto.randomUUID()
  sessionStorage.setItem(KEY, mine)
  await hold(locks, mine, timeout())
  return before !== null
}

/** Holds a lock for as long as the page lives. Returns false where another page has it. */
function hold(locks: Locks, id: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const held = () => {
      resolve(true)
      return new Promise<never>(() => undefined)
    }
    locks.request(`overdracht.tabblad.${id}`, { signal }, held).catch(() => resolve(false))
  })
}
