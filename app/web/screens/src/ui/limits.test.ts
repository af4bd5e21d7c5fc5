import { expect, test } from 'vitest'
import { lengthOf, remainingText, tooLong } from './limits'

test('a length is counted in code points after trimming and NFC, as the server counts it', () => {
  expect(lengthOf('  dakkapel \n')).toBe(8)
  expect(lengthOf('e\u0301')).toBe(1)
  expect(lengthOf('👩‍👧')).toBe(3)
  expect(lengthOf('a\r\nb')).toBe(3)
})

test('a text of exactly its limit is not too long, one more code point is', () => {
  expect(tooLong('é'.repeat(200), 200)).toBe(false)
  expect(tooLong('é'.repeat(201), 200)).toBe(true)
})

test.each([
  [198, 'Nog 2 tekens'],
  [199, 'Nog 1 teken'],
  [200, 'Nog 0 tekens'],
  [201, '1 teken te veel'],
  [203, '3 tekens te veel'],
])('with %i of 200 it says %s', (length, said) => {
  expect(remainingText('x'.repeat(length), 200)).toBe(said)
})
