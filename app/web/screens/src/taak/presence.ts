import type { AfdelingenFragment } from '../api/gql/graphql'

type Afdeling = Pick<AfdelingenFragment['organisatorischeEenheden'][number], 'aantalMetPostvakOpen'>

/** How many colleagues of an afdeling could take a call over; empty where that is not known. */
export function presence({ aantalMetPostvakOpen: aantal }: Afdeling): string {
  if (aantal === null) return ''
  if (aantal === 0) return 'niemand heeft het postvak open'
  return aantal === 1 ? '1 collega heeft het postvak open' : `${aantal} collega's hebben het postvak open`
}
