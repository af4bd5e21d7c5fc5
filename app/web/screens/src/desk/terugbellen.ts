import { reactive, shallowReactive } from 'vue'
import type { Api } from '../api/api'
import {
  VraagTerugbellenDocument,
  VerbeterBetrokkeneDocument,
  type BetrokkeneInput,
  type BetrokkeneVeldenFragment,
  type VraagTerugbellenMutation,
} from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import { phonesOf } from '../taak/betrokkene'
import {
  betrokkeneInput,
  emptyKlant,
  isBlankKlant,
  isSameKlant,
  klantErrors,
  klantErrorsByField,
  klantOf,
  type Klant,
  type KlantErrors,
} from '../taak/klant'
import { LIMIT, tooLong } from '../ui/limits'
import { storedInTab } from '../ui/tabStorage'
import { orNull } from '../ui/texts'
import type { Doorverbinding, Doorverbindingen } from './doorverbindingen'
import { canAskTerugbellen, isTerugbellenAsked } from './stand'

/** Whom to call back for one task, typed and not sent yet; stored in the tab. */
export interface TerugbelForm {
  klant: Klant
  toelichting: string
}

interface State {
  /** The task that the rest is about. */
  taakId: string
  /** Whether the dialog is open that asks for a name and a number. */
  asking: boolean
  busy: boolean
  unconfirmed: boolean
  errors: KlantErrors
  refusal: string
  /** A colleague took the call over after all. */
  news: string
}

/** Has the citizen called back when nobody takes the call over. */
export interface Terugbellen {
  readonly state: State
  of: (taakId: string) => TerugbelForm
  /** Has the citizen called back, and asks for the number where none stands. */
  ask: (taakId: string) => Promise<void>
  /** Sends what is filled in in the dialog. */
  send: (taakId: string) => Promise<void>
  /** Has the citizen called back on the number that stands, whatever is filled in. */
  sendStanding: (taakId: string) => Promise<void>
  close: () => void
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'mutate'>
  retryContext: RetryContext
  doorverbindingen: Pick<Doorverbindingen, 'get' | 'put' | 'putBetrokkene'>
  medewerkerId: string
}

/** Why it did not succeed; empty where it did. `asks` says that a number is needed. */
type Outcome = Partial<Pick<State, 'errors' | 'refusal' | 'news'>> & { asks?: boolean }
type Result = VraagTerugbellenMutation['vraagTerugbellen']

const IDLE = { asking: false, busy: false, unconfirmed: false, errors: {}, refusal: '', news: '' }

/** Whom this contact was with, as far as this employee knows. */
export const standingOf = (doorverbinding: Doorverbinding | undefined): BetrokkeneVeldenFragment | undefined =>
  doorverbinding?.betrokkenen?.[0]

export function newTerugbellen({ api, retryContext, doorverbindingen, medewerkerId }: Parts): Terugbellen {
  const forms = storedInTab<Record<string, TerugbelForm>>('terugbellen', medewerkerId, {})
  const state = shallowReactive<State>({ taakId: '', ...IDLE })
  let stopped = false
  const standing = (taakId: string) => standingOf(doorverbindingen.get(taakId))
  const waiting = (taakId: string) => {
    const doorverbinding = doorverbindingen.get(taakId)
    return doorverbinding && canAskTerugbellen(doorverbinding) ? doorverbinding.taak : undefined
  }
  const of = (taakId: string) => (forms[taakId] ??= reactive({ klant: emptyKlant(), toelichting: '' }))
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  const forget = (taakId: string) => delete forms[taakId]

  /** Asks the server until it answers, for as long as the task still waits. */
  const answered = <D>(taakId: string, request: Parameters<typeof retryUntilAnswered<D>>[0]) =>
    retryUntilAnswered(request, retryContext, {
      isWanted: () => !stopped && waiting(taakId) !== undefined,
      onUnconfirmed: () => (state.unconfirmed = true),
      idempotent: true,
    })

  /** Corrects whom the contact was with. Whoever stands already as it is typed was corrected by an earlier try. */
  async function correct(taakId: string, klant: Klant, stands: BetrokkeneVeldenFragment): Promise<Outcome> {
    const betrokkene = betrokkeneInput(klant, stands) ?? {}
    const input = { id: stands.id, versie: stands.versie, betrokkene }
    const answer = await answered(taakId, () => api.mutate(VerbeterBetrokkeneDocument, { input }))
    if (!answer) return conclusion(doorverbindingen.get(taakId), '')
    if (answer.failure) return { refusal: answer.failure.bericht }
    const result = answer.data.wijzigBetrokkene
    if ('betrokkene' in result) keep(taakId, result.betrokkene)
    if (result.__typename === 'BetrokkeneVastgelegd') return {}
    if (result.__typename === 'OngeldigeInvoer') return refusedFields(result, betrokkene)
    return 'betrokkene' in result && isSameKlant(klant, result.betrokkene) ? {} : { refusal: result.bericht }
  }

  function keep(taakId: string, betrokkene: BetrokkeneVeldenFragment): void {
    const contact = doorverbindingen.get(taakId)?.taak.ontstaanUitKlantcontact
    if (contact) doorverbindingen.putBetrokkene(contact.id, betrokkene)
  }

  /** Asks for one versie of the task: the server executes it at most once. */
  async function attempt(taakId: string, betrokkene: BetrokkeneInput | null): Promise<Outcome> {
    const versie = waiting(taakId)?.versie
    if (versie === undefined) return conclusion(doorverbindingen.get(taakId), '')
    const toelichting = orNull(forms[taakId]?.toelichting ?? '')
    const input = { id: taakId, versie, betrokkene, toelichting }
    const answer = await answered(taakId, () => api.mutate(VraagTerugbellenDocument, { input }))
    if (!answer) return conclusion(doorverbindingen.get(taakId), '')
    if (answer.failure) return { refusal: answer.failure.bericht }
    const result = answer.data.vraagTerugbellen
    if ('interneTaak' in result) doorverbindingen.put(result.interneTaak)
    if ('betrokkene' in result) keep(taakId, result.betrokkene)
    const now = waiting(taakId)
    // Somebody changed the task, but it still waits: try its new versie.
    if (result.__typename === 'VersieVerouderd' && now && now.versie > versie) return attempt(taakId, betrokkene)
    return outcomeOf(result, betrokkene)
  }

  function outcomeOf(result: Result, betrokkene: BetrokkeneInput | null): Outcome {
    if (result.__typename === 'InterneTaakGewijzigd') return {}
    if (result.__typename === 'OngeldigeInvoer') return refusedFields(result, betrokkene)
    if (result.__typename === 'BetrokkeneVersieVerouderd') return { refusal: result.bericht, asks: true }
    if (!('interneTaak' in result)) return { refusal: result.bericht }
    return conclusion(doorverbindingen.get(result.interneTaak.id), result.bericht)
  }

  /** Runs one whole try, and shows what came of it. */
  async function run(taakId: string, trying: () => Promise<Outcome>): Promise<void> {
    if (state.busy) return
    const asking = state.asking && state.taakId === taakId
    Object.assign(state, IDLE, { taakId, asking, busy: true })
    const { asks, ...outcome } = await trying()
    const done = Object.values(outcome).every((text) => !text)
    if (done || outcome.news) forget(taakId)
    Object.assign(state, IDLE, { taakId, asking: !done && !outcome.news && (asks ?? asking) }, outcome)
  }

  async function correctAndAttempt(taakId: string, klant: Klant): Promise<Outcome> {
    const stands = standing(taakId)
    if (!stands) return attempt(taakId, betrokkeneInput(klant))
    const outcome = isSameKlant(klant, stands) ? {} : await correct(taakId, klant, stands)
    return Object.keys(outcome).length ? outcome : attempt(taakId, null)
  }

  /** Whether there is a number, and nothing else was typed. */
  function hasNumber(taakId: string): boolean {
    const stands = standing(taakId)
    const typed = forms[taakId]?.klant
    if (typed && !isBlankKlant(typed) && !(stands && isSameKlant(typed, stands))) return false
    return stands ? phonesOf(stands).length > 0 : doorverbindingen.get(taakId)?.betrokkenen === undefined
  }

  function openDialog(taakId: string): void {
    const [form, stands] = [of(taakId), standing(taakId)]
    if (stands && isBlankKlant(form.klant)) form.klant = klantOf(stands)
    Object.assign(state, IDLE, { taakId, asking: true })
  }

  return {
    state,
    of,
    async ask(taakId) {
      if (!waiting(taakId) || state.busy) return
      if (hasNumber(taakId)) await run(taakId, () => attempt(taakId, null))
      else openDialog(taakId)
    },
    async send(taakId) {
      const { klant, toelichting } = of(taakId)
      const errors = klantErrors(klant, { phoneRequired: true })
      if (state.busy || tooLong(toelichting, LIMIT.toelichting)) return
      if (Object.keys(errors).length) Object.assign(state, { errors, refusal: '' })
      else await run(taakId, () => correctAndAttempt(taakId, { ...klant }))
    },
    sendStanding: (taakId) => run(taakId, () => attempt(taakId, null)),
    close() {
      const [form, stands] = [forms[state.taakId], standing(state.taakId)]
      const untouched = form && (isBlankKlant(form.klant) || (stands && isSameKlant(form.klant, stands)))
      if (untouched && !form.toelichting.trim()) forget(state.taakId)
      Object.assign(state, { asking: false, errors: {}, refusal: '' })
    },
    stop: () => void (stopped = true),
  }
}

/** What the task says now: that it is asked for already, or who was first. */
function conclusion(doorverbinding: Doorverbinding | undefined, bericht: string): Outcome {
  if (!doorverbinding || isTerugbellenAsked(doorverbinding)) return {}
  const { status, medewerker, klantAanDeLijn } = doorverbinding.taak
  if (status === 'TE_DOEN' && medewerker && klantAanDeLijn)
    return { news: `${medewerker.naam} heeft het gesprek net overgenomen: u kunt doorverbinden.` }
  return { refusal: bericht }
}

type Invalid = Pick<Extract<Result, { __typename: 'OngeldigeInvoer' }>, 'bericht' | 'velden'>

/** The errors at their fields; a number that is missing is asked for. */
function refusedFields({ bericht, velden }: Invalid, sent: BetrokkeneInput | null): Outcome {
  const { errors, rest } = klantErrorsByField(velden, sent)
  const known = Object.keys(errors).length > 0
  return { errors, refusal: known ? rest : bericht, asks: known }
}
