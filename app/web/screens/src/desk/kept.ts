import { reactive, watch } from 'vue'

/** Keeps what is typed in this tab, for this employee, over a reload and a new login. What is changed in the object is
 * kept before anything else happens. */
export function kept<T extends object>(name: string, medewerkerId: string, fresh: T): T {
  const key = `overdracht.${name}.${medewerkerId}`
  const stored = sessionStorage.getItem(key)
  const value = reactive({ ...fresh, ...(stored ? (JSON.parse(stored) as T) : {}) }) as T
  watch(value, () => sessionStorage.setItem(key, JSON.stringify(value)), { deep: true, flush: 'sync' })
  return value
}
