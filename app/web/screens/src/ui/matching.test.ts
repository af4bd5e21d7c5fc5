import { expect, test } from 'vitest'
import { matching } from './matching'

const AFDELINGEN = ['Afdeling vergunningen', 'Burgerzaken', 'Zorg en welzijn', 'Coördinatie', '教育']
const search = (typed: string) => matching(AFDELINGEN, (name) => name, typed)

test('a few letters find what has a word that begins with them', () => {
  expect(search('verg')).toEqual(['Afdeling vergunningen'])
  expect(search('wel')).toEqual(['Zorg en welzijn'])
  expect(search('gunning')).toEqual([])
})

test('letter case and diacritics do not count, and every word must be found', () => {
  expect(search('COORD')).toEqual(['Coördinatie'])
  expect(search('zorg burger')).toEqual([])
  expect(search('wel zo')).toEqual(['Zorg en welzijn'])
})

test('nothing typed finds everything, and any script can be typed', () => {
  expect(search('  ')).toEqual(AFDELINGEN)
  expect(search('教')).toEqual(['教育'])
})
