import { expect, it } from 'vitest'
import { aBetrokkene, aContact, aFact, aTask, FakeApi, flushPromises, KARIN } from './fakes'
import { foundText, newZoeken } from './zoeken'

function setUp() {
  const fake = new FakeApi()
  return { fake, zoeken: newZoeken(fake.api) }
}
const taak = { ...aTask(), laatsteGebeurtenis: aFact() }
const contact = {
  ...aContact(),
  geregistreerdOp: '2026-03-02T10:00:00.000Z',
  medewerker: KARIN,
  betrokkenen: [aBetrokkene()],
  interneTaken: [taak],
}
const answer = (totalCount: number, ...nodes: object[]) => ({
  klantcontacten: { totalCount, edges: nodes.map((node) => ({ node })) },
})

it('finds the klantcontacten of whom has this number, however it is written', async () => {
  const { fake, zoeken } = setUp()
  zoeken.state.typed = ' 06-12345678 '
  void zoeken.search()
  expect(zoeken.state.busy).toBe(true)
  const call = await fake.made(0)
  expect(call.variables).toEqual({ digitaalAdres: '06-12345678' })
  call.answer(answer(1, contact))
  await flushPromises()
  expect(zoeken.state).toMatchObject({ busy: false, found: { total: 1, contacten: [{ id: 'contact' }] } })
})

it.each(['', '06 123', 'Jansen', '0900 1234567'])('does not ask the server for "%s"', async (typed) => {
  const { fake, zoeken } = setUp()
  zoeken.state.typed = typed
  await zoeken.search()
  expect(zoeken.state.error).toContain('heel telefoonnummer')
  expect(fake.calls).toEqual([])
})

it('says why there is no answer, and forgets an answer that comes after the next call', async () => {
  const { fake, zoeken } = setUp()
  zoeken.state.typed = 'jansen@voorbeeld.nl'
  void zoeken.search()
  ;(await fake.made(0)).fail('unreachable', 'Er is geen verbinding met de server.')
  await flushPromises()
  expect(zoeken.state).toMatchObject({ busy: false, failure: 'Er is geen verbinding met de server.' })
  void zoeken.search()
  const late = await fake.made(1)
  zoeken.clear()
  late.answer(answer(1, contact))
  await flushPromises()
  expect(zoeken.state).toMatchObject({ typed: '', busy: false, found: null })
})

it('says how many were found, and that there are more', () => {
  const found = (total: number, ...contacten: (typeof contact)[]) => foundText({ total, contacten })
  expect(found(0)).toContain('Geen contact gevonden')
  expect(found(1, contact)).toBe('1 contact gevonden.')
  expect(found(21, contact, contact)).toBe('21 contacten gevonden. Dit zijn de laatste 2.')
})
