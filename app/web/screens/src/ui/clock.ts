import { onScopeDispose, ref, type Ref } from 'vue'

/** The time of `now`, updated every second for as long as the component exists. */
export function useClock(now: () => number): Readonly<Ref<number>> {
  const time = ref(now())
  const timer = setInterval(() => (time.value = now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return time
}
