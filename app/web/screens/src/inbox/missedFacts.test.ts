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

test('the summary follows when the last missed fact has arrived', () => {
  const missed = disconnected()
  expect(missed.reconnected(180_000, 13)).toBeUndefined()
  expect(missed.handleFact(fact(11))).toBeUndefined()
  expect(missed.handleFact(fact(12, 'ONTVANGEN'))).toBeUndefined()
  expect(missed.handleFact(fact(13, 'GEDAAN'))).toBe(
    'Terwijl de verbinding weg was (3 min 00 s): 2 nieuwe taken, 1 afgerond.',
  )
})

test('the summary is the same when the facts arrive before the volgnummer that ends them', () => {
  const missed = disconnected()
  missed.handleFact(fact(11))
  expect(missed.reconnected(60_000, 11)).toBe('Terwijl de verbinding weg was (1 min 00 s): 1 nieuwe taak.')
})

test('facts after the reconnect are not counted', () => {
  const missed = disconnected()
  missed.reconnected(60_000, 11)
  missed.handleFact(fact(12))
  expect(missed.handleFact(fact(11))).toContain('1 nieuwe taak.')
})

test('a second interruption before the summary continues the count of the first', () => {
  const missed = disconnected()
  missed.handleFact(fact(11))
  missed.disconnected(30_000, 11)
  expect(missed.reconnected(60_000, 12)).toBeUndefined()
  expect(missed.handleFact(fact(12))).toBe('Terwijl de verbinding weg was (1 min 00 s): 2 nieuwe taken.')
})

test('a short interruption without facts has no summary, a longer one has', () => {
  expect(disconnected().reconnected(1_000, 10)).toBeUndefined()
  expect(disconnected().reconnected(5_000, 10)).toBe('Terwijl de verbinding weg was (5 s): niets nieuws.')
})

test('without an interruption there is no summary', () => {
  const missed = new MissedFacts()
  expect(missed.reconnected(5_000, 10)).toBeUndefined()
  expect(missed.handleFact(fact(11))).toBeUndefined()
})
