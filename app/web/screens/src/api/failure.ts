import type { CombinedError } from '@urql/core'

/** Why there is no answer. With `unreachable` it is not known whether the server executed the request, so it can be
 * retried. */
export interface Failure {
  kind: 'unreachable' | 'login-expired' | 'refused'
  /** The code of a GraphQL error, such as CURSOR_VERLOPEN; empty for other failures. */
  code: string
  /** The message that is shown to the employee. */
  bericht: string
}

/** The login of this tab has expired, and only the employee can renew it. */
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

/** HTTP statuses of a server or a proxy that is too busy or too slow at the moment: retry. */
const RETRY_STATUSES = [408, 429]

/** Codes of GraphQL errors that are temporary or an internal error: retry. */
const RETRY_CODES = ['NIET_BESCHIKBAAR', 'INTERNE_FOUT']

/** Translates an error of urql into the failure that the screens handle. */
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

/** The message for a refusal by something between the browser and the API, such as a proxy: a retry would be
 * refused as well. */
const refusedOnTheWay = (status: number): string =>
  `De vraag is onderweg naar Overdracht geweigerd (foutcode ${status}). Meld dit bij uw beheerder.`
