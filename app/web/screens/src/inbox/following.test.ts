import { expect, test } from 'vitest'
import { became } from '../api/connection'
import { settled } from '../desk/fakes'
import { feit, followed, NIET_BEVOEGD, page, tellers, waiting } from './fakes'

test('an inbox is read, and followed from where it was read', async () => {
  const { fake, following, ids } = followed()
  following.list()
  const read = await fake.made(0)
  expect(read.variables).toMatchObject({ first: 200, after: null })
  read.answer(page(7, [waiting('a')]))
  await settled()
  expect(fake.following[0]?.variables).toEqual({ eenheidId: 'vergunningen', na: 7 })
  expect(ids()).toEqual(['a'])
  expect(following.toestand.value).toBe('volgt')
  expect(following.tellers.value?.laatsteVolgnummer).toBe(7)
})

test('where tasks are wanted, page after page is read until there is none', async () => {
  const { fake, following, ids } = followed()
  following.list()
  ;(await fake.made(0)).answer(page(7, [waiting('a')], 'na-a'))
  const second = await fake.made(1)
  expect(second.variables).toMatchObject({ after: 'na-a', first: 200 })
  second.answer(page(8, [waiting('b')], 'na-b'))
  ;(await fake.made(2)).answer(page(8, [waiting('c')]))
  await settled()
  expect(ids()).toEqual(['a', 'b', 'c'])
  expect(following.gelezen.value).toBe('ja')
})

test('where only counters are wanted, no more than one task is read until the list is', async () => {
  const { fake, following } = followed()
  ;(await fake.made(0)).answer(page(7, [waiting('a')], 'na-a'))
  await settled()
  expect(fake.calls).toHaveLength(1)
  following.list()
  expect((await fake.made(1)).variables).toMatchObject({ after: 'na-a', first: 200 })
})

test('what cannot be read is asked again', async () => {
  const { fake, line, ids } = followed()
  ;(await fake.made(0)).fail('onbereikbaar')
  await settled()
  line.pausesEnd()
  ;(await fake.made(1)).answer(page(7, [waiting('a')]))
  await settled()
  expect(ids()).toEqual(['a'])
})

async function followedAt(volgnummer: number) {
  const all = followed()
  ;(await all.fake.made(0)).answer(page(volgnummer, [waiting('a')]))
  await settled()
  return { ...all, stream: () => all.fake.following.at(-1) }
}

test('a fact brings its task and its counters, and is told once', async () => {
  const { stream, facts, following, ids } = await followedAt(7)
  stream()?.next({ postvak: feit(8, waiting('b', 1)) })
  stream()?.next({ postvak: feit(8, waiting('b', 1)) })
  await settled()
  expect(ids()).toEqual(['a', 'b'])
  expect(facts).toHaveLength(1)
  expect(following.tellers.value?.laatsteVolgnummer).toBe(8)
})

test('after a lost line it says what came in meanwhile', async () => {
  const { fake, line, stream, told } = await followedAt(7)
  became(line.connection, 'verbonden')
  became(line.connection, 'verbroken')
  stream()?.next({ postvak: feit(8, waiting('b')) })
  became(line.connection, 'verbonden')
  ;(await fake.made(1)).answer({ postvak: tellers(9) })
  await settled()
  expect(told).toEqual([])
  stream()?.next({ postvak: feit(9, waiting('b', 0, { versie: 2, status: 'GEDAAN' }), { soort: 'GEDAAN' }) })
  expect(told).toEqual([expect.stringMatching(/: 1 nieuwe taak, 1 afgerond\.$/)])
})

test('an inbox that is too far behind is read again', async () => {
  const { fake, stream, told, ids } = await followedAt(7)
  stream()?.ended({ kind: 'geweigerd', code: 'CURSOR_VERLOPEN', bericht: '' })
  ;(await fake.made(1)).answer(page(99_999, [waiting('z')]))
  await settled()
  expect(ids()).toEqual(['z'])
  expect(stream()?.variables).toMatchObject({ na: 99_999 })
  expect(told).toHaveLength(1)
})

test('an inbox that may not be followed any more shows nothing, and says so', async () => {
  const { stream, following, ids } = await followedAt(7)
  stream()?.ended(NIET_BEVOEGD)
  await settled()
  expect(ids()).toEqual([])
  expect(following.toestand.value).toBe('geweigerd')
  expect(following.bericht.value).toBe('U mag dit postvak niet (meer) inzien.')
})

test('what was refused is tried again after a while, and is followed as soon as that is allowed', async () => {
  const { fake, line, stream, following, ids } = await followedAt(7)
  stream()?.ended(NIET_BEVOEGD)
  await settled()
  line.pausesEnd()
  const second = await fake.made(1)
  expect(following.toestand.value).toBe('geweigerd')
  second.fail('geweigerd', 'Nee.')
  await settled()
  following.retry()
  ;(await fake.made(2)).answer(page(9, [waiting('b')]))
  await settled()
  expect(following.toestand.value).toBe('volgt')
  expect(ids()).toEqual(['b'])
  line.pausesEnd()
  await settled()
  expect(fake.calls).toHaveLength(3)
})

test('a subscription that broke is taken up at its place', async () => {
  const { fake, line, stream } = await followedAt(7)
  stream()?.next({ postvak: feit(8) })
  stream()?.ended({ kind: 'onbereikbaar', code: '', bericht: '' })
  line.pausesEnd()
  await settled()
  expect(fake.following).toHaveLength(2)
  expect(stream()?.variables).toMatchObject({ na: 8 })
})

test('who stops asks and hears nothing more', async () => {
  const { fake, following } = followed()
  await fake.made(0)
  following.stop()
  ;(await fake.made(0)).answer(page(7, [waiting('a')]))
  await settled()
  expect(fake.following).toHaveLength(0)
  expect(following.open.value).toEqual([])
})
