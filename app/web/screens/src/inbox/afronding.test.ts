import { expect, test } from 'vitest'
import { afronding } from './afronding'

const typed = (antwoord: string, toelichting = '') => ({ antwoord, toelichting })

test('finishing with an answer sends it, and says that it is missing where the field is empty', () => {
  expect(afronding(typed('Het mag.', 'Gebeld.'), 'met-antwoord').deed).toEqual({
    soort: 'rondAf',
    antwoord: 'Het mag.',
    toelichting: 'Gebeld.',
  })
  const { deed, velden } = afronding(typed(' '), 'met-antwoord')
  expect(deed).toBeUndefined()
  expect(velden['antwoord']).toContain('nog geen antwoord')
})

test('finishing without an answer never throws a typed one away', () => {
  expect(afronding(typed(' '), 'zonder-antwoord').deed).toMatchObject({ soort: 'rondAf' })
  const { deed, velden } = afronding(typed('Het mag.'), 'zonder-antwoord')
  expect(deed).toBeUndefined()
  expect(velden['antwoord']).toContain('Maak dit veld leeg')
})

test('what is too long is not sent', () => {
  expect(afronding(typed('a'.repeat(1000)), 'met-antwoord').deed).toBeDefined()
  expect(afronding(typed('a'.repeat(1001)), 'met-antwoord').deed).toBeUndefined()
  expect(afronding(typed('', 'a'.repeat(1001)), 'zonder-antwoord').deed).toBeUndefined()
})
