import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { asStored } from '../ui/texts'

/** The server breaks off a change after 15 seconds: from then on, what is not there will not come. */
export const SETTLED_MS = 16_000

interface Note {
  text: string
  /** The versie that was known before it was sent: it stands behind that, if it does. */
  naVersie: number
  /** Whose it is. */
  medewerkerId: string
}

/** Whether a note stands in a task's logbook: it has no id of its own by which a second try would be known. */
export const isNoted = (
  logboek: readonly GebeurtenisInLogboekFragment[],
  { text, naVersie, medewerkerId }: Note,
): boolean =>
  logboek.some(
    ({ soort, versie, door, toelichting }) =>
      soort === 'TOEGELICHT' && versie > naVersie && door?.id === medewerkerId && toelichting === asStored(text),
  )
