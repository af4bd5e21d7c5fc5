// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DoorverbondenTaakDocument, LichtToeDocument } from '../api/gql/graphql'
import { aFact, aTask, FakeApi, fakeLine, KARIN, settled } from './fakes'
import type { Alone } from '../ui/alone'
import { newNotes } from './notes'
import { newTransfers } from './transfers'

const TEXT = 'Het is een monument.'
const noted = (versie: number, toelichting = TEXT) =>
  aTask({
    versie,
    logboek: [aFact(), aFact({ versie, soort: 'TOEGELICHT', door: KARIN, toelichting })],
  })
const answered = (interneTaak: object) => ({
  voegToelichtingToe: { __typename: 'InterneTaakGewijzigd', interneTaak },
})

function setUp(alone?: Alone) {
  const fake = new FakeApi()
  const line = fakeLine()
  const transfers = newTransfers({ api: fake.api, pause: line.pause, medewerkerId: 'karin', told: () => undefined })
  transfers.put(aTask())
  const notes = newNotes({ api: fake.api, line, transfers, medewerkerId: 'karin', ...(alone ? { alone } : {}) })
  return { fake, line, notes, book: notes.of('taak') }
}

async function withALostAnswer() {
  const all = setUp()
  all.book.typed = TEXT
  all.notes.send('taak')
  const sent = await all.fake.made(0)
  sent.fail('onbereikbaar')
  await settled()
  all.line.pausesEnd()
  return all
}

describe('a note', () => {
  beforeEach(() => sessionStorage.clear())

  it('is sent as it is stored, and the next can be typed at once', async () => {
    const { fake, notes, book } = setUp()
    book.typed = ` ${TEXT}\r\n`
    expect(notes.send('taak')).toBe(true)
    expect(book.typed).toBe('')
    const call = await fake.made(0)
    expect(call).toMatchObject({ document: LichtToeDocument, variables: { input: { toelichting: TEXT } } })
    call.answer(answered(noted(2)))
    await settled()
    expect(book.queue).toEqual([])
  })

  it('that is blank or too long is not sent', () => {
    const { fake, notes, book } = setUp()
    expect(notes.send('taak')).toBe(false)
    book.typed = 'a'.repeat(1001)
    expect(notes.send('taak')).toBe(false)
    expect(book.refusal).toBeTruthy()
    expect(fake.calls).toEqual([])
  })

  it('whose answer was lost is not sent again where it stands in the logbook', async () => {
    const { fake, book } = await withALostAnswer()
    const look = await fake.made(1)
    expect(look.document).toBe(DoorverbondenTaakDocument)
    look.answer({ interneTaak: noted(2) })
    await settled()
    expect(book.queue).toEqual([])
    expect(fake.calls).toHaveLength(2)
  })

  it('whose answer was lost is sent again only when it cannot arrive any more', async () => {
    const { fake, line, book } = await withALostAnswer()
    const look = await fake.made(1)
    look.answer({ interneTaak: aTask() })
    await settled()
    expect(book.queue).toHaveLength(1)
    fake.time += 20_000
    line.pausesEnd()
    const again = await fake.made(2)
    again.answer({ interneTaak: aTask() })
    const sent = await fake.made(3)
    expect(sent.document).toBe(LichtToeDocument)
    sent.answer(answered(noted(2)))
    await settled()
    expect(book.queue).toEqual([])
  })

  it('is another one than the same words before it', async () => {
    const { fake, line, notes, book } = setUp()
    book.typed = TEXT
    notes.send('taak')
    const first = await fake.made(0)
    first.answer(answered(noted(2)))
    await settled()
    book.typed = TEXT
    notes.send('taak')
    const second = await fake.made(1)
    second.fail('onbereikbaar')
    await settled()
    line.pausesEnd()
    const look = await fake.made(2)
    look.answer({ interneTaak: noted(2) })
    await settled()
    expect(book.queue).toHaveLength(1)
  })

  it('that is on its way is there after a reload, and is looked for before it is sent', async () => {
    const before = setUp()
    before.book.typed = TEXT
    before.notes.send('taak')
    before.book.typed = 'nog iets'
    await before.fake.made(0)
    before.notes.stop()
    const after = setUp()
    expect(after.book).toMatchObject({ typed: 'nog iets', queue: [{ text: TEXT }] })
    after.notes.resume()
    expect((await after.fake.made(0)).document).toBe(DoorverbondenTaakDocument)
  })

  it('that waits behind another goes out from one tab only, when its tab is copied', async () => {
    let before = Promise.resolve()
    const alone: Alone = (_, deed) => (before = before.then(deed))
    const first = setUp(alone)
    for (const text of [TEXT, 'Er is haast bij.']) {
      first.book.typed = text
      first.notes.send('taak')
    }
    const sent = await first.fake.made(0)
    const copy = setUp(alone)
    copy.notes.resume()
    sent.answer(answered(noted(2)))
    ;(await first.fake.made(1)).answer(answered(noted(3, 'Er is haast bij.')))
    const [one, two] = [noted(2), noted(3, 'Er is haast bij.')]
    const both = { interneTaak: { ...two, logboek: [...one.logboek, ...two.logboek.slice(1)] } }
    ;(await copy.fake.made(0)).answer(both)
    ;(await copy.fake.made(1)).answer(both)
    await settled()
    expect(copy.book.queue).toEqual([])
    expect(copy.fake.calls.map(({ document }) => document)).not.toContain(LichtToeDocument)
  })

  it('that is refused stands in its field again, before what was typed meanwhile', async () => {
    const { fake, notes, book } = setUp()
    book.typed = TEXT
    notes.send('taak')
    book.typed = 'nog iets'
    const call = await fake.made(0)
    call.answer({ voegToelichtingToe: { __typename: 'NietBevoegd', bericht: 'Dat mag u niet.' } })
    await settled()
    expect(book).toMatchObject({ typed: `${TEXT}\nnog iets`, queue: [], refusal: 'Dat mag u niet.' })
  })
})
