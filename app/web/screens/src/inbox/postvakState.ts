import { shallowRef } from 'vue'
import type { TellersFragment } from '../api/gql/graphql'
import type { Page } from './snapshotReader'
import { newerTellers, TaakStore, type Taak } from './store'

/** The tasks and the counters of one postvak, as the screens show them. */
export class PostvakState {
  readonly store: TaakStore
  readonly tellers = shallowRef<TellersFragment>()
  readonly open = shallowRef<readonly Taak[]>([])
  readonly done = shallowRef<readonly Taak[]>([])
  private publishScheduled = false

  constructor(readonly eenheidId: string) {
    this.store = new TaakStore(eenheidId)
  }

  /** Adds or updates a task, unless a newer version of it is known. */
  upsert(taak: Taak): void {
    this.store.upsert(taak)
    this.publish()
  }

  /** Updates the counters, unless newer ones are known. */
  protected count(tellers: TellersFragment): void {
    this.tellers.value = newerTellers(this.tellers.value, tellers)
  }

  /** Stores a page and returns the volgnummer at which it was read. */
  protected take({ interneTaken, ...tellers }: Page): number {
    for (const { node } of interneTaken.edges) this.upsert(node)
    this.count(tellers)
    this.publish()
    return tellers.laatsteVolgnummer
  }

  /** Forgets everything, because the employee may no longer see it. */
  protected empty(): void {
    this.store.clear()
    this.tellers.value = undefined
    this.publish()
  }

  /** Updates what the screens show, once for all changes of the same turn. */
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
