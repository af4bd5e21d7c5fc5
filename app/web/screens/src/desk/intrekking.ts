import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { TrekInDocument } from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import { normalized } from '../ui/texts'
import { standOf } from './stand'
import type { Doorverbindingen } from './doorverbindingen'

/** Withdraws a task that nobody has taken, with a reason. */
export interface Intrekking {
  readonly state: { busy: boolean; unconfirmed: boolean; refusal: string; taakId: string }
  trekIn: (taakId: string, reden: string) => Promise<void>
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'mutate'>
  retryContext: RetryContext
  doorverbindingen: Pick<Doorverbindingen, 'get' | 'put'>
}

/** The reason that is sent where the citizen was on the line. */
export const OPGEHANGEN = 'De klant heeft opgehangen.'

export function newIntrekking({ api, retryContext, doorverbindingen }: Parts): Intrekking {
  const state = shallowReactive({ busy: false, unconfirmed: false, refusal: '', taakId: '' })
  let stopped = false
  const waits = (taakId: string) => {
    const doorverbinding = doorverbindingen.get(taakId)
    return doorverbinding && standOf(doorverbinding) === 'wacht' ? doorverbinding.taak : undefined
  }

  /** Withdraws one versie of the task, with retries: the server executes it at most once. Returns why it was
   * refused, or ''. */
  async function attempt(taakId: string, versie: number, toelichting: string): Promise<string> {
    const input = { id: taakId, versie, toelichting }
    const answer = await retryUntilAnswered(() => api.mutate(TrekInDocument, { input }), retryContext, {
      isWanted: () => !stopped && waits(taakId) !== undefined,
      onUnconfirmed: () => (state.unconfirmed = true),
      idempotent: true,
    })
    if (!answer) return ''
    if (answer.failure) return answer.failure.bericht
    const result = answer.data.trekInterneTaakIn
    if ('interneTaak' in result) doorverbindingen.put(result.interneTaak)
    if (result.__typename === 'InterneTaakGewijzigd') return ''
    if (result.__typename !== 'VersieVerouderd') return result.bericht
    // Somebody changed the task, but it still waits: the reason is still valid, so try its new versie.
    const taak = waits(taakId)
    if (taak && taak.versie > versie) return attempt(taakId, taak.versie, toelichting)
    const now = doorverbindingen.get(taakId)
    return now && standOf(now) === 'ingetrokken' ? '' : result.bericht
  }

  return {
    state,
    async trekIn(taakId, reden) {
      const taak = waits(taakId)
      if (!taak || (state.busy && state.taakId === taakId)) return
      Object.assign(state, { busy: true, unconfirmed: false, refusal: '', taakId })
      const refusal = await attempt(taakId, taak.versie, normalized(reden))
      if (state.taakId === taakId) Object.assign(state, { busy: false, unconfirmed: false, refusal })
    },
    stop: () => void (stopped = true),
  }
}
