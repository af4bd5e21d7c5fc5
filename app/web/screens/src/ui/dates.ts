const TIME = new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit' })
const PRECISE = new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const DAY = new Intl.DateTimeFormat('nl-NL', { weekday: 'short', day: 'numeric', month: 'short' })
const FULL = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'full', timeStyle: 'medium' })

/** A time at a glance: only the time where it is today, otherwise the day as well. */
export function moment(iso: string, now: number): string {
  const at = new Date(iso)
  const today = new Date(now).toDateString() === at.toDateString()
  return today ? TIME.format(at) : `${DAY.format(at)} ${TIME.format(at)}`
}

/** The time with seconds. */
export const preciseTime = (at: string | number): string => PRECISE.format(new Date(at))

/** The full date and time, for a tooltip. */
export const fullMoment = (iso: string): string => FULL.format(new Date(iso))

/** The time that has passed, in one or two units: `42 s`, `3 min 07 s`, `2 u 15 min`, `3 d 4 u`. */
export function elapsed(from: string | number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - new Date(from).getTime()) / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} u ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} u`
}
