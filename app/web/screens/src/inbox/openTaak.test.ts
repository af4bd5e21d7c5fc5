import { effectScope, nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import type { Api } from '../api/api'
import { aFact, aTask, FakeApi, fakeRetryContext, flushPromises } from '../desk/fakes'
import { BURGERZAKEN, NIET_BEVOEGD, VINCENT } from './fakes'
import { assignedSince, useOpenTaak } from './openTaak'

const read = (id: string, versie = 1) => ({ interneTaak: { ...aTask({ id, versie }), geregistreerdDoor: VINCENT } })
const taken = (versie: number, more = {}) => ({
  interneTaak: {
    ...aFact({ versie, soort: 'GENOMEN', medewerker: VINCENT }),
    interneTaak: aTask({ versie, medewerker: VINCENT, ...more }),
  },
})

function opening(first?: string) {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const id = ref(first)
  const facts: string[] = []
  const scope = effectScope()
  const opened = scope.run(() =>
    useOpenTaak({
      api: fake.api as Api,
      id: () => id.value,
      retryContext,
      onFact: ({ soort }) => facts.push(soort),
      onTaak: () => undefined,
    }),
  ) as ReturnType<typeof useOpenTaak>
  return { fake, id, facts, scope, ...opened }
}

test('the open task is read with its klantcontact, and stays live whichever afdeling it goes to', async () => {
  const { fake, opened, facts } = opening('taak')
  ;(await fake.made(0)).answer(read('taak'))
  await flushPromises()
  expect(fake.subscriptions[0]?.variables).toEqual({ id: 'taak', naVersie: 1 })
  fake.subscriptions[0]?.next(taken(2, { organisatorischeEenheid: BURGERZAKEN }))
  expect(opened.value?.taak.organisatorischeEenheid).toEqual(BURGERZAKEN)
  expect(opened.value?.contact.kanaal).toBe('Telefoon')
  expect(opened.value?.logboek.map(({ soort }) => soort)).toEqual(['GEREGISTREERD', 'GENOMEN'])
  expect(facts).toEqual(['GENOMEN'])
})

test('a fact that the logboek has already is not added again', async () => {
  const { fake, opened } = opening('taak')
  ;(await fake.made(0)).answer(read('taak'))
  await flushPromises()
  fake.subscriptions[0]?.next(taken(2))
  fake.subscriptions[0]?.next(taken(2))
  expect(opened.value?.logboek).toHaveLength(2)
})

test('opening another task ends the first, whose late answer is ignored', async () => {
  const { fake, id, opened } = opening('taak')
  const late = await fake.made(0)
  id.value = 'andere'
  await nextTick()
  ;(await fake.made(1)).answer(read('andere'))
  await flushPromises()
  late.answer(read('taak'))
  await flushPromises()
  expect(opened.value?.taak.id).toBe('andere')
  id.value = undefined
  await nextTick()
  expect(opened.value).toBeUndefined()
  expect(fake.subscriptions[0]?.stopped).toBe(true)
})

test('a task that does not exist or may not be seen any more says so', async () => {
  const { fake, refusal, opened } = opening('taak')
  ;(await fake.made(0)).answer({ interneTaak: null })
  await flushPromises()
  expect(refusal.value).toBe('Deze taak is er niet (meer) voor u.')
  const other = opening('taak')
  ;(await other.fake.made(0)).answer(read('taak'))
  await flushPromises()
  other.fake.subscriptions[0]?.ended(NIET_BEVOEGD)
  expect(other.refusal.value).toBe('U mag deze taak niet (meer) inzien.')
  expect(opened.value).toBeUndefined()
})

test('the logboek shows since when somebody has the task', async () => {
  const { fake, opened } = opening('taak')
  ;(await fake.made(0)).answer(read('taak'))
  await flushPromises()
  expect(opened.value && assignedSince(opened.value)).toBeUndefined()
  fake.subscriptions[0]?.next(taken(2))
  expect(opened.value && assignedSince(opened.value)).toBe('2026-03-02T10:00:00.000Z')
})
