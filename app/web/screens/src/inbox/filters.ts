import type { PostvakFilter } from '../api/gql/graphql'
import { isOpen, type Taak } from './store'

/** Which tasks are listed. */
export interface Filter {
  gedaan: boolean
  /** Of those, which: somebody's by his id, or one of these. */
  toon: 'alle' | 'aan-de-lijn' | 'niemand' | (string & {})
  zoek: string
}

/** All that is open. */
export const ALL_OPEN: Filter = { gedaan: false, toon: 'alle', zoek: '' }

/** The choice, as the server is asked. */
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

/** Whether a task is of the choice, but for what is searched for: that the server knows. */
export function matchesFilter(taak: Taak, { gedaan, toon }: Filter): boolean {
  if (isOpen(taak) === gedaan) return false
  if (toon === 'aan-de-lijn') return taak.klantAanDeLijn
  if (toon === 'niemand') return !taak.medewerker
  return !isSomebody(toon) || taak.medewerker?.id === toon
}

const isSomebody = (toon: string): boolean => !['alle', 'aan-de-lijn', 'niemand'].includes(toon)

/** Who has tasks among these, by name, without me. */
export function colleaguesIn(taken: readonly Taak[], me: string): { id: string; naam: string }[] {
  const byId = new Map<string, { id: string; naam: string }>()
  for (const { medewerker } of taken) if (medewerker && medewerker.id !== me) byId.set(medewerker.id, medewerker)
  return [...byId.values()].sort((a, b) => a.naam.localeCompare(b.naam, 'nl'))
}
