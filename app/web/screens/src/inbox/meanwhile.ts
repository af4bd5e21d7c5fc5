import type { GebeurtenisSoort } from '../api/gql/graphql'
import { elapsed } from '../ui/dates'

/** What is counted, in the order in which it is told. */
const TOLD: readonly (readonly [soorten: readonly GebeurtenisSoort[], one: string, more: string])[] = [
  [['GEREGISTREERD', 'ONTVANGEN'], 'nieuwe taak', 'nieuwe taken'],
  [['GENOMEN', 'TOEGEWEZEN'], 'genomen of toegewezen', 'genomen of toegewezen'],
  [['TERUGGELEGD'], 'teruggelegd', 'teruggelegd'],
  [['GEDAAN'], 'afgerond', 'afgerond'],
  [['INGETROKKEN'], 'ingetrokken', 'ingetrokken'],
  [['DOORGESTUURD'], 'doorgestuurd', 'doorgestuurd'],
  [['HEROPEND'], 'heropend', 'heropend'],
  [['TOEGELICHT'], 'toelichting', 'toelichtingen'],
]
/** A line that was away for less than this, while nothing happened, is not worth a word. */
const SHORT_MS = 3_000

/** Counts what came in while the line was lost, until all of it was told. */
export class Meanwhile {
  private away: { since: number; counts: Map<GebeurtenisSoort, number>; last: number } | undefined
  private back: { at: number; until: number } | undefined

  /** Whether there is something to be told once all was heard. */
  get isAway(): boolean {
    return this.away !== undefined
  }

  /** The line is lost, after the fact of this volgnummer. A line lost once more before all was told goes on counting. */
  lost(since: number, last: number): void {
    this.away ??= { since, counts: new Map(), last }
    this.back = undefined
  }

  /** The line is back; what happened meanwhile ends with this volgnummer. Gives what to say, when that is all. */
  returned(at: number, until: number): string | undefined {
    this.back = { at, until }
    return this.told()
  }

  /** A fact comes in. Gives what to say, when it is the last of those that were missed. */
  fact({ soort, volgnummer }: { soort: GebeurtenisSoort; volgnummer: number }): string | undefined {
    const { away, back } = this
    if (!away || (back && volgnummer > back.until)) return undefined
    away.counts.set(soort, (away.counts.get(soort) ?? 0) + 1)
    away.last = volgnummer
    return this.told()
  }

  /** Nothing is counted any more: all was read anew. */
  forget(): void {
    this.away = this.back = undefined
  }

  private told(): string | undefined {
    const { away, back } = this
    if (!away || !back || away.last < back.until) return undefined
    this.forget()
    const parts = summary(away.counts)
    if (!parts.length && back.at - away.since < SHORT_MS) return undefined
    return `Terwijl de verbinding weg was (${elapsed(away.since, back.at)}): ${parts.join(', ') || 'niets nieuws'}.`
  }
}

function summary(counts: ReadonlyMap<GebeurtenisSoort, number>): string[] {
  return TOLD.flatMap(([soorten, one, more]) => {
    const count = soorten.reduce((sum, soort) => sum + (counts.get(soort) ?? 0), 0)
    return count ? [`${count} ${count === 1 ? one : more}`] : []
  })
}
