import { describe, expect, it } from 'vitest'
import { preciseTime } from '../ui/dates'
import { aFact, aTask, KARIN, VINCENT } from './fakes'
import {
  canAskTerugbellen,
  isTerugbellenAsked,
  lastPoging,
  newsOf,
  standInFull,
  standInShort,
  standOf,
} from './stand'
import type { Doorverbinding } from './doorverbindingen'

const AT = '2026-03-02T10:00:14.000Z'
const NOW = Date.parse('2026-03-02T10:01:00.000Z')
const GENOMEN = aFact({ versie: 2, soort: 'GENOMEN', tijdstip: AT, door: VINCENT, medewerker: VINCENT })
const doorverbinding = (taak: Parameters<typeof aTask>[0], ...facts: Doorverbinding['facts']): Doorverbinding => ({
  taak: aTask(taak),
  facts: [aFact(), ...facts],
  since: 1,
})

describe('the stand of a doorverbinding', () => {
  it('says who took the call over, when and after how long, and that it can be put through', () => {
    expect(standInFull(doorverbinding({ versie: 2, medewerker: VINCENT }, GENOMEN))).toBe(
      `Vincent de Vries heeft het gesprek overgenomen om ${preciseTime(AT)}, na 14 s — u kunt doorverbinden.`,
    )
  })

  it('does not say so when no citizen waits, or when the task was assigned', () => {
    expect(standInFull(doorverbinding({ klantAanDeLijn: false, medewerker: VINCENT }, GENOMEN))).not.toContain(
      'doorverbinden',
    )
    const given = aFact({ versie: 2, soort: 'TOEGEWEZEN', tijdstip: AT, door: KARIN, medewerker: VINCENT })
    expect(standInFull(doorverbinding({ medewerker: VINCENT }, given))).toContain('aan Vincent de Vries toegewezen')
  })

  it('waits again after the task was put back', () => {
    const teruggelegd = aFact({ versie: 3, soort: 'TERUGGELEGD', tijdstip: AT, door: VINCENT })
    expect(standInFull(doorverbinding({ versie: 3 }, GENOMEN, teruggelegd))).toMatch(
      /^Vincent de Vries heeft de taak .* teruggelegd\./,
    )
    expect(standInShort(doorverbinding({ versie: 3 }), NOW)).toContain('(1 min 00 s)')
  })

  it('is done when the task has a medewerker, and withdrawn when it has none', () => {
    expect(standOf(doorverbinding({ status: 'GEDAAN', medewerker: VINCENT }))).toBe('gedaan')
    expect(standOf(doorverbinding({ status: 'GEDAAN', gedaanDoor: KARIN }))).toBe('ingetrokken')
    expect(standInFull(doorverbinding({ status: 'GEDAAN', gedaanDoor: KARIN, gedaanOp: AT }))).toBe(
      `Karin Kok heeft de taak om ${preciseTime(AT)} ingetrokken.`,
    )
  })
  it('says that the citizen is called back, and when that may be asked', () => {
    const gevraagd = aFact({ versie: 2, soort: 'TERUGBELLEN_GEVRAAGD', tijdstip: AT })
    const asked = doorverbinding({ versie: 2, klantAanDeLijn: false, gevraagdeHandeling: 'Terugbellen' }, gevraagd)
    expect(standInFull(asked)).toMatch(/^De klant wordt teruggebeld\. /)
    expect(standInShort(asked, NOW)).toMatch(/^Terugbellen: wacht sinds /)
    expect([canAskTerugbellen(asked), isTerugbellenAsked(asked)]).toEqual([false, true])
    const aanDeLijn = doorverbinding({})
    expect([canAskTerugbellen(aanDeLijn), isTerugbellenAsked(aanDeLijn)]).toEqual([true, false])
    expect(canAskTerugbellen(doorverbinding({ medewerker: VINCENT }))).toBe(false)
    const gedaan = doorverbinding({ status: 'GEDAAN', medewerker: VINCENT, klantAanDeLijn: false })
    expect(isTerugbellenAsked(gedaan)).toBe(false)
  })

  it('says how often the citizen was not reached, and by whom', () => {
    const poging = aFact({ versie: 2, soort: 'NIET_BEREIKT', tijdstip: AT, door: VINCENT, medewerker: VINCENT })
    const tried = doorverbinding({ versie: 2, medewerker: VINCENT, aantalContactpogingen: 2 }, poging)
    expect(standInShort(tried, NOW)).toBe('overgenomen door Vincent de Vries, 2 keer gebeld, niet bereikt')
    expect(lastPoging(tried, NOW)).toMatch(/^De laatste keer: .*, door Vincent de Vries\.$/)
    expect(standInFull({ ...tried, taak: { ...tried.taak, klantAanDeLijn: false } })).toContain('overgenomen om')
    expect(newsOf(tried, poging)).toBe('Vincent de Vries kon de klant niet bereiken.')
  })

  it('announces the answer with which a colleague finished', () => {
    const fact = aFact({ versie: 2, soort: 'GEDAAN', antwoord: 'Vergunningvrij.' })
    const gedaan = doorverbinding({ status: 'GEDAAN', medewerker: VINCENT, gedaanDoor: VINCENT }, fact)
    expect(newsOf(gedaan, fact)).toBe('Vincent de Vries heeft de taak afgerond. Antwoord: Vergunningvrij.')
  })
})
