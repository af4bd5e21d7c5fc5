// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DoorverbondenTaakDocument, LichtToeDocument } from '../api/gql/graphql'
import { aFact, aTask, FakeApi, fakeRetryContext, KARIN, flushPromises } from './fakes'
import type { WithLock } from '../ui/lock'
import { newToelichtingen } from './toelichtingen'
import { newDoorverbindingen } from './doorverbindingen'

const TEXT = 'Het is een monument.'
const taakWith = (versie: number, toelichting = TEXT) =>
  aTask({
    versie,
    logboek: [aFact(), aFact({ versie, soort: 'TOEGELICHT', door: KARIN, toelichting })],
  })
const answered = (interneTaak: object) => ({
  voegToelichtingToe: { __typename: 'InterneTaakGewijzigd', interneTaak },
})

function setUp(withLock?: WithLock) {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const doorverbindingen = newDoorverbindingen({
    api: fake.api,
    pause: retryContext.pause,
    medewerkerId: 'karin',
    onFact: () => undefined,
  })
  doorverbindingen.put(aTask())
  const toelichtingen = newToelichtingen({
    api: fake.api,
    retryContext,
    doorverbindingen,
    medewerkerId: 'karin',
    ...(withLock ? { withLock } : {}),
  })
  return { fake, retryContext, toelichtingen, form: toelichtingen.of('taak') }
}

async function withALostAnswer() {
  const all = setUp()
  all.form.typed = TEXT
  all.toelichtingen.send('taak')
  const sent = await all.fake.made(0)
  sent.fail('unreachable')
  await flushPromises()
  all.retryContext.endPauses()
  return all
}

describe('a toelichting', () => {
  beforeEach(() => sessionStorage.clear())

  it('is sent normalized, and the next one can be typed at once', async () => {
    const { fake, toelichtingen, form } = setUp()
    form.typed = ` ${TEXT}\r\n`
    expect(toelichtingen.send('taak')).toBe(true)
    expect(form.typed).toBe('')
    const call = await fake.made(0)
    expect(call).toMatchObject({ document: LichtToeDocument, variables: { input: { toelichting: TEXT } } })
    call.answer(answered(taakWith(2)))
    await flushPromises()
    expect(form.queue).toEqual([])
  })

  it('that is blank or too long is not sent', () => {
    const { fake, toelichtingen, form } = setUp()
    expect(toelichtingen.send('taak')).toBe(false)
    form.typed = 'a'.repeat(1001)
    expect(toelichtingen.send('taak')).toBe(false)
    expect(form.refusal).toBeTruthy()
    expect(fake.calls).toEqual([])
  })

  it('whose answer was lost is not sent again when it is in the logboek', async () => {
    const { fake, form } = await withALostAnswer()
    const lookup = await fake.made(1)
    expect(lookup.document).toBe(DoorverbondenTaakDocument)
    lookup.answer({ interneTaak: taakWith(2) })
    await flushPromises()
    expect(form.queue).toEqual([])
    expect(fake.calls).toHaveLength(2)
  })

  it('whose answer was lost is sent again only when it cannot arrive any more', async () => {
    const { fake, retryContext, form } = await withALostAnswer()
    const lookup = await fake.made(1)
    lookup.answer({ interneTaak: aTask() })
    await flushPromises()
    expect(form.queue).toHaveLength(1)
    fake.time += 20_000
    retryContext.endPauses()
    const again = await fake.made(2)
    again.answer({ interneTaak: aTask() })
    const sent = await fake.made(3)
    expect(sent.document).toBe(LichtToeDocument)
    sent.answer(answered(taakWith(2)))
    await flushPromises()
    expect(form.queue).toEqual([])
  })

  it('is not confused with an earlier one with the same text', async () => {
    const { fake, retryContext, toelichtingen, form } = setUp()
    form.typed = TEXT
    toelichtingen.send('taak')
    const first = await fake.made(0)
    first.answer(answered(taakWith(2)))
    await flushPromises()
    form.typed = TEXT
    toelichtingen.send('taak')
    const second = await fake.made(1)
    second.fail('unreachable')
    await flushPromises()
    retryContext.endPauses()
    const lookup = await fake.made(2)
    lookup.answer({ interneTaak: taakWith(2) })
    await flushPromises()
    expect(form.queue).toHaveLength(1)
  })

  it('that is being sent survives a reload, and the logboek is checked before it is sent again', async () => {
    const before = setUp()
    before.form.typed = TEXT
    before.toelichtingen.send('taak')
    before.form.typed = 'nog iets'
    await before.fake.made(0)
    before.toelichtingen.stop()
    const after = setUp()
    expect(after.form).toMatchObject({ typed: 'nog iets', queue: [{ text: TEXT }] })
    after.toelichtingen.resume()
    expect((await after.fake.made(0)).document).toBe(DoorverbondenTaakDocument)
  })

  it('that waits in the queue of a copied tab is sent by one tab only', async () => {
    let before = Promise.resolve()
    const withLock: WithLock = (_, deed) => (before = before.then(deed))
    const first = setUp(withLock)
    for (const text of [TEXT, 'Er is haast bij.']) {
      first.form.typed = text
      first.toelichtingen.send('taak')
    }
    const sent = await first.fake.made(0)
    const copy = setUp(withLock)
    copy.toelichtingen.resume()
    sent.answer(answered(taakWith(2)))
    ;(await first.fake.made(1)).answer(answered(taakWith(3, 'Er is haast bij.')))
    const [one, two] = [taakWith(2), taakWith(3, 'Er is haast bij.')]
    const both = { interneTaak: { ...two, logboek: [...one.logboek, ...two.logboek.slice(1)] } }
    ;(await copy.fake.made(0)).answer(both)
    ;(await copy.fake.made(1)).answer(both)
    await flushPromises()
    expect(copy.form.queue).toEqual([])
    expect(copy.fake.calls.map(({ document }) => document)).not.toContain(LichtToeDocument)
  })

  it('that is refused is put back into its field, before what was typed since', async () => {
    const { fake, toelichtingen, form } = setUp()
    form.typed = TEXT
    toelichtingen.send('taak')
    form.typed = 'nog iets'
    const call = await fake.made(0)
    call.answer({ voegToelichtingToe: { __typename: 'NietBevoegd', bericht: 'Dat mag u niet.' } })
    await flushPromises()
    expect(form).toMatchObject({ typed: `${TEXT}\nnog iets`, queue: [], refusal: 'Dat mag u niet.' })
  })
})
