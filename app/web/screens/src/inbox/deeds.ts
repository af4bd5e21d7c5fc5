import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import {
  LeesTaakDocument,
  LegTerugDocument,
  LichtToeDocument,
  NeemDocument,
  StuurDoorDocument,
  WijsToeDocument,
  WijzigStatusDocument,
  type AntwoordFragment,
} from '../api/gql/graphql'
import { understood, wished, type Outcome } from './outcome'
import type { Taak } from './store'

/** What can be done with a task. */
export type Deed =
  | { soort: 'neem' }
  | { soort: 'wijsToe'; medewerkerId: string; toelichting: string }
  | { soort: 'legTerug'; toelichting: string }
  | { soort: 'rondAf'; toelichting: string }
  | { soort: 'heropen'; toelichting: string }
  | { soort: 'stuurDoor'; eenheidId: string; medewerkerId: string | null; toelichting: string }
  | { soort: 'lichtToe'; toelichting: string }

/** What a deed needs while it is done. */
export interface Doing {
  api: Api
  /** Who does it. */
  me: string
  /** Told as soon as it is not known whether the deed was done, with why. */
  unsure: (failure: Failure) => void
  /** Waits until it may be tried again; false: nobody waits for it any more. */
  again: () => Promise<boolean>
}

/** Does it with the task as it was seen. Where the answer is lost it is tried again until there is one: nothing is done
 * twice, because the server tells a second try of a deed from a first, and a note is looked for before it is sent once
 * more. Undefined when nobody waits any more. */
export async function perform(doing: Doing, seen: Taak, deed: Deed): Promise<Outcome | undefined> {
  for (let tries = 0; ; tries++) {
    const found =
      tries > 0 && deed.soort === 'lichtToe' ? await noteFound(doing, seen, deed.toelichting) : undefined
    const { data, failure } = found ?? (await send(doing.api, seen, deed))
    if (data === 'gevonden') return { kind: 'gedaan' }
    if (data) return tries > 0 && wished(data, deed, doing.me) ? done(data) : understood(data, deed, doing.me)
    if (failure.kind === 'geweigerd') return { kind: 'geweigerd', bericht: failure.bericht }
    doing.unsure(failure)
    if (!(await doing.again())) return undefined
  }
}

const done = (data: AntwoordFragment): Outcome =>
  'interneTaak' in data ? { kind: 'gedaan', taak: data.interneTaak } : { kind: 'gedaan' }

/** An optional text as the API has it. */
const optional = (text: string): string | null => text.trim() || null

async function send(api: Api, { id, versie }: Taak, deed: Deed): Promise<Answer<AntwoordFragment>> {
  const toelichting = 'toelichting' in deed ? optional(deed.toelichting) : null
  const required = toelichting ?? ''
  switch (deed.soort) {
    case 'neem':
      return only(api.mutate(NeemDocument, { input: { id } }))
    case 'wijsToe':
      return only(
        api.mutate(WijsToeDocument, { input: { id, versie, medewerkerId: deed.medewerkerId, toelichting } }),
      )
    case 'legTerug':
      return only(api.mutate(LegTerugDocument, { input: { id, versie, toelichting } }))
    case 'rondAf':
      return only(api.mutate(WijzigStatusDocument, { input: { id, versie, status: 'GEDAAN', toelichting } }))
    case 'heropen':
      return only(api.mutate(WijzigStatusDocument, { input: { id, versie, status: 'TE_DOEN', toelichting } }))
    case 'stuurDoor': {
      const { eenheidId: organisatorischeEenheidId, medewerkerId } = deed
      const input = { id, versie, organisatorischeEenheidId, medewerkerId, toelichting: required }
      return only(api.mutate(StuurDoorDocument, { input }))
    }
    case 'lichtToe':
      return only(api.mutate(LichtToeDocument, { input: { id, toelichting: required } }))
  }
}

async function only(asked: Promise<Answer<{ antwoord: AntwoordFragment }>>): Promise<Answer<AntwoordFragment>> {
  const { data, failure } = await asked
  return failure ? { failure } : { data: data.antwoord }
}

/** Whether the note stands in the task already, as the server keeps texts: a note is guarded by no versie. Undefined
 * when it does not. */
async function noteFound({ api, me }: Doing, seen: Taak, note: string): Promise<Answer<'gevonden'> | undefined> {
  const { data, failure } = await api.query(LeesTaakDocument, { id: seen.id })
  if (failure) return { failure }
  const found = data.interneTaak?.logboek.some(
    ({ soort, versie, door, toelichting }) =>
      soort === 'TOEGELICHT' && versie > seen.versie && door?.id === me && toelichting === kept(note),
  )
  return found ? { data: 'gevonden' } : undefined
}

/** A text as the server keeps it. */
const kept = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').trim().normalize('NFC')
