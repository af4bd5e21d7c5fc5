import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import {
  GeregistreerdDocument,
  RegistreerDocument,
  type KlantcontactMetTakenFragment,
  type RegistreerMutation,
} from '../api/gql/graphql'
import { atFields, breaches, type Errors } from './check'
import { difference, handelingOf, inputOf, newDraft, newIds, type Draft } from './draft'
import { untilAnswered, type Line } from '../api/persevering'

/** What was registered. */
export interface Registered {
  klantcontact: KlantcontactMetTakenFragment
  /** What was changed after it had been sent and does not stand in it; empty: nothing. */
  difference: string
}

export interface Registering {
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
  line: Line
  draft: Draft
  /** The requested acts that the server suggests. */
  suggested: () => readonly string[]
  registered: (what: Registered) => void
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
export function newRegistering({ api, line, draft, suggested, registered }: Parts): Registering {
  const state = shallowReactive<Registering['state']>({ busy: false, unconfirmed: false, errors: {}, alert: '' })
  // Counts what was begun: the answer to what was stopped is told from that to what is waited for.
  let attempt = 0
  let left = false
  const rest = (news: Partial<Registering['state']> = {}) =>
    Object.assign(state, { busy: false, unconfirmed: false, errors: {}, alert: '' }, news)
  const options = (mine: number) => ({
    wanted: () => mine === attempt,
    unconfirmed: () => (state.unconfirmed = true),
    hasty: true,
  })

  async function attemptTo(
    input: NonNullable<Draft['verzonden']>['input'],
    before: Draft['verzonden'],
  ): Promise<void> {
    const mine = ++attempt
    rest({ busy: true })
    void line.pause(SLOW_MS).then(() => mine === attempt && state.busy && (state.unconfirmed = true))
    const answer = await untilAnswered(() => api.mutate(RegistreerDocument, { input }), line, options(mine))
    if (answer?.data) await settle(answer.data.registreerKlantcontact, mine, before)
    else if (answer?.failure && mine === attempt) refuse(before, { alert: answer.failure.bericht })
  }

  async function settle(result: Result, mine: number, before: Draft['verzonden']): Promise<void> {
    // Also when it was stopped meanwhile: it stands, but for when it was answered before.
    if (result.__typename === 'KlantcontactGeregistreerd') {
      stands(result.klantcontact, mine !== attempt)
      return
    }
    if (mine !== attempt) return
    if (result.__typename === 'IdAlInGebruik') return taken(result.bericht, mine, before)
    if (result.__typename !== 'OngeldigeInvoer') {
      refuse(before, { alert: result.bericht })
      return
    }
    const { errors, rest: more } = atFields(result.velden)
    refuse(before, { errors, alert: more })
  }

  /** Under these ids something else stands: an earlier version of this draft, or what is not of this draft at all. */
  async function taken(bericht: string, mine: number, before: Draft['verzonden']): Promise<void> {
    const id = draft.klantcontactId
    const ask = () => api.query(GeregistreerdDocument, { id })
    const answer = before ? await untilAnswered(ask, line, options(mine)) : undefined
    if (mine !== attempt) return
    if (answer?.data?.klantcontact) {
      stands(answer.data.klantcontact, true)
      return
    }
    Object.assign(draft, newIds())
    state.unconfirmed = false
    refuse(null, { alert: `${bericht} ${OTHERS}` })
  }

  function stands(klantcontact: KlantcontactMetTakenFragment, earlier: boolean): void {
    if (left || klantcontact.id !== draft.klantcontactId) return
    attempt++
    const changed = earlier ? difference(draft, suggested(), klantcontact) : ''
    if (changed) Object.assign(draft, newIds(), { verzonden: null })
    else Object.assign(draft, newDraft())
    rest()
    registered({ klantcontact, difference: changed })
  }

  function refuse(before: Draft['verzonden'], news: Partial<Registering['state']>): void {
    // What was refused is not there; but a try before may have been lost on its way back.
    const version = before ?? (state.unconfirmed ? draft.verzonden : null)
    draft.verzonden = version && { ...version, loopt: false }
    rest(news)
  }

  return {
    state,
    send() {
      if (state.busy) return true
      const errors = breaches(draft, handelingOf(draft, suggested()))
      rest({ errors })
      if (Object.keys(errors).length) return false
      const before = draft.verzonden
      const input = inputOf(draft, suggested())
      draft.verzonden = { input, op: api.now(), loopt: true }
      void attemptTo(input, before)
      return true
    },
    resume() {
      const { verzonden } = draft
      if (!verzonden?.loopt) return
      if (api.now() - verzonden.op > FRESH_MS) refuse(verzonden, { alert: OLD })
      else void attemptTo(verzonden.input, verzonden)
    },
    change() {
      attempt++
      refuse(draft.verzonden, { alert: STOPPED })
    },
    stop() {
      attempt++
      left = true
    },
  }
}
