import { expect, test } from 'vitest'
import { NoteerBetrokkeneDocument, VerbeterBetrokkeneDocument } from '../api/gql/graphql'
import { FakeApi, fakeRetryContext, flushPromises } from '../desk/fakes'
import { mayChangeContactgegevens, readContactgegevens, wieBellen } from './contactgegevens'
import { BETROKKENE } from '../inbox/fakes'
import { noteerBetrokkene } from './noteerBetrokkene'

const VERWIJDERD = '2026-03-02T10:00:00.000Z'
const KLANT = { voornaam: '', achternaam: 'Kok', telefoonnummer: '06 12345678', email: '' }

test('whom to call is hidden, was never noted, was removed, or is somebody', () => {
  const kind = (betrokkenen: (typeof BETROKKENE)[] | null, op: string | null = null) =>
    wieBellen({ betrokkenen, contactgegevensVerwijderdOp: op })
  expect(kind(null, VERWIJDERD)).toEqual({ kind: 'hidden' })
  expect(kind([])).toEqual({ kind: 'none' })
  expect(kind([], VERWIJDERD)).toEqual({ kind: 'removed', op: VERWIJDERD })
  expect(kind([BETROKKENE])).toEqual({ kind: 'somebody', betrokkene: BETROKKENE })
})

test('it is read again when it changed, and when the sight of it may have been got or lost', () => {
  const may = ['CONTACTGEGEVENS_GEWIJZIGD', 'TERUGBELLEN_GEVRAAGD', 'DOORGESTUURD', 'ONTVANGEN'] as const
  expect(may.every(mayChangeContactgegevens)).toBe(true)
  expect((['NIET_BEREIKT', 'GENOMEN'] as const).some(mayChangeContactgegevens)).toBe(false)
})

test('reading it again tries until there is an answer, and hides what is refused', async () => {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const reading = readContactgegevens('taak', { api: fake.api, retryContext, isWanted: () => true })
  ;(await fake.made(0)).fail('unreachable')
  await flushPromises()
  retryContext.endPauses()
  ;(await fake.made(1)).fail('refused')
  expect(await reading).toMatchObject({ betrokkenen: null })
})

function noting(seen?: typeof BETROKKENE, klant = KLANT) {
  const fake = new FakeApi()
  return { fake, noted: noteerBetrokkene(fake.api, 'contact', seen, klant) }
}
const noted = (field: string, __typename: string, more = {}) => ({
  [field]: { __typename, bericht: 'Nee.', ...more },
})

test('who is noted first is registered, and who stands is corrected in the versie that was seen', async () => {
  const first = noting()
  const call = await first.fake.made(0)
  expect(call.document).toBe(NoteerBetrokkeneDocument)
  expect(call.variables).toMatchObject({ input: { klantcontactId: 'contact' } })
  call.answer(noted('registreerBetrokkene', 'BetrokkeneVastgelegd', { betrokkene: BETROKKENE }))
  expect(await first.noted).toEqual({ kind: 'noted', betrokkene: BETROKKENE })
  const correction = noting(BETROKKENE)
  const second = await correction.fake.made(0)
  expect(second.document).toBe(VerbeterBetrokkeneDocument)
  expect(second.variables).toMatchObject({ input: { id: BETROKKENE.id, versie: 1 } })
})

test('when a colleague was first, the one that stands is shown, unless it is the same', async () => {
  const { fake, noted: outcome } = noting()
  ;(await fake.made(0)).answer(
    noted('registreerBetrokkene', 'BetrokkeneVersieVerouderd', { betrokkene: BETROKKENE }),
  )
  expect(await outcome).toEqual({ kind: 'stands', betrokkene: BETROKKENE })
  const same = { ...BETROKKENE, contactnaam: { ...BETROKKENE.contactnaam, achternaam: 'Kok' } }
  const again = noting()
  ;(await again.fake.made(0)).answer(
    noted('registreerBetrokkene', 'BetrokkeneVersieVerouderd', { betrokkene: { ...same } }),
  )
  expect((await again.noted).kind).toBe('noted')
})

test('errors stand at their fields, and what else is refused has a plain message', async () => {
  const invalid = noting()
  const velden = [
    {
      pad: ['input', 'betrokkene', 'digitaleAdressen', '0', 'adres'],
      bericht: 'Dit is geen nummer.',
      code: '',
      maximum: null,
    },
    { pad: ['input', 'betrokkene', 'organisatienaam'], bericht: 'Te lang.', code: '', maximum: null },
  ]
  ;(await invalid.fake.made(0)).answer(noted('registreerBetrokkene', 'OngeldigeInvoer', { velden }))
  expect(await invalid.noted).toEqual({
    kind: 'refused',
    bericht: 'Te lang.',
    errors: { telefoonnummer: 'Dit is geen nummer.' },
  })
  const forbidden = noting()
  ;(await forbidden.fake.made(0)).answer(noted('registreerBetrokkene', 'NietBevoegd'))
  expect(await forbidden.noted).toMatchObject({ bericht: expect.stringContaining('U mag') as string })
  const lost = noting()
  ;(await lost.fake.made(0)).fail('unreachable', 'Er is geen verbinding.')
  expect(await lost.noted).toMatchObject({ bericht: 'Er is geen verbinding.' })
})

test('nothing typed is not sent', async () => {
  const { fake, noted: outcome } = noting(undefined, {
    voornaam: '',
    achternaam: ' ',
    telefoonnummer: '',
    email: '',
  })
  expect(await outcome).toMatchObject({ kind: 'refused' })
  expect(fake.calls).toHaveLength(0)
})
