import type { Ingevuld } from '../taak/dialogInputs'
import type { Deed } from './deeds'
import type { Velden } from './outcome'
import type { DeedDialogChoice, DeedChoice } from './choices'
import type { Taak } from './store'

interface Dialog {
  title: string
  explanation: string
  /** Whether the toelichting is required. */
  required: boolean
  button: string
  deed: (ingevuld: Ingevuld, me: string) => Deed
}

/** The texts of a dialog, and the deed that follows from what is filled in. */
export function dialogOf(choice: DeedDialogChoice, taak: Taak): Dialog {
  const gesprek = taak.klantAanDeLijn ? 'gesprek' : 'taak'
  switch (choice) {
    case 'neemOver':
      return dialog(
        `Deze ${gesprek === 'taak' ? 'taak' : 'overname'} is van een collega`,
        'Overnemen',
        (_, me) => ({
          soort: 'wijsToe',
          medewerkerId: me,
          toelichting: '',
        }),
      )
    case 'geef':
      return dialog('Wijs de taak toe aan een collega', 'Wijs toe', ({ medewerkerId, toelichting }) => ({
        soort: 'wijsToe',
        medewerkerId: medewerkerId ?? '',
        toelichting,
      }))
    case 'legTerug':
      return dialog('Leg de taak terug', 'Leg terug', ({ toelichting }) => ({ soort: 'legTerug', toelichting }), {
        explanation: 'De taak is daarna weer van niemand.',
      })
    case 'heropen':
      return dialog('Heropen de taak', 'Heropen', ({ toelichting }) => ({ soort: 'heropen', toelichting }), {
        required: true,
      })
    case 'stuurDoor':
      return dialog('Stuur de taak door', 'Stuur door', forward, { required: true })
    case 'lichtToe':
      return dialog(
        'Voeg een toelichting toe',
        'Voeg toe',
        ({ toelichting }) => ({ soort: 'lichtToe', toelichting }),
        {
          required: true,
        },
      )
  }
}

const forward = ({ eenheidId, medewerkerId, toelichting }: Ingevuld): Deed => ({
  soort: 'stuurDoor',
  eenheidId: eenheidId ?? '',
  medewerkerId,
  toelichting,
})

const dialog = (title: string, button: string, deed: Dialog['deed'], more: Partial<Dialog> = {}): Dialog => ({
  title,
  explanation: '',
  required: false,
  button,
  deed,
  ...more,
})

/** Errors for what must be filled in and is not, by the name of the input field. */
export function missing(choice: DeedChoice, { medewerkerId, eenheidId, toelichting, collega }: Ingevuld): Velden {
  const velden: Velden = {}
  if (choice === 'stuurDoor' && !eenheidId) velden['organisatorischeEenheidId'] = 'Kies een afdeling uit de lijst.'
  if (choice === 'stuurDoor' && collega.trim() && !medewerkerId)
    velden['medewerkerId'] = 'Kies een collega uit de lijst, of maak dit veld leeg.'
  if (choice === 'geef' && !medewerkerId) velden['medewerkerId'] = 'Kies een collega uit de lijst.'
  const required = choice === 'stuurDoor' || choice === 'heropen' || choice === 'lichtToe'
  if (required && !toelichting.trim()) velden['toelichting'] = 'Vul een toelichting in.'
  return velden
}
