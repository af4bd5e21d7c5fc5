import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { elapsed, moment, preciseTime } from '../ui/dates'
import type { Doorverbinding } from './doorverbindingen'

/** The stand of a doorverbinding, for the employee who sent it. */
export type Stand = 'wacht' | 'overgenomen' | 'gedaan' | 'ingetrokken'

/** Derives the stand from the task. Only a task that nobody has can be withdrawn, and whoever finishes one becomes
 * its medewerker. */
export function standOf({ taak }: Pick<Doorverbinding, 'taak'>): Stand {
  if (taak.status === 'TE_DOEN') return taak.medewerker ? 'overgenomen' : 'wacht'
  return taak.medewerker ? 'gedaan' : 'ingetrokken'
}

/** The stand in a few words, for the list. */
export function standInShort(doorverbinding: Doorverbinding, now: number): string {
  const { taak } = doorverbinding
  const at = taak.gedaanOp ? ` om ${moment(taak.gedaanOp, now)}` : ''
  const SHORT: Record<Stand, string> = {
    wacht: `wacht sinds ${moment(taak.geregistreerdOp, now)} (${elapsed(taak.geregistreerdOp, now)})`,
    overgenomen: `overgenomen door ${taak.medewerker?.naam ?? ''}`,
    gedaan: `gedaan door ${taak.gedaanDoor?.naam ?? ''}${at}`,
    ingetrokken: `ingetrokken door ${taak.gedaanDoor?.naam ?? ''}${at}`,
  }
  return SHORT[standOf(doorverbinding)]
}

/** The stand as a sentence, for the card and the screen reader. It has no elapsed time, so it changes only when
 * something happens. */
export function standInFull(doorverbinding: Doorverbinding): string {
  const SENTENCES: Record<Stand, (doorverbinding: Doorverbinding) => string> = {
    wacht,
    overgenomen,
    gedaan,
    ingetrokken,
  }
  return SENTENCES[standOf(doorverbinding)](doorverbinding)
}

const last = ({ facts }: Doorverbinding, ...kinds: GebeurtenisInLogboekFragment['soort'][]) =>
  facts.findLast(({ soort }) => kinds.includes(soort))

const who = (fact: GebeurtenisInLogboekFragment | undefined): string => fact?.door?.naam ?? 'het systeem'

function wacht(doorverbinding: Doorverbinding): string {
  const { taak } = doorverbinding
  const fact = last(doorverbinding, 'GEREGISTREERD', 'TERUGGELEGD', 'ONTVANGEN', 'HEROPEND')
  const waits = `De taak wacht op een collega van ${taak.organisatorischeEenheid.naam}.`
  if (!fact || fact.soort === 'GEREGISTREERD') return waits
  const at = `om ${preciseTime(fact.tijdstip)}`
  if (fact.soort === 'ONTVANGEN')
    return `${who(fact)} heeft de taak ${at} doorgestuurd van ${fact.andereOrganisatorischeEenheid?.naam ?? ''} naar ${fact.organisatorischeEenheid.naam}. ${waits}`
  const verb = fact.soort === 'HEROPEND' ? 'heropend' : 'teruggelegd'
  return `${who(fact)} heeft de taak ${at} ${verb}. ${waits}`
}

function overgenomen(doorverbinding: Doorverbinding): string {
  const { taak } = doorverbinding
  const name = taak.medewerker?.naam ?? ''
  const fact = last(doorverbinding, 'GENOMEN', 'TOEGEWEZEN', 'GEREGISTREERD', 'ONTVANGEN')
  const what = taak.klantAanDeLijn ? 'het gesprek' : 'de taak'
  if (!fact) return `${name} heeft ${what} overgenomen.`
  const at = `om ${preciseTime(fact.tijdstip)}, na ${elapsed(taak.geregistreerdOp, Date.parse(fact.tijdstip))}`
  if (fact.soort !== 'GENOMEN') return `${who(fact)} heeft ${what} aan ${name} toegewezen, ${at}.`
  return `${name} heeft ${what} overgenomen ${at}${taak.klantAanDeLijn ? ' — u kunt doorverbinden' : ''}.`
}

const done = (doorverbinding: Doorverbinding): string => {
  const { gedaanDoor, gedaanOp } = doorverbinding.taak
  return `${gedaanDoor?.naam ?? 'Het systeem'} heeft de taak${gedaanOp ? ` om ${preciseTime(gedaanOp)}` : ''}`
}

const gedaan = (doorverbinding: Doorverbinding): string => `${done(doorverbinding)} afgerond.`

const ingetrokken = (doorverbinding: Doorverbinding): string => `${done(doorverbinding)} ingetrokken.`
