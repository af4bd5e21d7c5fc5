import { shallowRef } from 'vue'
import type { TellersFragment } from '../api/gql/graphql'
import type { Page } from './reading'
import { newerTellers, TaakStore, type Taak } from './store'

/** What is known of one department's inbox, as it is shown. */
export class Postvak {
  readonly store: TaakStore
  readonly tellers = shallowRef<TellersFragment>()
  readonly open = shallowRef<readonly Taak[]>([])
  readonly done = shallowRef<readonly Taak[]>([])
  private telling = false

  constructor(readonly eenheidId: string) {
    this.store = new TaakStore(eenheidId)
  }

  /** The task came, whichever way. */
  upsert(taak: Taak): void {
    this.store.upsert(taak)
    this.tell()
  }

  /** The counters came, whichever way. */
  protected count(tellers: TellersFragment): void {
    this.tellers.value = newerTellers(this.tellers.value, tellers)
  }

  /** Gives the place at which the page was read. */
  protected take({ interneTaken, ...tellers }: Page): number {
    for (const { node } of interneTaken.edges) this.upsert(node)
    this.count(tellers)
    this.tell()
    return tellers.laatsteVolgnummer
  }

  /** Nothing of it may be seen any more. */
  protected empty(): void {
    this.store.clear()
    this.tellers.value = undefined
    this.tell()
  }

  /** Shows what changed, all that comes in one turn together. */
  private tell(): void {
    if (this.telling) return
    this.telling = true
    queueMicrotask(() => {
      this.telling = false
      this.open.value = this.store.open
      this.done.value = this.store.done
    })
  }
}
