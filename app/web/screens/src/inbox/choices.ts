import type { Rol } from '../api/gql/graphql'
import type { Deed } from './deeds'
import { isOpen, type Taak } from './store'

/** What an employee can choose to do with a button. `neemOver` takes a task from a colleague. */
export type DeedChoice = Exclude<Deed['soort'], 'wijsToe'> | 'neemOver' | 'geef'

/** The choices that open a dialog first. */
export type DialogChoice = Exclude<DeedChoice, 'neem' | 'nietBereikt'>

/** Those with the dialog that asks for a colleague, an afdeling or a toelichting. */
export type DeedDialogChoice = Exclude<DialogChoice, 'rondAf'>

/** The employee who looks at a task. */
export interface Viewer {
  id: string
  eenheidIds: readonly string[]
  /** Whether they handle tasks or only read them. */
  handlesTaken: boolean
}

/** Whether an employee with these roles handles tasks. */
export const handlesTaken = (rollen: readonly Rol[]): boolean =>
  rollen.includes('KCC') || rollen.includes('BEHANDELAAR')

/** The choices that this employee has for a task, the most likely one first. */
export function possibleChoices(taak: Taak, { id, eenheidIds, handlesTaken: may }: Viewer): DeedChoice[] {
  if (!may) return []
  if (!eenheidIds.includes(taak.organisatorischeEenheid.id)) return ['lichtToe']
  if (!isOpen(taak)) return ['heropen', 'lichtToe']
  const mine = taak.medewerker?.id === id
  const take: DeedChoice[] = mine ? [] : [taak.medewerker ? 'neemOver' : 'neem']
  const back: DeedChoice[] = taak.medewerker ? ['legTerug'] : []
  const attempt: DeedChoice[] = taak.klantAanDeLijn ? [] : ['nietBereikt']
  return [...take, 'rondAf', ...attempt, 'geef', ...back, 'stuurDoor', 'lichtToe']
}

/** The letter of each shortcut. */
export const SHORTCUT_LETTERS: Record<DeedChoice, string> = {
  neem: 'N',
  neemOver: 'N',
  rondAf: 'G',
  nietBereikt: 'B',
  geef: 'C',
  legTerug: 'L',
  stuurDoor: 'S',
  lichtToe: 'T',
  heropen: 'H',
}

/** The text of the button. */
export function buttonLabel(choice: DeedChoice, taak: Taak): string {
  switch (choice) {
    case 'neem':
      return taak.klantAanDeLijn ? 'Neem gesprek over' : 'Neem taak'
    case 'neemOver':
      return `Overnemen van ${taak.medewerker?.naam ?? 'collega'} …`
    case 'rondAf':
      return 'Gedaan …'
    case 'nietBereikt':
      return 'Niet bereikt'
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
