// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { setConnectionState } from '../api/connection'
import { GeregistreerdDocument, RegistreerDocument } from '../api/gql/graphql'
import { storedConcept } from './concept'
import { aContact, FakeApi, fakeRetryContext, flushPromises } from './fakes'
import { newRegistratie, type Geregistreerd } from './registratie'

const ALREADY_USED = {
  registreerKlantcontact: { __typename: 'IdAlInGebruik', bericht: 'Dit kenmerk is in gebruik.' },
}

function setUp() {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const concept = storedConcept('karin')
  const geregistreerd: Geregistreerd[] = []
  const suggested = () => ['Overname gesprek met klant']
  const onGeregistreerd = (what: Geregistreerd) => void geregistreerd.push(what)
  const registratie = newRegistratie({ api: fake.api, retryContext, concept, suggested, onGeregistreerd })
  const typed = () => Object.assign(concept, { onderwerp: 'Dakkapel', afdelingId: 'vergunningen' })
  const storedContact = () => aContact({ id: concept.klantcontactId })
  const success = () => ({
    registreerKlantcontact: { __typename: 'KlantcontactGeregistreerd', klantcontact: storedContact() },
  })
  return { fake, retryContext, concept, geregistreerd, registratie, typed, storedContact, success }
}

/** A registration that was sent, got no answer, and was stopped by the employee. */
async function stoppedAfterALostAnswer() {
  const all = setUp()
  all.typed()
  all.registratie.send()
  const first = await all.fake.made(0)
  first.fail('unreachable')
  await flushPromises()
  all.registratie.change()
  return all
}

describe('registratie', () => {
  beforeEach(() => sessionStorage.clear())

  it('sends nothing that the server would refuse', () => {
    const { fake, registratie } = setUp()
    expect(registratie.send()).toBe(false)
    expect(registratie.state.errors.onderwerp).toBeTruthy()
    expect(fake.calls).toEqual([])
  })

  it('hands on what was registered, and begins a new draft under new ids', async () => {
    const { fake, concept, geregistreerd, registratie, typed, success } = setUp()
    const { klantcontactId, taakId } = typed()
    registratie.send()
    const call = await fake.made(0)
    expect(call.variables).toMatchObject({ input: { id: klantcontactId, interneTaken: [{ id: taakId }] } })
    call.answer(success())
    await flushPromises()
    expect(geregistreerd).toMatchObject([{ klantcontact: { id: klantcontactId }, difference: '' }])
    expect(concept).toMatchObject({ onderwerp: '', verzonden: null })
    expect(concept.klantcontactId).not.toBe(klantcontactId)
    expect(registratie.state.busy).toBe(false)
  })

  it('says that it is not confirmed where no answer came, and tries again with the same', async () => {
    const { fake, retryContext, registratie, typed } = setUp()
    typed()
    registratie.send()
    const first = await fake.made(0)
    first.fail('unreachable')
    await flushPromises()
    expect(registratie.state).toMatchObject({ busy: true, unconfirmed: true })
    retryContext.endPauses()
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
  })

  it('tries again at once when the line comes back, even before the lost answer is given up', async () => {
    const { fake, retryContext, geregistreerd, registratie, typed, success } = setUp()
    typed()
    setConnectionState(retryContext.connection, 'connected')
    registratie.send()
    const first = await fake.made(0)
    setConnectionState(retryContext.connection, 'disconnected')
    expect(registratie.state.unconfirmed).toBe(true)
    setConnectionState(retryContext.connection, 'connected')
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
    const answer = success()
    second.answer(answer)
    first.answer(answer)
    await flushPromises()
    expect(geregistreerd).toHaveLength(1)
  })

  it('goes on when its user has logged in again', async () => {
    const { fake, retryContext, registratie, typed } = setUp()
    typed()
    registratie.send()
    const first = await fake.made(0)
    retryContext.session.expired = true
    first.fail('login-expired')
    await flushPromises()
    retryContext.session.expired = false
    expect((await fake.made(1)).variables).toEqual(first.variables)
  })

  it('goes on after a reload, with what was sent', async () => {
    const before = setUp()
    before.typed()
    before.registratie.send()
    const first = await before.fake.made(0)
    before.registratie.stop()
    const after = setUp()
    after.registratie.resume()
    expect((await after.fake.made(0)).variables).toEqual(first.variables)
    first.answer(before.success())
    await flushPromises()
    expect(before.geregistreerd).toEqual([])
  })

  it('leaves it to its user where what was sent is old', async () => {
    const before = setUp()
    before.typed()
    before.registratie.send()
    before.registratie.stop()
    const after = setUp()
    after.fake.time += 6 * 60_000
    after.registratie.resume()
    expect(after.registratie.state.alert).toContain('niet bevestigd')
    expect(after.fake.calls).toEqual([])
    expect(after.concept).toMatchObject({ onderwerp: 'Dakkapel', klantcontactId: before.concept.klantcontactId })
  })

  it('shows at its fields what the server refuses, and has sent nothing then', async () => {
    const { fake, concept, registratie, typed } = setUp()
    typed()
    registratie.send()
    const velden = [{ pad: ['input', 'interneTaken', '0', 'organisatorischeEenheidId'], bericht: 'gesloten.' }]
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'OngeldigeInvoer', bericht: 'Nee.', velden } })
    await flushPromises()
    expect(registratie.state).toMatchObject({ busy: false, errors: { afdeling: 'gesloten.' }, alert: '' })
    expect(concept).toMatchObject({ onderwerp: 'Dakkapel', verzonden: null })
  })

  it('says why somebody may not', async () => {
    const { fake, registratie, typed } = setUp()
    typed()
    registratie.send()
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'NietBevoegd', bericht: 'Dat mag u niet.' } })
    await flushPromises()
    expect(registratie.state.alert).toBe('Dat mag u niet.')
  })

  it('gives the form back when its user wants to change it, text and ids and all', async () => {
    const { concept, fake, retryContext, registratie } = await stoppedAfterALostAnswer()
    const { klantcontactId } = concept
    expect(registratie.state).toMatchObject({ busy: false, unconfirmed: false })
    retryContext.endPauses()
    await flushPromises()
    expect(fake.calls).toHaveLength(1)
    concept.inhoud = 'Monument'
    registratie.send()
    expect((await fake.made(1)).variables).toMatchObject({ input: { id: klantcontactId, inhoud: 'Monument' } })
  })

  it('shows the first version where that was registered, and keeps what was changed as a new draft', async () => {
    const { concept, fake, geregistreerd, registratie, storedContact } = await stoppedAfterALostAnswer()
    const { klantcontactId } = concept
    concept.inhoud = 'Monument'
    registratie.send()
    const sent = await fake.made(1)
    sent.answer(ALREADY_USED)
    const asked = await fake.made(2)
    expect(asked).toMatchObject({ document: GeregistreerdDocument, variables: { id: klantcontactId } })
    asked.answer({ klantcontact: storedContact() })
    await flushPromises()
    expect(geregistreerd).toMatchObject([{ klantcontact: { id: klantcontactId }, difference: 'Inhoud: Monument' }])
    expect(concept).toMatchObject({ onderwerp: 'Dakkapel', inhoud: 'Monument', verzonden: null })
    expect(concept.klantcontactId).not.toBe(klantcontactId)
  })

  it('remembers a first version that may be registered, also where the second try is refused', async () => {
    const { concept, fake, retryContext, registratie, typed } = setUp()
    const { klantcontactId } = typed()
    registratie.send()
    const first = await fake.made(0)
    first.fail('unreachable')
    await flushPromises()
    retryContext.endPauses()
    const second = await fake.made(1)
    second.fail('refused', 'Dat kan nu niet.')
    await flushPromises()
    expect(registratie.state).toMatchObject({ busy: false, alert: 'Dat kan nu niet.' })
    concept.inhoud = 'Monument'
    registratie.send()
    const third = await fake.made(2)
    third.answer(ALREADY_USED)
    expect(await fake.made(3)).toMatchObject({ document: GeregistreerdDocument, variables: { id: klantcontactId } })
  })

  it('hears of a first version that was registered after all, also while it is being changed', async () => {
    const { concept, fake, geregistreerd, registratie, typed, success } = setUp()
    typed()
    registratie.send()
    const first = await fake.made(0)
    registratie.change()
    concept.inhoud = 'Monument'
    first.answer(success())
    await flushPromises()
    expect(geregistreerd).toMatchObject([{ difference: 'Inhoud: Monument' }])
    expect(concept.inhoud).toBe('Monument')
  })

  it('chooses new ids where those of a draft that was never sent belong to something else', async () => {
    const { concept, fake, geregistreerd, registratie, typed } = setUp()
    const { klantcontactId } = typed()
    registratie.send()
    const sent = await fake.made(0)
    sent.answer(ALREADY_USED)
    await flushPromises()
    expect(registratie.state.alert).toContain('Dit kenmerk is in gebruik.')
    expect(concept).toMatchObject({ onderwerp: 'Dakkapel', verzonden: null })
    expect(concept.klantcontactId).not.toBe(klantcontactId)
    expect(geregistreerd).toEqual([])
    registratie.send()
    expect(await fake.made(1)).toMatchObject({ document: RegistreerDocument })
  })
})
