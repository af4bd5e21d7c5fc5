import { storedInTab } from '../ui/tabStorage'

/** What is filled in in a dialog about a task. */
export interface Ingevuld {
  medewerkerId: string | null
  eenheidId: string | null
  toelichting: string
  /** The letters typed for the colleague, chosen or not. */
  collega: string
  /** The letters typed for the department, chosen or not. */
  eenheid: string
}

const EMPTY: Ingevuld = { medewerkerId: null, eenheidId: null, toelichting: '', collega: '', eenheid: '' }

/** What is typed in dialogs and not sent yet, by task and deed: it stays whatever closes the dialog. */
export interface DialogInputs {
  of: (taakId: string, deed: string) => Ingevuld
  /** It was sent, or there is nothing in it. */
  forget: (taakId: string, deed: string) => void
}

/** What this employee typed in this tab. */
export function storedDialogInputs(medewerkerId: string): DialogInputs {
  const all = storedInTab<Record<string, Ingevuld>>('dialogen', medewerkerId, {})
  const keyOf = (taakId: string, deed: string) => `${taakId} ${deed}`
  return {
    of(taakId, deed) {
      const key = keyOf(taakId, deed)
      all[key] ??= { ...EMPTY }
      // As it is kept, so that changes are heard.
      return all[key]
    },
    forget(taakId, deed) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete all[keyOf(taakId, deed)]
    },
  }
}

/** Whether there is anything in it. */
export const isFilledIn = ({ medewerkerId, eenheidId, ...typed }: Ingevuld): boolean =>
  medewerkerId !== null || eenheidId !== null || Object.values(typed).some((text) => text.trim())
