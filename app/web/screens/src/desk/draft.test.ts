// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { clear, difference, inputOf, isAanDeLijn, keptDraft, newDraft, restore } from './draft'
import { aContact, VERGUNNINGEN } from './fakes'

const SUGGESTED = ['Overname gesprek met klant', 'Terugbellen']

describe('a draft', () => {
  beforeEach(() => sessionStorage.clear())

  it('is there again after a reload, under the same ids, with what was typed for a department', () => {
    const draft = keptDraft('karin')
    Object.assign(draft, { onderwerp: 'Dakkapel', afdelingGetypt: 'ver' })
    expect(keptDraft('karin')).toEqual(draft)
  })

  it('is its employee\u2019s own', () => {
    keptDraft('karin').onderwerp = 'Dakkapel'
    expect(keptDraft('bram').onderwerp).toBe('')
  })

  it('is sent as the server stores it', () => {
    const draft = { ...newDraft(), onderwerp: ' cafe\u0301\t', inhoud: 'een\r\ntwee\n', afdelingId: 'vergunningen' }
    expect(inputOf(draft, SUGGESTED)).toEqual({
      id: draft.klantcontactId,
      kanaal: null,
      initiatiefnemer: 'KLANT',
      onderwerp: 'caf\u00e9',
      inhoud: 'een\ntwee',
      interneTaken: [
        {
          id: draft.taakId,
          organisatorischeEenheidId: 'vergunningen',
          gevraagdeHandeling: 'Overname gesprek met klant',
          klantAanDeLijn: true,
          toelichting: null,
        },
      ],
    })
  })

  it('has the citizen on the line while the call is to be taken over, unless its user says otherwise', () => {
    const draft = newDraft()
    expect(isAanDeLijn(draft, SUGGESTED)).toBe(true)
    draft.gevraagdeHandeling = 'Terugbellen'
    expect(isAanDeLijn(draft, SUGGESTED)).toBe(false)
    draft.klantAanDeLijn = true
    expect(isAanDeLijn(draft, SUGGESTED)).toBe(true)
    Object.assign(draft, { klantAanDeLijn: null, andereHandeling: true, gevraagdeHandeling: '' })
    expect(isAanDeLijn(draft, SUGGESTED)).toBe(false)
  })

  it('that is cleared can be had back, ids and all', () => {
    const draft = { ...newDraft(), onderwerp: 'Dakkapel' }
    const was = { ...draft }
    clear(draft)
    expect(draft.onderwerp).toBe('')
    expect(draft.klantcontactId).not.toBe(was.klantcontactId)
    clear(draft)
    restore(draft)
    expect(draft).toEqual(was)
  })

  it('differs from what was registered by what was added, and by what was changed', () => {
    const draft = {
      ...newDraft(),
      onderwerp: 'Dakkapel achter',
      inhoud: 'Monument',
      afdelingId: 'burgerzaken',
      afdelingGetypt: 'Burgerzaken',
      klantAanDeLijn: false,
    }
    expect(difference(draft, SUGGESTED, aContact())).toBe(
      'Onderwerp, aanvulling: achter\nInhoud: Monument\nAfdeling: Burgerzaken\nDe klant is niet aan de lijn.',
    )
    const same = { ...newDraft(), onderwerp: 'Dakkapel ', afdelingId: VERGUNNINGEN.id }
    expect(difference(same, SUGGESTED, aContact())).toBe('')
  })
})
