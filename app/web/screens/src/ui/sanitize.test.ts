// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest'
import { sanitized, sanitizeFields } from './sanitize'

describe('a text that comes into a field', () => {
  it('has a line feed for every line break, or a space in a single-line field', () => {
    const text = 'een\vtwee\ftwee\u2028drie\u2029vier\u0085vijf\r\nzes\rzeven\nacht'
    expect(sanitized(text, true)).toBe('een\ntwee\ntwee\ndrie\nvier\nvijf\nzes\nzeven\nacht')
    expect(sanitized(text, false)).toBe('een twee twee drie vier vijf zes zeven acht')
  })

  it('loses every other control character and half pairs, and nothing else', () => {
    const controls = Array.from({ length: 0xa0 }, (_nothing, code) => String.fromCharCode(code))
    const unwanted = controls.filter((sign) => /\p{Cc}/u.test(sign) && !/[\t\n\v\f\r\u0085]/.test(sign))
    expect(sanitized(`a${unwanted.join('')}\ud800b\udc00`, true)).toBe('ab')
    const allowed = '\tcafe\u0301 \u{1f468}\u200d\u{1f469} \u202f\u200f\u00ad \u0647\u0644'
    expect(sanitized(allowed, true)).toBe(allowed)
    expect(sanitized(allowed, false)).toBe(allowed)
  })
})

describe('a field', () => {
  let end: () => void
  afterEach(() => {
    end()
    document.body.replaceChildren()
  })

  it('is sanitized before its own listeners read it, and the cursor stays', () => {
    end = sanitizeFields(document)
    for (const [tag, becomes] of [
      ['textarea', 'een\ntwee'],
      ['input', 'een twee'],
    ] as const) {
      const field = document.createElement(tag)
      document.body.append(field)
      let read = ''
      field.addEventListener('input', () => (read = field.value))
      field.value = 'een\v\u0000twee'
      field.setSelectionRange(5, 5)
      field.dispatchEvent(new Event('input', { bubbles: true }))
      expect(read).toBe(becomes)
      expect(field.selectionStart).toBe(4)
    }
  })

  it('is sanitized after a character was composed, not while it is', () => {
    end = sanitizeFields(document)
    const field = document.createElement('input')
    document.body.append(field)
    field.value = 'a\u0007'
    field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
    expect(field.value).toBe('a\u0007')
    field.dispatchEvent(new Event('compositionend', { bubbles: true }))
    expect(field.value).toBe('a')
  })
})
