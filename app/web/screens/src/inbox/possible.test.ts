import { expect, test } from 'vitest'
import { dialogOf, missing } from './dialogs'
import { BURGERZAKEN, VINCENT, waiting, YASMINA } from './fakes'
import { LETTERS, possible, type Wens } from './possible'

const vincent = { id: VINCENT.id, eenheidIds: ['vergunningen'], works: true }
const can = (more: Parameters<typeof waiting>[2] = {}, wie = vincent) => possible(waiting('a', 0, more), wie)

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
  expect(can({}, { ...vincent, works: false })).toEqual([])
})

test('no key does two things with the same task', () => {
  const states = [{}, { medewerker: YASMINA }, { medewerker: VINCENT }, { status: 'GEDAAN' as const }]
  for (const wensen of states.map((more) => can(more)))
    expect(new Set(wensen.map((wens) => LETTERS[wens])).size).toBe(wensen.length)
})

const nothing = { medewerkerId: null, eenheidId: null, toelichting: '', collega: '', eenheid: '' }

test('what must be filled in is asked for, and nothing else', () => {
  const asked = (wens: Wens) => Object.keys(missing(wens, nothing))
  expect(asked('stuurDoor')).toEqual(['organisatorischeEenheidId', 'toelichting'])
  expect(asked('geef')).toEqual(['medewerkerId'])
  expect(asked('heropen')).toEqual(['toelichting'])
  expect(asked('rondAf')).toEqual([])
  expect(missing('stuurDoor', { ...nothing, collega: 'Bram' })).toHaveProperty('medewerkerId')
})

test('taking over is giving the task to oneself', () => {
  expect(dialogOf('neemOver', waiting('a')).deed(nothing, VINCENT.id)).toEqual({
    soort: 'wijsToe',
    medewerkerId: VINCENT.id,
    toelichting: '',
  })
})
