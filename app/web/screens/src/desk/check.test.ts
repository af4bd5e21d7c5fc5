import { describe, expect, it } from 'vitest'
import { atFields, breaches } from './check'
import { newDraft } from './draft'

const HANDELING = 'Overname gesprek met klant'

describe('what is wrong with a draft', () => {
  it('is told of all fields at once', () => {
    const draft = { ...newDraft(), onderwerp: ' ', inhoud: 'a'.repeat(1001), toelichting: 'a\u0000' }
    expect(Object.keys(breaches(draft, ' '))).toEqual([
      'onderwerp',
      'inhoud',
      'afdeling',
      'gevraagdeHandeling',
      'toelichting',
    ])
  })

  it('is nothing at the very limits, with line breaks where they may be', () => {
    const draft = { ...newDraft(), onderwerp: '😀'.repeat(200), inhoud: 'a\r\nb\tc', afdelingId: 'vergunningen' }
    expect(breaches(draft, HANDELING)).toEqual({})
  })

  it('says that letters which chose nothing are no department', () => {
    const draft = { ...newDraft(), onderwerp: 'Dakkapel', afdelingGetypt: 'verg' }
    expect(breaches(draft, HANDELING)).toEqual({ afdeling: 'Kies een afdeling uit de lijst.' })
  })

  it('stands at its fields when the server says it, and apart where no field is its own', () => {
    const velden = [
      { pad: ['input', 'interneTaken', '0', 'organisatorischeEenheidId'], bericht: 'gesloten.' },
      { pad: ['input', 'onderwerp'], bericht: 'te lang.' },
      { pad: ['input', 'onderwerp'], bericht: 'vreemd teken.' },
      { pad: ['input', 'id'], bericht: 'geen UUID.' },
    ]
    expect(atFields(velden)).toEqual({
      errors: { afdeling: 'gesloten.', onderwerp: 'te lang. vreemd teken.' },
      rest: 'geen UUID.',
    })
  })
})
