import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import {
  GeregistreerdDocument,
  RegistreerDocument,
  type KlantcontactMetTakenFragment,
  type RegistreerMutation,
} from '../api/gql/graphql'
import { klantErrors, type KlantErrors } from '../taak/klant'
import { errorsByField, validate, type Errors } from './validation'
import { difference, handelingOf, inputOf, newConcept, newIds, type Concept } from './concept'
import { retryUntilAnswered, type RetryContext } from '../api/retry'

/** A registered klantcontact. */
export interface Geregistreerd {
  klantcontact: KlantcontactMetTakenFragment
  /** What the employee changed after sending, which is not part of the registered klantcontact; empty where nothing
   * was. */
  difference: string
}

export interface Registratie {
  readonly state: {
    busy: boolean
    /** It is not known whether it was registered, and it is being retried. */
    unconfirmed: boolean
    errors: Errors
    /** The errors of the fields for whom the contact is with. */
    klant: KlantErrors
    alert: string
  }
  /** Sends the concept. Returns false where it is not valid and nothing was sent. */
  send: () => boolean
  /** Continues sending what was not confirmed when the page was closed, unless that is long ago. */
  resume: () => void
  /** Stops retrying and lets the employee edit the form again. */
  change: () => void
  /** Stops retrying because the screen is closed. */
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  retryContext: RetryContext
  concept: Concept
  /** The gevraagde handelingen that the server suggests. */
  suggested: () => readonly string[]
  onGeregistreerd: (what: Geregistreerd) => void
}

const IDLE: Registratie['state'] = { busy: false, unconfirmed: false, errors: {}, klant: {}, alert: '' }
type Result = RegistreerMutation['registreerKlantcontact']
/** After this time the form says that the registration is not confirmed yet. */
const SLOW_MS = 3_000
const FRESH_MS = 5 * 60_000
const OLD =
  'Deze registratie is niet bevestigd. Controleer wat er staat en verstuur opnieuw: het wordt hooguit één keer geregistreerd.'
const STOPPED = 'Het versturen is gestopt. Of het al geregistreerd is, blijkt als u opnieuw verstuurt.'
const OTHERS = 'Er is een nieuw kenmerk gekozen: verstuur opnieuw.'

/** Registers the concept exactly once, however many tries that takes. */
export function newRegistratie({ api, retryContext, concept, suggested, onGeregistreerd }: Parts): Registratie {
  const state = shallowReactive<Registratie['state']>({ ...IDLE })
  // The number of the current attempt. Answers to earlier attempts are recognised by their number.
  let attempt = 0
  let stopped = false
  const reset = (changes: Partial<Registratie['state']> = {}) => Object.assign(state, IDLE, changes)
  const options = (mine: number) => ({
    isWanted: () => mine === attempt,
    onUnconfirmed: () => (state.unconfirmed = true),
    idempotent: true,
  })

  async function sendAttempt(
    input: NonNullable<Concept['verzonden']>['input'],
    before: Concept['verzonden'],
  ): Promise<void> {
    const mine = ++attempt
    reset({ busy: true })
    void retryContext.pause(SLOW_MS).then(() => mine === attempt && state.busy && (state.unconfirmed = true))
    const answer = await retryUntilAnswered(
      () => api.mutate(RegistreerDocument, { input }),
      retryContext,
      options(mine),
    )
    if (answer?.data) await handleResult(answer.data.registreerKlantcontact, mine, before)
    else if (answer?.failure && mine === attempt) showRefusal(before, { alert: answer.failure.bericht })
  }

  async function handleResult(result: Result, mine: number, before: Concept['verzonden']): Promise<void> {
    // A registration counts even if the employee stopped it in the meantime.
    if (result.__typename === 'KlantcontactGeregistreerd') {
      finish(result.klantcontact, mine !== attempt)
      return
    }
    if (mine !== attempt) return
    if (result.__typename === 'IdAlInGebruik') return handleIdInUse(result.bericht, mine, before)
    if (result.__typename !== 'OngeldigeInvoer') {
      showRefusal(before, { alert: result.bericht })
      return
    }
    const { rest: alert, ...errors } = errorsByField(result.velden, concept.verzonden?.input.betrokkene)
    showRefusal(before, { ...errors, alert })
  }

  /** The id is in use: by an earlier version of this concept, or by something else. */
  async function handleIdInUse(bericht: string, mine: number, before: Concept['verzonden']): Promise<void> {
    const id = concept.klantcontactId
    const ask = () => api.query(GeregistreerdDocument, { id })
    const answer = before ? await retryUntilAnswered(ask, retryContext, options(mine)) : undefined
    if (mine !== attempt) return
    if (answer?.data?.klantcontact) {
      finish(answer.data.klantcontact, true)
      return
    }
    Object.assign(concept, newIds())
    state.unconfirmed = false
    showRefusal(null, { alert: `${bericht} ${OTHERS}` })
  }

  function finish(klantcontact: KlantcontactMetTakenFragment, earlier: boolean): void {
    if (stopped || klantcontact.id !== concept.klantcontactId) return
    attempt++
    const changed = earlier ? difference(concept, suggested(), klantcontact) : ''
    if (changed) Object.assign(concept, newIds(), { verzonden: null })
    else Object.assign(concept, newConcept())
    reset()
    onGeregistreerd({ klantcontact, difference: changed })
  }

  function showRefusal(before: Concept['verzonden'], changes: Partial<Registratie['state']>): void {
    // This try was refused, but an earlier one may have been registered without its answer arriving.
    const version = before ?? (state.unconfirmed ? concept.verzonden : null)
    concept.verzonden = version && { ...version, loopt: false }
    reset(changes)
  }

  return {
    state,
    send() {
      if (state.busy) return true
      const errors = validate(concept, handelingOf(concept, suggested()))
      const klant = klantErrors(concept.klant)
      reset({ errors, klant })
      if (Object.keys({ ...errors, ...klant }).length) return false
      const before = concept.verzonden
      const input = inputOf(concept, suggested())
      concept.verzonden = { input, op: api.now(), loopt: true }
      void sendAttempt(input, before)
      return true
    },
    resume() {
      const { verzonden } = concept
      if (!verzonden?.loopt) return
      if (api.now() - verzonden.op > FRESH_MS) showRefusal(verzonden, { alert: OLD })
      else void sendAttempt(verzonden.input, verzonden)
    },
    change() {
      attempt++
      showRefusal(concept.verzonden, { alert: STOPPED })
    },
    stop() {
      attempt++
      stopped = true
    },
  }
}
