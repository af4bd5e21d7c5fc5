import { onScopeDispose, ref, type Ref } from 'vue'

/** The time, as `now` tells it, anew every second as long as who uses it is shown. */
export function useClock(now: () => number): Readonly<Ref<number>> {
  const time = ref(now())
  const timer = setInterval(() => (time.value = now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return time
}
