import { reactive, watch } from 'vue'

const PREFIX = 'overdracht.getypt.'

/** A reactive object that is stored in this tab for this employee, and survives a reload and a new login. Every
 * change is stored at once. */
export function storedInTab<T extends object>(name: string, medewerkerId: string, fresh: T): T {
  const key = `${PREFIX}${name}.${medewerkerId}`
  const stored = sessionStorage.getItem(key)
  const value = reactive({ ...fresh, ...(stored ? (JSON.parse(stored) as T) : {}) }) as T
  watch(value, () => sessionStorage.setItem(key, JSON.stringify(value)), { deep: true, flush: 'sync' })
  return value
}

/** Removes everything that is stored this way, for all employees. */
export function clearTabStorage(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}

/** Changes all objects that are stored under a name, for all employees, before the screens read them. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it stored
export function changeStoredInTab<T extends object>(name: string, change: (value: T) => void): void {
  for (const [key, stored] of entries(name)) {
    const value = JSON.parse(stored) as T
    change(value)
    sessionStorage.setItem(key, JSON.stringify(value))
  }
}

/** All objects that are stored under a name, for all employees. */
export const allStoredInTab = (name: string): unknown[] =>
  entries(name).map(([, stored]) => JSON.parse(stored) as unknown)

const entries = (name: string): [string, string][] =>
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(`${PREFIX}${name}.`))
    .map((key) => [key, sessionStorage.getItem(key) ?? '{}'])
