// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { clear, difference, inputOf, isAanDeLijn, isBlank, storedConcept, newConcept, restore } from './concept'
import { aBetrokkene, aContact, VERGUNNINGEN } from './fakes'

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
  it('has no task where the employee answered the question, and has the citizen where one is typed', () => {
    const concept = { ...newConcept(), onderwerp: 'Dakkapel', inhoud: 'Vergunningvrij.', zelf: true }
    expect(inputOf(concept, SUGGESTED)).toMatchObject({ inhoud: 'Vergunningvrij.', interneTaken: [] })
    concept.klant = { ...concept.klant, telefoonnummer: '06 12345678' }
    const { betrokkene } = inputOf(concept, SUGGESTED)
    expect(betrokkene?.digitaleAdressen).toMatchObject([{ adres: '06 12345678' }])
    expect(isBlank({ ...newConcept(), klant: concept.klant })).toBe(false)
  })

  it('puts no name or number in the text of a difference', () => {
    const concept = { ...newConcept(), onderwerp: 'Dakkapel', afdelingId: VERGUNNINGEN.id }
    concept.klant = { ...concept.klant, achternaam: 'Jansen', telefoonnummer: '06 87654321' }
    const was = aContact({ betrokkenen: [aBetrokkene()] })
    expect(difference(concept, SUGGESTED, was)).toBe('De naam of het nummer van de klant is anders.')
    expect(difference({ ...concept, zelf: true }, SUGGESTED, aContact({ betrokkenen: null }))).toBe(
      'De vraag is al beantwoord.',
    )
  })
})
