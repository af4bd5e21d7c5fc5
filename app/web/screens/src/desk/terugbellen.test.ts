// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { setConnectionState } from '../api/connection'
import type { BetrokkeneVeldenFragment, TaakMetLogboekFragment } from '../api/gql/graphql'
import { newDoorverbindingen } from './doorverbindingen'
import {
  aBetrokkene,
  aFact,
  aTask,
  aTaskWith,
  FakeApi,
  fakeRetryContext,
  flushPromises,
  KARIN,
  VINCENT,
} from './fakes'
import { newTerugbellen } from './terugbellen'

const GEVRAAGD = aFact({ versie: 2, soort: 'TERUGBELLEN_GEVRAAGD', door: KARIN })
const ASKED = { versie: 2, klantAanDeLijn: false, gevraagdeHandeling: 'Terugbellen', logboek: [aFact(), GEVRAAGD] }
const JANSEN = { voornaam: 'Piet', achternaam: 'Jansen', telefoonnummer: '06 12345678', email: '' }
const PIETERS: Partial<BetrokkeneVeldenFragment> = {
  contactnaam: { voorletters: null, voornaam: null, voorvoegselAchternaam: null, achternaam: 'Pieters' },
}

function setUp(taak: TaakMetLogboekFragment = aTask()) {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const { api } = fake
  const { pause } = retryContext
  const doorverbindingen = newDoorverbindingen({ api, pause, medewerkerId: 'karin', onFact: () => undefined })
  doorverbindingen.put(taak)
  const terugbellen = newTerugbellen({ api, retryContext, doorverbindingen, medewerkerId: 'karin' })
  const answer = async (number: number, __typename: string, more: object = {}) => {
    const call = await fake.made(number)
    call.answer({ vraagTerugbellen: { __typename, bericht: 'Nee.', ...more } })
    await flushPromises()
    return call
  }
  return { fake, retryContext, doorverbindingen, terugbellen, answer, ...terugbellen }
}

/** The dialog filled in and sent, for a contact that has nobody. */
function sent() {
  const all = setUp()
  void all.terugbellen.ask('taak')
  all.terugbellen.of('taak').klant = { ...JANSEN }
  void all.terugbellen.send('taak')
  return all
}

describe('calling back', () => {
  beforeEach(() => sessionStorage.clear())

  it('is asked in one go where a number stands', async () => {
    const { state, ask, answer, doorverbindingen } = setUp(aTaskWith(aBetrokkene()))
    void ask('taak')
    const call = await answer(0, 'InterneTaakGewijzigd', { interneTaak: aTaskWith(aBetrokkene(), ASKED) })
    expect(call.variables).toEqual({ input: { id: 'taak', versie: 1, betrokkene: null, toelichting: null } })
    expect(state).toMatchObject({ asking: false, busy: false, refusal: '' })
    expect(doorverbindingen.get('taak')?.taak.klantAanDeLijn).toBe(false)
  })

  it('asks for a name and a number where none stands, and needs the number', async () => {
    const { fake, state, ask, of, send, answer } = setUp()
    await ask('taak')
    expect(state.asking).toBe(true)
    await send('taak')
    expect(state.errors.telefoonnummer).toBeTruthy()
    expect(fake.calls).toEqual([])
    Object.assign(of('taak'), { klant: { ...JANSEN }, toelichting: 'Na vieren.' })
    void send('taak')
    const call = await answer(0, 'InterneTaakGewijzigd', { interneTaak: aTaskWith(aBetrokkene(), ASKED) })
    const digitaleAdressen = [{ soortDigitaalAdres: 'TELEFOONNUMMER', adres: '06 12345678' }]
    expect(call.variables).toMatchObject({ input: { betrokkene: { digitaleAdressen }, toelichting: 'Na vieren.' } })
    expect(state.asking).toBe(false)
    expect(of('taak').klant.telefoonnummer).toBe('')
  })

  it('opens the dialog when the server says that a number is missing, and shows errors at their fields', async () => {
    const { state, ask, answer } = setUp(aTaskWith(aBetrokkene()))
    void ask('taak')
    const velden = [{ pad: ['betrokkene', 'digitaleAdressen'], bericht: 'Vul een nummer in.' }]
    await answer(0, 'OngeldigeInvoer', { velden })
    expect(state).toMatchObject({ asking: true, busy: false, errors: { telefoonnummer: 'Vul een nummer in.' } })
  })

  it('succeeded when the first try did, although its answer was lost', async () => {
    const { fake, retryContext, state, answer } = sent()
    ;(await fake.made(0)).fail('unreachable')
    await flushPromises()
    expect(state).toMatchObject({ busy: true, unconfirmed: true })
    retryContext.endPauses()
    expect((await fake.made(1)).variables).toEqual(fake.calls[0]?.variables)
    await answer(1, 'VersieVerouderd', { interneTaak: aTask(ASKED) })
    expect(state).toMatchObject({ asking: false, busy: false, unconfirmed: false, refusal: '' })
  })

  it('is good news when a colleague just took the call over', async () => {
    const { state, of, answer } = sent()
    const interneTaak = aTask({ versie: 2, medewerker: VINCENT })
    await answer(0, 'OvergangGeweigerd', { interneTaak })
    expect(state).toMatchObject({ asking: false, refusal: '' })
    expect(state.news).toContain('Vincent de Vries heeft het gesprek net overgenomen')
    expect(of('taak').klant.telefoonnummer).toBe('')
  })

  it('tries a newer versie of a task that still waits', async () => {
    const { fake, answer } = sent()
    await answer(0, 'VersieVerouderd', { interneTaak: aTask({ versie: 3 }) })
    expect((await fake.made(1)).variables).toMatchObject({ input: { versie: 3 } })
  })

  it('shows who stands when a colleague noted somebody first, and calls that one back on request', async () => {
    const { fake, state, doorverbindingen, sendStanding, answer } = sent()
    await answer(0, 'BetrokkeneVersieVerouderd', { betrokkene: aBetrokkene(PIETERS) })
    expect(state).toMatchObject({ asking: true, refusal: 'Nee.' })
    expect(doorverbindingen.get('taak')?.betrokkenen?.[0]?.contactnaam?.achternaam).toBe('Pieters')
    void sendStanding('taak')
    expect((await fake.made(1)).variables).toMatchObject({ input: { betrokkene: null } })
  })

  it('corrects who stands before it asks, where that one has no number', async () => {
    const stands = aBetrokkene({ digitaleAdressen: [] })
    const { fake, state, ask, of, send } = setUp(aTaskWith(stands))
    await ask('taak')
    expect([state.asking, of('taak').klant.voornaam]).toEqual([true, 'Jan'])
    of('taak').klant.telefoonnummer = '06 12345678'
    void send('taak')
    const correction = await fake.made(0)
    expect(correction.variables).toMatchObject({ input: { id: 'betrokkene', versie: 1 } })
    correction.answer({ wijzigBetrokkene: { __typename: 'BetrokkeneVastgelegd', betrokkene: aBetrokkene() } })
    expect((await fake.made(1)).variables).toMatchObject({ input: { id: 'taak', betrokkene: null } })
  })

  it('keeps what is typed for its task when the dialog closes, but not what stands already', async () => {
    const { ask, of, close } = setUp()
    await ask('taak')
    of('taak').klant.achternaam = 'Jansen'
    close()
    expect(setUp().of('taak').klant.achternaam).toBe('Jansen')
    const other = setUp(aTaskWith(aBetrokkene({ digitaleAdressen: [] }), { id: 'ander' }))
    await other.ask('ander')
    other.close()
    expect(sessionStorage.getItem('overdracht.getypt.terugbellen.karin')).not.toContain('Berg')
  })

  it('is asked again at once after a reconnect', async () => {
    const { fake, retryContext } = sent()
    setConnectionState(retryContext.connection, 'connected')
    const first = await fake.made(0)
    setConnectionState(retryContext.connection, 'disconnected')
    setConnectionState(retryContext.connection, 'connected')
    expect((await fake.made(1)).variables).toEqual(first.variables)
  })
})
