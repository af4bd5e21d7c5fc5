import { expect, test } from 'vitest'
import { elapsed } from './dates'

const FROM = '2023-03-08T09:02:00.000Z'
const after = (seconds: number) => elapsed(FROM, Date.parse(FROM) + seconds * 1000)

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min 00 s'],
  [187, '3 min 07 s'],
  [3600, '1 u 0 min'],
  [90_061, '1 d 1 u'],
])('%d seconds are shown as %s', (seconds, said) => {
  expect(after(seconds)).toBe(said)
})

test('a clock that is behind shows no negative time', () => {
  expect(after(-5)).toBe('0 s')
})
