import { describe, expect, it, test } from 'vitest'
import type { BetrokkeneVeldenFragment } from '../api/gql/graphql'
import {
  betrokkeneInput,
  emptyKlant,
  isBlankKlant,
  isSameKlant,
  klantErrors,
  klantFieldOf,
  klantOf,
  type Klant,
} from './klant'

const klant = (more: Partial<Klant> = {}): Klant => ({ ...emptyKlant(), ...more })
const JAN = klant({ voornaam: 'Jan', achternaam: 'van der Berg', telefoonnummer: '06 12345678' })
const STANDING: BetrokkeneVeldenFragment = {
  id: 'betrokkene',
  versie: 3,
  rol: 'VERTEGENWOORDIGER',
  contactnaam: { voorletters: 'J.', voornaam: 'Jan', voorvoegselAchternaam: 'van der', achternaam: 'Berg' },
  organisatienaam: 'Bakkerij Kok',
  digitaleAdressen: [
    { soortDigitaalAdres: 'OVERIG', adres: '@jan', omschrijving: null },
    { soortDigitaalAdres: 'TELEFOONNUMMER', adres: '+31612345678', omschrijving: 'na vijf uur' },
  ],
}
const name = (achternaam: string) => betrokkeneInput(klant({ achternaam }))?.contactnaam

describe('what is typed of a klant', () => {
  it('is no betrokkene where it is blank', () => {
    expect(isBlankKlant(klant({ voornaam: ' ' }))).toBe(true)
    expect(betrokkeneInput(klant({ voornaam: ' ' }))).toBeNull()
  })

  it('is sent as a name and as addresses, only of those that are filled in', () => {
    expect(betrokkeneInput(klant({ achternaam: ' Kok ', email: 'kok@voorbeeld.nl' }))).toEqual({
      rol: 'KLANT',
      contactnaam: { voorletters: null, voornaam: null, voorvoegselAchternaam: null, achternaam: 'Kok' },
      organisatienaam: null,
      digitaleAdressen: [{ soortDigitaalAdres: 'EMAIL', adres: 'kok@voorbeeld.nl', omschrijving: null }],
    })
    expect(betrokkeneInput(klant({ telefoonnummer: '06-12345678' }))).toMatchObject({ contactnaam: null })
  })

  it.each([
    ['van der Berg', 'van der', 'Berg'],
    ["in  't Veld", "in 't", 'Veld'],
    ['de Vries-van Dam', 'de', 'Vries-van Dam'],
    ['Van der Berg', null, 'Van der Berg'],
    ['El Amrani', null, 'El Amrani'],
    ['de', null, 'de'],
    ['onder voor der Berg', null, 'onder voor der Berg'],
  ])('splits %s before the part that it is sorted by', (typed, voorvoegselAchternaam, achternaam) => {
    expect(name(typed)).toMatchObject({ voorvoegselAchternaam, achternaam })
  })

  it('corrects what stands, and leaves what cannot be typed', () => {
    expect(betrokkeneInput(klantOf(STANDING), STANDING)).toEqual({
      rol: STANDING.rol,
      contactnaam: STANDING.contactnaam,
      organisatienaam: STANDING.organisatienaam,
      digitaleAdressen: STANDING.digitaleAdressen,
    })
    const corrected = betrokkeneInput(klant({ telefoonnummer: '0612345679', email: 'j@voorbeeld.nl' }), STANDING)
    expect(corrected).toMatchObject({
      contactnaam: { voorletters: 'J.', voornaam: null, achternaam: null },
      digitaleAdressen: [
        { adres: '@jan' },
        { adres: '0612345679', omschrijving: null },
        { soortDigitaalAdres: 'EMAIL', adres: 'j@voorbeeld.nl' },
      ],
    })
    expect(betrokkeneInput(klant(), STANDING)?.digitaleAdressen).toEqual([STANDING.digitaleAdressen[0]])
  })

  it('is what stands, however the number is written', () => {
    expect(isSameKlant({ ...JAN, telefoonnummer: '0031 6 1234 5678' }, STANDING)).toBe(true)
    expect(isSameKlant({ ...JAN, telefoonnummer: '06 12345679' }, STANDING)).toBe(false)
    expect(isSameKlant({ ...JAN, voornaam: 'Piet' }, STANDING)).toBe(false)
  })
})

test('an error is shown before the server is asked where a text is too long or the number is missing', () => {
  expect(klantErrors(JAN, { phoneRequired: true })).toEqual({})
  expect(klantErrors(klant({ voornaam: 'a'.repeat(201), email: 'a'.repeat(81) }))).toEqual({
    voornaam: 'Dit mag hoogstens 200 tekens zijn.',
    email: 'Dit mag hoogstens 80 tekens zijn.',
  })
  expect(Object.keys(klantErrors(klant(), { phoneRequired: true }))).toEqual(['telefoonnummer'])
})

test('an error of the server belongs to the field that was sent at its path', () => {
  const input = betrokkeneInput({ ...JAN, email: 'jan' })
  const at = (...pad: string[]) => klantFieldOf(['input', ...pad], input)
  expect(at('betrokkene', 'digitaleAdressen', '0', 'adres')).toBe('telefoonnummer')
  expect(at('betrokkene', 'digitaleAdressen', '1', 'adres')).toBe('email')
  expect(at('betrokkene', 'digitaleAdressen')).toBe('telefoonnummer')
  expect(at('betrokkene', 'contactnaam', 'voornaam')).toBe('voornaam')
  expect(at('betrokkene', 'contactnaam', 'voorvoegselAchternaam')).toBe('achternaam')
  expect(at('betrokkene', 'organisatienaam')).toBeUndefined()
  expect(at('onderwerp')).toBeUndefined()
})
