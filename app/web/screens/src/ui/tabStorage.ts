import { reactive, watch } from 'vue'

const PREFIX = 'overdracht.getypt.'

/** Keeps what is typed in this tab, for this employee, over a reload and a new login. What is changed in the object is
 * kept before anything else happens. */
export function storedInTab<T extends object>(name: string, medewerkerId: string, fresh: T): T {
  const key = `${PREFIX}${name}.${medewerkerId}`
  const stored = sessionStorage.getItem(key)
  const value = reactive({ ...fresh, ...(stored ? (JSON.parse(stored) as T) : {}) }) as T
  watch(value, () => sessionStorage.setItem(key, JSON.stringify(value)), { deep: true, flush: 'sync' })
  return value
}

/** Forgets all of it, whoever's it is. */
export function clearTabStorage(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}

/** Changes what is kept under a name before anybody reads it, whoever's it is. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what it kept there
export function changeStoredInTab<T extends object>(name: string, change: (value: T) => void): void {
  for (const [key, stored] of entries(name)) {
    const value = JSON.parse(stored) as T
    change(value)
    sessionStorage.setItem(key, JSON.stringify(value))
  }
}

/** All that is kept under a name. */
export const allStoredInTab = (name: string): unknown[] =>
  entries(name).map(([, stored]) => JSON.parse(stored) as unknown)

const entries = (name: string): [string, string][] =>
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(`${PREFIX}${name}.`))
    .map((key) => [key, sessionStorage.getItem(key) ?? '{}'])
