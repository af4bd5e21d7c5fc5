import { shallowReactive } from 'vue'
import type { VolgPostvakSubscription } from '../api/gql/graphql'
import { isOpen, type Taak } from './store'

/** What the caller no longer waits on the line after: nothing rings for them any more. */
const OFF_THE_LINE: readonly string[] = ['TERUGBELLEN_GEVRAAGD']

/** A fact of a postvak, with the task as it is now. */
export type PostvakFact = VolgPostvakSubscription['postvak']

/** How long a row has to be in view before its mark goes without the task being opened. */
const SEEN_MS = 30_000

/** Whether a fact is worth announcing to this employee: a new task for anybody or for them, a task that is assigned
 * to them, or a citizen on the line whom nobody has any more. Their own deeds and what a colleague has already are
 * not. */
export function needsAttention(fact: PostvakFact, me: string): boolean {
  const { soort, door, interneTaak: taak } = fact
  const mine = taak.medewerker?.id === me
  if (door?.id === me || !isOpen(taak) || (taak.medewerker && !mine)) return false
  if (taak.organisatorischeEenheid.id !== fact.organisatorischeEenheid.id) return false
  if (soort === 'GEREGISTREERD' || soort === 'ONTVANGEN') return true
  if (soort === 'TOEGEWEZEN' || soort === 'HEROPEND') return mine
  return soort === 'TERUGGELEGD' && taak.klantAanDeLijn
}

/** Which tasks have the mark “Nieuw” for this employee. */
export class Attention {
  /** For each marked task: when it was marked, in milliseconds, and in which postvak. */
  readonly nieuw = shallowReactive(new Map<string, { since: number; eenheidId: string }>())
  private readonly inViewSince = new Map<string, number>()

  constructor(private readonly me: string) {}

  /** Marks or unmarks the task of a fact, and returns the task where it is to be announced. */
  handleFact(fact: PostvakFact, now: number): Taak | undefined {
    const { interneTaak: taak } = fact
    if (needsAttention(fact, this.me)) {
      this.nieuw.set(taak.id, { since: now, eenheidId: fact.organisatorischeEenheid.id })
      return taak
    }
    const elsewhere = taak.organisatorischeEenheid.id !== fact.organisatorischeEenheid.id
    if (!isOpen(taak) || taak.medewerker || elsewhere || OFF_THE_LINE.includes(fact.soort)) this.seen(taak.id)
    return undefined
  }

  /** How many tasks have the mark in this postvak. */
  count(eenheidId: string): number {
    return [...this.nieuw.values()].filter((mark) => mark.eenheidId === eenheidId).length
  }

  /** Removes the mark of a task. */
  seen(id: string): void {
    this.nieuw.delete(id)
    this.inViewSince.delete(id)
  }

  /** Records which rows are in view, and unmarks those that have been for long enough. */
  inView(ids: readonly string[], now: number): void {
    for (const id of [...this.inViewSince.keys()]) if (!ids.includes(id)) this.inViewSince.delete(id)
    for (const id of ids) {
      if (!this.nieuw.has(id)) continue
      const since = this.inViewSince.get(id) ?? now
      this.inViewSince.set(id, since)
      if (now - since >= SEEN_MS) this.seen(id)
    }
  }

  /** Removes the marks that are at least this old. */
  expire(ms: number, now: number): void {
    for (const [id, { since }] of [...this.nieuw]) if (now - since >= ms) this.seen(id)
  }
}
