// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { clear, difference, inputOf, isAanDeLijn, storedConcept, newConcept, restore } from './concept'
import { aContact, VERGUNNINGEN } from './fakes'

const SUGGESTED = ['Overname gesprek met klant', 'Terugbellen']

describe('a concept', () => {
  beforeEach(() => sessionStorage.clear())

  it('is there after a reload, with the same ids and with the letters typed for an afdeling', () => {
    const concept = storedConcept('karin')
    Object.assign(concept, { onderwerp: 'Dakkapel', afdelingGetypt: 'ver' })
    expect(storedConcept('karin')).toEqual(concept)
  })

  it('is separate for each employee', () => {
    storedConcept('karin').onderwerp = 'Dakkapel'
    expect(storedConcept('bram').onderwerp).toBe('')
  })

  it('is sent normalized', () => {
    const concept = {
      ...newConcept(),
      onderwerp: ' cafe\u0301\t',
      inhoud: 'een\r\ntwee\n',
      afdelingId: 'vergunningen',
    }
    expect(inputOf(concept, SUGGESTED)).toEqual({
      id: concept.klantcontactId,
      kanaal: null,
      initiatiefnemer: 'KLANT',
      onderwerp: 'caf\u00e9',
      inhoud: 'een\ntwee',
      interneTaken: [
        {
          id: concept.taakId,
          organisatorischeEenheidId: 'vergunningen',
          gevraagdeHandeling: 'Overname gesprek met klant',
          klantAanDeLijn: true,
          toelichting: null,
        },
      ],
    })
  })

  it('has the citizen on the line when the call is to be taken over, unless the employee chose otherwise', () => {
    const concept = newConcept()
    expect(isAanDeLijn(concept, SUGGESTED)).toBe(true)
    concept.gevraagdeHandeling = 'Terugbellen'
    expect(isAanDeLijn(concept, SUGGESTED)).toBe(false)
    concept.klantAanDeLijn = true
    expect(isAanDeLijn(concept, SUGGESTED)).toBe(true)
    Object.assign(concept, { klantAanDeLijn: null, andereHandeling: true, gevraagdeHandeling: '' })
    expect(isAanDeLijn(concept, SUGGESTED)).toBe(false)
  })

  it('that is cleared can be restored with its ids', () => {
    const concept = { ...newConcept(), onderwerp: 'Dakkapel' }
    const was = { ...concept }
    clear(concept)
    expect(concept.onderwerp).toBe('')
    expect(concept.klantcontactId).not.toBe(was.klantcontactId)
    clear(concept)
    restore(concept)
    expect(concept).toEqual(was)
  })

  it('differs from the registered klantcontact by what was added and what was changed', () => {
    const concept = {
      ...newConcept(),
      onderwerp: 'Dakkapel achter',
      inhoud: 'Monument',
      afdelingId: 'burgerzaken',
      afdelingGetypt: 'Burgerzaken',
      klantAanDeLijn: false,
    }
    expect(difference(concept, SUGGESTED, aContact())).toBe(
      'Onderwerp, aanvulling: achter\nInhoud: Monument\nAfdeling: Burgerzaken\nDe klant is niet aan de lijn.',
    )
    const same = { ...newConcept(), onderwerp: 'Dakkapel ', afdelingId: VERGUNNINGEN.id }
    expect(difference(same, SUGGESTED, aContact())).toBe('')
  })
})
