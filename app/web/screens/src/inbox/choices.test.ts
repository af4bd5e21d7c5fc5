import { expect, test } from 'vitest'
import { dialogOf, missing } from './dialogs'
import { BURGERZAKEN, VINCENT, waitingTaak, YASMINA } from './fakes'
import { SHORTCUT_LETTERS, possibleChoices, type DeedChoice } from './choices'

const vincent = { id: VINCENT.id, eenheidIds: ['vergunningen'], handlesTaken: true }
const can = (more: Parameters<typeof waitingTaak>[2] = {}, wie = vincent) =>
  possibleChoices(waitingTaak('a', 0, more), wie)

test('a task that is nobody’s can be taken, a colleague’s only after a question, one’s own is there', () => {
  expect(can()[0]).toBe('neem')
  expect(can({ medewerker: YASMINA })[0]).toBe('neemOver')
  expect(can({ medewerker: VINCENT })[0]).toBe('rondAf')
  expect(can({ medewerker: YASMINA })).not.toContain('neem')
})

test('only what somebody has can be laid back, and only what is done opened again', () => {
  expect(can()).not.toContain('legTerug')
  expect(can({ medewerker: VINCENT })).toContain('legTerug')
  expect(can({ status: 'GEDAAN' })).toEqual(['heropen', 'lichtToe'])
})

test('of another department’s task one can say something, and who only reads does nothing', () => {
  expect(can({ organisatorischeEenheid: BURGERZAKEN })).toEqual(['lichtToe'])
  expect(can({}, { ...vincent, handlesTaken: false })).toEqual([])
})

test('no key does two things with the same task', () => {
  const states = [{}, { medewerker: YASMINA }, { medewerker: VINCENT }, { status: 'GEDAAN' as const }]
  for (const choices of states.map((more) => can(more)))
    expect(new Set(choices.map((choice) => SHORTCUT_LETTERS[choice])).size).toBe(choices.length)
})

const nothing = { medewerkerId: null, eenheidId: null, toelichting: '', collega: '', eenheid: '' }

test('what must be filled in is asked for, and nothing else', () => {
  const asked = (choice: DeedChoice) => Object.keys(missing(choice, nothing))
  expect(asked('stuurDoor')).toEqual(['organisatorischeEenheidId', 'toelichting'])
  expect(asked('geef')).toEqual(['medewerkerId'])
  expect(asked('heropen')).toEqual(['toelichting'])
  expect(asked('rondAf')).toEqual([])
  expect(missing('stuurDoor', { ...nothing, collega: 'Bram' })).toHaveProperty('medewerkerId')
})

test('taking over is giving the task to oneself', () => {
  expect(dialogOf('neemOver', waitingTaak('a')).deed(nothing, VINCENT.id)).toEqual({
    soort: 'wijsToe',
    medewerkerId: VINCENT.id,
    toelichting: '',
  })
})
