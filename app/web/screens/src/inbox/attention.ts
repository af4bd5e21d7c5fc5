import { shallowReactive } from 'vue'
import type { VolgPostvakSubscription } from '../api/gql/graphql'
import { isOpen, type Taak } from './store'

/** A fact of an inbox, with the task as it is now. */
export type PostvakFact = VolgPostvakSubscription['postvak']

/** How long a row is in view before it counts as seen without having been opened. */
const SEEN_MS = 30_000

/** Whether a fact asks for somebody's eyes: a task that arrives for anybody or for me, one that is given to me, and a
 * citizen on the line who is nobody's again. What I did myself, or what a colleague has by now, is no news. */
export function needsAttention(fact: PostvakFact, me: string): boolean {
  const { soort, door, interneTaak: taak } = fact
  const mine = taak.medewerker?.id === me
  if (door?.id === me || !isOpen(taak) || (taak.medewerker && !mine)) return false
  if (taak.organisatorischeEenheid.id !== fact.organisatorischeEenheid.id) return false
  if (soort === 'GEREGISTREERD' || soort === 'ONTVANGEN') return true
  if (soort === 'TOEGEWEZEN' || soort === 'HEROPEND') return mine
  return soort === 'TERUGGELEGD' && taak.klantAanDeLijn
}

/** Which tasks bear the mark “Nieuw”. */
export class Attention {
  /** Since when each does, in milliseconds, and in which department's inbox. */
  readonly nieuw = shallowReactive(new Map<string, { since: number; eenheidId: string }>())
  private readonly inViewSince = new Map<string, number>()

  constructor(private readonly me: string) {}

  /** Hears a fact, and gives the task if it is to be announced. */
  handleFact(fact: PostvakFact, now: number): Taak | undefined {
    const { interneTaak: taak } = fact
    if (needsAttention(fact, this.me)) {
      this.nieuw.set(taak.id, { since: now, eenheidId: fact.organisatorischeEenheid.id })
      return taak
    }
    if (!isOpen(taak) || taak.medewerker || taak.organisatorischeEenheid.id !== fact.organisatorischeEenheid.id)
      this.seen(taak.id)
    return undefined
  }

  /** How many there are in this department's inbox. */
  count(eenheidId: string): number {
    return [...this.nieuw.values()].filter((mark) => mark.eenheidId === eenheidId).length
  }

  /** It was opened, or there is nothing to be seen any more. */
  seen(id: string): void {
    this.nieuw.delete(id)
    this.inViewSince.delete(id)
  }

  /** These rows are in view at this moment; a row that is long enough counts as seen. */
  inView(ids: readonly string[], now: number): void {
    for (const id of [...this.inViewSince.keys()]) if (!ids.includes(id)) this.inViewSince.delete(id)
    for (const id of ids) {
      if (!this.nieuw.has(id)) continue
      const since = this.inViewSince.get(id) ?? now
      this.inViewSince.set(id, since)
      if (now - since >= SEEN_MS) this.seen(id)
    }
  }

  /** Forgets the marks that are older than this. */
  expire(ms: number, now: number): void {
    for (const [id, { since }] of [...this.nieuw]) if (now - since >= ms) this.seen(id)
  }
}
