import type { KlantcontactMetTakenFragment, RegistreerKlantcontactInput } from '../api/gql/graphql'
import { kept } from '../ui/kept'
import { asStored, orNull } from '../ui/texts'

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
export interface Draft extends Content {
  klantcontactId: string
  taakId: string
  /** The version that went out under these ids last and was not answered: when, and whether it is still tried. */
  verzonden: { input: RegistreerKlantcontactInput; op: number; loopt: boolean } | null
  /** What was typed before it was cleared, to have it back. */
  geleegd: Omit<Draft, 'geleegd'> | null
}

export const newIds = (): Pick<Draft, 'klantcontactId' | 'taakId'> => ({
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

export const newDraft = (): Draft => ({ ...EMPTY, ...newIds(), verzonden: null, geleegd: null })

/** The draft of this tab. */
export const keptDraft = (medewerkerId: string): Draft => kept('concept', medewerkerId, newDraft())

export const isBlank = (draft: Content): boolean =>
  ![draft.onderwerp, draft.inhoud, draft.afdelingGetypt, draft.toelichting].some((text) => text.trim())

/** Empties it under new ids; what stood there can be had back, ids and all. */
export function clear(draft: Draft): void {
  const { geleegd, ...was } = draft
  Object.assign(draft, newDraft(), { geleegd: isBlank(was) ? geleegd : was })
}

/** Brings back what was cleared. */
export const restore = (draft: Draft): void => void Object.assign(draft, draft.geleegd, { geleegd: null })

/** What is asked of the department. */
export const handelingOf = (draft: Content, suggested: readonly string[]): string =>
  asStored(draft.gevraagdeHandeling || (draft.andereHandeling ? '' : (suggested[0] ?? '')))

/** Whether the citizen is on the line: said by the user, or else so when the call itself is to be taken over. */
export const isAanDeLijn = (draft: Content, suggested: readonly string[]): boolean =>
  draft.klantAanDeLijn ?? (!draft.andereHandeling && handelingOf(draft, suggested) === suggested[0])

/** As it is sent. */
export function inputOf(draft: Draft, suggested: readonly string[]): RegistreerKlantcontactInput {
  return {
    id: draft.klantcontactId,
    kanaal: draft.kanaal || null,
    initiatiefnemer: 'KLANT',
    onderwerp: asStored(draft.onderwerp),
    inhoud: orNull(draft.inhoud),
    interneTaken: [
      {
        id: draft.taakId,
        organisatorischeEenheidId: draft.afdelingId ?? '',
        gevraagdeHandeling: handelingOf(draft, suggested),
        klantAanDeLijn: isAanDeLijn(draft, suggested),
        toelichting: orNull(draft.toelichting),
      },
    ],
  }
}

/** What is typed now beside what was registered, as a note that tells the difference; empty where there is none. */
export function difference(
  draft: Content,
  suggested: readonly string[],
  { ...was }: KlantcontactMetTakenFragment,
): string {
  const taak = was.interneTaken[0]
  const sentTo = taak?.logboek[0]?.organisatorischeEenheid ?? taak?.organisatorischeEenheid
  const lines = [
    changed('Onderwerp', was.onderwerp, draft.onderwerp),
    changed('Inhoud', was.inhoud, draft.inhoud),
    draft.afdelingId === sentTo?.id ? '' : changed('Afdeling', sentTo?.naam, draft.afdelingGetypt),
    changed('Gevraagde handeling', taak?.gevraagdeHandeling, handelingOf(draft, suggested)),
    isAanDeLijn(draft, suggested) === taak?.klantAanDeLijn ? '' : aanDeLijn(isAanDeLijn(draft, suggested)),
    changed('Toelichting', taak?.toelichting, draft.toelichting),
    draft.kanaal ? changed('Kanaal', was.kanaal, draft.kanaal) : '',
  ]
  return lines.filter(Boolean).join('\n')
}

const aanDeLijn = (is: boolean): string => (is ? 'De klant is aan de lijn.' : 'De klant is niet aan de lijn.')

/** Of a text that goes on where it ended before, what was added. */
function changed(label: string, before: string | null | undefined, after: string): string {
  const [was, is] = [before ?? '', asStored(after)]
  if (was === is) return ''
  if (was && is.startsWith(was)) return `${label}, aanvulling: ${is.slice(was.length).trim()}`
  return `${label}: ${is || '(leeg)'}`
}
