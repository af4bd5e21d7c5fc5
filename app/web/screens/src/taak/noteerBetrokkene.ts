import type { Api } from '../api/api'
import type { BetrokkeneInput } from '../api/gql/graphql'
import { betrokkeneInput, isSameKlant, klantErrorsByField, type Klant, type KlantErrors } from './klant'
import { sendBetrokkene, type Betrokkene } from './contactgegevens'

/** What came of noting or correcting whom to call. */
export type Noted =
  | { kind: 'noted'; betrokkene: Betrokkene }
  /** Somebody was first: this one stands, and is to be looked at before anything is sent again. */
  | { kind: 'stands'; betrokkene: Betrokkene }
  | { kind: 'refused'; bericht: string; errors: KlantErrors }

/** Notes what is typed, or corrects the one that the employee saw. Whoever stands already as typed was noted by an
 * earlier try whose answer was lost. */
export async function noteerBetrokkene(
  api: Pick<Api, 'mutate'>,
  klantcontactId: string,
  seen: Betrokkene | undefined,
  klant: Klant,
): Promise<Noted> {
  const input = betrokkeneInput(klant, seen)
  if (!input) return { kind: 'refused', bericht: NOTHING, errors: {} }
  const { data, failure } = await sendBetrokkene(api, klantcontactId, seen, input)
  if (failure) return { kind: 'refused', bericht: failure.bericht, errors: {} }
  switch (data.__typename) {
    case 'BetrokkeneVastgelegd':
      return { kind: 'noted', betrokkene: data.betrokkene }
    case 'BetrokkeneVersieVerouderd': {
      const { betrokkene } = data
      return { kind: isSameKlant(klant, betrokkene) ? 'noted' : 'stands', betrokkene }
    }
    case 'OngeldigeInvoer':
      return refused(data, input)
    default:
      return {
        kind: 'refused',
        bericht: REASONS[data.__typename] ?? (data as { bericht: string }).bericht,
        errors: {},
      }
  }
}

const NOTHING = 'Vul een naam of een nummer in.'
const REASONS: Partial<Record<string, string>> = {
  NietGevonden: 'Dit klantcontact is er niet (meer) voor u.',
  NietBevoegd: 'U mag de contactgegevens hiervan niet (meer) noteren.',
}

interface Invalid {
  bericht: string
  velden: readonly { pad: string[]; bericht: string }[]
}

/** The errors at their fields; what belongs to no field is the message. */
function refused({ bericht, velden }: Invalid, input: BetrokkeneInput): Noted {
  const { errors, rest } = klantErrorsByField(velden, input)
  return { kind: 'refused', bericht: Object.keys(errors).length ? rest : bericht, errors }
}
