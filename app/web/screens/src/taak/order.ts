import type { TaakInLijstFragment } from '../api/gql/graphql'

/** The fields that the order depends on. */
export type Waiting = Pick<
  TaakInLijstFragment,
  'id' | 'status' | 'klantAanDeLijn' | 'medewerker' | 'ontstaanUitKlantcontact'
>

const onTop = ({ status, klantAanDeLijn, medewerker }: Waiting): boolean =>
  status === 'TE_DOEN' && klantAanDeLijn && !medewerker

/** The order LANGST_WACHTEND_EERST: first te doen with a citizen on the line whom nobody has, then by when the
 * klantcontact took place, then by id. */
export function longestWaitingFirst(a: Waiting, b: Waiting): number {
  return (
    Number(onTop(b)) - Number(onTop(a)) ||
    compare(a.ontstaanUitKlantcontact.plaatsgevondenOp, b.ontstaanUitKlantcontact.plaatsgevondenOp) ||
    compare(a.id, b.id)
  )
}

/** Times and ids come in forms that can be compared as text. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
