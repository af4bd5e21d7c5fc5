import type { BetrokkeneInput, BetrokkeneVeldenFragment } from '../api/gql/graphql'
import { LIMIT, tooLong } from '../ui/limits'
import { orNull } from '../ui/texts'
import { shownNumber } from './betrokkene'

/** Whom to call back, as an employee types it. */
export interface Klant {
  voornaam: string
  achternaam: string
  telefoonnummer: string
  email: string
}

/** The fields, in the order in which a caller says them. */
export const KLANT_FIELDS = ['voornaam', 'achternaam', 'telefoonnummer', 'email'] as const
export type KlantField = (typeof KLANT_FIELDS)[number]
export type KlantErrors = { [field in KlantField]?: string | undefined }

export const emptyKlant = (): Klant => ({ voornaam: '', achternaam: '', telefoonnummer: '', email: '' })

export const isBlankKlant = (klant: Klant): boolean => KLANT_FIELDS.every((field) => !klant[field].trim())

type Contactnaam = NonNullable<BetrokkeneVeldenFragment['contactnaam']>
type Adres = BetrokkeneVeldenFragment['digitaleAdressen'][number]
type Standing = Omit<BetrokkeneVeldenFragment, 'id' | 'versie'>

/** What stands before a last name in Dutch, where it is written in lower case. */
const BEFORE = /^((?:aan|bij|de|den|der|het|in|la|le|onder|op|te|ten|ter|tot|uit|van|von|voor|['’][st]) )+(?=\S)/u
const MAX_VOORVOEGSEL = 10

/** Splits `van der Berg` into what is sorted by and what stands before it. */
function achternaamOf(typed: string): Pick<Contactnaam, 'voorvoegselAchternaam' | 'achternaam'> {
  const name = orNull(typed)?.replace(/ +/g, ' ') ?? null
  const before = name?.match(BEFORE)?.[0].trim() ?? ''
  if (!name || !before || before.length > MAX_VOORVOEGSEL) return { voorvoegselAchternaam: null, achternaam: name }
  return { voorvoegselAchternaam: before, achternaam: name.slice(before.length).trim() }
}

/** The typed address in the place of the first of its kind that stands; it is removed where nothing is typed. */
function withAdres(standing: Adres[], soortDigitaalAdres: Adres['soortDigitaalAdres'], typed: string): Adres[] {
  const adres = orNull(typed)
  const at = standing.findIndex((one) => one.soortDigitaalAdres === soortDigitaalAdres)
  const before = standing[at]
  const unchanged = before && shownAdres(before) === adres
  const fresh = unchanged ? [before] : adres ? [{ soortDigitaalAdres, adres, omschrijving: null }] : []
  return at < 0 ? [...standing, ...fresh] : standing.toSpliced(at, 1, ...fresh)
}

const shownAdres = ({ soortDigitaalAdres, adres }: Adres): string =>
  soortDigitaalAdres === 'TELEFOONNUMMER' ? shownNumber(adres) : adres

/** The input for a betrokkene; null where nothing is typed. What cannot be typed here stays as it stands. */
export function betrokkeneInput(klant: Klant, standing?: Standing): BetrokkeneInput | null {
  if (!standing && isBlankKlant(klant)) return null
  const contactnaam: Contactnaam = {
    voorletters: standing?.contactnaam?.voorletters ?? null,
    voornaam: orNull(klant.voornaam),
    ...achternaamOf(klant.achternaam),
  }
  const withPhone = withAdres(standing?.digitaleAdressen ?? [], 'TELEFOONNUMMER', klant.telefoonnummer)
  return {
    rol: standing?.rol ?? 'KLANT',
    contactnaam: Object.values(contactnaam).some((part) => part !== null) ? contactnaam : null,
    organisatienaam: standing?.organisatienaam ?? null,
    digitaleAdressen: withAdres(withPhone, 'EMAIL', klant.email),
  }
}

/** What stands, as it would be typed. */
export function klantOf({ contactnaam, digitaleAdressen }: Standing): Klant {
  const first = (soort: Adres['soortDigitaalAdres']): string => {
    const adres = digitaleAdressen.find(({ soortDigitaalAdres }) => soortDigitaalAdres === soort)
    return adres ? shownAdres(adres) : ''
  }
  return {
    voornaam: contactnaam?.voornaam ?? '',
    achternaam: [contactnaam?.voorvoegselAchternaam, contactnaam?.achternaam].filter(Boolean).join(' '),
    telefoonnummer: first('TELEFOONNUMMER'),
    email: first('EMAIL'),
  }
}

/** Whether what is typed is what stands, however a number is written. */
export function isSameKlant(klant: Klant, standing: Standing): boolean {
  const stands = klantOf(standing)
  const number = (text: string) => text.replace(/\D/g, '').slice(-9)
  const same = (text: string) => orNull(text)?.replace(/ +/g, ' ') ?? ''
  return (
    same(klant.voornaam) === same(stands.voornaam) &&
    same(klant.achternaam) === same(stands.achternaam) &&
    number(klant.telefoonnummer) === number(stands.telefoonnummer) &&
    same(klant.email).toLowerCase() === stands.email.toLowerCase()
  )
}

/** The errors that can be seen before the server is asked. Whether a number can be called is for the server to say. */
export function klantErrors(klant: Klant, { phoneRequired = false } = {}): KlantErrors {
  const errors: KlantErrors = {}
  const LIMITS = { voornaam: LIMIT.naam, achternaam: LIMIT.naam, telefoonnummer: LIMIT.adres, email: LIMIT.adres }
  for (const field of KLANT_FIELDS)
    if (tooLong(klant[field], LIMITS[field])) errors[field] = `Dit mag hoogstens ${LIMITS[field]} tekens zijn.`
  if (phoneRequired && !klant.telefoonnummer.trim()) errors.telefoonnummer = NUMBER_MISSING
  return errors
}

const NUMBER_MISSING = 'Vul in op welk nummer de klant teruggebeld wordt.'

/** The field that an error of the server is about: `pad` is the path in the mutation's input, and `input` the
 * betrokkene that was sent. Undefined where it is about something else. */
export function klantFieldOf(pad: readonly string[], input: BetrokkeneInput | null): KlantField | undefined {
  const start = pad.indexOf('betrokkene')
  if (start < 0) return undefined
  const [part, name] = pad.slice(start + 1)
  if (part === 'contactnaam') return name === 'voornaam' ? 'voornaam' : 'achternaam'
  if (part !== 'digitaleAdressen') return undefined
  const adres = input?.digitaleAdressen?.[Number(name)]
  return adres?.soortDigitaalAdres === 'EMAIL' ? 'email' : 'telefoonnummer'
}

/** Assigns the errors of the server to the fields; errors about anything else are joined in `rest`. */
export function klantErrorsByField(
  velden: readonly { pad: readonly string[]; bericht: string }[],
  input: BetrokkeneInput | null,
): { errors: KlantErrors; rest: string } {
  const errors: KlantErrors = {}
  const rest: string[] = []
  for (const { pad, bericht } of velden) {
    const field = klantFieldOf(pad, input)
    if (!field) rest.push(bericht)
    else errors[field] = errors[field] ? `${errors[field]} ${bericht}` : bericht
  }
  return { errors, rest: rest.join(' ') }
}
