import type { GebeurtenisSoort } from '../api/gql/graphql'
import { elapsed } from '../ui/dates'

/** Which facts are counted together, and how they are named, in the order of the summary. */
const COUNTED: readonly (readonly [soorten: readonly GebeurtenisSoort[], one: string, more: string])[] = [
  [['GEREGISTREERD', 'ONTVANGEN'], 'nieuwe taak', 'nieuwe taken'],
  [['GENOMEN', 'TOEGEWEZEN'], 'genomen of toegewezen', 'genomen of toegewezen'],
  [['TERUGGELEGD'], 'teruggelegd', 'teruggelegd'],
  [['TERUGBELLEN_GEVRAAGD'], 'terugbelverzoek', 'terugbelverzoeken'],
  [['NIET_BEREIKT'], 'niet bereikt', 'niet bereikt'],
  [['GEDAAN'], 'afgerond', 'afgerond'],
  [['INGETROKKEN'], 'ingetrokken', 'ingetrokken'],
  [['DOORGESTUURD'], 'doorgestuurd', 'doorgestuurd'],
  [['HEROPEND'], 'heropend', 'heropend'],
  [['TOEGELICHT'], 'toelichting', 'toelichtingen'],
  [['CONTACTGEGEVENS_GEWIJZIGD'], 'contactgegevens bijgewerkt', 'contactgegevens bijgewerkt'],
]
/** A shorter interruption in which nothing happened is not mentioned. */
const SHORT_MS = 3_000

/** Counts the facts that happened during a lost connection and arrive after it, and then summarises them. */
export class MissedFacts {
  private gap: { since: number; counts: Map<GebeurtenisSoort, number>; last: number } | undefined
  private reconnection: { at: number; until: number } | undefined

  /** Whether a summary is still due. */
  get isCounting(): boolean {
    return this.gap !== undefined
  }

  /** The connection was lost after this volgnummer. If a summary is still due, its count continues. */
  disconnected(since: number, last: number): void {
    this.gap ??= { since, counts: new Map(), last }
    this.reconnection = undefined
  }

  /** The connection is back, and the missed facts end with the volgnummer `until`. Returns the summary if all have
   * arrived. */
  reconnected(at: number, until: number): string | undefined {
    this.reconnection = { at, until }
    return this.summaryWhenComplete()
  }

  /** A fact arrived. Returns the summary if it was the last missed one. */
  handleFact({ soort, volgnummer }: { soort: GebeurtenisSoort; volgnummer: number }): string | undefined {
    const { gap, reconnection } = this
    if (!gap || (reconnection && volgnummer > reconnection.until)) return undefined
    gap.counts.set(soort, (gap.counts.get(soort) ?? 0) + 1)
    gap.last = volgnummer
    return this.summaryWhenComplete()
  }

  /** Drops the count, as everything is read again. */
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
