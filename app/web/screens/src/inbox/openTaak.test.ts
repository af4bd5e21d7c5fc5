import { effectScope, nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import type { Api } from '../api/api'
import { aFact, aTask, FakeApi, fakeRetryContext, flushPromises } from '../desk/fakes'
import { BETROKKENE, BURGERZAKEN, NIET_BEVOEGD, VINCENT } from './fakes'
import { assignedSince, useOpenTaak } from './openTaak'

const read = (id: string, versie = 1) => ({ interneTaak: { ...aTask({ id, versie }), geregistreerdDoor: VINCENT } })
const withBetrokkenen = (betrokkenen: unknown) => {
  const { interneTaak } = read('taak')
  const contact = { ...interneTaak.ontstaanUitKlantcontact, betrokkenen, contactgegevensVerwijderdOp: null }
  return { interneTaak: { ...interneTaak, ontstaanUitKlantcontact: contact } }
}
/** A task as a subscription has it: without whom the klantcontact was with. */
const followed = (more: Parameters<typeof aTask>[0]) => {
  const taak = aTask(more)
  Reflect.deleteProperty(taak.ontstaanUitKlantcontact, 'betrokkenen')
  return taak
}
const changed = (versie: number) => ({
  interneTaak: { ...aFact({ versie, soort: 'CONTACTGEGEVENS_GEWIJZIGD' }), interneTaak: followed({ versie }) },
})
const taken = (versie: number, more = {}) => ({
  interneTaak: {
    ...aFact({ versie, soort: 'GENOMEN', medewerker: VINCENT }),
    interneTaak: followed({ versie, medewerker: VINCENT, ...more }),
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

test('whom to call stays as a query gave it, and is read again when it changed', async () => {
  const { fake, opened } = opening('taak')
  ;(await fake.made(0)).answer(withBetrokkenen([BETROKKENE]))
  await flushPromises()
  fake.subscriptions[0]?.next(taken(2))
  expect(opened.value?.contact.betrokkenen).toEqual([BETROKKENE])
  expect(opened.value?.taak.ontstaanUitKlantcontact).not.toHaveProperty('betrokkenen')
  fake.subscriptions[0]?.next(changed(3))
  fake.subscriptions[0]?.next(changed(4))
  const [late, last] = [await fake.made(1), await fake.made(2)]
  last.answer(withBetrokkenen([{ ...BETROKKENE, versie: 3 }]))
  await flushPromises()
  late.answer(withBetrokkenen([{ ...BETROKKENE, versie: 2 }]))
  await flushPromises()
  expect(opened.value?.contact.betrokkenen?.[0]?.versie).toBe(3)
})

test('whom to call is shown as a mutation gave it, at its own klantcontact', async () => {
  const { fake, opened, upsertBetrokkene } = opening('taak')
  ;(await fake.made(0)).answer(withBetrokkenen([]))
  await flushPromises()
  upsertBetrokkene('ander', BETROKKENE)
  expect(opened.value?.contact.betrokkenen).toEqual([])
  upsertBetrokkene('contact', BETROKKENE)
  expect(opened.value?.contact.betrokkenen).toEqual([BETROKKENE])
})
