import { inject, onScopeDispose, shallowReactive, watch, type InjectionKey } from 'vue'
import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import type { Here } from '../api/inject'
import { sentence } from '../taak/wording'
import type { Announcer } from '../ui/announcer'
import { clear, isBlank, keptDraft, type Draft } from './draft'
import { kept } from '../ui/kept'
import { newNotes, type Notes } from './notes'
import { useOffer, type Offer } from './offer'
import type { Line } from '../api/persevering'
import { newRegistering, type Registered, type Registering } from './registering'
import { inFull } from './standing'
import { newTransfers, type Transfer, type Transfers } from './transfers'
import { newWithdrawing, type Withdrawing } from './withdrawing'

/** All that the desk's parts have in common. */
export interface Desk {
  readonly draft: Draft
  readonly offer: Offer
  readonly registering: Registering
  readonly transfers: Transfers
  readonly withdrawing: Withdrawing
  readonly notes: Notes
  /** What was registered last. */
  readonly last: { registered: Registered | null }
  /** Empties the form, unless what stands in it is being sent. */
  empty: () => void
}

export const DESK: InjectionKey<Desk> = Symbol('desk')
export const useDesk = (): Desk => inject(DESK) as Desk

/** The desk of who is logged in, as long as its screen is shown. */
export function newDesk({ api, line, ik }: Here, { say }: Announcer): Desk {
  const medewerkerId = ik.medewerker.id
  const draft = keptDraft(medewerkerId)
  const offer = useOffer(api, line, () => draft.afdelingId !== null)
  const last = shallowReactive<Desk['last']>({ registered: null })
  const told = (transfer: Transfer, fact: GebeurtenisInLogboekFragment) => {
    const text = fact.soort === 'TOEGELICHT' ? `${sentence(fact)}.` : inFull(transfer)
    say(
      transfer.taak.id === transfers.openId.value
        ? text
        : `${transfer.taak.ontstaanUitKlantcontact.onderwerp}: ${text}`,
    )
  }
  const transfers: Transfers = newTransfers({ api, pause: line.pause, medewerkerId, told })
  const registered = (what: Registered) => {
    const { interneTaken } = what.klantcontact
    transfers.put(...interneTaken)
    transfers.openId.value = interneTaken[0]?.id ?? null
    last.registered = what
    say(`Geregistreerd onder nummer ${Array.from(interneTaken[0]?.nummer ?? '').join(' ')}.`)
  }
  const suggested = () => offer.handelingen
  const registering = newRegistering({ api, line, draft, suggested, registered })
  const withdrawing = newWithdrawing({ api, line, transfers })
  const notes = newNotes({ api, line, transfers, medewerkerId })
  followAgain(api.connection, transfers)
  keepOpen(medewerkerId, transfers)
  onScopeDispose(() => [registering, withdrawing, notes].forEach((part) => part.stop()))
  registering.resume()
  notes.resume()
  const empty = () => {
    if (!registering.state.busy && !isBlank(draft)) clear(draft)
  }
  return { draft, offer, registering, transfers, withdrawing, notes, last, empty }
}

/** Reads the list now, and whenever something may have been missed: from another tab, or in a lost connection. */
function followAgain(connection: Line['connection'], transfers: Transfers): void {
  const read = () => void transfers.read()
  watch(
    () => connection.state,
    (state, before) => state === 'verbonden' && before === 'verbroken' && read(),
  )
  window.addEventListener('focus', read)
  onScopeDispose(() => {
    window.removeEventListener('focus', read)
    transfers.close()
  })
  read()
}

/** The card that is open stays open over a reload. */
function keepOpen(medewerkerId: string, { openId }: Transfers): void {
  const card = kept<{ taakId: string | null }>('kaart', medewerkerId, { taakId: null })
  openId.value = card.taakId
  watch(openId, (taakId) => (card.taakId = taakId))
}
