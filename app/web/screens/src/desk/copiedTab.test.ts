// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { storedInTab } from '../ui/tabStorage'
import { detachCopiedTab } from './copiedTab'
import { clear, inputOf, storedConcept } from './concept'

describe('the content of a copied tab', () => {
  beforeEach(() => sessionStorage.clear())

  it('gets new ids, and so does what was cleared', () => {
    const before = storedConcept('karin')
    before.onderwerp = 'Dakkapel'
    const cleared = { ...before }
    clear(before)
    before.onderwerp = 'Schutting'
    detachCopiedTab()
    const concept = storedConcept('karin')
    expect(concept).toMatchObject({ onderwerp: 'Schutting', geleegd: { onderwerp: 'Dakkapel' } })
    const ids = [before, cleared, concept, concept.geleegd].flatMap((one) => [one?.klantcontactId, one?.taakId])
    expect(new Set(ids).size).toBe(8)
  })

  it('is not sent while the original is sending it, and can be restored', () => {
    const before = storedConcept('karin')
    before.onderwerp = 'Dakkapel'
    before.verzonden = { input: inputOf(before, []), op: 0, loopt: true }
    storedInTab('toelichtingen', 'karin', {
      taak: { typed: 'nog', queue: [{ text: 'een' }], refusal: '' },
    }).taak.typed = 'iets'
    detachCopiedTab()
    expect(storedConcept('karin')).toMatchObject({
      onderwerp: '',
      verzonden: null,
      geleegd: { onderwerp: 'Dakkapel', verzonden: null },
    })
    expect(storedInTab('toelichtingen', 'karin', {})).toMatchObject({ taak: { typed: 'iets', queue: [] } })
  })
})
