import { describe, expect, it, test } from 'vitest'
import { nameOf, otherAddressesOf, personName, phonesOf, shownNumber, type ShownBetrokkene } from './betrokkene'

const betrokkene = (more: Partial<ShownBetrokkene> = {}): ShownBetrokkene => ({
  contactnaam: null,
  organisatienaam: null,
  digitaleAdressen: [],
  ...more,
})
const contactnaam = (more: object) => ({
  voorletters: null,
  voornaam: null,
  voorvoegselAchternaam: null,
  achternaam: null,
  ...more,
})

describe('the name of a betrokkene', () => {
  it('is the first name, or else the initials, then the last name with what belongs before it', () => {
    const jan = { voorletters: 'J.P.', voornaam: 'Jan', voorvoegselAchternaam: 'van der', achternaam: 'Berg' }
    expect(personName({ contactnaam: contactnaam(jan) })).toBe('Jan van der Berg')
    expect(personName({ contactnaam: contactnaam({ ...jan, voornaam: null }) })).toBe('J.P. van der Berg')
    expect(personName({ contactnaam: contactnaam({ achternaam: 'Berg' }) })).toBe('Berg')
  })

  it('has the organisation as well, is the organisation alone, or is empty', () => {
    const bakery = betrokkene({ organisatienaam: 'Bakkerij Kok' })
    expect(nameOf(bakery)).toBe('Bakkerij Kok')
    expect(nameOf({ ...bakery, contactnaam: contactnaam({ voornaam: 'Jan' }) })).toBe('Jan, Bakkerij Kok')
    expect(nameOf(betrokkene())).toBe('')
  })
})

test.each([
  ['+31612345678', '06 12345678'],
  ['+31201234567', '020 1234567'],
  ['+31344123456', '0344 123456'],
  ['+31881234567', '088 1234567'],
  ['+32475123456', '+32475123456'],
  ['+3161234567', '+3161234567'],
])('the number %s is shown as %s', (adres, text) => {
  expect(shownNumber(adres)).toBe(text)
})

describe('the addresses of a betrokkene', () => {
  const somebody = betrokkene({
    digitaleAdressen: [
      { soortDigitaalAdres: 'OVERIG', adres: '@jan', omschrijving: null },
      { soortDigitaalAdres: 'TELEFOONNUMMER', adres: '+31612345678', omschrijving: 'na vijf uur' },
      { soortDigitaalAdres: 'EMAIL', adres: 'jan?cc=piet@voorbeeld.nl', omschrijving: null },
    ],
  })

  it('are numbers that can be called', () => {
    expect(phonesOf(somebody)).toEqual([
      { text: '06 12345678', href: 'tel:+31612345678', omschrijving: 'na vijf uur' },
    ])
  })

  it('are e-mail addresses that can be written to, and others without a link', () => {
    expect(otherAddressesOf(somebody)).toEqual([
      { text: 'jan?cc=piet@voorbeeld.nl', href: 'mailto:jan%3Fcc%3Dpiet@voorbeeld.nl', omschrijving: '' },
      { text: '@jan', href: null, omschrijving: '' },
    ])
  })
})
