import type { CombinedError } from '@urql/core'

/** Why there is no answer. Whether the deed was done is not known with `onbereikbaar`: ask again. */
export interface Failure {
  kind: 'unreachable' | 'login-expired' | 'refused'
  /** The server's stable code of a GraphQL error, such as CURSOR_VERLOPEN; else empty. */
  code: string
  /** For the end user. */
  bericht: string
}

/** The login of this tab has expired, and only its user can renew it. */
export class AanmeldingVerlopen extends Error {
  override name = 'AanmeldingVerlopen'
}

const ONBEREIKBAAR: Failure = { kind: 'unreachable', code: '', bericht: 'Er is geen verbinding met de server.' }
const AANMELDING: Failure = {
  kind: 'login-expired',
  code: 'NIET_AANGEMELD',
  bericht: 'Uw aanmelding is verlopen. Meld u opnieuw aan; wat u hebt getypt blijft staan.',
}

const VEROUDERD = 'Er is een nieuwere versie van Overdracht: herlaad de pagina; wat u hebt getypt blijft staan.'

/** What says that the server, or something before it, is too busy or too slow now: ask again. */
const RETRY_STATUSES = [408, 429]

/** What passes by itself, and what broke at the server: ask again. */
const RETRY_CODES = ['NIET_BESCHIKBAAR', 'INTERNE_FOUT']

/** What an error of urql means for who waits for the answer. */
export function failureOf({ networkError, response, graphQLErrors }: CombinedError): Failure {
  const status = (response as Response | undefined)?.status
  const error = graphQLErrors[0]
  const code = (error?.extensions['code'] as string | undefined) ?? ''
  if (networkError instanceof AanmeldingVerlopen || status === 401 || code === 'NIET_AANGEMELD') return AANMELDING
  if (code === 'DOCUMENT_ONBEKEND') return { kind: 'refused', code, bericht: VEROUDERD }
  if (!error && status !== undefined && status >= 400 && status < 500 && !RETRY_STATUSES.includes(status))
    return { kind: 'refused', code: '', bericht: refusedOnTheWay(status) }
  if (!error || RETRY_CODES.includes(code) || (status !== undefined && status >= 500)) return ONBEREIKBAAR
  return { kind: 'refused', code, bericht: error.message }
}

/** A refusal that is not the API's, such as a proxy's: asking it again brings the same. */
const refusedOnTheWay = (status: number): string =>
  `De vraag is onderweg naar Overdracht geweigerd (foutcode ${status}). Meld dit bij uw beheerder.`
