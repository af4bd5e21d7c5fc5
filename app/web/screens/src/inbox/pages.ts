import type { Answer, Api } from '../api/api'
import { LeesPostvakDocument, ZoekOpAdresDocument } from '../api/gql/graphql'
import { interneTaakFilter, postvakFilter, type Filter } from './filters'
import type { Taak } from './store'

const PAGE = 50

/** A page of a list that the server searched; null where there is no list for this employee. */
type TaakPage = {
  edges: readonly { node: Taak }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
} | null

/** Reads the page after this cursor. */
export type ReadPage = (after: string | null) => Promise<Answer<TaakPage>>

const volgordeOf = ({ gedaan }: Filter) => (gedaan ? 'LAATST_GEDAAN_EERST' : 'LANGST_WACHTEND_EERST')

/** The tasks of a postvak, by this filter and its words. */
export const pagesByWords =
  (api: Pick<Api, 'query'>, eenheidId: string, filter: Filter): ReadPage =>
  async (after) => {
    const { data, failure } = await api.query(LeesPostvakDocument, {
      eenheidId,
      filter: postvakFilter(filter),
      volgorde: volgordeOf(filter),
      first: PAGE,
      after,
    })
    return failure ? { failure } : { data: data.postvak?.interneTaken ?? null }
  }

/** The tasks of an afdeling about a citizen with this phone number or e-mail address. */
export const pagesByAdres =
  (api: Pick<Api, 'query'>, eenheidId: string, filter: Filter, adres: string): ReadPage =>
  async (after) => {
    const { data, failure } = await api.query(ZoekOpAdresDocument, {
      filter: interneTaakFilter(eenheidId, filter, adres),
      volgorde: volgordeOf(filter),
      first: PAGE,
      after,
    })
    return failure ? { failure } : { data: data.interneTaken }
  }
