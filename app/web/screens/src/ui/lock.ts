/** Does something while no other tab of this browser does what has the same name. */
export type WithLock = (name: string, deed: () => Promise<void>) => Promise<void>

/** A browser keeps locks on a page that came safely only; elsewhere it is done at once. */
export const withLock: WithLock = async (name, deed) => {
  const { locks } = navigator as { locks?: LockManager }
  await (locks ? locks.request(name, deed) : deed())
}
