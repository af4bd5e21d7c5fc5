import { expect, test } from 'vitest'
import type { Api } from '../api/api'
import { flushPromises } from '../desk/fakes'
import { fakeLivePostvak, page, waitingTaak } from './fakes'
import { ALL_OPEN } from './filters'
import { PagedQuery } from './pagedQuery'

async function pagedQuery(filter = { ...ALL_OPEN, zoek: 'dakkapel' }) {
  const { fake, livePostvak } = fakeLivePostvak()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a'), waitingTaak('b', 1)]))
  await flushPromises()
  return { fake, livePostvak, pagedQuery: new PagedQuery(fake.api as Api, livePostvak, filter) }
}

test('what is found is listed page by page, and shown as it is now', async () => {
  const { fake, livePostvak, pagedQuery: found } = await pagedQuery()
  const first = await fake.made(1)
  expect(first.variables).toMatchObject({ filter: { zoektekst: 'dakkapel' }, after: null, first: 50 })
  first.answer(page(7, [waitingTaak('b', 1)], 'na-b'))
  await flushPromises()
  expect(found.status.value).toBe('more')
  found.more()
  found.more()
  const second = await fake.made(2)
  expect(second.variables).toMatchObject({ after: 'na-b' })
  second.answer(page(7, [waitingTaak('c', 2)]))
  await flushPromises()
  expect([...found.ids.value]).toEqual(['b', 'c'])
  expect(found.status.value).toBe('complete')
  expect(livePostvak.store.get('c')).toBeDefined()
  expect(fake.calls).toHaveLength(3)
})

test('what is done is read the latest first', async () => {
  const { fake } = await pagedQuery({ ...ALL_OPEN, gedaan: true })
  expect((await fake.made(1)).variables).toMatchObject({
    volgorde: 'LAATST_GEDAAN_EERST',
    filter: { status: 'GEDAAN' },
  })
})

test('what cannot be read says why, and can be asked again', async () => {
  const { fake, pagedQuery: found } = await pagedQuery()
  ;(await fake.made(1)).fail('refused', 'Te veel woorden.')
  await flushPromises()
  expect(found.bericht.value).toBe('Te veel woorden.')
  found.more()
  ;(await fake.made(2)).answer(page(7, [waitingTaak('b')]))
  await flushPromises()
  expect(found.status.value).toBe('complete')
})

test('looking once more adds what is new, and keeps how far the list was read', async () => {
  const { fake, pagedQuery: found } = await pagedQuery()
  ;(await fake.made(1)).answer(page(7, [waitingTaak('b')], 'na-b'))
  await flushPromises()
  found.again()
  ;(await fake.made(2)).answer(page(8, [waitingTaak('z')], 'na-z'))
  await flushPromises()
  expect([...found.ids.value]).toEqual(['b', 'z'])
  found.more()
  expect((await fake.made(3)).variables).toMatchObject({ after: 'na-b' })
})
