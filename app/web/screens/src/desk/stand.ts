import type { GebeurtenisInLogboekFragment } from '../api/gql/graphql'
import { pogingenText } from '../taak/pogingen'
import { factSentence } from '../taak/wording'
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

/** Whether the desk can have the citizen called back: they are on the line, and nobody took the call over. */
export const canAskTerugbellen = (doorverbinding: Pick<Doorverbinding, 'taak'>): boolean =>
  standOf(doorverbinding) === 'wacht' && doorverbinding.taak.klantAanDeLijn

/** Whether the desk asked for it already, whatever happened to the task since. */
export const isTerugbellenAsked = ({ taak, facts }: Pick<Doorverbinding, 'taak' | 'facts'>): boolean =>
  facts.some(({ soort }) => soort === 'TERUGBELLEN_GEVRAAGD') || (taak.status === 'TE_DOEN' && !taak.klantAanDeLijn)

/** When and by whom the last attempt to reach the citizen was; empty where that is not known. */
export function lastPoging(doorverbinding: Doorverbinding, now: number): string {
  const fact = last(doorverbinding, 'NIET_BEREIKT')
  return fact ? `De laatste keer: ${moment(fact.tijdstip, now)}, door ${who(fact)}.` : ''
}

/** The stand in a few words, for the list. */
export function standInShort(doorverbinding: Doorverbinding, now: number): string {
  const { taak } = doorverbinding
  const at = taak.gedaanOp ? ` om ${moment(taak.gedaanOp, now)}` : ''
  const tried = taak.status === 'TE_DOEN' && pogingenText(taak.aantalContactpogingen)
  const handeling = taak.klantAanDeLijn ? '' : `${taak.gevraagdeHandeling}: `
  const SHORT: Record<Stand, string> = {
    wacht: `${handeling}wacht sinds ${moment(taak.geregistreerdOp, now)} (${elapsed(taak.geregistreerdOp, now)})`,
    overgenomen: `overgenomen door ${taak.medewerker?.naam ?? ''}`,
    gedaan: `gedaan door ${taak.gedaanDoor?.naam ?? ''}${at}`,
    ingetrokken: `ingetrokken door ${taak.gedaanDoor?.naam ?? ''}${at}`,
  }
  return [SHORT[standOf(doorverbinding)], tried].filter(Boolean).join(', ')
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

/** Facts that change nothing about who has the task. */
const BESIDE: string[] = ['TOEGELICHT', 'NIET_BEREIKT', 'CONTACTGEGEVENS_GEWIJZIGD']

/** What a fact means for the desk, in words that a screen reader announces. */
export function newsOf(doorverbinding: Doorverbinding, fact: GebeurtenisInLogboekFragment): string {
  if (BESIDE.includes(fact.soort)) return `${factSentence(fact)}.`
  const { antwoord } = fact
  return [standInFull(doorverbinding), antwoord && `Antwoord: ${antwoord}`].filter(Boolean).join(' ')
}

const last = ({ facts }: Doorverbinding, ...kinds: GebeurtenisInLogboekFragment['soort'][]) =>
  facts.findLast(({ soort }) => kinds.includes(soort))

const who = (fact: GebeurtenisInLogboekFragment | undefined): string => fact?.door?.naam ?? 'het systeem'

const WAITS_SINCE = ['GEREGISTREERD', 'TERUGGELEGD', 'ONTVANGEN', 'HEROPEND', 'TERUGBELLEN_GEVRAAGD'] as const

function wacht(doorverbinding: Doorverbinding): string {
  const { taak } = doorverbinding
  const fact = last(doorverbinding, ...WAITS_SINCE)
  const waits = `De taak wacht op een collega van ${taak.organisatorischeEenheid.naam}.`
  if (!fact || fact.soort === 'GEREGISTREERD') return waits
  if (fact.soort === 'TERUGBELLEN_GEVRAAGD') return `De klant wordt teruggebeld. ${waits}`
  const at = `om ${preciseTime(fact.tijdstip)}`
  if (fact.soort === 'ONTVANGEN')
    return `${who(fact)} heeft de taak ${at} doorgestuurd van ${fact.andereOrganisatorischeEenheid?.naam ?? ''} naar ${fact.organisatorischeEenheid.naam}. ${waits}`
  const verb = fact.soort === 'HEROPEND' ? 'heropend' : 'teruggelegd'
  return `${who(fact)} heeft de taak ${at} ${verb}. ${waits}`
}

const GIVES: string[] = ['GENOMEN', 'TOEGEWEZEN', 'GEREGISTREERD', 'ONTVANGEN']
/** With these an employee takes the task themselves; who tries to reach the citizen takes it as well. */
const TAKES: string[] = ['GENOMEN', 'NIET_BEREIKT']

function overgenomen(doorverbinding: Doorverbinding): string {
  const { taak } = doorverbinding
  const name = taak.medewerker?.naam ?? ''
  const fact = doorverbinding.facts.findLast(
    ({ soort, medewerker }, at, facts) =>
      GIVES.includes(soort) || (soort === 'NIET_BEREIKT' && facts[at - 1]?.medewerker?.id !== medewerker?.id),
  )
  const what = taak.klantAanDeLijn ? 'het gesprek' : 'de taak'
  if (!fact) return `${name} heeft ${what} overgenomen.`
  const at = `om ${preciseTime(fact.tijdstip)}, na ${elapsed(taak.geregistreerdOp, Date.parse(fact.tijdstip))}`
  if (!TAKES.includes(fact.soort)) return `${who(fact)} heeft ${what} aan ${name} toegewezen, ${at}.`
  return `${name} heeft ${what} overgenomen ${at}${taak.klantAanDeLijn ? ' — u kunt doorverbinden' : ''}.`
}

const done = (doorverbinding: Doorverbinding): string => {
  const { gedaanDoor, gedaanOp } = doorverbinding.taak
  return `${gedaanDoor?.naam ?? 'Het systeem'} heeft de taak${gedaanOp ? ` om ${preciseTime(gedaanOp)}` : ''}`
}

const gedaan = (doorverbinding: Doorverbinding): string => `${done(doorverbinding)} afgerond.`

const ingetrokken = (doorverbinding: Doorverbinding): string => `${done(doorverbinding)} ingetrokken.`
