import { onScopeDispose, shallowRef } from 'vue'
import { useScreenContext } from '../api/screenContext'
import { performDeed, type Deed } from './deeds'
import type { Outcome, Velden } from './outcome'
import { useLeaveWarning } from '../unsent'
import type { Taak } from './store'

/** The message about a deed: it was done, it was refused, or that is not known yet. */
export interface Bericht {
  soort: 'done' | 'refused' | 'unconfirmed'
  tekst: string
  taakId: string
  /** The title of the task. */
  titel: string
}

/** What the components of the screen use of it. */
export type Deeds = ReturnType<typeof useDeeds>

interface Options {
  say: (text: string) => void
  /** Called with the task as it is now. */
  onTaak: (taak: Taak) => void
}

/** Performs deeds on tasks, one at a time, with the message and the field errors of the last one. */
export function useDeeds({ say, onTaak }: Options) {
  const { api, session, retryContext, ik } = useScreenContext()
  const busy = shallowRef(false)
  const bericht = shallowRef<Bericht>()
  /** Why another deed has to wait, shown once the employee tries one. */
  const busyMessage = shallowRef('')
  const velden = shallowRef<Velden>({})
  /** The id of the task of the current or the last deed. */
  let busyTaakId = ''
  let disposed = false
  onScopeDispose(() => (disposed = true))
  useLeaveWarning(() => busy.value)

  /** Whether a deed is still being performed; if so, tells the employee to wait. */
  function isBusy({ id }: Pick<Taak, 'id'>): boolean {
    if (!busy.value) return false
    // A second click on the same button is not another deed.
    if (id === busyTaakId && bericht.value?.soort !== 'unconfirmed') return true
    busyMessage.value = STILL_BUSY
    say(STILL_BUSY)
    return true
  }

  /** Performs a deed on the task as the employee saw it. Returns whether it was done. */
  async function perform(seen: Taak, deed: Deed): Promise<boolean> {
    if (isBusy(seen)) return false
    busy.value = true
    busyTaakId = seen.id
    bericht.value = undefined
    velden.value = {}
    const report = (soort: Bericht['soort'], tekst: string) =>
      (bericht.value = { soort, tekst, taakId: seen.id, titel: titleOf(seen) })
    const outcome = await performDeed(
      {
        api,
        retryContext,
        me: ik.medewerker.id,
        onUnconfirmed: () => report('unconfirmed', session.expired ? EXPIRED : UNSURE),
        isWanted: () => !disposed,
      },
      seen,
      deed,
    ).finally(() => {
      busy.value = false
      busyMessage.value = ''
    })
    if (!outcome) return false
    if (outcome.taak) onTaak(outcome.taak)
    if (outcome.kind === 'refused') velden.value = outcome.velden ?? {}
    report(outcome.kind === 'done' ? 'done' : 'refused', outcomeText(outcome, deed, ik.medewerker.id))
    if (outcome.kind === 'done') say(outcomeText(outcome, deed, ik.medewerker.id))
    return outcome.kind === 'done'
  }
  /** Keep the message while the result is not known. */
  const forget = () => {
    if (!busy.value) bericht.value = undefined
  }
  return { busy, isBusy, bericht, busyMessage, velden, perform, forget }
}

const titleOf = (taak: Taak) => `${taak.gevraagdeHandeling}, ${taak.ontstaanUitKlantcontact.onderwerp}`

const UNSURE =
  'De verbinding viel weg. Het is niet bekend of het gelukt is; zodra de verbinding er weer is wordt dat nagegaan.'

const STILL_BUSY = 'Dit gaat nog niet: eerst wordt nagegaan of wat u hiervoor deed gelukt is.'

const EXPIRED =
  'Uw aanmelding is verlopen. Meld u opnieuw aan; daarna wordt nagegaan of het gelukt is, en zo niet, gebeurt het alsnog.'

const DONE: Record<Deed['soort'], string> = {
  neem: 'U hebt de taak nu.',
  wijsToe: 'De taak is toegewezen.',
  legTerug: 'De taak is teruggelegd en weer van niemand.',
  rondAf: 'De taak is afgerond.',
  nietBereikt: 'Genoteerd dat u de klant niet hebt bereikt.',
  heropen: 'De taak is heropend.',
  stuurDoor: 'De taak is doorgestuurd.',
  lichtToe: 'De toelichting staat bij de taak.',
}

function outcomeText(outcome: Outcome, { soort }: Deed, me: string): string {
  if (outcome.kind === 'refused') return outcome.bericht
  if (soort === 'stuurDoor' && outcome.taak)
    return `Doorgestuurd naar ${outcome.taak.organisatorischeEenheid.naam}.`
  if (soort === 'wijsToe' && outcome.taak?.medewerker?.id === me) return DONE.neem
  if (soort === 'wijsToe' && outcome.taak?.medewerker) return `De taak is nu van ${outcome.taak.medewerker.naam}.`
  if (soort === 'nietBereikt' && outcome.taak) return attempted(outcome.taak, me)
  return DONE[soort]
}

function attempted({ aantalContactpogingen: count, medewerker }: Taak, me: string): string {
  const tried = count > 1 ? ` Er is nu ${count} keer gebeld.` : ''
  return `${DONE.nietBereikt}${tried}${medewerker?.id === me ? ' De taak is van u.' : ''}`
}
