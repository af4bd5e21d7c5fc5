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
})
