import type { TaakNaDaadFragment } from '../api/gql/graphql'
import type { Deed } from './deeds'
import { isOpen, type Taak } from './store'
import { orNull } from '../ui/texts'

/** Error messages by the name of the input field. */
export type Velden = Partial<Record<string, string>>

/** The result of a deed. With `refused` nothing changed. It has the task as it is now, where the server gave it. */
export type Outcome =
  { kind: 'done'; taak?: Taak } | { kind: 'refused'; bericht: string; taak?: Taak; velden?: Velden }

/** Translates the server's answer, with a message for the employee. */
export function outcomeOf(answer: TaakNaDaadFragment, deed: Deed, me: string): Outcome {
  switch (answer.__typename) {
    case 'InterneTaakGewijzigd':
      return { kind: 'done', taak: answer.interneTaak }
    case 'OvergangGeweigerd':
      return no(answer.interneTaak, first(answer.interneTaak, deed, me) ?? answer.bericht)
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
      // A refusal of a type that this version of the page does not know has its own message.
      return { kind: 'refused', bericht: (answer as { bericht: string }).bericht }
  }

  function no(taak: Taak, bericht: string): Outcome {
    return deed.soort === 'lichtToe' ? { kind: 'refused', bericht } : { kind: 'refused', bericht, taak }
  }
}

/** The message that a colleague did it first, if one did. */
function first(taak: Taak, deed: Deed, me: string): string | undefined {
  const { medewerker, gedaanDoor } = taak
  if (!isOpen(taak))
    return gedaanDoor && gedaanDoor.id !== me ? `${gedaanDoor.naam} heeft de taak al afgerond.` : undefined
  // An attempt may be told of a colleague's task as well, so it was refused for another reason.
  if (deed.soort === 'nietBereikt') return undefined
  return medewerker && medewerker.id !== me ? `${medewerker.naam} was u voor en heeft de taak nu.` : undefined
}

/** Where the task is and who has it, as a part of a sentence. */
export function describeTaak(taak: Taak, me: string): string {
  const { medewerker, gedaanDoor, organisatorischeEenheid } = taak
  if (!isOpen(taak)) return `is afgerond door ${gedaanDoor?.id === me ? 'u' : (gedaanDoor?.naam ?? 'het systeem')}`
  const place = `ligt bij ${organisatorischeEenheid.naam}`
  if (!medewerker) return `${place} en is van niemand`
  return `${place} en is van ${medewerker.id === me ? 'u' : medewerker.naam}`
}

const byField = (velden: readonly { pad: string[]; bericht: string }[]): Velden =>
  Object.fromEntries(velden.map(({ pad, bericht }) => [pad.at(-1) ?? '', bericht]))

/** Whether a refused retry shows that the first try succeeded: the task is as the deed would leave it, from how it
 * was seen. */
export function firstTrySucceeded(
  answer: TaakNaDaadFragment,
  seen: Taak,
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
      return taak.gedaanDoor?.id === me && taak.antwoord === orNull(deed.antwoord)
    case 'nietBereikt':
      return (
        taak.aantalContactpogingen === seen.aantalContactpogingen + 1 &&
        taak.medewerker?.id === (seen.medewerker?.id ?? me)
      )
    case 'heropen':
      return isOpen(taak)
    case 'stuurDoor':
      return isOpen(taak) && taak.organisatorischeEenheid.id === deed.eenheidId
    default:
      return false
  }
}
