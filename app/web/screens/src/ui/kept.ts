import { reactive, watch } from 'vue'

const PREFIX = 'overdracht.getypt.'

/** Keeps what is typed in this tab, for this employee, over a reload and a new login. What is changed in the object is
 * kept before anything else happens. */
export function kept<T extends object>(name: string, medewerkerId: string, fresh: T): T {
  const key = `${PREFIX}${name}.${medewerkerId}`
  const stored = sessionStorage.getItem(key)
  const value = reactive({ ...fresh, ...(stored ? (JSON.parse(stored) as T) : {}) }) as T
  watch(value, () => sessionStorage.setItem(key, JSON.stringify(value)), { deep: true, flush: 'sync' })
  return value
}

/** Forgets all of it, whoever's it is. */
export function forgetTyped(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}
