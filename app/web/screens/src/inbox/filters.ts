import type { InterneTaakFilter, PostvakFilter } from '../api/gql/graphql'
import { isOpen, type Taak } from './store'

/** The filters that an employee chooses above the list. */
export interface Filter {
  gedaan: boolean
  /** Which of them: one of these words, or the id of the employee who has the task. */
  toon: 'alle' | 'aan-de-lijn' | 'niemand' | (string & {})
  zoek: string
}

/** The filter that shows everything that is te doen. */
export const ALL_OPEN: Filter = { gedaan: false, toon: 'alle', zoek: '' }

/** The filter as the API takes it. */
export function postvakFilter({ gedaan, toon, zoek }: Filter): PostvakFilter {
  return {
    status: gedaan ? 'GEDAAN' : 'TE_DOEN',
    zoektekst: zoek,
    klantAanDeLijn: toon === 'aan-de-lijn' ? true : null,
    toegewezen: toon === 'niemand' ? false : null,
    medewerkerId: isSomebody(toon) ? toon : null,
    gevraagdeHandeling: null,
    geregistreerdVanaf: null,
    geregistreerdTot: null,
    gedaanVanaf: null,
    gedaanTot: null,
  }
}

/** The same filter for the tasks of an afdeling about a citizen with this phone number or e-mail address. */
export function interneTaakFilter(eenheidId: string, filter: Filter, adres: string): InterneTaakFilter {
  const { status, klantAanDeLijn, toegewezen, medewerkerId } = postvakFilter(filter)
  return {
    organisatorischeEenheidId: eenheidId,
    digitaalAdres: adres,
    status,
    klantAanDeLijn,
    toegewezen,
    medewerkerId,
  }
}

/** Whether a task matches the filter, apart from its search text: only the server can search. */
export function matchesFilter(taak: Taak, { gedaan, toon }: Filter): boolean {
  if (isOpen(taak) === gedaan) return false
  if (toon === 'aan-de-lijn') return taak.klantAanDeLijn
  if (toon === 'niemand') return !taak.medewerker
  return !isSomebody(toon) || taak.medewerker?.id === toon
}

const isSomebody = (toon: string): boolean => !['alle', 'aan-de-lijn', 'niemand'].includes(toon)

/** The other employees who have one of these tasks, sorted by name. */
export function colleaguesIn(taken: readonly Taak[], me: string): { id: string; naam: string }[] {
  const byId = new Map<string, { id: string; naam: string }>()
  for (const { medewerker } of taken) if (medewerker && medewerker.id !== me) byId.set(medewerker.id, medewerker)
  return [...byId.values()].sort((a, b) => a.naam.localeCompare(b.naam, 'nl'))
}
