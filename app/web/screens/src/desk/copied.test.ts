// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { kept } from '../ui/kept'
import { makeOwn } from './copied'
import { clear, inputOf, keptDraft } from './draft'

describe('what a copied tab brought with it', () => {
  beforeEach(() => sessionStorage.clear())

  it('is typed under ids of its own, also what was cleared', () => {
    const before = keptDraft('karin')
    before.onderwerp = 'Dakkapel'
    const cleared = { ...before }
    clear(before)
    before.onderwerp = 'Schutting'
    makeOwn()
    const draft = keptDraft('karin')
    expect(draft).toMatchObject({ onderwerp: 'Schutting', geleegd: { onderwerp: 'Dakkapel' } })
    const ids = [before, cleared, draft, draft.geleegd].flatMap((one) => [one?.klantcontactId, one?.taakId])
    expect(new Set(ids).size).toBe(8)
  })

  it('is not sent by it where the other tab is sending it, and can be had back', () => {
    const before = keptDraft('karin')
    before.onderwerp = 'Dakkapel'
    before.verzonden = { input: inputOf(before, []), op: 0, loopt: true }
    kept('toelichtingen', 'karin', { taak: { typed: 'nog', queue: [{ text: 'een' }], refusal: '' } }).taak.typed =
      'iets'
    makeOwn()
    expect(keptDraft('karin')).toMatchObject({
      onderwerp: '',
      verzonden: null,
      geleegd: { onderwerp: 'Dakkapel', verzonden: null },
    })
    expect(kept('toelichtingen', 'karin', {})).toMatchObject({ taak: { typed: 'iets', queue: [] } })
  })
})
