import type { BetrokkeneInput } from '../api/gql/graphql'
import { klantErrorsByField, type KlantErrors } from '../taak/klant'
import { LIMIT, tooLong } from '../ui/limits'
import type { Content } from './concept'

/** The fields of the form, from top to bottom. */
export const FIELDS = [
  'onderwerp',
  'inhoud',
  'afdeling',
  'gevraagdeHandeling',
  'klantAanDeLijn',
  'toelichting',
  'kanaal',
] as const
export type Field = (typeof FIELDS)[number]
export type Errors = { [field in Field]?: string | undefined }

const UNWANTED_IN_LINE = /\p{Cs}|(?!\t)\p{Cc}/u
const UNWANTED_IN_LINES = /\p{Cs}|(?![\t\r\n])\p{Cc}/u

/** Checks all fields for what the server would refuse, and returns an error for each wrong field. */
export function validate(concept: Content, handeling: string): Errors {
  const errors: Errors = {}
  const add = (field: Field, error: string | undefined) => error && (errors[field] = error)
  add(
    'onderwerp',
    missing(concept.onderwerp, 'Vul in waar het over gaat.') ?? wrong(concept.onderwerp, LIMIT.onderwerp),
  )
  if (concept.zelf) add('inhoud', missing(concept.inhoud, 'Vul in wat u hebt geantwoord.'))
  add('inhoud', wrong(concept.inhoud, LIMIT.inhoud, UNWANTED_IN_LINES))
  if (concept.zelf) return errors
  if (!concept.afdelingId) add('afdeling', notChosen(concept.afdelingGetypt))
  add(
    'gevraagdeHandeling',
    missing(handeling, 'Vul in wat de afdeling moet doen.') ?? wrong(handeling, LIMIT.gevraagdeHandeling),
  )
  add('toelichting', wrong(concept.toelichting, LIMIT.toelichting, UNWANTED_IN_LINES))
  return errors
}

const missing = (text: string, error: string): string | undefined => (text.trim() ? undefined : error)

const notChosen = (typed: string): string =>
  typed.trim() ? 'Kies een afdeling uit de lijst.' : 'Kies een afdeling.'

function wrong(text: string, limit: number, unwanted = UNWANTED_IN_LINE): string | undefined {
  if (tooLong(text, limit)) return `Dit mag hoogstens ${limit} tekens zijn.`
  return unwanted.test(text) ? 'Hier staat een teken in dat niet kan.' : undefined
}

const PATHS: Record<string, Field> = {
  onderwerp: 'onderwerp',
  inhoud: 'inhoud',
  kanaal: 'kanaal',
  'interneTaken.0.organisatorischeEenheidId': 'afdeling',
  'interneTaken.0.gevraagdeHandeling': 'gevraagdeHandeling',
  'interneTaken.0.klantAanDeLijn': 'klantAanDeLijn',
  'interneTaken.0.toelichting': 'toelichting',
}

/** Assigns the errors of the server to the fields of the form, with those of the `betrokkene` that was sent; errors
 * about anything else are joined in `rest`. */
export function errorsByField(
  velden: readonly { pad: readonly string[]; bericht: string }[],
  betrokkene: BetrokkeneInput | null = null,
): { errors: Errors; klant: KlantErrors; rest: string } {
  const errors: Errors = {}
  const others: (typeof velden)[number][] = []
  for (const veld of velden) {
    const field = PATHS[veld.pad.slice(1).join('.')]
    if (!field) others.push(veld)
    else errors[field] = errors[field] ? `${errors[field]} ${veld.bericht}` : veld.bericht
  }
  const { errors: klant, rest } = klantErrorsByField(others, betrokkene)
  return { errors, klant, rest }
}
