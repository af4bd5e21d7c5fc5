// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { became } from '../api/connection'
import { GeregistreerdDocument, RegistreerDocument } from '../api/gql/graphql'
import { keptDraft } from './draft'
import { aContact, FakeApi, fakeLine, settled } from './fakes'
import { newRegistering, type Registered } from './registering'

const ALREADY_USED = {
  registreerKlantcontact: { __typename: 'IdAlInGebruik', bericht: 'Dit kenmerk is in gebruik.' },
}

function setUp() {
  const fake = new FakeApi()
  const line = fakeLine()
  const draft = keptDraft('karin')
  const told: Registered[] = []
  const suggested = () => ['Overname gesprek met klant']
  const registered = (what: Registered) => void told.push(what)
  const registering = newRegistering({ api: fake.api, line, draft, suggested, registered })
  const typed = () => Object.assign(draft, { onderwerp: 'Dakkapel', afdelingId: 'vergunningen' })
  const standing = () => aContact({ id: draft.klantcontactId })
  const stands = () => ({
    registreerKlantcontact: { __typename: 'KlantcontactGeregistreerd', klantcontact: standing() },
  })
  return { fake, line, draft, told, registering, typed, standing, stands }
}

/** Sent, not answered, and stopped. */
async function stoppedAfterALostAnswer() {
  const all = setUp()
  all.typed()
  all.registering.send()
  const first = await all.fake.made(0)
  first.fail('onbereikbaar')
  await settled()
  all.registering.change()
  return all
}

describe('registering', () => {
  beforeEach(() => sessionStorage.clear())

  it('sends nothing that the server would refuse', () => {
    const { fake, registering } = setUp()
    expect(registering.send()).toBe(false)
    expect(registering.state.errors.onderwerp).toBeTruthy()
    expect(fake.calls).toEqual([])
  })

  it('hands on what was registered, and begins a new draft under new ids', async () => {
    const { fake, draft, told, registering, typed, stands } = setUp()
    const { klantcontactId, taakId } = typed()
    registering.send()
    const call = await fake.made(0)
    expect(call.variables).toMatchObject({ input: { id: klantcontactId, interneTaken: [{ id: taakId }] } })
    call.answer(stands())
    await settled()
    expect(told).toMatchObject([{ klantcontact: { id: klantcontactId }, difference: '' }])
    expect(draft).toMatchObject({ onderwerp: '', verzonden: null })
    expect(draft.klantcontactId).not.toBe(klantcontactId)
    expect(registering.state.busy).toBe(false)
  })

  it('says that it is not confirmed where no answer came, and tries again with the same', async () => {
    const { fake, line, registering, typed } = setUp()
    typed()
    registering.send()
    const first = await fake.made(0)
    first.fail('onbereikbaar')
    await settled()
    expect(registering.state).toMatchObject({ busy: true, unconfirmed: true })
    line.pausesEnd()
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
  })

  it('tries again at once when the line comes back, even before the lost answer is given up', async () => {
    const { fake, line, told, registering, typed, stands } = setUp()
    typed()
    became(line.connection, 'verbonden')
    registering.send()
    const first = await fake.made(0)
    became(line.connection, 'verbroken')
    expect(registering.state.unconfirmed).toBe(true)
    became(line.connection, 'verbonden')
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
    const answer = stands()
    second.answer(answer)
    first.answer(answer)
    await settled()
    expect(told).toHaveLength(1)
  })

  it('goes on when its user has logged in again', async () => {
    const { fake, line, registering, typed } = setUp()
    typed()
    registering.send()
    const first = await fake.made(0)
    line.session.expired = true
    first.fail('aanmelding')
    await settled()
    line.session.expired = false
    expect((await fake.made(1)).variables).toEqual(first.variables)
  })

  it('goes on after a reload, with what was sent', async () => {
    const before = setUp()
    before.typed()
    before.registering.send()
    const first = await before.fake.made(0)
    before.registering.stop()
    const after = setUp()
    after.registering.resume()
    expect((await after.fake.made(0)).variables).toEqual(first.variables)
    first.answer(before.stands())
    await settled()
    expect(before.told).toEqual([])
  })

  it('leaves it to its user where what was sent is old', async () => {
    const before = setUp()
    before.typed()
    before.registering.send()
    before.registering.stop()
    const after = setUp()
    after.fake.time += 6 * 60_000
    after.registering.resume()
    expect(after.registering.state.alert).toContain('niet bevestigd')
    expect(after.fake.calls).toEqual([])
    expect(after.draft).toMatchObject({ onderwerp: 'Dakkapel', klantcontactId: before.draft.klantcontactId })
  })

  it('shows at its fields what the server refuses, and has sent nothing then', async () => {
    const { fake, draft, registering, typed } = setUp()
    typed()
    registering.send()
    const velden = [{ pad: ['input', 'interneTaken', '0', 'organisatorischeEenheidId'], bericht: 'gesloten.' }]
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'OngeldigeInvoer', bericht: 'Nee.', velden } })
    await settled()
    expect(registering.state).toMatchObject({ busy: false, errors: { afdeling: 'gesloten.' }, alert: '' })
    expect(draft).toMatchObject({ onderwerp: 'Dakkapel', verzonden: null })
  })

  it('says why somebody may not', async () => {
    const { fake, registering, typed } = setUp()
    typed()
    registering.send()
    const call = await fake.made(0)
    call.answer({ registreerKlantcontact: { __typename: 'NietBevoegd', bericht: 'Dat mag u niet.' } })
    await settled()
    expect(registering.state.alert).toBe('Dat mag u niet.')
  })

  it('gives the form back when its user wants to change it, text and ids and all', async () => {
    const { draft, fake, line, registering } = await stoppedAfterALostAnswer()
    const { klantcontactId } = draft
    expect(registering.state).toMatchObject({ busy: false, unconfirmed: false })
    line.pausesEnd()
    await settled()
    expect(fake.calls).toHaveLength(1)
    draft.inhoud = 'Monument'
    registering.send()
    expect((await fake.made(1)).variables).toMatchObject({ input: { id: klantcontactId, inhoud: 'Monument' } })
  })

  it('shows the first version where that was registered, and keeps what was changed as a new draft', async () => {
    const { draft, fake, told, registering, standing } = await stoppedAfterALostAnswer()
    const { klantcontactId } = draft
    draft.inhoud = 'Monument'
    registering.send()
    const sent = await fake.made(1)
    sent.answer(ALREADY_USED)
    const asked = await fake.made(2)
    expect(asked).toMatchObject({ document: GeregistreerdDocument, variables: { id: klantcontactId } })
    asked.answer({ klantcontact: standing() })
    await settled()
    expect(told).toMatchObject([{ klantcontact: { id: klantcontactId }, difference: 'Inhoud: Monument' }])
    expect(draft).toMatchObject({ onderwerp: 'Dakkapel', inhoud: 'Monument', verzonden: null })
    expect(draft.klantcontactId).not.toBe(klantcontactId)
  })

  it('remembers a first version that may be registered, also where the second try is refused', async () => {
    const { draft, fake, line, registering, typed } = setUp()
    const { klantcontactId } = typed()
    registering.send()
    const first = await fake.made(0)
    first.fail('onbereikbaar')
    await settled()
    line.pausesEnd()
    const second = await fake.made(1)
    second.fail('geweigerd', 'Dat kan nu niet.')
    await settled()
    expect(registering.state).toMatchObject({ busy: false, alert: 'Dat kan nu niet.' })
    draft.inhoud = 'Monument'
    registering.send()
    const third = await fake.made(2)
    third.answer(ALREADY_USED)
    expect(await fake.made(3)).toMatchObject({ document: GeregistreerdDocument, variables: { id: klantcontactId } })
  })

  it('hears of a first version that was registered after all, also while it is being changed', async () => {
    const { draft, fake, told, registering, typed, stands } = setUp()
    typed()
    registering.send()
    const first = await fake.made(0)
    registering.change()
    draft.inhoud = 'Monument'
    first.answer(stands())
    await settled()
    expect(told).toMatchObject([{ difference: 'Inhoud: Monument' }])
    expect(draft.inhoud).toBe('Monument')
  })

  it('chooses new ids where those of a draft that was never sent belong to something else', async () => {
    const { draft, fake, told, registering, typed } = setUp()
    const { klantcontactId } = typed()
    registering.send()
    const sent = await fake.made(0)
    sent.answer(ALREADY_USED)
    await settled()
    expect(registering.state.alert).toContain('Dit kenmerk is in gebruik.')
    expect(draft).toMatchObject({ onderwerp: 'Dakkapel', verzonden: null })
    expect(draft.klantcontactId).not.toBe(klantcontactId)
    expect(told).toEqual([])
    registering.send()
    expect(await fake.made(1)).toMatchObject({ document: RegistreerDocument })
  })
})
