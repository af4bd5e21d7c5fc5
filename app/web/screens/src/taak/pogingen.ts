import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'

/** The attempts to reach the citizen that failed, the last one first. */
export const pogingenIn = (logboek: readonly GebeurtenisInLogboekFragment[]): GebeurtenisInLogboekFragment[] =>
  logboek.filter(({ soort }) => soort === 'NIET_BEREIKT').reverse()

/** How often that was; empty where nobody tried. */
export function pogingenText(count: number): string {
  if (!count) return ''
  return count === 1 ? 'Eén keer gebeld, niet bereikt' : `${count} keer gebeld, niet bereikt`
}
