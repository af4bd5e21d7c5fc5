import { describe, expect, it } from 'vitest'
import { aBetrokkene, aFact, aTask, aTaskWith, FakeApi, fakeRetryContext, flushPromises, VINCENT } from './fakes'
import { newDoorverbindingen } from './doorverbindingen'

function setUp() {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const announced: string[] = []
  const doorverbindingen = newDoorverbindingen({
    api: fake.api,
    pause: retryContext.pause,
    medewerkerId: 'karin',
    onFact: ({ taak }, { soort }) => void announced.push(`${taak.id} ${soort}`),
  })
  const read = async (number: number, ...taken: ReturnType<typeof aTask>[]) => {
    const interneTaken = taken.map(({ logboek, ...taak }) => ({ ...taak, laatsteGebeurtenis: logboek.at(-1) }))
    const reading = doorverbindingen.read()
    const call = await fake.made(number)
    call.answer({ klantcontacten: { edges: [{ node: { id: 'contact', interneTaken } }] } })
    await reading
  }
  return { fake, retryContext, announced, doorverbindingen, read }
}

const GENOMEN = aFact({ versie: 2, soort: 'GENOMEN', door: VINCENT, medewerker: VINCENT })
const TAKEN = aTask({ versie: 2, medewerker: VINCENT, logboek: [aFact(), GENOMEN] })

describe('doorverbindingen', () => {
  it('are listed newest first, and have a subscription from their versie while they are te doen', async () => {
    const { fake, doorverbindingen, read } = setUp()
    await read(
      0,
      aTask({ id: 'oud', versie: 3, logboek: [aFact({ versie: 3 })] }),
      aTask({ id: 'gedaan', status: 'GEDAAN', geregistreerdOp: '2026-03-02T10:00:02.000Z' }),
      aTask({ id: 'nieuw', geregistreerdOp: '2026-03-02T10:00:03.000Z' }),
    )
    expect(doorverbindingen.all.value.map(({ taak }) => taak.id)).toEqual(['nieuw', 'gedaan', 'oud'])
    expect(fake.subscriptions.map(({ variables }) => variables)).toEqual([
      { id: 'nieuw', naVersie: 1 },
      { id: 'oud', naVersie: 3 },
    ])
  })

  it('report each fact once, whichever way it arrives', async () => {
    const { fake, announced, doorverbindingen, read } = setUp()
    await read(0, aTask())
    expect(announced).toEqual([])
    fake.subscriptions[0]?.next({ interneTaak: { ...GENOMEN, interneTaak: TAKEN } })
    doorverbindingen.put(TAKEN)
    expect(announced).toEqual(['taak GENOMEN'])
    expect(doorverbindingen.get('taak')?.facts.map(({ soort }) => soort)).toEqual(['GEREGISTREERD', 'GENOMEN'])
  })

  it('have no subscription any more when they are done, unless their card is open', async () => {
    const { fake, doorverbindingen, read } = setUp()
    await read(0, aTask({ id: 'een' }), aTask({ id: 'twee' }))
    doorverbindingen.openId.value = 'een'
    doorverbindingen.put(
      aTask({ id: 'een', status: 'GEDAAN', versie: 2 }),
      aTask({ id: 'twee', status: 'GEDAAN', versie: 2 }),
    )
    const stopped = Object.fromEntries(fake.subscriptions.map((one) => [one.variables.id, one.stopped]))
    expect(stopped).toEqual({ een: false, twee: true })
  })

  it('are read with their whole logboek when they are opened', async () => {
    const { fake, doorverbindingen, read } = setUp()
    await read(0, TAKEN)
    doorverbindingen.openId.value = 'taak'
    const call = await fake.made(1)
    call.answer({ interneTaak: TAKEN })
    await flushPromises()
    expect(doorverbindingen.opened.value?.facts).toHaveLength(2)
  })

  it('get a new subscription from their versie after an error, or when they are read again', async () => {
    const { fake, retryContext, read } = setUp()
    await read(0, TAKEN)
    fake.subscriptions[0]?.ended({ kind: 'unreachable', code: 'INTERNE_FOUT', bericht: '' })
    retryContext.endPauses()
    await flushPromises()
    expect(fake.subscriptions[1]?.variables).toEqual({ id: 'taak', naVersie: 2 })
    fake.subscriptions[1]?.ended({ kind: 'refused', code: 'NIET_BEVOEGD', bericht: 'Nee.' })
    retryContext.endPauses()
    await flushPromises()
    expect(fake.subscriptions).toHaveLength(2)
    await read(1, TAKEN)
    expect(fake.subscriptions).toHaveLength(3)
  })

  it('have at most a hundred subscriptions', async () => {
    const { fake, read } = setUp()
    await read(0, ...Array.from({ length: 120 }, (_nothing, index) => aTask({ id: `taak ${index}` })))
    expect(fake.subscriptions).toHaveLength(100)
  })
  it('keep whom the contact was with, which a subscription never has', async () => {
    const { fake, doorverbindingen } = setUp()
    doorverbindingen.put(aTaskWith(aBetrokkene()))
    fake.subscriptions[0]?.next({ interneTaak: { ...GENOMEN, interneTaak: TAKEN } })
    expect(doorverbindingen.get('taak')?.betrokkenen).toEqual([aBetrokkene()])
    doorverbindingen.putBetrokkene('contact', aBetrokkene({ versie: 2 }))
    doorverbindingen.put(aTaskWith(aBetrokkene(), { versie: 2 }))
    expect(doorverbindingen.get('taak')?.betrokkenen?.[0]?.versie).toBe(2)
  })

  it('are read again with whom to call when a colleague noted that', async () => {
    const { fake, doorverbindingen } = setUp()
    doorverbindingen.put(aTask())
    doorverbindingen.openId.value = 'taak'
    await flushPromises()
    const fact = aFact({ versie: 2, soort: 'CONTACTGEGEVENS_GEWIJZIGD' })
    fake.subscriptions[0]?.next({ interneTaak: { ...fact, interneTaak: aTask({ versie: 2 }) } })
    const call = await fake.made(0)
    call.answer({ interneTaak: aTaskWith(aBetrokkene(), { versie: 2, logboek: [aFact(), fact] }) })
    await flushPromises()
    expect(doorverbindingen.opened.value?.betrokkenen).toEqual([aBetrokkene()])
  })

  it('show the card of a colleague, but list only what this employee registered', () => {
    const { doorverbindingen } = setUp()
    const taak = aTask()
    const contact = { ...taak.ontstaanUitKlantcontact, medewerker: VINCENT }
    doorverbindingen.put({ ...taak, ontstaanUitKlantcontact: contact })
    doorverbindingen.openId.value = 'taak'
    expect(doorverbindingen.all.value).toEqual([])
    expect(doorverbindingen.opened.value?.taak.id).toBe('taak')
  })
})
