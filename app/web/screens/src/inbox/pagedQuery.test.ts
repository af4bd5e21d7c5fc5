import { expect, test } from 'vitest'
import { flushPromises } from '../desk/fakes'
import { fakeLivePostvak, page, waitingTaak } from './fakes'
import { ALL_OPEN } from './filters'
import { PagedQuery } from './pagedQuery'
import { pagesByWords } from './pages'

async function startQuery(filter = { ...ALL_OPEN, zoek: 'dakkapel' }) {
  const { fake, livePostvak } = fakeLivePostvak()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a'), waitingTaak('b', 1)]))
  await flushPromises()
  const readPage = pagesByWords(fake.api, livePostvak.eenheidId, filter)
  return { fake, livePostvak, pagedQuery: new PagedQuery(readPage, livePostvak) }
}

test('results are read page by page, and stay up to date', async () => {
  const { fake, livePostvak, pagedQuery } = await startQuery()
  const first = await fake.made(1)
  expect(first.variables).toMatchObject({ filter: { zoektekst: 'dakkapel' }, after: null, first: 50 })
  first.answer(page(7, [waitingTaak('b', 1)], 'na-b'))
  await flushPromises()
  expect(pagedQuery.status.value).toBe('more')
  pagedQuery.more()
  pagedQuery.more()
  const second = await fake.made(2)
  expect(second.variables).toMatchObject({ after: 'na-b' })
  second.answer(page(7, [waitingTaak('c', 2)]))
  await flushPromises()
  expect([...pagedQuery.ids.value]).toEqual(['b', 'c'])
  expect(pagedQuery.status.value).toBe('complete')
  expect(livePostvak.store.get('c')).toBeDefined()
  expect(fake.calls).toHaveLength(3)
})

test('done tasks are read latest first', async () => {
  const { fake } = await startQuery({ ...ALL_OPEN, gedaan: true })
  expect((await fake.made(1)).variables).toMatchObject({
    volgorde: 'LAATST_GEDAAN_EERST',
    filter: { status: 'GEDAAN' },
  })
})

test('a failed query shows why, and can be retried', async () => {
  const { fake, pagedQuery } = await startQuery()
  ;(await fake.made(1)).fail('refused', 'Te veel woorden.')
  await flushPromises()
  expect(pagedQuery.bericht.value).toBe('Te veel woorden.')
  pagedQuery.more()
  ;(await fake.made(2)).answer(page(7, [waitingTaak('b')]))
  await flushPromises()
  expect(pagedQuery.status.value).toBe('complete')
})

test('reading the first page again adds new results, and keeps how far the list was read', async () => {
  const { fake, pagedQuery } = await startQuery()
  ;(await fake.made(1)).answer(page(7, [waitingTaak('b')], 'na-b'))
  await flushPromises()
  pagedQuery.refresh()
  ;(await fake.made(2)).answer(page(8, [waitingTaak('z')], 'na-z'))
  await flushPromises()
  expect([...pagedQuery.ids.value]).toEqual(['b', 'z'])
  pagedQuery.more()
  expect((await fake.made(3)).variables).toMatchObject({ after: 'na-b' })
})
