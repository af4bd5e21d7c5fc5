import { expect, test } from 'vitest'
import { MissedFacts } from './missedFacts'

const fact = (volgnummer: number, soort: Parameters<MissedFacts['handleFact']>[0]['soort'] = 'GEREGISTREERD') => ({
  volgnummer,
  soort,
})
const disconnected = (last = 10) => {
  const missed = new MissedFacts()
  missed.disconnected(0, last)
  return missed
}

test('it tells what came in while the line was lost once the last of it was heard', () => {
  const missed = disconnected()
  expect(missed.reconnected(180_000, 13)).toBeUndefined()
  expect(missed.handleFact(fact(11))).toBeUndefined()
  expect(missed.handleFact(fact(12, 'ONTVANGEN'))).toBeUndefined()
  expect(missed.handleFact(fact(13, 'GEDAAN'))).toBe(
    'Terwijl de verbinding weg was (3 min 00 s): 2 nieuwe taken, 1 afgerond.',
  )
})

test('it tells the same where the facts are there before the place up to which they go', () => {
  const missed = disconnected()
  missed.handleFact(fact(11))
  expect(missed.reconnected(60_000, 11)).toBe('Terwijl de verbinding weg was (1 min 00 s): 1 nieuwe taak.')
})

test('what comes after the line was back is not counted', () => {
  const missed = disconnected()
  missed.reconnected(60_000, 11)
  missed.handleFact(fact(12))
  expect(missed.handleFact(fact(11))).toContain('1 nieuwe taak.')
})

test('a line lost once more before all was told goes on counting from when it was lost first', () => {
  const missed = disconnected()
  missed.handleFact(fact(11))
  missed.disconnected(30_000, 11)
  expect(missed.reconnected(60_000, 12)).toBeUndefined()
  expect(missed.handleFact(fact(12))).toBe('Terwijl de verbinding weg was (1 min 00 s): 2 nieuwe taken.')
})

test('a moment in which nothing happened is not worth a word, a longer time is', () => {
  expect(disconnected().reconnected(1_000, 10)).toBeUndefined()
  expect(disconnected().reconnected(5_000, 10)).toBe('Terwijl de verbinding weg was (5 s): niets nieuws.')
})

test('nothing is told where the line was never lost', () => {
  const missed = new MissedFacts()
  expect(missed.reconnected(5_000, 10)).toBeUndefined()
  expect(missed.handleFact(fact(11))).toBeUndefined()
})
