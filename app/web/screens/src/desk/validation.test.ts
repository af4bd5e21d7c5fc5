import { describe, expect, it } from 'vitest'
import { betrokkeneInput, emptyKlant } from '../taak/klant'
import { errorsByField, validate } from './validation'
import { newConcept } from './concept'

const HANDELING = 'Overname gesprek met klant'

describe('the validation of a concept', () => {
  it('finds the errors of all fields at once', () => {
    const concept = { ...newConcept(), onderwerp: ' ', inhoud: 'a'.repeat(1001), toelichting: 'a\u0000' }
    expect(Object.keys(validate(concept, ' '))).toEqual([
      'onderwerp',
      'inhoud',
      'afdeling',
      'gevraagdeHandeling',
      'toelichting',
    ])
  })

  it('accepts texts exactly at the limits, and line breaks where they are allowed', () => {
    const concept = {
      ...newConcept(),
      onderwerp: '😀'.repeat(200),
      inhoud: 'a\r\nb\tc',
      afdelingId: 'vergunningen',
    }
    expect(validate(concept, HANDELING)).toEqual({})
  })

  it('does not accept letters as an afdeling', () => {
    const concept = { ...newConcept(), onderwerp: 'Dakkapel', afdelingGetypt: 'verg' }
    expect(validate(concept, HANDELING)).toEqual({ afdeling: 'Kies een afdeling uit de lijst.' })
  })

  it('assigns the errors of the server to their fields, and joins the others', () => {
    const velden = [
      { pad: ['input', 'interneTaken', '0', 'organisatorischeEenheidId'], bericht: 'gesloten.' },
      { pad: ['input', 'onderwerp'], bericht: 'te lang.' },
      { pad: ['input', 'onderwerp'], bericht: 'vreemd teken.' },
      { pad: ['input', 'id'], bericht: 'geen UUID.' },
      { pad: ['input', 'betrokkene', 'digitaleAdressen', '0', 'adres'], bericht: 'geen e-mailadres.' },
    ]
    const betrokkene = betrokkeneInput({ ...emptyKlant(), email: 'jan@' })
    expect(errorsByField(velden, betrokkene)).toEqual({
      errors: { afdeling: 'gesloten.', onderwerp: 'te lang. vreemd teken.' },
      klant: { email: 'geen e-mailadres.' },
      rest: 'geen UUID.',
    })
  })

  it('needs what was answered, and no afdeling, of a question that the employee answered', () => {
    const zelf = { ...newConcept(), onderwerp: 'Dakkapel', zelf: true }
    expect(validate(zelf, '')).toEqual({ inhoud: 'Vul in wat u hebt geantwoord.' })
    expect(validate({ ...zelf, inhoud: 'Vergunningvrij.' }, '')).toEqual({})
  })
})
