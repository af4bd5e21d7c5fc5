// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { clear, keptDraft } from './desk/draft'
import { keptTyped } from './taak/typed'
import { kept } from './ui/kept'
import { hasUnsent } from './unsent'

const note = (more: object) => ({ taak: { typed: '', queue: [], refusal: '', ...more } })
const CASES: Record<string, () => unknown> = {
  'a form that is typed': () => (keptDraft('karin').inhoud = 'Hoe hoog mag het zijn?'),
  'letters of a department': () => (keptDraft('karin').afdelingGetypt = 'ver'),
  'a registration that is not confirmed': () =>
    (keptDraft('karin').verzonden = { input: {} as never, op: 0, loopt: false }),
  'a note that is typed': () => Object.assign(kept('toelichtingen', 'karin', {}), note({ typed: 'nog iets' })),
  'a note on its way': () => Object.assign(kept('toelichtingen', 'karin', {}), note({ queue: [{}] })),
  'a question that is filled in': () => (keptTyped('karin').of('taak', 'rondAf').toelichting = 'Uitgelegd.'),
  'a colleague who is chosen': () => (keptTyped('karin').of('taak', 'geef').medewerkerId = 'bram'),
}
beforeEach(() => sessionStorage.clear())

it.each(Object.keys(CASES))('%s is unsent', (what) => {
  expect(hasUnsent()).toBe(false)
  CASES[what]?.()
  expect(hasUnsent()).toBe(true)
})

it('nothing is unsent where all was emptied or is blank', () => {
  const draft = keptDraft('karin')
  Object.assign(draft, { onderwerp: 'Dakkapel', kanaal: 'Balie' })
  clear(draft)
  draft.inhoud = ' \n'
  keptTyped('karin').of('taak', 'rondAf').toelichting = ' '
  Object.assign(kept('toelichtingen', 'karin', {}), note({ typed: ' ' }))
  expect(hasUnsent()).toBe(false)
})
