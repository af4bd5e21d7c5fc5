import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { elapsed, moment, preciseTime } from '../ui/dates'
import type { Transfer } from './transfers'

/** How it stands with a transfer. */
export type Kind = 'wacht' | 'overgenomen' | 'gedaan' | 'ingetrokken'

/** Only a task that nobody has can be withdrawn, and finishing one fills in whose it is. */
export function kindOf({ taak }: Pick<Transfer, 'taak'>): Kind {
  if (taak.status === 'TE_DOEN') return taak.medewerker ? 'overgenomen' : 'wacht'
  return taak.medewerker ? 'gedaan' : 'ingetrokken'
}

/** In a few words, for a list. */
export function inShort(transfer: Transfer, now: number): string {
  const { taak } = transfer
  const at = taak.gedaanOp ? ` om ${moment(taak.gedaanOp, now)}` : ''
  const SHORT: Record<Kind, string> = {
    wacht: `wacht sinds ${moment(taak.geregistreerdOp, now)} (${elapsed(taak.geregistreerdOp, now)})`,
    overgenomen: `overgenomen door ${taak.medewerker?.naam ?? ''}`,
    gedaan: `gedaan door ${taak.gedaanDoor?.naam ?? ''}${at}`,
    ingetrokken: `ingetrokken door ${taak.gedaanDoor?.naam ?? ''}${at}`,
  }
  return SHORT[kindOf(transfer)]
}

/** In a sentence, for the card and for who hears it. It does not change while nothing happens. */
export function inFull(transfer: Transfer): string {
  const SENTENCES: Record<Kind, (transfer: Transfer) => string> = { wacht, overgenomen, gedaan, ingetrokken }
  return SENTENCES[kindOf(transfer)](transfer)
}

/** The last fact of one of these kinds. */
const last = ({ facts }: Transfer, ...kinds: GebeurtenisInLogboekFragment['soort'][]) =>
  facts.findLast(({ soort }) => kinds.includes(soort))

const who = (fact: GebeurtenisInLogboekFragment | undefined): string => fact?.door?.naam ?? 'het systeem'

function wacht(transfer: Transfer): string {
  const { taak } = transfer
  const fact = last(transfer, 'GEREGISTREERD', 'TERUGGELEGD', 'ONTVANGEN', 'HEROPEND')
  const waits = `De taak wacht op een collega van ${taak.organisatorischeEenheid.naam}.`
  if (!fact || fact.soort === 'GEREGISTREERD') return waits
  const at = `om ${preciseTime(fact.tijdstip)}`
  if (fact.soort === 'ONTVANGEN')
    return `${who(fact)} heeft de taak ${at} doorgestuurd van ${fact.andereOrganisatorischeEenheid?.naam ?? ''} naar ${fact.organisatorischeEenheid.naam}. ${waits}`
  const laid = fact.soort === 'HEROPEND' ? 'heropend' : 'teruggelegd'
  return `${who(fact)} heeft de taak ${at} ${laid}. ${waits}`
}

function overgenomen(transfer: Transfer): string {
  const { taak } = transfer
  const name = taak.medewerker?.naam ?? ''
  const fact = last(transfer, 'GENOMEN', 'TOEGEWEZEN', 'GEREGISTREERD', 'ONTVANGEN')
  const what = taak.klantAanDeLijn ? 'het gesprek' : 'de taak'
  if (!fact) return `${name} heeft ${what} overgenomen.`
  const at = `om ${preciseTime(fact.tijdstip)}, na ${elapsed(taak.geregistreerdOp, Date.parse(fact.tijdstip))}`
  if (fact.soort !== 'GENOMEN') return `${who(fact)} heeft ${what} aan ${name} toegewezen, ${at}.`
  return `${name} heeft ${what} overgenomen ${at}${taak.klantAanDeLijn ? ' — u kunt doorverbinden' : ''}.`
}

const done = (transfer: Transfer): string => {
  const { gedaanDoor, gedaanOp } = transfer.taak
  return `${gedaanDoor?.naam ?? 'Het systeem'} heeft de taak${gedaanOp ? ` om ${preciseTime(gedaanOp)}` : ''}`
}

const gedaan = (transfer: Transfer): string => `${done(transfer)} afgerond.`

const ingetrokken = (transfer: Transfer): string => `${done(transfer)} ingetrokken.`
