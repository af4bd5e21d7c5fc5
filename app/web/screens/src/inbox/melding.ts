import type { Taak } from './store'

/** How many tasks are new, and whether somebody waits on the line. */
export function meldingText(taken: readonly Taak[]): string {
  const waiting = taken.filter(({ klantAanDeLijn }) => klantAanDeLijn).length
  const count = taken.length === 1 ? 'Nieuwe taak' : `${taken.length} nieuwe taken`
  if (!waiting) return count
  return taken.length === 1 ? `${count}: klant aan de lijn` : `${count}, ${waiting} met de klant aan de lijn`
}

/** The same for who hears it; of one task also what it is. */
export function spokenMelding(taken: readonly Taak[]): string {
  const [first] = taken
  if (taken.length !== 1 || !first) return `${meldingText(taken)}.`
  return `${meldingText(taken)}. ${first.gevraagdeHandeling}: ${first.ontstaanUitKlantcontact.onderwerp}.`
}

/** The title of the tab, with how many tasks nobody has looked at. */
export const tabTitle = (unseen: number, screen: string): string =>
  `${unseen ? `(${unseen}) ` : ''}${screen} – Overdracht`
