// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { clear, storedConcept } from './desk/concept'
import { storedDialogInputs } from './taak/dialogInputs'
import { emptyKlant } from './taak/klant'
import { storedInTab } from './ui/tabStorage'
import { hasUnsent } from './unsent'

const note = (more: object) => ({ taak: { typed: '', queue: [], refusal: '', ...more } })
const CASES: Record<string, () => unknown> = {
  'a form with text': () => (storedConcept('karin').inhoud = 'Hoe hoog mag het zijn?'),
  'letters for an afdeling': () => (storedConcept('karin').afdelingGetypt = 'ver'),
  'a registration that is not confirmed': () =>
    (storedConcept('karin').verzonden = { input: {} as never, op: 0, loopt: false }),
  'a toelichting that is typed': () =>
    Object.assign(storedInTab('toelichtingen', 'karin', {}), note({ typed: 'nog iets' })),
  'a toelichting that is being sent': () =>
    Object.assign(storedInTab('toelichtingen', 'karin', {}), note({ queue: [{}] })),
  'a dialog that is filled in': () => (storedDialogInputs('karin').of('taak', 'rondAf').toelichting = 'Uitgelegd.'),
  'a number to call back': () =>
    Object.assign(storedInTab('terugbellen', 'karin', {}), {
      taak: { klant: { ...emptyKlant(), telefoonnummer: '06' }, toelichting: '' },
    }),
  'a chosen colleague': () => (storedDialogInputs('karin').of('taak', 'geef').medewerkerId = 'bram'),
}
beforeEach(() => sessionStorage.clear())

it.each(Object.keys(CASES))('%s counts as unsent', (what) => {
  expect(hasUnsent()).toBe(false)
  CASES[what]?.()
  expect(hasUnsent()).toBe(true)
})

it('blank and cleared inputs do not count as unsent', () => {
  const concept = storedConcept('karin')
  Object.assign(concept, { onderwerp: 'Dakkapel', kanaal: 'Balie' })
  clear(concept)
  concept.inhoud = ' \n'
  storedDialogInputs('karin').of('taak', 'rondAf').toelichting = ' '
  Object.assign(storedInTab('toelichtingen', 'karin', {}), note({ typed: ' ' }))
  expect(hasUnsent()).toBe(false)
})
