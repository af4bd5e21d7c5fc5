// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { isApple, modifierOn } from './shortcuts'

const MAC = { platform: 'MacIntel' }
const WINDOWS = { platform: 'Win32' }
const held = (...keys: string[]) => ({
  altKey: keys.includes('Alt'),
  ctrlKey: keys.includes('Ctrl'),
  metaKey: keys.includes('Meta'),
  shiftKey: keys.includes('Shift'),
})

test('a computer of Apple is recognised in old and in new browsers', () => {
  expect(isApple(MAC)).toBe(true)
  expect(isApple({ platform: 'iPad' })).toBe(true)
  expect(isApple({ platform: '', userAgentData: { platform: 'macOS' } })).toBe(true)
  expect(isApple(WINDOWS)).toBe(false)
  expect(isApple({ platform: 'Linux x86_64', userAgentData: { platform: 'Linux' } })).toBe(false)
})

test('on a Mac Option types characters, so the modifier is Ctrl+Shift', () => {
  const { held: isHeld, aria, shown } = modifierOn(MAC)
  expect(isHeld(held('Alt'))).toBe(false)
  expect(isHeld(held('Ctrl', 'Shift'))).toBe(true)
  expect(isHeld(held('Ctrl'))).toBe(false)
  expect(isHeld(held('Ctrl', 'Shift', 'Alt'))).toBe(false)
  expect([aria, shown]).toEqual(['Control+Shift', ['Ctrl', 'Shift']])
})

test('elsewhere the modifier is Alt without Ctrl, which together would be AltGr', () => {
  const { held: isHeld, aria } = modifierOn(WINDOWS)
  expect(isHeld(held('Alt'))).toBe(true)
  expect(isHeld(held('Alt', 'Ctrl'))).toBe(false)
  expect(isHeld(held('Ctrl', 'Shift'))).toBe(false)
  expect(aria).toBe('Alt')
})
