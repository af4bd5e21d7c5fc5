/** What people write between the digits of a phone number. */
const SEPARATORS = /[\s.\-‐‑–/()]/g
/** With a country code: 9 to 15 digits. Or a Dutch number of ten digits, the first a 0: a task's number never has that. */
const PHONE = /^(?:(?:\+|00)\d{9,15}|0\d{9})$/
/** Numbers that nobody can be called back on; the server refuses them. */
const SERVICE = /^(?:\+31|0031|0)(?:800|900|906|909)/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/
/** The longest that the server keeps. */
const LONGEST = 80

/** The typed text where it looks like a whole phone number or e-mail address, by which a citizen can be found; null
 * where it does not. How it is written does not matter: the server compares. */
export function adresIn(typed: string): string | null {
  const text = typed.trim()
  const digits = text.replace('(0)', '').replace(SEPARATORS, '')
  const isPhone = PHONE.test(digits) && !SERVICE.test(digits)
  return text.length <= LONGEST && (isPhone || EMAIL.test(text)) ? text : null
}
