import type { Taak } from './store'

/** The text of a melding: how many tasks are new, and whether a citizen is on the line. */
export function meldingText(taken: readonly Taak[]): string {
  const waiting = taken.filter(({ klantAanDeLijn }) => klantAanDeLijn).length
  const count = taken.length === 1 ? 'Nieuwe taak' : `${taken.length} nieuwe taken`
  if (!waiting) return count
  return taken.length === 1 ? `${count}: klant aan de lijn` : `${count}, ${waiting} met de klant aan de lijn`
}

/** The same for the screen reader, with what a single task is about. */
export function spokenMelding(taken: readonly Taak[]): string {
  const [first] = taken
  if (taken.length !== 1 || !first) return `${meldingText(taken)}.`
  return `${meldingText(taken)}. ${first.gevraagdeHandeling}: ${first.ontstaanUitKlantcontact.onderwerp}.`
}

/** The title of the browser tab, with the number of new tasks that nobody has looked at. */
export const tabTitle = (unseen: number, screen: string): string =>
  `${unseen ? `(${unseen}) ` : ''}${screen} – Overdracht`
