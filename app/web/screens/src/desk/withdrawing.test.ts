import { describe, expect, it } from 'vitest'
import { aFact, aTask, FakeApi, fakeLine, KARIN, settled, VINCENT } from './fakes'
import { newTransfers } from './transfers'
import { newWithdrawing, OPGEHANGEN } from './withdrawing'

const INGETROKKEN = aTask({
  versie: 2,
  status: 'GEDAAN',
  gedaanDoor: KARIN,
  logboek: [aFact(), aFact({ versie: 2, soort: 'INGETROKKEN', status: 'GEDAAN' })],
})

function setUp() {
  const fake = new FakeApi()
  const line = fakeLine()
  const transfers = newTransfers({ api: fake.api, pause: line.pause, medewerkerId: 'karin', told: () => undefined })
  transfers.put(aTask())
  const withdrawing = newWithdrawing({ api: fake.api, line, transfers })
  return { fake, line, transfers, withdrawing, done: withdrawing.withdraw('taak', ` ${OPGEHANGEN}\r\n`) }
}
const answered = (__typename: string, more: object) => ({ trekInterneTaakIn: { __typename, ...more } })

describe('withdrawing', () => {
  it('says why, as it is stored', async () => {
    const { fake, transfers, withdrawing, done } = setUp()
    const call = await fake.made(0)
    expect(call.variables).toEqual({ input: { id: 'taak', versie: 1, toelichting: 'De klant heeft opgehangen.' } })
    call.answer(answered('InterneTaakGewijzigd', { interneTaak: INGETROKKEN }))
    await done
    expect(transfers.get('taak')?.taak.status).toBe('GEDAAN')
    expect(withdrawing.state).toMatchObject({ busy: false, refusal: '' })
  })

  it('has succeeded where the answer was lost and the wished state stands', async () => {
    const { fake, line, withdrawing, done } = setUp()
    const first = await fake.made(0)
    first.fail('onbereikbaar')
    await settled()
    expect(withdrawing.state.unconfirmed).toBe(true)
    line.pausesEnd()
    const second = await fake.made(1)
    expect(second.variables).toEqual(first.variables)
    second.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: INGETROKKEN }))
    await done
    expect(withdrawing.state).toMatchObject({ busy: false, unconfirmed: false, refusal: '' })
  })

  it('shows how it stands where somebody was first', async () => {
    const { fake, transfers, withdrawing, done } = setUp()
    const call = await fake.made(0)
    const taken = aTask({ versie: 2, medewerker: VINCENT })
    call.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: taken }))
    await done
    expect(withdrawing.state.refusal).toBe('Verouderd.')
    expect(transfers.get('taak')?.taak.medewerker).toEqual(VINCENT)
  })

  it('goes on where only a note came between', async () => {
    const { fake, done } = setUp()
    const call = await fake.made(0)
    call.answer(answered('VersieVerouderd', { bericht: 'Verouderd.', interneTaak: aTask({ versie: 2 }) }))
    const again = await fake.made(1)
    expect(again.variables).toMatchObject({ input: { versie: 2 } })
    again.answer(answered('InterneTaakGewijzigd', { interneTaak: { ...INGETROKKEN, versie: 3 } }))
    await done
  })

  it('is not tried again when somebody has taken it meanwhile', async () => {
    const { fake, line, transfers, done } = setUp()
    const call = await fake.made(0)
    call.fail('onbereikbaar')
    await settled()
    transfers.put(aTask({ versie: 2, medewerker: VINCENT }))
    line.pausesEnd()
    await done
    expect(fake.calls).toHaveLength(1)
  })
})
