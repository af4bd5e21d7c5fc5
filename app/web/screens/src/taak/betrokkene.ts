import type { BetrokkeneVeldenFragment } from '../api/gql/graphql'

/** A betrokkene as far as it is shown. */
export type ShownBetrokkene = Pick<BetrokkeneVeldenFragment, 'contactnaam' | 'organisatienaam' | 'digitaleAdressen'>

/** An address that can be shown and followed: a number to call, or an e-mail address to write to. */
export interface ShownAdres {
  /** As it is read out. */
  text: string
  /** The target of a link; null where there is none. */
  href: string | null
  /** What the address is for, in the words of whoever noted it; empty where nobody did. */
  omschrijving: string
}

const joined = (...parts: (string | null | undefined)[]): string => parts.filter((part) => part?.trim()).join(' ')

/** The name of the person, as one says it; empty where none is known. */
export function personName({ contactnaam }: Pick<ShownBetrokkene, 'contactnaam'>): string {
  if (!contactnaam) return ''
  const { voorletters, voornaam, voorvoegselAchternaam, achternaam } = contactnaam
  return joined(voornaam ?? voorletters, voorvoegselAchternaam, achternaam)
}

/** The name of the person, or of the organisation, or of both; empty where none is known. */
export const nameOf = (betrokkene: ShownBetrokkene): string =>
  [personName(betrokkene), betrokkene.organisatienaam ?? ''].filter(Boolean).join(', ')

/** The Dutch area codes of three digits, and the other numbers that are written so; all other codes have four. */
const SHORT_CODES =
  /^0(10|13|15|20|23|24|26|30|33|35|36|38|40|43|45|46|50|53|55|58|70|71|72|73|74|75|76|77|78|79|85|88)/

/** A stored phone number as one reads it out: `06 12345678` for `+31612345678`. One of another country stays as it
 * is stored. */
export function shownNumber(adres: string): string {
  const national = /^\+31([1-9]\d{8})$/.exec(adres)?.[1]
  if (!national) return adres
  const digits = `0${national}`
  const code = digits.startsWith('06') ? 2 : SHORT_CODES.test(digits) ? 3 : 4
  return `${digits.slice(0, code)} ${digits.slice(code)}`
}

const shown = (text: string, href: string | null, omschrijving: string | null): ShownAdres => ({
  text,
  href,
  omschrijving: omschrijving ?? '',
})

/** The phone numbers, in the order in which they were given. */
export const phonesOf = ({ digitaleAdressen }: Pick<ShownBetrokkene, 'digitaleAdressen'>): ShownAdres[] =>
  digitaleAdressen
    .filter(({ soortDigitaalAdres }) => soortDigitaalAdres === 'TELEFOONNUMMER')
    .map(({ adres, omschrijving }) => shown(shownNumber(adres), `tel:${adres}`, omschrijving))

/** The other addresses: e-mail addresses first as links, then what has no link. */
export const otherAddressesOf = ({ digitaleAdressen }: Pick<ShownBetrokkene, 'digitaleAdressen'>): ShownAdres[] =>
  [
    ...digitaleAdressen.filter(({ soortDigitaalAdres }) => soortDigitaalAdres === 'EMAIL'),
    ...digitaleAdressen.filter(({ soortDigitaalAdres }) => !KNOWN.includes(soortDigitaalAdres)),
  ].map(({ soortDigitaalAdres, adres, omschrijving }) =>
    shown(adres, soortDigitaalAdres === 'EMAIL' ? mailto(adres) : null, omschrijving),
  )

const KNOWN: string[] = ['TELEFOONNUMMER', 'EMAIL']

/** Nothing in the address can add a header to the message: only the @ stays as it is. */
const mailto = (adres: string): string => `mailto:${encodeURIComponent(adres).replace('%40', '@')}`
