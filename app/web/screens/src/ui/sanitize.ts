/** Line breaks as programs copy them, such as U+000B from Word. */
const BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g
/** What the server refuses in every text: control characters except line feed and tab, and halves of surrogate
 * pairs. */
const UNWANTED = /\p{Cs}|(?![\t\n])\p{Cc}/gu

/** Removes what the server refuses. Line breaks become line feeds, or spaces in a single-line text. */
export function sanitized(text: string, severalLines: boolean): string {
  const result = text.replace(BREAKS, '\n').replace(UNWANTED, '')
  return severalLines ? result : result.replace(/\n/g, ' ')
}

const ONE_LINE = ['text', 'search', 'tel', 'email', 'url']

type Field = HTMLInputElement | HTMLTextAreaElement

const isField = (target: EventTarget | null): target is Field =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && ONE_LINE.includes(target.type))

function sanitize(field: Field): void {
  const { value, selectionStart, selectionEnd } = field
  const severalLines = field instanceof HTMLTextAreaElement
  const text = sanitized(value, severalLines)
  if (text === value) return
  const after = (end: number | null) => (end === null ? null : sanitized(value.slice(0, end), severalLines).length)
  field.value = text
  if (selectionStart !== null) field.setSelectionRange(after(selectionStart), after(selectionEnd))
}

/** Sanitizes every text field of the page whenever its value changes, by typing, pasting, dropping or autofill, and
 * before the field's own listeners run. Returns a function that stops it. */
export function sanitizeFields(page: Document): () => void {
  const onInput = (event: Event) => {
    // Leave a character alone while it is being composed.
    const composing = event instanceof InputEvent && event.isComposing
    if (!composing && isField(event.target)) sanitize(event.target)
  }
  const EVENTS = ['input', 'change', 'compositionend'] as const
  for (const name of EVENTS) page.addEventListener(name, onInput, { capture: true })
  return () => {
    for (const name of EVENTS) page.removeEventListener(name, onInput, { capture: true })
  }
}
