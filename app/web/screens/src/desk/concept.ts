import type { KlantcontactMetTakenFragment, RegistreerKlantcontactInput } from '../api/gql/graphql'
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

const EMPTY: Content = {
  onderwerp: '',
  inhoud: '',
  afdelingId: null,
  afdelingGetypt: '',
  gevraagdeHandeling: '',
  andereHandeling: false,
  klantAanDeLijn: null,
  toelichting: '',
  kanaal: '',
}

export const newConcept = (): Concept => ({ ...EMPTY, ...newIds(), verzonden: null, geleegd: null })

/** The concept that is stored in this tab. */
export const storedConcept = (medewerkerId: string): Concept => storedInTab('concept', medewerkerId, newConcept())

export const isBlank = (concept: Content): boolean =>
  ![concept.onderwerp, concept.inhoud, concept.afdelingGetypt, concept.toelichting].some((text) => text.trim())

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
  return {
    id: concept.klantcontactId,
    kanaal: concept.kanaal || null,
    initiatiefnemer: 'KLANT',
    onderwerp: normalized(concept.onderwerp),
    inhoud: orNull(concept.inhoud),
    interneTaken: [
      {
        id: concept.taakId,
        organisatorischeEenheidId: concept.afdelingId ?? '',
        gevraagdeHandeling: handelingOf(concept, suggested),
        klantAanDeLijn: isAanDeLijn(concept, suggested),
        toelichting: orNull(concept.toelichting),
      },
    ],
  }
}

/** The text of a toelichting with the differences between the concept and the registered klantcontact; empty where
 * they are equal. */
export function difference(
  concept: Content,
  suggested: readonly string[],
  { ...was }: KlantcontactMetTakenFragment,
): string {
  const taak = was.interneTaken[0]
  const sentTo = taak?.logboek[0]?.organisatorischeEenheid ?? taak?.organisatorischeEenheid
  const lines = [
    changed('Onderwerp', was.onderwerp, concept.onderwerp),
    changed('Inhoud', was.inhoud, concept.inhoud),
    concept.afdelingId === sentTo?.id ? '' : changed('Afdeling', sentTo?.naam, concept.afdelingGetypt),
    changed('Gevraagde handeling', taak?.gevraagdeHandeling, handelingOf(concept, suggested)),
    isAanDeLijn(concept, suggested) === taak?.klantAanDeLijn ? '' : aanDeLijn(isAanDeLijn(concept, suggested)),
    changed('Toelichting', taak?.toelichting, concept.toelichting),
    concept.kanaal ? changed('Kanaal', was.kanaal, concept.kanaal) : '',
  ]
  return lines.filter(Boolean).join('\n')
}

const aanDeLijn = (is: boolean): string => (is ? 'De klant is aan de lijn.' : 'De klant is niet aan de lijn.')

/** The new text, or only the addition where the old text is its beginning. */
function changed(label: string, before: string | null | undefined, after: string): string {
  const [was, is] = [before ?? '', normalized(after)]
  if (was === is) return ''
  if (was && is.startsWith(was)) return `${label}, aanvulling: ${is.slice(was.length).trim()}`
  return `${label}: ${is || '(leeg)'}`
}
