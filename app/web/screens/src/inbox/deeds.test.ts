import { expect, test } from 'vitest'
import { LeesTaakDocument, LichtToeDocument, NeemDocument } from '../api/gql/graphql'
import { aFact, FakeApi, fakeRetryContext, flushPromises } from '../desk/fakes'
import { performDeed, type Deed } from './deeds'
import { VINCENT, waitingTaak, YASMINA } from './fakes'

const SEEN = waitingTaak('a', 0, { versie: 3 })
const later = (more: Parameters<typeof waitingTaak>[2]) => waitingTaak('a', 0, { versie: 4, ...more })
const changed = (interneTaak: unknown) => ({ antwoord: { __typename: 'InterneTaakGewijzigd', interneTaak } })
const refused = (__typename: string, interneTaak?: unknown) => ({
  antwoord: { __typename, bericht: 'Van de server.', ...(interneTaak ? { interneTaak } : {}) },
})

function doing(deed: Deed) {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  let unsure = 0
  const outcome = performDeed(
    { api: fake.api, retryContext, me: VINCENT.id, onUnconfirmed: () => unsure++, isWanted: () => true },
    SEEN,
    deed,
  )
  const again = async () => {
    await flushPromises()
    retryContext.endPauses()
    await flushPromises()
  }
  return { fake, outcome, again, unsure: () => unsure }
}

test('a deed that was done brings the task as it stands', async () => {
  const { fake, outcome } = doing({ soort: 'neem' })
  const taken = later({ medewerker: VINCENT })
  ;(await fake.made(0)).answer(changed(taken))
  expect(await outcome).toEqual({ kind: 'done', taak: taken })
})

test('of two who take, who was second hears who was first', async () => {
  const { fake, outcome } = doing({ soort: 'neem' })
  const hers = later({ medewerker: YASMINA })
  ;(await fake.made(0)).answer(refused('OvergangGeweigerd', hers))
  expect(await outcome).toEqual({
    kind: 'refused',
    bericht: 'Yasmina El Amrani was u voor en heeft de taak nu.',
    taak: hers,
  })
})

test('where the answer is lost it is said not to be known, and tried again', async () => {
  const { fake, outcome, again, unsure } = doing({ soort: 'neem' })
  ;(await fake.made(0)).fail('unreachable')
  await again()
  expect(unsure()).toBe(1)
  const second = await fake.made(1)
  expect(second.document).toBe(NeemDocument)
  second.answer(changed(later({ medewerker: VINCENT })))
  expect(await outcome).toMatchObject({ kind: 'done' })
})

test('a second try that finds what was wished knows that the first one succeeded', async () => {
  const { fake, outcome, again } = doing({ soort: 'rondAf', toelichting: '' })
  ;(await fake.made(0)).fail('unreachable')
  await again()
  const done = later({ status: 'GEDAAN', gedaanDoor: VINCENT })
  ;(await fake.made(1)).answer(refused('VersieVerouderd', done))
  expect(await outcome).toEqual({ kind: 'done', taak: done })
})

test('a second try that finds a colleague’s deed is refused', async () => {
  const { fake, outcome, again } = doing({ soort: 'rondAf', toelichting: '' })
  ;(await fake.made(0)).fail('unreachable')
  await again()
  ;(await fake.made(1)).answer(refused('VersieVerouderd', later({ status: 'GEDAAN', gedaanDoor: YASMINA })))
  expect(await outcome).toMatchObject({ kind: 'refused', bericht: expect.stringContaining('Yasmina') as string })
})

test('a first try that is stale is refused, whatever it finds', async () => {
  const { fake, outcome } = doing({ soort: 'legTerug', toelichting: '' })
  ;(await fake.made(0)).answer(refused('VersieVerouderd', later({ medewerker: null })))
  expect(await outcome).toMatchObject({ kind: 'refused' })
})

test('what is sent is guarded by the versie that was seen, and a blank toelichting is none', async () => {
  const { fake } = doing({ soort: 'wijsToe', medewerkerId: 'yasmina', toelichting: '  ' })
  expect((await fake.made(0)).variables).toEqual({
    input: { id: 'a', versie: 3, medewerkerId: 'yasmina', toelichting: null },
  })
})

const noted = (toelichting: string, door = VINCENT) => ({
  interneTaak: { logboek: [aFact({ versie: 4, soort: 'TOEGELICHT', door, toelichting })] },
})

test('a note whose answer was lost is looked for, and not sent again where it stands', async () => {
  const { fake, outcome, again } = doing({ soort: 'lichtToe', toelichting: ' Belt terug.\r\n' })
  ;(await fake.made(0)).fail('unreachable')
  await again()
  const look = await fake.made(1)
  expect(look.document).toBe(LeesTaakDocument)
  look.answer(noted('Belt terug.'))
  expect(await outcome).toEqual({ kind: 'done' })
})

test('a note that is not there is sent again, but not before a first one can come no more', async () => {
  const { fake, outcome, again } = doing({ soort: 'lichtToe', toelichting: 'Belt terug.' })
  ;(await fake.made(0)).fail('unreachable')
  await again()
  ;(await fake.made(1)).answer(noted('Belt terug.', YASMINA))
  await again()
  const look = await fake.made(2)
  expect(look.document).toBe(LeesTaakDocument)
  fake.time += 20_000
  look.answer(noted('Iets anders.'))
  const second = await fake.made(3)
  expect(second.document).toBe(LichtToeDocument)
  second.answer(changed(later({})))
  expect(await outcome).toMatchObject({ kind: 'done' })
})
