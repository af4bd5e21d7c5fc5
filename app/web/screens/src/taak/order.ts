import type { TaakInLijstFragment } from '../api/gql/graphql'

/** What the order of waiting is made of. */
export type Waiting = Pick<
  TaakInLijstFragment,
  'id' | 'status' | 'klantAanDeLijn' | 'medewerker' | 'ontstaanUitKlantcontact'
>

const onTop = ({ status, klantAanDeLijn, medewerker }: Waiting): boolean =>
  status === 'TE_DOEN' && klantAanDeLijn && !medewerker

/** LANGST_WACHTEND_EERST: to be done, citizen on the line and nobody's first; then the contact's geregistreerdOp, then id. */
export function longestWaitingFirst(a: Waiting, b: Waiting): number {
  return (
    Number(onTop(b)) - Number(onTop(a)) ||
    compare(a.ontstaanUitKlantcontact.geregistreerdOp, b.ontstaanUitKlantcontact.geregistreerdOp) ||
    compare(a.id, b.id)
  )
}

/** Moments and ids are told in forms that sort as texts. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
