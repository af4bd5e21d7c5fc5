import type { TaakInLijstFragment, TellersFragment } from '../api/gql/graphql'
import { newer } from '../taak/newer'
import { longestWaitingFirst } from '../taak/order'

/** A task as the list shows it. */
export type Taak = TaakInLijstFragment

/** How many tasks that left the list are remembered, so that an old page that arrives late does not bring them
 * back. */
const REMEMBERED = 5_000

/** The tasks of one afdeling, each in its newest versie. */
export class TaakStore {
  private readonly known = new Map<string, Taak>()
  private sorted: { open: readonly Taak[]; done: readonly Taak[] } | undefined

  constructor(readonly eenheidId: string) {}

  /** Stores the task if it is newer than the known one. */
  upsert(received: Taak): void {
    const newest = newer(this.known.get(received.id), received)
    this.known.delete(received.id)
    this.known.set(received.id, newest)
    this.sorted = undefined
  }

  get(id: string): Taak | undefined {
    return this.known.get(id)
  }

  /** Removes everything, to start from a new snapshot. */
  clear(): void {
    this.known.clear()
    this.sorted = undefined
  }

  /** The open tasks of this afdeling, longest waiting first. */
  get open(): readonly Taak[] {
    return this.lists().open
  }

  /** The done tasks of this afdeling that are known, latest first. */
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

  /** Removes the oldest tasks that are not open in this afdeling. */
  private forget(): void {
    const gone = [...this.known.values()].filter((taak) => !this.isHere(taak))
    for (const { id } of gone.slice(0, Math.max(0, gone.length - REMEMBERED))) this.known.delete(id)
  }

  private isHere(taak: Taak): boolean {
    return isOpen(taak) && taak.organisatorischeEenheid.id === this.eenheidId
  }
}

/** Whether the task is te doen. */
export const isOpen = ({ status }: Pick<Taak, 'status'>): boolean => status === 'TE_DOEN'

/** The order LAATST_GEDAAN_EERST for done tasks. */
function lastDoneFirst(a: Taak, b: Taak): number {
  const [x, y] = [a.gedaanOp ?? '', b.gedaanOp ?? '']
  return x === y ? (a.id < b.id ? 1 : -1) : x < y ? 1 : -1
}

/** The counters with the higher volgnummer. */
export const newerTellers = (known: TellersFragment | undefined, received: TellersFragment): TellersFragment =>
  known && known.laatsteVolgnummer > received.laatsteVolgnummer ? known : received
