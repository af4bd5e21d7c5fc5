import type { TaakInLijstFragment, TellersFragment } from '../api/gql/graphql'
import { newer } from '../taak/newer'
import { longestWaitingFirst } from '../taak/order'

/** A task as an inbox lists it. */
export type Taak = TaakInLijstFragment

/** How many tasks that have left are remembered: an older page that comes late must not bring them back. */
const REMEMBERED = 5_000

/** The tasks of one department by id, the newest versie of each, whichever way it came. */
export class TaakStore {
  private readonly known = new Map<string, Taak>()
  private sorted: { open: readonly Taak[]; done: readonly Taak[] } | undefined

  constructor(readonly eenheidId: string) {}

  /** Keeps the task if it is newer than what is known of it. */
  upsert(received: Taak): void {
    const newest = newer(this.known.get(received.id), received)
    this.known.delete(received.id)
    this.known.set(received.id, newest)
    this.sorted = undefined
  }

  get(id: string): Taak | undefined {
    return this.known.get(id)
  }

  /** Begins anew: what is known is too old to go on with. */
  clear(): void {
    this.known.clear()
    this.sorted = undefined
  }

  /** What is to be done here, in the order of waiting. */
  get open(): readonly Taak[] {
    return this.lists().open
  }

  /** What is done here, as far as it was read or seen being done, the latest first. */
  get done(): readonly Taak[] {
    return this.lists().done
  }

  private lists() {
    return (this.sorted ??= this.sort())
  }

  private sort() {
    const here = [...this.known.values()].filter((taak) => taak.organisatorischeEenheid.id === this.eenheidId)
    this.forget()
    return {
      open: here.filter(isOpen).sort(longestWaitingFirst),
      done: here.filter((taak) => !isOpen(taak)).sort(lastDoneFirst),
    }
  }

  /** Forgets the oldest of those that are not open here. */
  private forget(): void {
    const gone = [...this.known.values()].filter((taak) => !this.isHere(taak))
    for (const { id } of gone.slice(0, Math.max(0, gone.length - REMEMBERED))) this.known.delete(id)
  }

  private isHere(taak: Taak): boolean {
    return isOpen(taak) && taak.organisatorischeEenheid.id === this.eenheidId
  }
}

/** Whether it is to be done. */
export const isOpen = ({ status }: Pick<Taak, 'status'>): boolean => status === 'TE_DOEN'

/** LAATST_GEDAAN_EERST, among those that are done. */
function lastDoneFirst(a: Taak, b: Taak): number {
  const [x, y] = [a.gedaanOp ?? '', b.gedaanOp ?? '']
  return x === y ? (a.id < b.id ? 1 : -1) : x < y ? 1 : -1
}

/** The counters of the later place in the stream. */
export const newerTellers = (known: TellersFragment | undefined, received: TellersFragment): TellersFragment =>
  known && known.laatsteVolgnummer > received.laatsteVolgnummer ? known : received
