/** Runs `run` while no other tab of this browser runs anything with the same lock name. */
export type WithLock = (name: string, run: () => Promise<void>) => Promise<void>

/** Browsers have locks only on pages from HTTPS or localhost; on others it runs without one. */
export const withLock: WithLock = async (name, run) => {
  const { locks } = navigator as { locks?: LockManager }
  await (locks ? locks.request(name, run) : run())
}
