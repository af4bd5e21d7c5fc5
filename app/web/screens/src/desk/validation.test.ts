import { describe, expect, it } from 'vitest'
import { errorsByField, validate } from './validation'
import { newConcept } from './concept'

const HANDELING = 'Overname gesprek met klant'

describe('what is wrong with a draft', () => {
  it('is told of all fields at once', () => {
    const concept = { ...newConcept(), onderwerp: ' ', inhoud: 'a'.repeat(1001), toelichting: 'a\u0000' }
    expect(Object.keys(validate(concept, ' '))).toEqual([
      'onderwerp',
      'inhoud',
      'afdeling',
      'gevraagdeHandeling',
      'toelichting',
    ])
  })

  it('is nothing at the very limits, with line breaks where they may be', () => {
    const concept = {
      ...newConcept(),
      onderwerp: '😀'.repeat(200),
      inhoud: 'a\r\nb\tc',
      afdelingId: 'vergunningen',
    }
    expect(validate(concept, HANDELING)).toEqual({})
  })

  it('says that letters which chose nothing are no department', () => {
    const concept = { ...newConcept(), onderwerp: 'Dakkapel', afdelingGetypt: 'verg' }
    expect(validate(concept, HANDELING)).toEqual({ afdeling: 'Kies een afdeling uit de lijst.' })
  })

  it('stands at its fields when the server says it, and apart where no field is its own', () => {
    const velden = [
      { pad: ['input', 'interneTaken', '0', 'organisatorischeEenheidId'], bericht: 'gesloten.' },
      { pad: ['input', 'onderwerp'], bericht: 'te lang.' },
      { pad: ['input', 'onderwerp'], bericht: 'vreemd teken.' },
      { pad: ['input', 'id'], bericht: 'geen UUID.' },
    ]
    expect(errorsByField(velden)).toEqual({
      errors: { afdeling: 'gesloten.', onderwerp: 'te lang. vreemd teken.' },
      rest: 'geen UUID.',
    })
  })
})
