import { expect, test } from 'vitest'
import { matching } from './matching'

const AFDELINGEN = ['Afdeling vergunningen', 'Burgerzaken', 'Zorg en welzijn', 'Coördinatie', '教育']
const found = (typed: string) => matching(AFDELINGEN, (name) => name, typed)

test('a few letters find what has a word that begins with them', () => {
  expect(found('verg')).toEqual(['Afdeling vergunningen'])
  expect(found('wel')).toEqual(['Zorg en welzijn'])
  expect(found('gunning')).toEqual([])
})

test('letter case and diacritics do not count, and every word must be found', () => {
  expect(found('COORD')).toEqual(['Coördinatie'])
  expect(found('zorg burger')).toEqual([])
  expect(found('wel zo')).toEqual(['Zorg en welzijn'])
})

test('nothing typed finds everything, and any script can be typed', () => {
  expect(found('  ')).toEqual(AFDELINGEN)
  expect(found('教')).toEqual(['教育'])
})
