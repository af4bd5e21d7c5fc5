import { expect, test } from 'vitest'
import type { Api } from '../api/api'
import { settled } from '../desk/fakes'
import { followed, page, waiting } from './fakes'
import { ALLES } from './filters'
import { Listing } from './listing'

async function listing(keuze = { ...ALLES, zoek: 'dakkapel' }) {
  const { fake, following } = followed()
  ;(await fake.made(0)).answer(page(7, [waiting('a'), waiting('b', 1)]))
  await settled()
  return { fake, following, listing: new Listing(fake.api as Api, following, keuze) }
}

test('what is found is listed page by page, and shown as it is now', async () => {
  const { fake, following, listing: found } = await listing()
  const first = await fake.made(1)
  expect(first.variables).toMatchObject({ filter: { zoektekst: 'dakkapel' }, after: null, first: 50 })
  first.answer(page(7, [waiting('b', 1)], 'na-b'))
  await settled()
  expect(found.toestand.value).toBe('meer')
  found.more()
  found.more()
  const second = await fake.made(2)
  expect(second.variables).toMatchObject({ after: 'na-b' })
  second.answer(page(7, [waiting('c', 2)]))
  await settled()
  expect([...found.ids.value]).toEqual(['b', 'c'])
  expect(found.toestand.value).toBe('alles')
  expect(following.store.get('c')).toBeDefined()
  expect(fake.calls).toHaveLength(3)
})

test('what is done is read the latest first', async () => {
  const { fake } = await listing({ ...ALLES, gedaan: true })
  expect((await fake.made(1)).variables).toMatchObject({
    volgorde: 'LAATST_GEDAAN_EERST',
    filter: { status: 'GEDAAN' },
  })
})

test('what cannot be read says why, and can be asked again', async () => {
  const { fake, listing: found } = await listing()
  ;(await fake.made(1)).fail('geweigerd', 'Te veel woorden.')
  await settled()
  expect(found.bericht.value).toBe('Te veel woorden.')
  found.more()
  ;(await fake.made(2)).answer(page(7, [waiting('b')]))
  await settled()
  expect(found.toestand.value).toBe('alles')
})

test('looking once more adds what is new, and keeps how far the list was read', async () => {
  const { fake, listing: found } = await listing()
  ;(await fake.made(1)).answer(page(7, [waiting('b')], 'na-b'))
  await settled()
  found.again()
  ;(await fake.made(2)).answer(page(8, [waiting('z')], 'na-z'))
  await settled()
  expect([...found.ids.value]).toEqual(['b', 'z'])
  found.more()
  expect((await fake.made(3)).variables).toMatchObject({ after: 'na-b' })
})
