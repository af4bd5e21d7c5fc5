import { expect, test } from 'vitest'
import { adresIn } from './adres'

test.each([
  '06 12345678',
  '06-12345678',
  '+31 (0)6 1234 5678',
  '0031612345678',
  '020 123 45 67',
  '+32 475 12 34 56',
])('%s is a phone number, however it is written', (typed) => {
  expect(adresIn(` ${typed} `)).toBe(typed)
})

test('an e-mail address is one with an @ and a dot behind it', () => {
  expect(adresIn('jan@voorbeeld.nl')).toBe('jan@voorbeeld.nl')
  for (const typed of ['jan@voorbeeld', '@voorbeeld.nl', 'jan@voor beeld.nl', 'jan@voorbeeld.']) {
    expect(adresIn(typed)).toBeNull()
  }
})

test.each(['1234567890', '06 1234', 'dakkapel', '3512 AE', '', '0900 1234567', '+31 800 1234567', 'a'.repeat(81)])(
  '“%s” is no address of a citizen: only its words are searched',
  (typed) => {
    expect(adresIn(typed)).toBeNull()
  },
)
