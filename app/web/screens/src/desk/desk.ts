import { inject, onScopeDispose, shallowReactive, watch, type InjectionKey } from 'vue'
import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import type { ScreenContext } from '../api/screenContext'
import type { Announcer } from '../ui/announcer'
import { clear, isBlank, storedConcept, type Concept } from './concept'
import { storedInTab } from '../ui/tabStorage'
import { newToelichtingen, type Toelichtingen } from './toelichtingen'
import { useFormOptions, type FormOptions } from './formOptions'
import type { RetryContext } from '../api/retry'
import { newRegistratie, type Geregistreerd, type Registratie } from './registratie'
import { newsOf, standOf } from './stand'
import { newDoorverbindingen, type Doorverbinding, type Doorverbindingen } from './doorverbindingen'
import { newIntrekking, type Intrekking } from './intrekking'
import { newZoeken, type Zoeken } from './zoeken'
import { newTerugbellen, type Terugbellen } from './terugbellen'

/** Which card is open, stored in the tab. `huidig` is the id of the task for the citizen who is on the line now. */
interface Card {
  taakId: string | null
  huidig: string | null
}

/** The state that the components of the desk share. */
export interface Desk {
  readonly concept: Concept
  readonly formOptions: FormOptions
  readonly registratie: Registratie
  readonly doorverbindingen: Doorverbindingen
  readonly intrekking: Intrekking
  readonly toelichtingen: Toelichtingen
  readonly terugbellen: Terugbellen
  readonly zoeken: Zoeken
  /** The last registration, until another one follows or the employee dismisses it. */
  readonly last: { geregistreerd: Geregistreerd | null }
  /** The stored choice of the card. */
  readonly card: Card
  /** Prepares the form for the next call by emptying it, unless its content is being sent. */
  empty: () => void
}

export const DESK: InjectionKey<Desk> = Symbol('desk')
export const useDesk = (): Desk => inject(DESK) as Desk

/** Whether this doorverbinding waits and is for the citizen who is on the line now. */
export const isCurrent = ({ card }: Pick<Desk, 'card'>, { taak, ...more }: Doorverbinding): boolean =>
  taak.id === card.huidig && taak.klantAanDeLijn && standOf({ taak, ...more }) === 'wacht'

/** Creates the desk for the employee who is logged in, for as long as its screen is shown. */
export function newDesk({ api, retryContext, ik }: ScreenContext, { say }: Announcer): Desk {
  const medewerkerId = ik.medewerker.id
  const concept = storedConcept(medewerkerId)
  const formOptions = useFormOptions(api, retryContext, () => concept.afdelingId !== null)
  const last = shallowReactive<Desk['last']>({ geregistreerd: null })
  const onFact = (doorverbinding: Doorverbinding, fact: GebeurtenisInLogboekFragment) => {
    const text = newsOf(doorverbinding, fact)
    say(
      doorverbinding.taak.id === doorverbindingen.openId.value
        ? text
        : `${doorverbinding.taak.ontstaanUitKlantcontact.onderwerp}: ${text}`,
    )
  }
  const doorverbindingen: Doorverbindingen = newDoorverbindingen({
    api,
    pause: retryContext.pause,
    medewerkerId,
    onFact,
  })
  const onGeregistreerd = (what: Geregistreerd) => {
    const { interneTaken } = what.klantcontact
    doorverbindingen.put(...interneTaken)
    doorverbindingen.openId.value = interneTaken[0]?.id ?? null
    last.geregistreerd = what
    card.huidig = doorverbindingen.openId.value
    const { nummer } = interneTaken[0] ?? what.klantcontact
    say(`Geregistreerd onder nummer ${Array.from(nummer).join(' ')}.`)
  }
  const suggested = () => formOptions.handelingen
  const registratie = newRegistratie({ api, retryContext, concept, suggested, onGeregistreerd })
  const intrekking = newIntrekking({ api, retryContext, doorverbindingen })
  const toelichtingen = newToelichtingen({ api, retryContext, doorverbindingen, medewerkerId })
  const terugbellen = newTerugbellen({ api, retryContext, doorverbindingen, medewerkerId })
  rereadOnReturn(api.connection, doorverbindingen)
  const card = storedCard(medewerkerId, doorverbindingen)
  // An employee who starts typing has the next citizen on the line.
  watch(
    () => isBlank(concept),
    (blank) => !blank && (card.huidig = null),
    { flush: 'sync' },
  )
  onScopeDispose(() => [registratie, intrekking, toelichtingen, terugbellen].forEach((part) => part.stop()))
  registratie.resume()
  toelichtingen.resume()
  const zoeken = newZoeken(api)
  const empty = () => {
    card.huidig = null
    zoeken.clear()
    if (!registratie.state.busy && !isBlank(concept)) clear(concept)
  }
  return {
    concept,
    formOptions,
    registratie,
    doorverbindingen,
    intrekking,
    toelichtingen,
    terugbellen,
    zoeken,
    last,
    card,
    empty,
  }
}

/** Reads the list now, after a reconnect, and when the window gets the focus: another tab may have registered
 * something. */
function rereadOnReturn(connection: RetryContext['connection'], doorverbindingen: Doorverbindingen): void {
  const read = () => void doorverbindingen.read()
  watch(
    () => connection.state,
    (state, before) => state === 'connected' && before === 'disconnected' && read(),
  )
  window.addEventListener('focus', read)
  onScopeDispose(() => {
    window.removeEventListener('focus', read)
    doorverbindingen.close()
  })
  read()
}

/** Keeps the open card in the tab storage, so that it is open again after a reload. */
function storedCard(medewerkerId: string, { openId }: Doorverbindingen): Card {
  const card = storedInTab<Card>('kaart', medewerkerId, { taakId: null, huidig: null })
  openId.value = card.taakId
  watch(openId, (taakId) => (card.taakId = taakId))
  return card
}
