// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DoorverbondenTaakDocument, LichtToeDocument } from '../api/gql/graphql'
import { aFact, aTask, FakeApi, fakeRetryContext, KARIN, flushPromises } from './fakes'
import type { WithLock } from '../ui/lock'
import { newToelichtingen } from './toelichtingen'
import { newDoorverbindingen } from './doorverbindingen'

const TEXT = 'Het is een monument.'
const noted = (versie: number, toelichting = TEXT) =>
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

describe('a note', () => {
  beforeEach(() => sessionStorage.clear())

  it('is sent as it is stored, and the next can be typed at once', async () => {
    const { fake, toelichtingen, form } = setUp()
    form.typed = ` ${TEXT}\r\n`
    expect(toelichtingen.send('taak')).toBe(true)
    expect(form.typed).toBe('')
    const call = await fake.made(0)
    expect(call).toMatchObject({ document: LichtToeDocument, variables: { input: { toelichting: TEXT } } })
    call.answer(answered(noted(2)))
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

  it('whose answer was lost is not sent again where it stands in the logbook', async () => {
    const { fake, form } = await withALostAnswer()
    const look = await fake.made(1)
    expect(look.document).toBe(DoorverbondenTaakDocument)
    look.answer({ interneTaak: noted(2) })
    await flushPromises()
    expect(form.queue).toEqual([])
    expect(fake.calls).toHaveLength(2)
  })

  it('whose answer was lost is sent again only when it cannot arrive any more', async () => {
    const { fake, retryContext, form } = await withALostAnswer()
    const look = await fake.made(1)
    look.answer({ interneTaak: aTask() })
    await flushPromises()
    expect(form.queue).toHaveLength(1)
    fake.time += 20_000
    retryContext.endPauses()
    const again = await fake.made(2)
    again.answer({ interneTaak: aTask() })
    const sent = await fake.made(3)
    expect(sent.document).toBe(LichtToeDocument)
    sent.answer(answered(noted(2)))
    await flushPromises()
    expect(form.queue).toEqual([])
  })

  it('is another one than the same words before it', async () => {
    const { fake, retryContext, toelichtingen, form } = setUp()
    form.typed = TEXT
    toelichtingen.send('taak')
    const first = await fake.made(0)
    first.answer(answered(noted(2)))
    await flushPromises()
    form.typed = TEXT
    toelichtingen.send('taak')
    const second = await fake.made(1)
    second.fail('unreachable')
    await flushPromises()
    retryContext.endPauses()
    const look = await fake.made(2)
    look.answer({ interneTaak: noted(2) })
    await flushPromises()
    expect(form.queue).toHaveLength(1)
  })

  it('that is on its way is there after a reload, and is looked for before it is sent', async () => {
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

  it('that waits behind another goes out from one tab only, when its tab is copied', async () => {
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
    sent.answer(answered(noted(2)))
    ;(await first.fake.made(1)).answer(answered(noted(3, 'Er is haast bij.')))
    const [one, two] = [noted(2), noted(3, 'Er is haast bij.')]
    const both = { interneTaak: { ...two, logboek: [...one.logboek, ...two.logboek.slice(1)] } }
    ;(await copy.fake.made(0)).answer(both)
    ;(await copy.fake.made(1)).answer(both)
    await flushPromises()
    expect(copy.form.queue).toEqual([])
    expect(copy.fake.calls.map(({ document }) => document)).not.toContain(LichtToeDocument)
  })

  it('that is refused stands in its field again, before what was typed meanwhile', async () => {
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
