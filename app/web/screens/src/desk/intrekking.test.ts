import { describe, expect, it } from 'vitest'
import { aFact, aTask, FakeApi, fakeRetryContext, KARIN, flushPromises, VINCENT } from './fakes'
import { newDoorverbindingen } from './doorverbindingen'
import { newIntrekking, OPGEHANGEN } from './intrekking'

const INGETROKKEN = aTask({
  versie: 2,
  status: 'GEDAAN',
  gedaanDoor: KARIN,
  logboek: [aFact(), aFact({ versie: 2, soort: 'INGETROKKEN', status: 'GEDAAN' })],
})

function setUp() {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const doorverbindingen = newDoorverbindingen({
    api: fake.api,
    pause: retryContext.pause,
    medewerkerId: 'karin',
    onFact: () => undefined,
  })
  doorverbindingen.put(aTask())
  const intrekking = newIntrekking({ api: fake.api, retryContext, doorverbindingen })
  return { fake, retryContext, doorverbindingen, intrekking, done: intrekking.trekIn('taak', ` ${OPGEHANGEN}\r\n`) }
}
const answered = (__typename: string, more: object) => ({ trekInterneTaakIn: { __typename, ...more } })

describe('intrekking', () => {
  it('sends the reason normalized', async () => {
    const { fake, doorverbindingen, intrekking, done } = setUp()
    const call = await fake.made(0)
    expect(call.variables).toEqual({ input: { id: 'taak', versie: 1, toelichting: 'De klant heeft opgehangen.' } })
    call.answer(answered('InterneTaakGewijzigd', { interneTaak: INGETROKKEN }))
    await done
    expect(doorverbindingen.get('taak')?.taak.status).toBe('GEDAAN')
    expect(intrekking.state).toMatchObject({ busy: false, refusal: '' })
  })

  it('has succeeded when the answer was lost and the task is withdrawn', async () => {
    const { fake, retryContext, intrekking, done } = setUp()
    const first = await fake.made(0)
    first.fail('unreachable')
    await flushPromises()
    expect(intrekking.state.unconfirmed).toBe(true)
    retryContext.endPauses()
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
    second.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: INGETROKKEN }))
    await done
    expect(intrekking.state).toMatchObject({ busy: false, unconfirmed: false, refusal: '' })
  })

  it('shows the task as it is when a colleague was first', async () => {
    const { fake, doorverbindingen, intrekking, done } = setUp()
    const call = await fake.made(0)
    const taken = aTask({ versie: 2, medewerker: VINCENT })
    call.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: taken }))
    await done
    expect(intrekking.state.refusal).toBe('Verouderd.')
    expect(doorverbindingen.get('taak')?.taak.medewerker).toEqual(VINCENT)
  })

  it('retries with the new versie when only a toelichting was added', async () => {
    const { fake, done } = setUp()
    const call = await fake.made(0)
    call.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: aTask({ versie: 2 }) }))
    const again = await fake.made(1)
    expect(again.variables).toMatchObject({ input: { versie: 2 } })
    again.answer(answered('InterneTaakGewijzigd', { interneTaak: { ...INGETROKKEN, versie: 3 } }))
    await done
  })

  it('is not retried when a colleague has taken the task', async () => {
    const { fake, retryContext, doorverbindingen, done } = setUp()
    const call = await fake.made(0)
    call.fail('unreachable')
    await flushPromises()
    doorverbindingen.put(aTask({ versie: 2, medewerker: VINCENT }))
    retryContext.endPauses()
    await done
    expect(fake.calls).toHaveLength(1)
  })
})
