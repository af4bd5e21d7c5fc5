import type { Rol } from '../api/gql/graphql'
import type { Deed } from './deeds'
import { isOpen, type Taak } from './store'

/** What can be asked for with a button. `neemOver` is taking from a colleague, after a question. */
export type DeedChoice = Exclude<Deed['soort'], 'wijsToe'> | 'neemOver' | 'geef'

/** What is asked about in a dialog before it is done. */
export type DialogChoice = Exclude<DeedChoice, 'neem'>

/** Who looks at a task. */
export interface Viewer {
  id: string
  eenheidIds: readonly string[]
  /** Whether he handles tasks at all, or only reads. */
  handlesTaken: boolean
}

/** Whether somebody with these roles handles tasks. */
export const handlesTaken = (rollen: readonly Rol[]): boolean =>
  rollen.includes('KCC') || rollen.includes('BEHANDELAAR')

/** What can be done with a task by who looks at it, the first thing to do first. */
export function possibleChoices(taak: Taak, { id, eenheidIds, handlesTaken: may }: Viewer): DeedChoice[] {
  if (!may) return []
  if (!eenheidIds.includes(taak.organisatorischeEenheid.id)) return ['lichtToe']
  if (!isOpen(taak)) return ['heropen', 'lichtToe']
  const mine = taak.medewerker?.id === id
  const take: DeedChoice[] = mine ? [] : [taak.medewerker ? 'neemOver' : 'neem']
  const back: DeedChoice[] = taak.medewerker ? ['legTerug'] : []
  return [...take, 'rondAf', 'geef', ...back, 'stuurDoor', 'lichtToe']
}

/** The letter of its shortcut. */
export const SHORTCUT_LETTERS: Record<DeedChoice, string> = {
  neem: 'N',
  neemOver: 'N',
  rondAf: 'G',
  geef: 'C',
  legTerug: 'L',
  stuurDoor: 'S',
  lichtToe: 'T',
  heropen: 'H',
}

/** What stands on its button. */
export function buttonLabel(choice: DeedChoice, taak: Taak): string {
  switch (choice) {
    case 'neem':
      return taak.klantAanDeLijn ? 'Neem gesprek over' : 'Neem taak'
    case 'neemOver':
      return `Overnemen van ${taak.medewerker?.naam ?? 'collega'} …`
    case 'rondAf':
      return 'Gedaan …'
    case 'geef':
      return 'Wijs toe aan collega …'
    case 'legTerug':
      return 'Leg terug …'
    case 'stuurDoor':
      return 'Stuur door …'
    case 'lichtToe':
      return 'Voeg toelichting toe …'
    case 'heropen':
      return 'Heropen …'
  }
}
