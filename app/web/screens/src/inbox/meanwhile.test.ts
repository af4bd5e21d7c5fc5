import { expect, test } from 'vitest'
import { Meanwhile } from './meanwhile'

const fact = (volgnummer: number, soort: Parameters<Meanwhile['fact']>[0]['soort'] = 'GEREGISTREERD') => ({
  volgnummer,
  soort,
})
const away = (last = 10) => {
  const meanwhile = new Meanwhile()
  meanwhile.lost(0, last)
  return meanwhile
}

test('it tells what came in while the line was lost once the last of it was heard', () => {
  const meanwhile = away()
  expect(meanwhile.returned(180_000, 13)).toBeUndefined()
  expect(meanwhile.fact(fact(11))).toBeUndefined()
  expect(meanwhile.fact(fact(12, 'ONTVANGEN'))).toBeUndefined()
  expect(meanwhile.fact(fact(13, 'GEDAAN'))).toBe(
    'Terwijl de verbinding weg was (3 min 00 s): 2 nieuwe taken, 1 afgerond.',
  )
})

test('it tells the same where the facts are there before the place up to which they go', () => {
  const meanwhile = away()
  meanwhile.fact(fact(11))
  expect(meanwhile.returned(60_000, 11)).toBe('Terwijl de verbinding weg was (1 min 00 s): 1 nieuwe taak.')
})

test('what comes after the line was back is not counted', () => {
  const meanwhile = away()
  meanwhile.returned(60_000, 11)
  meanwhile.fact(fact(12))
  expect(meanwhile.fact(fact(11))).toContain('1 nieuwe taak.')
})

test('a line lost once more before all was told goes on counting from when it was lost first', () => {
  const meanwhile = away()
  meanwhile.fact(fact(11))
  meanwhile.lost(30_000, 11)
  expect(meanwhile.returned(60_000, 12)).toBeUndefined()
  expect(meanwhile.fact(fact(12))).toBe('Terwijl de verbinding weg was (1 min 00 s): 2 nieuwe taken.')
})

test('a moment in which nothing happened is not worth a word, a longer time is', () => {
  expect(away().returned(1_000, 10)).toBeUndefined()
  expect(away().returned(5_000, 10)).toBe('Terwijl de verbinding weg was (5 s): niets nieuws.')
})

test('nothing is told where the line was never lost', () => {
  const meanwhile = new Meanwhile()
  expect(meanwhile.returned(5_000, 10)).toBeUndefined()
  expect(meanwhile.fact(fact(11))).toBeUndefined()
})
