import type { TaakNaDaadFragment } from '../api/gql/graphql'
import type { Deed } from './deeds'
import { isOpen, type Taak } from './store'

/** What a field of the dialogs was refused for, by the name of the input's field. */
export type Velden = Partial<Record<string, string>>

/** How a deed ended. With `geweigerd` nothing changed; the task is as it stands now, where the server told. */
export type Outcome =
  { kind: 'done'; taak?: Taak } | { kind: 'refused'; bericht: string; taak?: Taak; velden?: Velden }

/** What an answer means, in plain words. */
export function outcomeOf(answer: TaakNaDaadFragment, deed: Deed, me: string): Outcome {
  switch (answer.__typename) {
    case 'InterneTaakGewijzigd':
      return { kind: 'done', taak: answer.interneTaak }
    case 'OvergangGeweigerd':
      return no(answer.interneTaak, first(answer.interneTaak, me) ?? answer.bericht)
    case 'VersieVerouderd':
      return no(
        answer.interneTaak,
        `De taak is net veranderd en ${describeTaak(answer.interneTaak, me)}. Kijk eerst wat er staat.`,
      )
    case 'NietBevoegd':
      return {
        kind: 'refused',
        bericht: 'U mag dit niet doen met deze taak: die ligt niet (meer) in een postvak van u.',
      }
    case 'NietGevonden':
      return { kind: 'refused', bericht: 'Deze taak is er niet (meer) voor u.' }
    case 'OngeldigeInvoer':
      return { kind: 'refused', bericht: answer.bericht, velden: byField(answer.velden) }
    default:
      // A kind of no that came after this page: it has its reason with it.
      return { kind: 'refused', bericht: (answer as { bericht: string }).bericht }
  }

  function no(taak: Taak, bericht: string): Outcome {
    return deed.soort === 'lichtToe' ? { kind: 'refused', bericht } : { kind: 'refused', bericht, taak }
  }
}

/** Who was first, if somebody else was. */
function first(taak: Taak, me: string): string | undefined {
  const { medewerker, gedaanDoor } = taak
  if (!isOpen(taak))
    return gedaanDoor && gedaanDoor.id !== me ? `${gedaanDoor.naam} heeft de taak al afgerond.` : undefined
  return medewerker && medewerker.id !== me ? `${medewerker.naam} was u voor en heeft de taak nu.` : undefined
}

/** How a task stands, as what is said of it. */
export function describeTaak(taak: Taak, me: string): string {
  const { medewerker, gedaanDoor, organisatorischeEenheid } = taak
  if (!isOpen(taak)) return `is afgerond door ${gedaanDoor?.id === me ? 'u' : (gedaanDoor?.naam ?? 'het systeem')}`
  const place = `ligt bij ${organisatorischeEenheid.naam}`
  if (!medewerker) return `${place} en is van niemand`
  return `${place} en is van ${medewerker.id === me ? 'u' : medewerker.naam}`
}

const byField = (velden: readonly { pad: string[]; bericht: string }[]): Velden =>
  Object.fromEntries(velden.map(({ pad, bericht }) => [pad.at(-1) ?? '', bericht]))

/** Whether the task in a refusal of a second try stands as was wished: then the first try succeeded. */
export function firstTrySucceeded(
  answer: TaakNaDaadFragment,
  deed: Deed,
  me: string,
): answer is TaakNaDaadFragment & { __typename: 'VersieVerouderd' } {
  if (answer.__typename !== 'VersieVerouderd') return false
  const { interneTaak: taak } = answer
  switch (deed.soort) {
    case 'wijsToe':
      return isOpen(taak) && taak.medewerker?.id === deed.medewerkerId
    case 'legTerug':
      return isOpen(taak) && !taak.medewerker
    case 'rondAf':
      return taak.gedaanDoor?.id === me
    case 'heropen':
      return isOpen(taak)
    case 'stuurDoor':
      return isOpen(taak) && taak.organisatorischeEenheid.id === deed.eenheidId
    default:
      return false
  }
}
