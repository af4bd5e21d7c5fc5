import { expect, test } from 'vitest'
import { aFact } from '../desk/fakes'
import { pogingenIn, pogingenText } from './pogingen'

test('what was tried is counted, and listed with the last attempt first', () => {
  const facts = [
    aFact(),
    aFact({ versie: 2, soort: 'NIET_BEREIKT' }),
    aFact({ versie: 3, soort: 'TOEGELICHT' }),
    aFact({ versie: 4, soort: 'NIET_BEREIKT', toelichting: 'Voicemail.' }),
  ]
  expect(pogingenIn(facts).map(({ versie }) => versie)).toEqual([4, 2])
  expect([0, 1, 2].map(pogingenText)).toEqual(['', 'Eén keer gebeld, niet bereikt', '2 keer gebeld, niet bereikt'])
})
