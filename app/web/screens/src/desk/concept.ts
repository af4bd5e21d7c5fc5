import type { KlantcontactMetTakenFragment, RegistreerKlantcontactInput } from '../api/gql/graphql'
import { storedInTab } from '../ui/tabStorage'
import { normalized, orNull } from '../ui/texts'

/** What is typed. */
export interface Content {
  onderwerp: string
  inhoud: string
  afdelingId: string | null
  /** What is typed to find the department; it stays where nothing was chosen by it. */
  afdelingGetypt: string
  /** Empty: the first of those that the server suggests. */
  gevraagdeHandeling: string
  /** It is none of those that the server suggests. */
  andereHandeling: boolean
  /** Null: as the requested act has it. */
  klantAanDeLijn: boolean | null
  toelichting: string
  /** Empty: the default. */
  kanaal: string
}

/** A registration that is being typed, with the ids under which it will stand: however often it is sent, it stands
 * once. */
export interface Concept extends Content {
  klantcontactId: string
  taakId: string
  /** The version that went out under these ids last and was not answered: when, and whether it is still tried. */
  verzonden: { input: RegistreerKlantcontactInput; op: number; loopt: boolean } | null
  /** What was typed before it was cleared, to have it back. */
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

/** The draft of this tab. */
export const storedConcept = (medewerkerId: string): Concept => storedInTab('concept', medewerkerId, newConcept())

export const isBlank = (concept: Content): boolean =>
  ![concept.onderwerp, concept.inhoud, concept.afdelingGetypt, concept.toelichting].some((text) => text.trim())

/** Empties it under new ids; what stood there can be had back, ids and all. */
export function clear(concept: Concept): void {
  const { geleegd, ...was } = concept
  Object.assign(concept, newConcept(), { geleegd: isBlank(was) ? geleegd : was })
}

/** Brings back what was cleared. */
export const restore = (concept: Concept): void => void Object.assign(concept, concept.geleegd, { geleegd: null })

/** What is asked of the department. */
export const handelingOf = (concept: Content, suggested: readonly string[]): string =>
  normalized(concept.gevraagdeHandeling || (concept.andereHandeling ? '' : (suggested[0] ?? '')))

/** Whether the citizen is on the line: said by the user, or else so when the call itself is to be taken over. */
export const isAanDeLijn = (concept: Content, suggested: readonly string[]): boolean =>
  concept.klantAanDeLijn ?? (!concept.andereHandeling && handelingOf(concept, suggested) === suggested[0])

/** As it is sent. */
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

/** What is typed now beside what was registered, as a note that tells the difference; empty where there is none. */
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

/** Of a text that goes on where it ended before, what was added. */
function changed(label: string, before: string | null | undefined, after: string): string {
  const [was, is] = [before ?? '', normalized(after)]
  if (was === is) return ''
  if (was && is.startsWith(was)) return `${label}, aanvulling: ${is.slice(was.length).trim()}`
  return `${label}: ${is || '(leeg)'}`
}
