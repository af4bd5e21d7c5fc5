import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { TrekInDocument } from '../api/gql/graphql'
import { untilAnswered, type Line } from '../api/persevering'
import { asStored } from '../ui/texts'
import { kindOf } from './standing'
import type { Transfers } from './transfers'

/** Taking back a task that nobody has taken, with its reason. */
export interface Withdrawing {
  readonly state: { busy: boolean; unconfirmed: boolean; refusal: string; taakId: string }
  withdraw: (taakId: string, reden: string) => Promise<void>
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'mutate'>
  line: Line
  transfers: Pick<Transfers, 'get' | 'put'>
}

/** The reason where the citizen was on the line. */
export const OPGEHANGEN = 'De klant heeft opgehangen.'

export function newWithdrawing({ api, line, transfers }: Parts): Withdrawing {
  const state = shallowReactive({ busy: false, unconfirmed: false, refusal: '', taakId: '' })
  let left = false
  const waits = (taakId: string) => {
    const transfer = transfers.get(taakId)
    return transfer && kindOf(transfer) === 'wacht' ? transfer.taak : undefined
  }

  /** One try by one versie, however often it must be asked: it is done once at most. */
  async function attempt(taakId: string, versie: number, toelichting: string): Promise<string> {
    const input = { id: taakId, versie, toelichting }
    const answer = await untilAnswered(() => api.mutate(TrekInDocument, { input }), line, {
      wanted: () => !left && waits(taakId) !== undefined,
      unconfirmed: () => (state.unconfirmed = true),
      hasty: true,
    })
    if (!answer) return ''
    if (answer.failure) return answer.failure.bericht
    const result = answer.data.trekInterneTaakIn
    if ('interneTaak' in result) transfers.put(result.interneTaak)
    if (result.__typename === 'InterneTaakGewijzigd') return ''
    if (result.__typename !== 'VersieVerouderd') return result.bericht
    // It was forwarded, or taken and laid back, meanwhile: nobody has it still, and the reason holds in any case.
    const taak = waits(taakId)
    if (taak && taak.versie > versie) return attempt(taakId, taak.versie, toelichting)
    const now = transfers.get(taakId)
    return now && kindOf(now) === 'ingetrokken' ? '' : result.bericht
  }

  return {
    state,
    async withdraw(taakId, reden) {
      const taak = waits(taakId)
      if (!taak || (state.busy && state.taakId === taakId)) return
      Object.assign(state, { busy: true, unconfirmed: false, refusal: '', taakId })
      const refusal = await attempt(taakId, taak.versie, asStored(reden))
      if (state.taakId === taakId) Object.assign(state, { busy: false, unconfirmed: false, refusal })
    },
    stop: () => void (left = true),
  }
}
