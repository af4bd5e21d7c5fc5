import { shallowRef } from 'vue'
import type { TellersFragment } from '../api/gql/graphql'
import type { Page } from './snapshotReader'
import { newerTellers, TaakStore, type Taak } from './store'

/** What is known of one department's inbox, as it is shown. */
export class PostvakState {
  readonly store: TaakStore
  readonly tellers = shallowRef<TellersFragment>()
  readonly open = shallowRef<readonly Taak[]>([])
  readonly done = shallowRef<readonly Taak[]>([])
  private publishScheduled = false

  constructor(readonly eenheidId: string) {
    this.store = new TaakStore(eenheidId)
  }

  /** The task came, whichever way. */
  upsert(taak: Taak): void {
    this.store.upsert(taak)
    this.publish()
  }

  /** The counters came, whichever way. */
  protected count(tellers: TellersFragment): void {
    this.tellers.value = newerTellers(this.tellers.value, tellers)
  }

  /** Gives the place at which the page was read. */
  protected take({ interneTaken, ...tellers }: Page): number {
    for (const { node } of interneTaken.edges) this.upsert(node)
    this.count(tellers)
    this.publish()
    return tellers.laatsteVolgnummer
  }

  /** Nothing of it may be seen any more. */
  protected empty(): void {
    this.store.clear()
    this.tellers.value = undefined
    this.publish()
  }

  /** Shows what changed, all that comes in one turn together. */
  private publish(): void {
    if (this.publishScheduled) return
    this.publishScheduled = true
    queueMicrotask(() => {
      this.publishScheduled = false
      this.open.value = this.store.open
      this.done.value = this.store.done
    })
  }
}
