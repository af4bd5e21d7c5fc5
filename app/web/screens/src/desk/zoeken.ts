import { shallowReactive } from 'vue'
import type { Api } from '../api/api'
import { ZoekKlantcontactenDocument, type ZoekKlantcontactenQuery } from '../api/gql/graphql'
import { adresIn } from '../taak/adres'

/** A klantcontact with whom has the number that was searched, with its tasks. */
export type GevondenContact = ZoekKlantcontactenQuery['klantcontacten']['edges'][number]['node']

interface State {
  typed: string
  busy: boolean
  /** What is wrong with what is typed. */
  error: string
  /** Why the server gave no answer. */
  failure: string
  /** Null where nothing was searched. */
  found: { total: number; contacten: readonly GevondenContact[] } | null
}

/** Finds the citizen who calls again by their phone number or e-mail address. What is typed is sent by POST, and kept
 * nowhere. */
export interface Zoeken {
  readonly state: State
  search: () => Promise<void>
  /** Forgets what was typed and found, before the next call. */
  clear: () => void
}

const IDLE = { busy: false, error: '', failure: '', found: null }
const INCOMPLETE = 'Vul een heel telefoonnummer in, met netnummer, of een heel e-mailadres.'

export function newZoeken(api: Pick<Api, 'query'>): Zoeken {
  const state = shallowReactive<State>({ typed: '', ...IDLE })
  // The number of the current search. Answers to earlier ones are recognised by their number.
  let current = 0
  return {
    state,
    async search() {
      const mine = ++current
      const digitaalAdres = adresIn(state.typed)
      Object.assign(state, IDLE, digitaalAdres ? { busy: true } : { error: INCOMPLETE })
      if (!digitaalAdres) return
      const { data, failure } = await api.query(ZoekKlantcontactenDocument, { digitaalAdres })
      if (mine !== current) return
      Object.assign(state, IDLE, failure ? { failure: failure.bericht } : { found: foundIn(data) })
    },
    clear() {
      current++
      Object.assign(state, IDLE, { typed: '' })
    },
  }
}

const foundIn = ({ klantcontacten: { totalCount: total, edges } }: ZoekKlantcontactenQuery): State['found'] => ({
  total,
  contacten: edges.map(({ node }) => node),
})

/** How many klantcontacten were found, in words. */
export function foundText({ total, contacten }: NonNullable<State['found']>): string {
  if (!total) return 'Geen contact gevonden met dit nummer of adres.'
  if (total > contacten.length) return `${total} contacten gevonden. Dit zijn de laatste ${contacten.length}.`
  return total === 1 ? '1 contact gevonden.' : `${total} contacten gevonden.`
}
