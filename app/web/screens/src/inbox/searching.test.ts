import { expect, test } from 'vitest'
import { LeesPostvakDocument, ZoekOpAdresDocument } from '../api/gql/graphql'
import { flushPromises } from '../desk/fakes'
import { fakeLivePostvak, page, VERGUNNINGEN, waitingTaak } from './fakes'
import { ALL_OPEN } from './filters'
import { searching } from './searching'

async function search(zoek: string, more = {}) {
  const { fake, livePostvak } = fakeLivePostvak()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a')]))
  await flushPromises()
  return { fake, found: searching(fake.api, livePostvak, { ...ALL_OPEN, ...more, zoek }) }
}
const byAdres = (...ids: string[]) => ({
  interneTaken: page(
    7,
    ids.map((id) => waitingTaak(id)),
  ).postvak.interneTaken,
})

test('a phone number also finds the tasks of the citizen who has it, in this afdeling', async () => {
  const { fake, found } = await search('06 12345678', { toon: 'niemand' })
  const words = await fake.made(1)
  expect(words.document).toBe(LeesPostvakDocument)
  const adres = await fake.made(2)
  expect(adres.document).toBe(ZoekOpAdresDocument)
  expect(adres.variables).toMatchObject({
    filter: {
      organisatorischeEenheidId: VERGUNNINGEN.id,
      digitaalAdres: '06 12345678',
      status: 'TE_DOEN',
      toegewezen: false,
    },
    volgorde: 'LANGST_WACHTEND_EERST',
  })
  words.answer(page(7, [waitingTaak('b')]))
  await flushPromises()
  expect(found.status.value).toBe('reading')
  adres.answer(byAdres('b', 'c'))
  await flushPromises()
  expect([...found.ids.value]).toEqual(['b', 'c'])
  expect(found.status.value).toBe('complete')
})

test('words are searched as words alone', async () => {
  const { fake } = await search('dakkapel')
  await flushPromises()
  expect(fake.calls.map(({ document }) => document)).toEqual([LeesPostvakDocument, LeesPostvakDocument])
})

test('where one of both fails the list says so, and tries that one again', async () => {
  const { fake, found } = await search('jan@voorbeeld.nl')
  ;(await fake.made(1)).answer(page(7, [], null))
  ;(await fake.made(2)).fail('refused', 'Te druk.')
  await flushPromises()
  expect([found.status.value, found.bericht.value]).toEqual(['failed', 'Te druk.'])
  found.more()
  ;(await fake.made(3)).answer(byAdres('c'))
  await flushPromises()
  expect([found.status.value, ...found.ids.value]).toEqual(['complete', 'c'])
})
