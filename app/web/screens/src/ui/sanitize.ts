/** What breaks a line where it was copied, such as Word's U+000B. */
const BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g
/** What no text may hold: control characters, but the line feed and the tab, and halves of surrogate pairs. */
const UNWANTED = /\p{Cs}|(?![\t\n])\p{Cc}/gu

/** A text without what the server refuses in it: what breaks a line becomes a line feed, or a space where a text has one
 * line; all else goes. */
export function sanitized(text: string, severalLines: boolean): string {
  const lines = text.replace(BREAKS, '\n').replace(UNWANTED, '')
  return severalLines ? lines : lines.replace(/\n/g, ' ')
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

/** Cleans what comes into any text field of a page, however it comes there: typed, pasted, dropped or filled in. It is
 * done before the field's own listeners read it. Gives what ends it. */
export function sanitizeFields(page: Document): () => void {
  const onInput = (event: Event) => {
    // A letter that is still being composed is left alone until it is there.
    const composing = event instanceof InputEvent && event.isComposing
    if (!composing && isField(event.target)) sanitize(event.target)
  }
  const EVENTS = ['input', 'change', 'compositionend'] as const
  for (const name of EVENTS) page.addEventListener(name, onInput, { capture: true })
  return () => {
    for (const name of EVENTS) page.removeEventListener(name, onInput, { capture: true })
  }
}
