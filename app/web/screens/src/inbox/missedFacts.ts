import type { GebeurtenisSoort } from '../api/gql/graphql'
import { elapsed } from '../ui/dates'

/** What is counted, in the order in which it is told. */
const COUNTED: readonly (readonly [soorten: readonly GebeurtenisSoort[], one: string, more: string])[] = [
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
export class MissedFacts {
  private gap: { since: number; counts: Map<GebeurtenisSoort, number>; last: number } | undefined
  private reconnection: { at: number; until: number } | undefined

  /** Whether there is something to be told once all was heard. */
  get isCounting(): boolean {
    return this.gap !== undefined
  }

  /** The line is lost, after the fact of this volgnummer. A line lost once more before all was told goes on counting. */
  disconnected(since: number, last: number): void {
    this.gap ??= { since, counts: new Map(), last }
    this.reconnection = undefined
  }

  /** The line is back; what happened meanwhile ends with this volgnummer. Gives what to say, when that is all. */
  reconnected(at: number, until: number): string | undefined {
    this.reconnection = { at, until }
    return this.summaryWhenComplete()
  }

  /** A fact comes in. Gives what to say, when it is the last of those that were missed. */
  handleFact({ soort, volgnummer }: { soort: GebeurtenisSoort; volgnummer: number }): string | undefined {
    const { gap, reconnection } = this
    if (!gap || (reconnection && volgnummer > reconnection.until)) return undefined
    gap.counts.set(soort, (gap.counts.get(soort) ?? 0) + 1)
    gap.last = volgnummer
    return this.summaryWhenComplete()
  }

  /** Nothing is counted any more: all was read anew. */
  reset(): void {
    this.gap = this.reconnection = undefined
  }

  private summaryWhenComplete(): string | undefined {
    const { gap, reconnection } = this
    if (!gap || !reconnection || gap.last < reconnection.until) return undefined
    this.reset()
    const parts = summary(gap.counts)
    if (!parts.length && reconnection.at - gap.since < SHORT_MS) return undefined
    return `Terwijl de verbinding weg was (${elapsed(gap.since, reconnection.at)}): ${parts.join(', ') || 'niets nieuws'}.`
  }
}

function summary(counts: ReadonlyMap<GebeurtenisSoort, number>): string[] {
  return COUNTED.flatMap(([soorten, one, more]) => {
    const count = soorten.reduce((sum, soort) => sum + (counts.get(soort) ?? 0), 0)
    return count ? [`${count} ${count === 1 ? one : more}`] : []
  })
}
