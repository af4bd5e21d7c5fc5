// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { isFilledIn, storedDialogInputs } from './dialogInputs'

describe('the inputs of a dialog', () => {
  beforeEach(() => sessionStorage.clear())

  it('are stored for each task, deed and employee', () => {
    storedDialogInputs('karin').of('taak', 'rondAf').toelichting = 'Uitgelegd.'
    const typed = storedDialogInputs('karin')
    expect(typed.of('taak', 'rondAf').toelichting).toBe('Uitgelegd.')
    for (const other of [typed.of('taak', 'legTerug'), typed.of('ander', 'rondAf')])
      expect(isFilledIn(other)).toBe(false)
    expect(isFilledIn(storedDialogInputs('bram').of('taak', 'rondAf'))).toBe(false)
  })

  it('are removed after sending', () => {
    const typed = storedDialogInputs('karin')
    typed.of('taak', 'stuurDoor').eenheidId = 'burgerzaken'
    typed.forget('taak', 'stuurDoor')
    expect(isFilledIn(storedDialogInputs('karin').of('taak', 'stuurDoor'))).toBe(false)
  })

  it('are kept for the last fifty tasks and deeds', () => {
    const typed = storedDialogInputs('karin')
    for (let number = 0; number <= 50; number++) typed.of(`taak ${number}`, 'rondAf').antwoord = 'Het mag.'
    const kept = Object.keys(
      JSON.parse(sessionStorage.getItem('overdracht.getypt.dialogen.karin') ?? '{}') as object,
    )
    expect(kept).toHaveLength(50)
    expect(kept[0]).toBe('taak 1 rondAf')
  })

  it('have every field, also where an earlier version of the page stored them', () => {
    sessionStorage.setItem('overdracht.getypt.dialogen.karin', '{"taak rondAf":{"toelichting":"Gebeld."}}')
    expect(storedDialogInputs('karin').of('taak', 'rondAf')).toMatchObject({ toelichting: 'Gebeld.', antwoord: '' })
  })
})
