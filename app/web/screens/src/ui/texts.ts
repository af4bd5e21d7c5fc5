/** A text as the server stores it: the same text is the same registration, and the same note. */
export const normalized = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').trim().normalize('NFC')

/** An optional text as it is sent. */
export const orNull = (text: string): string | null => normalized(text) || null
