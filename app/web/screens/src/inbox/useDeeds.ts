import { onScopeDispose, shallowRef } from 'vue'
import { useScreenContext } from '../api/screenContext'
import { performDeed, type Deed } from './deeds'
import type { Outcome, Velden } from './outcome'
import { useLeaveWarning } from '../unsent'
import type { Taak } from './store'

/** What is to be said of a deed: that it is done, why not, or that it is not known. */
export interface Bericht {
  soort: 'done' | 'refused' | 'unconfirmed'
  tekst: string
  taakId: string
  /** What the task is called. */
  over: string
}

/** What the parts of the screen have of it. */
export type Deeds = ReturnType<typeof useDeeds>

interface Options {
  say: (text: string) => void
  /** The task as it stands now. */
  onTaak: (taak: Taak) => void
}

/** Doing things with tasks, one at a time: what is said of it, and what is wrong with what was typed. */
export function useDeeds({ say, onTaak }: Options) {
  const { api, session, retryContext, ik } = useScreenContext()
  const busy = shallowRef(false)
  const bericht = shallowRef<Bericht>()
  /** Why nothing else can be done now, where somebody tried. */
  const waits = shallowRef('')
  const velden = shallowRef<Velden>({})
  /** The task with which something is, or was last, done. */
  let doing = ''
  let over = false
  onScopeDispose(() => (over = true))
  useLeaveWarning(() => busy.value)

  /** Whether a deed is being done, which is said to who wants another. */
  function isBusy({ id }: Pick<Taak, 'id'>): boolean {
    if (!busy.value) return false
    // A second click on the same button is no wish for something else.
    if (id === doing && bericht.value?.soort !== 'unconfirmed') return true
    waits.value = WAITS
    say(WAITS)
    return true
  }

  /** Does it with the task as it was seen; gives whether it was done. */
  async function perform(seen: Taak, deed: Deed): Promise<boolean> {
    if (isBusy(seen)) return false
    busy.value = true
    doing = seen.id
    bericht.value = undefined
    velden.value = {}
    const report = (soort: Bericht['soort'], tekst: string) =>
      (bericht.value = { soort, tekst, taakId: seen.id, over: titleOf(seen) })
    const outcome = await performDeed(
      {
        api,
        retryContext,
        me: ik.medewerker.id,
        onUnconfirmed: () => report('unconfirmed', session.expired ? EXPIRED : UNSURE),
        isWanted: () => !over,
      },
      seen,
      deed,
    ).finally(() => {
      busy.value = false
      waits.value = ''
    })
    if (!outcome) return false
    if (outcome.taak) onTaak(outcome.taak)
    if (outcome.kind === 'refused') velden.value = outcome.velden ?? {}
    report(outcome.kind === 'done' ? 'done' : 'refused', outcomeText(outcome, deed, ik.medewerker.id))
    if (outcome.kind === 'done') say(outcomeText(outcome, deed, ik.medewerker.id))
    return outcome.kind === 'done'
  }
  /** What is not known yet stays. */
  const forget = () => {
    if (!busy.value) bericht.value = undefined
  }
  return { busy, isBusy, bericht, waits, velden, perform, forget }
}

const titleOf = (taak: Taak) => `${taak.gevraagdeHandeling}, ${taak.ontstaanUitKlantcontact.onderwerp}`

const UNSURE =
  'De verbinding viel weg. Het is niet bekend of het gelukt is; zodra de verbinding er weer is wordt dat nagegaan.'

const WAITS = 'Dit gaat nog niet: eerst wordt nagegaan of wat u hiervoor deed gelukt is.'

const EXPIRED =
  'Uw aanmelding is verlopen. Meld u opnieuw aan; daarna wordt nagegaan of het gelukt is, en zo niet, gebeurt het alsnog.'

const DONE: Record<Deed['soort'], string> = {
  neem: 'U hebt de taak nu.',
  wijsToe: 'De taak is toegewezen.',
  legTerug: 'De taak is teruggelegd en weer van niemand.',
  rondAf: 'De taak is afgerond.',
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
  return DONE[soort]
}
