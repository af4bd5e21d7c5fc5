/** Normalizes a text as the server does. Equal texts make the same registration and the same toelichting. */
export const normalized = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').trim().normalize('NFC')

/** Normalizes an optional text; null where it is empty. */
export const orNull = (text: string): string | null => normalized(text) || null
