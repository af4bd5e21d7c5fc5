import type { Ingevuld } from '../taak/dialogInputs'
import { LIMIT, tooLong } from '../ui/limits'
import type { Deed } from './deeds'
import type { Velden } from './outcome'

/** How an employee finishes a task: with what the citizen was told, or, by another button, without it. */
export type Afronding = 'met-antwoord' | 'zonder-antwoord'

/** The deed that finishes the task, or the errors that stand in its way, by the name of the input field. A typed
 * answer is never thrown away: who finishes without one has to empty the field first. */
export function afronding(
  { antwoord, toelichting }: Pick<Ingevuld, 'antwoord' | 'toelichting'>,
  how: Afronding,
): { deed?: Deed; velden: Velden } {
  const velden: Velden = {}
  const typed = antwoord.trim() !== ''
  if (how === 'met-antwoord' && !typed) velden['antwoord'] = MISSING
  if (how === 'zonder-antwoord' && typed) velden['antwoord'] = TYPED
  const fits = !tooLong(antwoord, LIMIT.antwoord) && !tooLong(toelichting, LIMIT.toelichting)
  if (Object.keys(velden).length || !fits) return { velden }
  return { deed: { soort: 'rondAf', antwoord, toelichting }, velden }
}

const MISSING = 'Er is nog geen antwoord. Vul in wat de klant heeft gehoord, of kies “Afronden zonder antwoord”.'
const TYPED = 'U hebt een antwoord getypt. Maak dit veld leeg als u zonder antwoord wilt afronden.'
