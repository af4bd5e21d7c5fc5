// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { storedInTab } from '../ui/tabStorage'
import { detachCopiedTab } from './copiedTab'
import { clear, inputOf, storedConcept } from './concept'

describe('what a copied tab brought with it', () => {
  beforeEach(() => sessionStorage.clear())

  it('is typed under ids of its own, also what was cleared', () => {
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

  it('is not sent by it where the other tab is sending it, and can be had back', () => {
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
