import { storedInTab } from '../ui/tabStorage'

/** What is filled in in a dialog about a task. */
export interface Ingevuld {
  medewerkerId: string | null
  eenheidId: string | null
  toelichting: string
  /** What the citizen was told. */
  antwoord: string
  /** The letters typed for the colleague, whether or not one was chosen. */
  collega: string
  /** The letters typed for the afdeling, whether or not one was chosen. */
  eenheid: string
}

const EMPTY: Ingevuld = {
  medewerkerId: null,
  eenheidId: null,
  toelichting: '',
  antwoord: '',
  collega: '',
  eenheid: '',
}

/** For how many tasks and deeds something is kept; of more the oldest goes. */
const KEPT = 50

/** What is filled in in dialogs and not sent yet, by task and deed. It stays when the dialog closes. */
export interface DialogInputs {
  of: (taakId: string, deed: string) => Ingevuld
  /** Removes what was filled in, after it was sent or when it is empty. */
  forget: (taakId: string, deed: string) => void
}

/** The dialog inputs of this employee in this tab. */
export function storedDialogInputs(medewerkerId: string): DialogInputs {
  const all = storedInTab<Record<string, Ingevuld>>('dialogen', medewerkerId, {})
  const keyOf = (taakId: string, deed: string) => `${taakId} ${deed}`
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  const remove = (key: string) => delete all[key]
  return {
    of(taakId, deed) {
      const key = keyOf(taakId, deed)
      // What an earlier version of the page stored may lack a field.
      all[key] = { ...EMPTY, ...all[key] }
      for (const oldest of Object.keys(all).slice(0, -KEPT)) if (oldest !== key) remove(oldest)
      // Return the stored, reactive object and not the new one, so that changes are stored.
      return all[key]
    },
    forget(taakId, deed) {
      remove(keyOf(taakId, deed))
    },
  }
}

/** Whether anything is filled in. */
export const isFilledIn = ({ medewerkerId, eenheidId, ...typed }: Ingevuld): boolean =>
  medewerkerId !== null || eenheidId !== null || Object.values(typed).some((text) => text.trim())
