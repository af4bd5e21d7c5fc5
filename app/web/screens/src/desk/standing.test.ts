import { describe, expect, it } from 'vitest'
import { preciseTime } from '../ui/dates'
import { aFact, aTask, KARIN, VINCENT } from './fakes'
import { inFull, inShort, kindOf } from './standing'
import type { Transfer } from './transfers'

const AT = '2026-03-02T10:00:14.000Z'
const NOW = Date.parse('2026-03-02T10:01:00.000Z')
const GENOMEN = aFact({ versie: 2, soort: 'GENOMEN', tijdstip: AT, door: VINCENT, medewerker: VINCENT })
const transfer = (taak: Parameters<typeof aTask>[0], ...facts: Transfer['facts']): Transfer => ({
  taak: aTask(taak),
  facts: [aFact(), ...facts],
  since: 1,
})

describe('how a transfer stands', () => {
  it('says who took the call over, when and after how long, and that it can be put through', () => {
    expect(inFull(transfer({ versie: 2, medewerker: VINCENT }, GENOMEN))).toBe(
      `Vincent de Vries heeft het gesprek overgenomen om ${preciseTime(AT)}, na 14 s — u kunt doorverbinden.`,
    )
  })

  it('does not ask to put through what nobody waits for, or what was given to somebody', () => {
    expect(inFull(transfer({ klantAanDeLijn: false, medewerker: VINCENT }, GENOMEN))).not.toContain('doorverbinden')
    const given = aFact({ versie: 2, soort: 'TOEGEWEZEN', tijdstip: AT, door: KARIN, medewerker: VINCENT })
    expect(inFull(transfer({ medewerker: VINCENT }, given))).toContain('aan Vincent de Vries toegewezen')
  })

  it('waits again after it was laid back', () => {
    const laid = aFact({ versie: 3, soort: 'TERUGGELEGD', tijdstip: AT, door: VINCENT })
    expect(inFull(transfer({ versie: 3 }, GENOMEN, laid))).toMatch(
      /^Vincent de Vries heeft de taak .* teruggelegd\./,
    )
    expect(inShort(transfer({ versie: 3 }), NOW)).toContain('(1 min 00 s)')
  })

  it('is told apart by what the task itself says: done has somebody, withdrawn has nobody', () => {
    expect(kindOf(transfer({ status: 'GEDAAN', medewerker: VINCENT }))).toBe('gedaan')
    expect(kindOf(transfer({ status: 'GEDAAN', gedaanDoor: KARIN }))).toBe('ingetrokken')
    expect(inFull(transfer({ status: 'GEDAAN', gedaanDoor: KARIN, gedaanOp: AT }))).toBe(
      `Karin Kok heeft de taak om ${preciseTime(AT)} ingetrokken.`,
    )
  })
})
