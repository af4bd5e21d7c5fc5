import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import {
  GeregistreerdDocument,
  RegistreerDocument,
  type KlantcontactMetTakenFragment,
  type RegistreerMutation,
} from '../api/gql/graphql'
import { errorsByField, validate, type Errors } from './validation'
import { difference, handelingOf, inputOf, newConcept, newIds, type Concept } from './concept'
import { retryUntilAnswered, type RetryContext } from '../api/retry'

/** What was registered. */
export interface Geregistreerd {
  klantcontact: KlantcontactMetTakenFragment
  /** What was changed after it had been sent and does not stand in it; empty: nothing. */
  difference: string
}

export interface Registratie {
  readonly state: {
    busy: boolean
    /** Whether it was registered is not known, and it is tried again. */
    unconfirmed: boolean
    errors: Errors
    alert: string
  }
  /** Registers what is typed. False: something is wrong with it, and nothing was sent. */
  send: () => boolean
  /** Goes on with what was being sent when the page was left, unless that is long ago. */
  resume: () => void
  /** Stops trying, and gives the form back as it is. */
  change: () => void
  /** Stops trying for now: the page is left. */
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  retryContext: RetryContext
  concept: Concept
  /** The requested acts that the server suggests. */
  suggested: () => readonly string[]
  onGeregistreerd: (what: Geregistreerd) => void
}

type Result = RegistreerMutation['registreerKlantcontact']
/** Who waits longer is told so. */
const SLOW_MS = 3_000
const FRESH_MS = 5 * 60_000
const OLD =
  'Deze registratie is niet bevestigd. Controleer wat er staat en verstuur opnieuw: het wordt hooguit één keer geregistreerd.'
const STOPPED = 'Het versturen is gestopt. Of het al geregistreerd is, blijkt als u opnieuw verstuurt.'
const OTHERS = 'Er is een nieuw kenmerk gekozen: verstuur opnieuw.'

/** Registers a draft once, however often that takes. */
export function newRegistratie({ api, retryContext, concept, suggested, onGeregistreerd }: Parts): Registratie {
  const state = shallowReactive<Registratie['state']>({ busy: false, unconfirmed: false, errors: {}, alert: '' })
  // Counts what was begun: the answer to what was stopped is told from that to what is waited for.
  let attempt = 0
  let stopped = false
  const reset = (changes: Partial<Registratie['state']> = {}) =>
    Object.assign(state, { busy: false, unconfirmed: false, errors: {}, alert: '' }, changes)
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
    // Also when it was stopped meanwhile: it stands, but for when it was answered before.
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
    const { errors, rest: more } = errorsByField(result.velden)
    showRefusal(before, { errors, alert: more })
  }

  /** Under these ids something else stands: an earlier version of this draft, or what is not of this draft at all. */
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
    // What was refused is not there; but a try before may have been lost on its way back.
    const version = before ?? (state.unconfirmed ? concept.verzonden : null)
    concept.verzonden = version && { ...version, loopt: false }
    reset(changes)
  }

  return {
    state,
    send() {
      if (state.busy) return true
      const errors = validate(concept, handelingOf(concept, suggested()))
      reset({ errors })
      if (Object.keys(errors).length) return false
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
