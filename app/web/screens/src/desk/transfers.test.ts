import { describe, expect, it } from 'vitest'
import { aFact, aTask, FakeApi, fakeLine, settled, VINCENT } from './fakes'
import { newTransfers } from './transfers'

function setUp() {
  const fake = new FakeApi()
  const line = fakeLine()
  const told: string[] = []
  const transfers = newTransfers({
    api: fake.api,
    pause: line.pause,
    medewerkerId: 'karin',
    told: ({ taak }, { soort }) => void told.push(`${taak.id} ${soort}`),
  })
  const reading = async (number: number, ...taken: ReturnType<typeof aTask>[]) => {
    const interneTaken = taken.map(({ logboek, ...taak }) => ({ ...taak, laatsteGebeurtenis: logboek.at(-1) }))
    const read = transfers.read()
    const call = await fake.made(number)
    call.answer({ klantcontacten: { edges: [{ node: { id: 'contact', interneTaken } }] } })
    await read
  }
  return { fake, line, told, transfers, reading }
}

const GENOMEN = aFact({ versie: 2, soort: 'GENOMEN', door: VINCENT, medewerker: VINCENT })
const TAKEN = aTask({ versie: 2, medewerker: VINCENT, logboek: [aFact(), GENOMEN] })

describe('transfers', () => {
  it('are listed newest first, and followed from where they stand while they are to be done', async () => {
    const { fake, transfers, reading } = setUp()
    await reading(
      0,
      aTask({ id: 'oud', versie: 3, logboek: [aFact({ versie: 3 })] }),
      aTask({ id: 'gedaan', status: 'GEDAAN', geregistreerdOp: '2026-03-02T10:00:02.000Z' }),
      aTask({ id: 'nieuw', geregistreerdOp: '2026-03-02T10:00:03.000Z' }),
    )
    expect(transfers.all.value.map(({ taak }) => taak.id)).toEqual(['nieuw', 'gedaan', 'oud'])
    expect(fake.following.map(({ variables }) => variables)).toEqual([
      { id: 'nieuw', naVersie: 1 },
      { id: 'oud', naVersie: 3 },
    ])
  })

  it('tell once of what happens to them, whichever way it comes', async () => {
    const { fake, told, transfers, reading } = setUp()
    await reading(0, aTask())
    expect(told).toEqual([])
    fake.following[0]?.next({ interneTaak: { ...GENOMEN, interneTaak: TAKEN } })
    transfers.put(TAKEN)
    expect(told).toEqual(['taak GENOMEN'])
    expect(transfers.get('taak')?.facts.map(({ soort }) => soort)).toEqual(['GEREGISTREERD', 'GENOMEN'])
  })

  it('are followed no longer when they are done, unless they are looked at', async () => {
    const { fake, transfers, reading } = setUp()
    await reading(0, aTask({ id: 'een' }), aTask({ id: 'twee' }))
    transfers.openId.value = 'een'
    transfers.put(
      aTask({ id: 'een', status: 'GEDAAN', versie: 2 }),
      aTask({ id: 'twee', status: 'GEDAAN', versie: 2 }),
    )
    const stopped = Object.fromEntries(fake.following.map((one) => [one.variables.id, one.stopped]))
    expect(stopped).toEqual({ een: false, twee: true })
  })

  it('are read with their whole logbook when they are opened', async () => {
    const { fake, transfers, reading } = setUp()
    await reading(0, TAKEN)
    transfers.openId.value = 'taak'
    const call = await fake.made(1)
    call.answer({ interneTaak: TAKEN })
    await settled()
    expect(transfers.opened.value?.facts).toHaveLength(2)
  })

  it('are followed again from where they stand when following broke off, or when they are read again', async () => {
    const { fake, line, reading } = setUp()
    await reading(0, TAKEN)
    fake.following[0]?.ended({ kind: 'onbereikbaar', code: 'INTERNE_FOUT', bericht: '' })
    line.pausesEnd()
    await settled()
    expect(fake.following[1]?.variables).toEqual({ id: 'taak', naVersie: 2 })
    fake.following[1]?.ended({ kind: 'geweigerd', code: 'NIET_BEVOEGD', bericht: 'Nee.' })
    line.pausesEnd()
    await settled()
    expect(fake.following).toHaveLength(2)
    await reading(1, TAKEN)
    expect(fake.following).toHaveLength(3)
  })

  it('are at most a hundred that are followed', async () => {
    const { fake, reading } = setUp()
    await reading(0, ...Array.from({ length: 120 }, (_nothing, index) => aTask({ id: `taak ${index}` })))
    expect(fake.following).toHaveLength(100)
  })
})
