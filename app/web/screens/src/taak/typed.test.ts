// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { isFilledIn, keptTyped } from './typed'

describe('what is typed in a dialog', () => {
  beforeEach(() => sessionStorage.clear())

  it('stays for its task, its deed and its employee', () => {
    keptTyped('karin').of('taak', 'rondAf').toelichting = 'Uitgelegd.'
    const typed = keptTyped('karin')
    expect(typed.of('taak', 'rondAf').toelichting).toBe('Uitgelegd.')
    for (const other of [typed.of('taak', 'legTerug'), typed.of('ander', 'rondAf')])
      expect(isFilledIn(other)).toBe(false)
    expect(isFilledIn(keptTyped('bram').of('taak', 'rondAf'))).toBe(false)
  })

  it('is gone when it was sent', () => {
    const typed = keptTyped('karin')
    typed.of('taak', 'stuurDoor').eenheidId = 'burgerzaken'
    typed.forget('taak', 'stuurDoor')
    expect(isFilledIn(keptTyped('karin').of('taak', 'stuurDoor'))).toBe(false)
  })
})
