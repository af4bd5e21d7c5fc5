import { expect, test } from 'vitest'
import { LeesTaakDocument, LichtToeDocument, NeemDocument } from '../api/gql/graphql'
import { aFact, FakeApi, fakeRetryContext, flushPromises } from '../desk/fakes'
import { performDeed, type Deed } from './deeds'
import { VINCENT, waitingTaak, YASMINA } from './fakes'

const SEEN = waitingTaak('a', 0, { versie: 3 })
const nextVersie = (more: Parameters<typeof waitingTaak>[2]) => waitingTaak('a', 0, { versie: 4, ...more })
const changed = (interneTaak: unknown) => ({ antwoord: { __typename: 'InterneTaakGewijzigd', interneTaak } })
const refused = (__typename: string, interneTaak?: unknown) => ({
  antwoord: { __typename, bericht: 'Van de server.', ...(interneTaak ? { interneTaak } : {}) },
})

function startDeed(deed: Deed) {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  let unconfirmed = 0
  const outcome = performDeed(
    { api: fake.api, retryContext, me: VINCENT.id, onUnconfirmed: () => unconfirmed++, isWanted: () => true },
    SEEN,
    deed,
  )
  const retry = async () => {
    await flushPromises()
    retryContext.endPauses()
    await flushPromises()
  }
  return { fake, outcome, retry, unconfirmed: () => unconfirmed }
}

test('a deed returns the task as it is now', async () => {
  const { fake, outcome } = startDeed({ soort: 'neem' })
  const taken = nextVersie({ medewerker: VINCENT })
  ;(await fake.made(0)).answer(changed(taken))
  expect(await outcome).toEqual({ kind: 'done', taak: taken })
})

test('when two employees take the same task, the second one sees who was first', async () => {
  const { fake, outcome } = startDeed({ soort: 'neem' })
  const colleagues = nextVersie({ medewerker: YASMINA })
  ;(await fake.made(0)).answer(refused('OvergangGeweigerd', colleagues))
  expect(await outcome).toEqual({
    kind: 'refused',
    bericht: 'Yasmina El Amrani was u voor en heeft de taak nu.',
    taak: colleagues,
  })
})

test('a deed whose answer is lost is reported as unconfirmed and retried', async () => {
  const { fake, outcome, retry, unconfirmed } = startDeed({ soort: 'neem' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  expect(unconfirmed()).toBe(1)
  const second = await fake.made(1)
  expect(second.document).toBe(NeemDocument)
  second.answer(changed(nextVersie({ medewerker: VINCENT })))
  expect(await outcome).toMatchObject({ kind: 'done' })
})

test('a retry that finds the task as the deed would leave it has succeeded', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'rondAf', antwoord: '', toelichting: '' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  const done = nextVersie({ status: 'GEDAAN', gedaanDoor: VINCENT })
  ;(await fake.made(1)).answer(refused('VersieVerouderd', done))
  expect(await outcome).toEqual({ kind: 'done', taak: done })
})

test('a retry that finds a colleague’s deed is refused', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'rondAf', antwoord: '', toelichting: '' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  ;(await fake.made(1)).answer(refused('VersieVerouderd', nextVersie({ status: 'GEDAAN', gedaanDoor: YASMINA })))
  expect(await outcome).toMatchObject({ kind: 'refused', bericht: expect.stringContaining('Yasmina') as string })
})

test('a first try on an old versie is refused, whatever the task is now', async () => {
  const { fake, outcome } = startDeed({ soort: 'legTerug', toelichting: '' })
  ;(await fake.made(0)).answer(refused('VersieVerouderd', nextVersie({ medewerker: null })))
  expect(await outcome).toMatchObject({ kind: 'refused' })
})

test('the versie that the employee saw is sent along, and a blank toelichting is null', async () => {
  const { fake } = startDeed({ soort: 'wijsToe', medewerkerId: 'yasmina', toelichting: '  ' })
  expect((await fake.made(0)).variables).toEqual({
    input: { id: 'a', versie: 3, medewerkerId: 'yasmina', toelichting: null },
  })
})

test('finishing sends the answer, and a retry that finds another answer than this one is refused', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'rondAf', antwoord: ' Het mag. ', toelichting: '' })
  const first = await fake.made(0)
  expect(first.variables).toMatchObject({ input: { status: 'GEDAAN', antwoord: 'Het mag.' } })
  first.fail('unreachable')
  await retry()
  const other = nextVersie({ status: 'GEDAAN', gedaanDoor: VINCENT, antwoord: 'Het mag niet.' })
  ;(await fake.made(1)).answer(refused('VersieVerouderd', other))
  expect(await outcome).toMatchObject({ kind: 'refused' })
})

test('an attempt is told once, also when its answer was lost', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'nietBereikt' })
  const first = await fake.made(0)
  expect(first.variables).toEqual({ input: { id: 'a', versie: 3 } })
  first.fail('unreachable')
  await retry()
  const told = nextVersie({ medewerker: VINCENT, aantalContactpogingen: 1 })
  ;(await fake.made(1)).answer(refused('VersieVerouderd', told))
  expect(await outcome).toEqual({ kind: 'done', taak: told })
})

test('an attempt that finds a colleague’s is refused', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'nietBereikt' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  const told = nextVersie({ medewerker: YASMINA, aantalContactpogingen: 1 })
  ;(await fake.made(1)).answer(refused('VersieVerouderd', told))
  expect(await outcome).toMatchObject({ kind: 'refused', taak: told })
})

const logboekWith = (toelichting: string, door = VINCENT) => ({
  interneTaak: { logboek: [aFact({ versie: 4, soort: 'TOEGELICHT', door, toelichting })] },
})

test('a toelichting whose answer was lost is not sent retry when it is in the logboek', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'lichtToe', toelichting: ' Belt terug.\r\n' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  const lookup = await fake.made(1)
  expect(lookup.document).toBe(LeesTaakDocument)
  lookup.answer(logboekWith('Belt terug.'))
  expect(await outcome).toEqual({ kind: 'done' })
})

test('a toelichting that is not in the logboek is sent retry, once the first request cannot be executed any more', async () => {
  const { fake, outcome, retry } = startDeed({ soort: 'lichtToe', toelichting: 'Belt terug.' })
  ;(await fake.made(0)).fail('unreachable')
  await retry()
  ;(await fake.made(1)).answer(logboekWith('Belt terug.', YASMINA))
  await retry()
  const lookup = await fake.made(2)
  expect(lookup.document).toBe(LeesTaakDocument)
  fake.time += 20_000
  lookup.answer(logboekWith('Iets anders.'))
  const second = await fake.made(3)
  expect(second.document).toBe(LichtToeDocument)
  second.answer(changed(nextVersie({})))
  expect(await outcome).toMatchObject({ kind: 'done' })
})
