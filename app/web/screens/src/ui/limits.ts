/** The maximum length of texts in code points, as the server counts them. */
export const LIMIT = {
  onderwerp: 200,
  inhoud: 1000,
  gevraagdeHandeling: 200,
  toelichting: 1000,
  antwoord: 1000,
  zoektekst: 200,
  naam: 200,
  adres: 80,
} as const

/** The length as the server counts it: code points after trimming and NFC normalisation. */
export const lengthOf = (text: string): number =>
  Array.from(text.replace(/\r\n?/g, '\n').trim().normalize('NFC')).length

/** How many characters are left or too many, for the employee who is typing. */
export function remainingText(text: string, limit: number): string {
  const left = limit - lengthOf(text)
  if (left < 0) return left === -1 ? '1 teken te veel' : `${-left} tekens te veel`
  return left === 1 ? 'Nog 1 teken' : `Nog ${left} tekens`
}

/** Whether the text exceeds the limit. */
export const tooLong = (text: string, limit: number): boolean => lengthOf(text) > limit
