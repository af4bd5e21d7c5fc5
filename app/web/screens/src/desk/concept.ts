import type { KlantcontactMetTakenFragment, RegistreerKlantcontactInput } from '../api/gql/graphql'
import { betrokkeneInput, emptyKlant, isBlankKlant, isSameKlant, type Klant } from '../taak/klant'
import { storedInTab } from '../ui/tabStorage'
import { normalized, orNull } from '../ui/texts'

/** The fields of the form. */
export interface Content {
  onderwerp: string
  inhoud: string
  afdelingId: string | null
  /** The letters typed in the combobox, whether or not an afdeling was chosen. */
  afdelingGetypt: string
  /** Empty means the first handeling that the server suggests. */
  gevraagdeHandeling: string
  /** Whether the employee typed a handeling of their own. */
  andereHandeling: boolean
  /** Null means that it follows from the handeling. */
  klantAanDeLijn: boolean | null
  toelichting: string
  /** Empty means the first kanaal of the server. */
  kanaal: string
  /** Whom the contact is with; mostly blank. It is stored in this tab only, and is in no toelichting. */
  klant: Klant
  /** Whether the fields for the klant are shown. */
  klantOpen: boolean
  /** Whether the employee answered the question, so that there is no task. The inhoud then has the answer. */
  zelf: boolean
}

/** A registration that is being typed, with the ids that it gets. They stay the same for every try, so it is
 * registered only once. */
export interface Concept extends Content {
  klantcontactId: string
  taakId: string
  /** What was sent last under these ids without an answer: the input, when (`op`), and whether it is still being
   * retried (`loopt`). */
  verzonden: { input: RegistreerKlantcontactInput; op: number; loopt: boolean } | null
  /** The content before the form was cleared, for undo. */
  geleegd: Omit<Concept, 'geleegd'> | null
}

export const newIds = (): Pick<Concept, 'klantcontactId' | 'taakId'> => ({
  klantcontactId: crypto.randomUUID(),
  taakId: crypto.randomUUID(),
})

const empty = (): Content => ({
  onderwerp: '',
  inhoud: '',
  afdelingId: null,
  afdelingGetypt: '',
  gevraagdeHandeling: '',
  andereHandeling: false,
  klantAanDeLijn: null,
  toelichting: '',
  kanaal: '',
  klant: emptyKlant(),
  klantOpen: false,
  zelf: false,
})

export const newConcept = (): Concept => ({ ...empty(), ...newIds(), verzonden: null, geleegd: null })

/** The concept that is stored in this tab. */
export const storedConcept = (medewerkerId: string): Concept => storedInTab('concept', medewerkerId, newConcept())

/** What an earlier version of the page stored has no klant. */
type Typed = Pick<Content, 'onderwerp' | 'inhoud' | 'afdelingGetypt' | 'toelichting'> & { klant?: Klant }

export const isBlank = ({ onderwerp, inhoud, afdelingGetypt, toelichting, klant }: Typed): boolean =>
  ![onderwerp, inhoud, afdelingGetypt, toelichting].some((text) => text.trim()) && (!klant || isBlankKlant(klant))

/** Empties the concept and gives it new ids. The previous content and its ids can be restored. */
export function clear(concept: Concept): void {
  const { geleegd, ...was } = concept
  Object.assign(concept, newConcept(), { geleegd: isBlank(was) ? geleegd : was })
}

/** Undoes `clear`. */
export const restore = (concept: Concept): void => void Object.assign(concept, concept.geleegd, { geleegd: null })

/** The gevraagde handeling as it is sent. */
export const handelingOf = (concept: Content, suggested: readonly string[]): string =>
  normalized(concept.gevraagdeHandeling || (concept.andereHandeling ? '' : (suggested[0] ?? '')))

/** Whether the citizen is on the line: as the employee chose, otherwise true only for the first suggested
 * handeling, which takes over the call. */
export const isAanDeLijn = (concept: Content, suggested: readonly string[]): boolean =>
  concept.klantAanDeLijn ?? (!concept.andereHandeling && handelingOf(concept, suggested) === suggested[0])

/** The input of the mutation. */
export function inputOf(concept: Concept, suggested: readonly string[]): RegistreerKlantcontactInput {
  const betrokkene = betrokkeneInput(concept.klant)
  return {
    id: concept.klantcontactId,
    kanaal: concept.kanaal || null,
    initiatiefnemer: 'KLANT',
    onderwerp: normalized(concept.onderwerp),
    inhoud: orNull(concept.inhoud),
    ...(betrokkene ? { betrokkene } : {}),
    interneTaken: concept.zelf ? [] : [taakInput(concept, suggested)],
  }
}

const taakInput = (concept: Concept, suggested: readonly string[]) => ({
  id: concept.taakId,
  organisatorischeEenheidId: concept.afdelingId ?? '',
  gevraagdeHandeling: handelingOf(concept, suggested),
  klantAanDeLijn: isAanDeLijn(concept, suggested),
  toelichting: orNull(concept.toelichting),
})

/** The text of a toelichting with the differences between the concept and the registered klantcontact; empty where
 * they are equal. Of whom the contact was with it says only that they differ: that stands nowhere else. */
export function difference(
  concept: Content,
  suggested: readonly string[],
  { ...was }: KlantcontactMetTakenFragment,
): string {
  const lines = [
    changed('Onderwerp', was.onderwerp, concept.onderwerp),
    changed('Inhoud', was.inhoud, concept.inhoud),
    ...taakDifference(concept, suggested, was),
    concept.kanaal ? changed('Kanaal', was.kanaal, concept.kanaal) : '',
    isSame(concept.klant, was) ? '' : 'De naam of het nummer van de klant is anders.',
  ]
  return lines.filter(Boolean).join('\n')
}

function taakDifference(
  concept: Content,
  suggested: readonly string[],
  { interneTaken: [taak] }: KlantcontactMetTakenFragment,
): string[] {
  if (concept.zelf) return [taak ? 'De vraag is al beantwoord.' : '']
  const sentTo = taak?.logboek[0]?.organisatorischeEenheid ?? taak?.organisatorischeEenheid
  return [
    concept.afdelingId === sentTo?.id ? '' : changed('Afdeling', sentTo?.naam, concept.afdelingGetypt),
    changed('Gevraagde handeling', taak?.gevraagdeHandeling, handelingOf(concept, suggested)),
    isAanDeLijn(concept, suggested) === taak?.klantAanDeLijn ? '' : aanDeLijn(isAanDeLijn(concept, suggested)),
    changed('Toelichting', taak?.toelichting, concept.toelichting),
  ]
}

/** Null where this employee may not see whom the contact was with: then nothing can be said of it. */
const isSame = (klant: Klant, { betrokkenen }: KlantcontactMetTakenFragment): boolean =>
  betrokkenen === null || (betrokkenen[0] ? isSameKlant(klant, betrokkenen[0]) : isBlankKlant(klant))

const aanDeLijn = (is: boolean): string => (is ? 'De klant is aan de lijn.' : 'De klant is niet aan de lijn.')

/** The new text, or only the addition where the old text is its beginning. */
function changed(label: string, before: string | null | undefined, after: string): string {
  const [was, is] = [before ?? '', normalized(after)]
  if (was === is) return ''
  if (was && is.startsWith(was)) return `${label}, aanvulling: ${is.slice(was.length).trim()}`
  return `${label}: ${is || '(leeg)'}`
}
