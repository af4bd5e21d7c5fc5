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
import { inFull, kindOf } from './standing'
import { newTransfers, type Transfer, type Transfers } from './transfers'
import { newWithdrawing, type Withdrawing } from './withdrawing'

/** What is kept over a reload of the cards. */
interface Card {
  taakId: string | null
  huidig: string | null
}

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
  /** The card that is kept open, and the task of the call that goes on now; null: that of nobody. */
  readonly card: Card
  /** The next call: empties the form, unless what stands in it is being sent. */
  empty: () => void
}

export const DESK: InjectionKey<Desk> = Symbol('desk')
export const useDesk = (): Desk => inject(DESK) as Desk

/** Whether a task that waits is that of the citizen who is on the line now. */
export const isCurrent = ({ card }: Pick<Desk, 'card'>, { taak, ...more }: Transfer): boolean =>
  taak.id === card.huidig && taak.klantAanDeLijn && kindOf({ taak, ...more }) === 'wacht'

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
    card.huidig = transfers.openId.value
    say(`Geregistreerd onder nummer ${Array.from(interneTaken[0]?.nummer ?? '').join(' ')}.`)
  }
  const suggested = () => offer.handelingen
  const registering = newRegistering({ api, line, draft, suggested, registered })
  const withdrawing = newWithdrawing({ api, line, transfers })
  const notes = newNotes({ api, line, transfers, medewerkerId })
  followAgain(api.connection, transfers)
  const card = keepOpen(medewerkerId, transfers)
  // Who begins to type has the next caller on the line.
  watch(
    () => isBlank(draft),
    (blank) => !blank && (card.huidig = null),
    { flush: 'sync' },
  )
  onScopeDispose(() => [registering, withdrawing, notes].forEach((part) => part.stop()))
  registering.resume()
  notes.resume()
  const empty = () => {
    card.huidig = null
    if (!registering.state.busy && !isBlank(draft)) clear(draft)
  }
  return { draft, offer, registering, transfers, withdrawing, notes, last, card, empty }
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
function keepOpen(medewerkerId: string, { openId }: Transfers): Card {
  const card = kept<Card>('kaart', medewerkerId, { taakId: null, huidig: null })
  openId.value = card.taakId
  watch(openId, (taakId) => (card.taakId = taakId))
  return card
}
