import { expect, test } from 'vitest'
import { setConnectionState } from '../api/connection'
import { flushPromises } from '../desk/fakes'
import { postvakFact, fakeLivePostvak, NIET_BEVOEGD, page, tellers, waitingTaak } from './fakes'

test('a postvak is read, and subscribed to from its volgnummer', async () => {
  const { fake, livePostvak, ids } = fakeLivePostvak()
  livePostvak.loadTaken()
  const read = await fake.made(0)
  expect(read.variables).toMatchObject({ first: 200, after: null })
  read.answer(page(7, [waitingTaak('a')]))
  await flushPromises()
  expect(fake.subscriptions[0]?.variables).toEqual({ eenheidId: 'vergunningen', na: 7 })
  expect(ids()).toEqual(['a'])
  expect(livePostvak.status.value).toBe('live')
  expect(livePostvak.tellers.value?.laatsteVolgnummer).toBe(7)
})

test('when tasks are needed, all pages are read', async () => {
  const { fake, livePostvak, ids } = fakeLivePostvak()
  livePostvak.loadTaken()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a')], 'na-a'))
  const second = await fake.made(1)
  expect(second.variables).toMatchObject({ after: 'na-a', first: 200 })
  second.answer(page(8, [waitingTaak('b')], 'na-b'))
  ;(await fake.made(2)).answer(page(8, [waitingTaak('c')]))
  await flushPromises()
  expect(ids()).toEqual(['a', 'b', 'c'])
  expect(livePostvak.progress.value).toBe('complete')
})

test('when only counters are needed, one task is read until the tasks are loaded', async () => {
  const { fake, livePostvak } = fakeLivePostvak()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a')], 'na-a'))
  await flushPromises()
  expect(fake.calls).toHaveLength(1)
  livePostvak.loadTaken()
  expect((await fake.made(1)).variables).toMatchObject({ after: 'na-a', first: 200 })
})

test('a failed query is retried', async () => {
  const { fake, retryContext, ids } = fakeLivePostvak()
  ;(await fake.made(0)).fail('unreachable')
  await flushPromises()
  retryContext.endPauses()
  ;(await fake.made(1)).answer(page(7, [waitingTaak('a')]))
  await flushPromises()
  expect(ids()).toEqual(['a'])
})

async function livePostvakAt(volgnummer: number) {
  const all = fakeLivePostvak()
  ;(await all.fake.made(0)).answer(page(volgnummer, [waitingTaak('a')]))
  await flushPromises()
  return { ...all, stream: () => all.fake.subscriptions.at(-1) }
}

test('a fact updates its task and the counters, and is reported once', async () => {
  const { stream, facts, livePostvak, ids } = await livePostvakAt(7)
  stream()?.next({ postvak: postvakFact(8, waitingTaak('b', 1)) })
  stream()?.next({ postvak: postvakFact(8, waitingTaak('b', 1)) })
  await flushPromises()
  expect(ids()).toEqual(['a', 'b'])
  expect(facts).toHaveLength(1)
  expect(livePostvak.tellers.value?.laatsteVolgnummer).toBe(8)
})

test('after a reconnect a summary tells what was missed', async () => {
  const { fake, retryContext, stream, texts } = await livePostvakAt(7)
  setConnectionState(retryContext.connection, 'connected')
  setConnectionState(retryContext.connection, 'disconnected')
  stream()?.next({ postvak: postvakFact(8, waitingTaak('b')) })
  setConnectionState(retryContext.connection, 'connected')
  ;(await fake.made(1)).answer({ postvak: tellers(9) })
  await flushPromises()
  expect(texts).toEqual([])
  stream()?.next({
    postvak: postvakFact(9, waitingTaak('b', 0, { versie: 2, status: 'GEDAAN' }), { soort: 'GEDAAN' }),
  })
  expect(texts).toEqual([expect.stringMatching(/: 1 nieuwe taak, 1 afgerond\.$/)])
})

test('a postvak that is too far behind is read again', async () => {
  const { fake, stream, texts, ids } = await livePostvakAt(7)
  stream()?.ended({ kind: 'refused', code: 'CURSOR_VERLOPEN', bericht: '' })
  ;(await fake.made(1)).answer(page(99_999, [waitingTaak('z')]))
  await flushPromises()
  expect(ids()).toEqual(['z'])
  expect(stream()?.variables).toMatchObject({ na: 99_999 })
  expect(texts).toHaveLength(1)
})

test('a postvak that may not be seen any more is empty and says so', async () => {
  const { stream, livePostvak, ids } = await livePostvakAt(7)
  stream()?.ended(NIET_BEVOEGD)
  await flushPromises()
  expect(ids()).toEqual([])
  expect(livePostvak.status.value).toBe('refused')
  expect(livePostvak.bericht.value).toBe('U mag dit postvak niet (meer) inzien.')
})

test('a refused postvak is retried after a while, and is live as soon as it is allowed', async () => {
  const { fake, retryContext, stream, livePostvak, ids } = await livePostvakAt(7)
  stream()?.ended(NIET_BEVOEGD)
  await flushPromises()
  retryContext.endPauses()
  const second = await fake.made(1)
  expect(livePostvak.status.value).toBe('refused')
  second.fail('refused', 'Nee.')
  await flushPromises()
  livePostvak.retry()
  ;(await fake.made(2)).answer(page(9, [waitingTaak('b')]))
  await flushPromises()
  expect(livePostvak.status.value).toBe('live')
  expect(ids()).toEqual(['b'])
  retryContext.endPauses()
  await flushPromises()
  expect(fake.calls).toHaveLength(3)
})

test('a broken subscription continues at its volgnummer', async () => {
  const { fake, retryContext, stream } = await livePostvakAt(7)
  stream()?.next({ postvak: postvakFact(8) })
  stream()?.ended({ kind: 'unreachable', code: '', bericht: '' })
  retryContext.endPauses()
  await flushPromises()
  expect(fake.subscriptions).toHaveLength(2)
  expect(stream()?.variables).toMatchObject({ na: 8 })
})

test('a stopped postvak sends no requests and handles no answers', async () => {
  const { fake, livePostvak } = fakeLivePostvak()
  await fake.made(0)
  livePostvak.stop()
  ;(await fake.made(0)).answer(page(7, [waitingTaak('a')]))
  await flushPromises()
  expect(fake.subscriptions).toHaveLength(0)
  expect(livePostvak.open.value).toEqual([])
})
