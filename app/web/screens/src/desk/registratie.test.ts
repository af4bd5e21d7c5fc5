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

  it('reports the registered klantcontact, and starts a new concept with new ids', async () => {
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

  it('says that it is not confirmed when no answer came, and retries with the same input', async () => {
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

  it('retries at once after a reconnect, even while the lost answer is still awaited', async () => {
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

  it('continues when the employee has logged in again', async () => {
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

  it('continues after a reload, with the same input', async () => {
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

  it('leaves it to the employee when the unconfirmed registration is old', async () => {
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

  it('shows the errors of the server at their fields, and counts as not sent', async () => {
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

  it('shows the errors of the server about the citizen at their fields', async () => {
    const { fake, concept, registratie, typed } = setUp()
    typed()
    concept.klant = { ...concept.klant, telefoonnummer: '0900 1234567' }
    registratie.send()
    const velden = [{ pad: ['input', 'betrokkene', 'digitaleAdressen', '0', 'adres'], bericht: 'Niet te bellen.' }]
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'OngeldigeInvoer', bericht: 'Nee.', velden } })
    await flushPromises()
    expect(registratie.state).toMatchObject({ errors: {}, klant: { telefoonnummer: 'Niet te bellen.' }, alert: '' })
  })

  it('shows why the employee may not register', async () => {
    const { fake, registratie, typed } = setUp()
    typed()
    registratie.send()
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'NietBevoegd', bericht: 'Dat mag u niet.' } })
    await flushPromises()
    expect(registratie.state.alert).toBe('Dat mag u niet.')
  })

  it('stops for the employee to change the form, and keeps its text and ids', async () => {
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

  it('shows the first version when that was registered, and keeps the changes as a new concept', async () => {
    const { concept, fake, geregistreerd, registratie, storedContact } = await stoppedAfterALostAnswer()
    const { klantcontactId } = concept
    concept.inhoud = 'Monument'
    registratie.send()
    const sent = await fake.made(1)
    sent.answer(ALREADY_USED)
    const lookup = await fake.made(2)
    expect(lookup).toMatchObject({ document: GeregistreerdDocument, variables: { id: klantcontactId } })
    lookup.answer({ klantcontact: storedContact() })
    await flushPromises()
    expect(geregistreerd).toMatchObject([{ klantcontact: { id: klantcontactId }, difference: 'Inhoud: Monument' }])
    expect(concept).toMatchObject({ onderwerp: 'Dakkapel', inhoud: 'Monument', verzonden: null })
    expect(concept.klantcontactId).not.toBe(klantcontactId)
  })

  it('remembers a first version that may be registered, even when the second try is refused', async () => {
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

  it('reports a first version that was registered after all, even while it is being changed', async () => {
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

  it('gets new ids when those of a concept that was never sent are in use', async () => {
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
