import { expect, test } from 'vitest'
import { Attention, needsAttention } from './attention'
import { BURGERZAKEN, postvakFact, VINCENT, waitingTaak, YASMINA } from './fakes'

const ME = VINCENT.id
const mine = waitingTaak('a', 0, { medewerker: VINCENT })
const colleagues = waitingTaak('a', 0, { medewerker: YASMINA })
const announced = (...fact: Parameters<typeof postvakFact>) => needsAttention(postvakFact(...fact), ME)

test('a task that arrives for anybody is announced, one for a colleague is not', () => {
  expect(announced(1, waitingTaak('a'))).toBe(true)
  expect(announced(1, waitingTaak('a'), { soort: 'ONTVANGEN' })).toBe(true)
  expect(announced(1, mine)).toBe(true)
  expect(announced(1, colleagues)).toBe(false)
})

test('a task that a colleague assigns to me is announced', () => {
  expect(announced(1, mine, { soort: 'TOEGEWEZEN', door: YASMINA })).toBe(true)
  expect(announced(1, colleagues, { soort: 'TOEGEWEZEN', door: YASMINA })).toBe(false)
})

test('a task that is put back is announced when a citizen is on the line, not for a call-back', () => {
  const putBack = { soort: 'TERUGGELEGD', door: YASMINA } as const
  expect(announced(1, waitingTaak('a', 0, { klantAanDeLijn: true }), putBack)).toBe(true)
  expect(announced(1, waitingTaak('a'), putBack)).toBe(false)
})

test('my own deeds, done tasks and forwarded tasks are not announced', () => {
  expect(announced(1, waitingTaak('a'), { door: VINCENT })).toBe(false)
  expect(announced(1, waitingTaak('a', 0, { status: 'GEDAAN' }))).toBe(false)
  expect(announced(1, waitingTaak('a', 0, { organisatorischeEenheid: BURGERZAKEN }))).toBe(false)
})

test('a mark goes when the task is opened, is taken, or was in view for long enough', () => {
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

test('the time in view starts again when a row comes back into view', () => {
  const attention = new Attention(ME)
  attention.handleFact(postvakFact(1, waitingTaak('a')), 0)
  attention.inView(['a'], 0)
  attention.inView([], 20_000)
  attention.inView(['a'], 40_000)
  expect(attention.nieuw.size).toBe(1)
})

test('on a wall a mark expires', () => {
  const attention = new Attention(ME)
  attention.handleFact(postvakFact(1, waitingTaak('a')), 0)
  attention.expire(60_000, 59_000)
  expect(attention.nieuw.size).toBe(1)
  attention.expire(60_000, 60_000)
  expect(attention.nieuw.size).toBe(0)
})

test.each(['TERUGBELLEN_GEVRAAGD'] as const)(
  'after %s nothing rings any more for whoever was on the line, and a later attempt is not announced',
  (soort) => {
    const attention = new Attention(ME)
    attention.handleFact(postvakFact(1, waitingTaak('a', 0, { klantAanDeLijn: true })), 0)
    expect(attention.nieuw.size).toBe(1)
    expect(attention.handleFact(postvakFact(2, waitingTaak('a', 0, { versie: 2 }), { soort }), 0)).toBeUndefined()
    expect(attention.nieuw.size).toBe(0)
    const tried = waitingTaak('a', 0, { versie: 3, medewerker: YASMINA, aantalContactpogingen: 1 })
    expect(attention.handleFact(postvakFact(3, tried, { soort: 'NIET_BEREIKT', door: YASMINA }), 0)).toBeUndefined()
  },
)
