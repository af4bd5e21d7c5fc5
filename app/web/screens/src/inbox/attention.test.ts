import { expect, test } from 'vitest'
import { Attention, needsAttention } from './attention'
import { BURGERZAKEN, postvakFact, VINCENT, waitingTaak, YASMINA } from './fakes'

const ME = VINCENT.id
const mine = waitingTaak('a', 0, { medewerker: VINCENT })
const hers = waitingTaak('a', 0, { medewerker: YASMINA })
const news = (...fact: Parameters<typeof postvakFact>) => needsAttention(postvakFact(...fact), ME)

test('a task that arrives for anybody is news, one for a colleague is not', () => {
  expect(news(1, waitingTaak('a'))).toBe(true)
  expect(news(1, waitingTaak('a'), { soort: 'ONTVANGEN' })).toBe(true)
  expect(news(1, mine)).toBe(true)
  expect(news(1, hers)).toBe(false)
})

test('a task that a colleague gives me is news', () => {
  expect(news(1, mine, { soort: 'TOEGEWEZEN', door: YASMINA })).toBe(true)
  expect(news(1, hers, { soort: 'TOEGEWEZEN', door: YASMINA })).toBe(false)
})

test('a citizen on the line who is nobody’s again is news, a call-back is not', () => {
  const laidBack = { soort: 'TERUGGELEGD', door: YASMINA } as const
  expect(news(1, waitingTaak('a', 0, { klantAanDeLijn: true }), laidBack)).toBe(true)
  expect(news(1, waitingTaak('a'), laidBack)).toBe(false)
})

test('what I did myself, what is done and what went elsewhere by now is no news', () => {
  expect(news(1, waitingTaak('a'), { door: VINCENT })).toBe(false)
  expect(news(1, waitingTaak('a', 0, { status: 'GEDAAN' }))).toBe(false)
  expect(news(1, waitingTaak('a', 0, { organisatorischeEenheid: BURGERZAKEN }))).toBe(false)
})

test('a mark goes when the task is opened, taken by somebody, or was in view for long enough', () => {
  const attention = new Attention(ME)
  for (const id of ['a', 'b', 'c', 'd']) attention.handleFact(postvakFact(1, waitingTaak(id)), 0)
  expect(attention.count('vergunningen')).toBe(4)
  attention.seen('a')
  attention.handleFact(
    postvakFact(2, waitingTaak('b', 0, { versie: 2, medewerker: YASMINA }), { soort: 'GENOMEN' }),
    0,
  )
  attention.inView(['c'], 1_000)
  attention.inView(['c', 'd'], 30_000)
  attention.inView(['c', 'd'], 31_000)
  expect([...attention.nieuw.keys()]).toEqual(['d'])
})

test('what goes out of view begins anew when it is back', () => {
  const attention = new Attention(ME)
  attention.handleFact(postvakFact(1, waitingTaak('a')), 0)
  attention.inView(['a'], 0)
  attention.inView([], 20_000)
  attention.inView(['a'], 40_000)
  expect(attention.nieuw.size).toBe(1)
})

test('on a wall a mark lasts a while, and then goes by itself', () => {
  const attention = new Attention(ME)
  attention.handleFact(postvakFact(1, waitingTaak('a')), 0)
  attention.expire(60_000, 59_000)
  expect(attention.nieuw.size).toBe(1)
  attention.expire(60_000, 60_000)
  expect(attention.nieuw.size).toBe(0)
})
