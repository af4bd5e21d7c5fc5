import { expect, test } from 'vitest'
import { dialogOf, missing } from './dialogs'
import { BURGERZAKEN, VINCENT, waitingTaak, YASMINA } from './fakes'
import { SHORTCUT_LETTERS, possibleChoices, type DeedChoice } from './choices'

const vincent = { id: VINCENT.id, eenheidIds: ['vergunningen'], handlesTaken: true }
const can = (more: Parameters<typeof waitingTaak>[2] = {}, wie = vincent) =>
  possibleChoices(waitingTaak('a', 0, more), wie)

test('a task that nobody has can be taken, a colleague’s only after a dialog, and one’s own not at all', () => {
  expect(can()[0]).toBe('neem')
  expect(can({ medewerker: YASMINA })[0]).toBe('neemOver')
  expect(can({ medewerker: VINCENT })[0]).toBe('rondAf')
  expect(can({ medewerker: YASMINA })).not.toContain('neem')
})

test('only a task with a medewerker can be put back, and only a done one reopened', () => {
  expect(can()).not.toContain('legTerug')
  expect(can({ medewerker: VINCENT })).toContain('legTerug')
  expect(can({ status: 'GEDAAN' })).toEqual(['heropen', 'lichtToe'])
})

test('a task of another afdeling only takes a toelichting, and an employee who only reads can do nothing', () => {
  expect(can({ organisatorischeEenheid: BURGERZAKEN })).toEqual(['lichtToe'])
  expect(can({}, { ...vincent, handlesTaken: false })).toEqual([])
})

test('no shortcut has two meanings for the same task', () => {
  const states = [{}, { medewerker: YASMINA }, { medewerker: VINCENT }, { status: 'GEDAAN' as const }]
  for (const choices of states.map((more) => can(more)))
    expect(new Set(choices.map((choice) => SHORTCUT_LETTERS[choice])).size).toBe(choices.length)
})

test('an attempt can be told of a task that is to be done, unless the citizen is on the line', () => {
  expect(can()).toContain('nietBereikt')
  expect(can({ medewerker: YASMINA })).toContain('nietBereikt')
  expect(can({ klantAanDeLijn: true })).not.toContain('nietBereikt')
  expect(can({ status: 'GEDAAN' })).not.toContain('nietBereikt')
})

const nothing = { medewerkerId: null, eenheidId: null, toelichting: '', antwoord: '', collega: '', eenheid: '' }

test('only the required inputs are missing', () => {
  const missingInputs = (choice: DeedChoice) => Object.keys(missing(choice, nothing))
  expect(missingInputs('stuurDoor')).toEqual(['organisatorischeEenheidId', 'toelichting'])
  expect(missingInputs('geef')).toEqual(['medewerkerId'])
  expect(missingInputs('heropen')).toEqual(['toelichting'])
  expect(missingInputs('legTerug')).toEqual([])
  expect(missing('stuurDoor', { ...nothing, collega: 'Bram' })).toHaveProperty('medewerkerId')
})

test('taking over assigns the task to oneself', () => {
  expect(dialogOf('neemOver', waitingTaak('a')).deed(nothing, VINCENT.id)).toEqual({
    soort: 'wijsToe',
    medewerkerId: VINCENT.id,
    toelichting: '',
  })
})
