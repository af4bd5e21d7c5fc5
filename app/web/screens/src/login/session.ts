/** The login of the employee in this tab. */
export interface Session {
  /** Returns a valid token; rejects with AanmeldingVerlopen where only the employee can renew the login. */
  token: () => Promise<string>
  /** Whether the login has expired; reactive. */
  readonly expired: boolean
  /** Reports that the server refused the token. One that was about to expire is renewed automatically; otherwise
   * the login has expired. */
  tokenRefused: () => void
  /** Renews the login of the same employee without leaving the page; a click or a key must call this. */
  renew: () => Promise<void>
  /** Logs out of this tab. */
  end: () => Promise<void>
}

/** A way to log in: the demo or OpenID Connect. */
export interface Login {
  /** The session that this tab already has; null where there is none. */
  resume: () => Promise<Session | null>
  /** Redirects to the issuer, which returns the browser to `to`; absent for the demo, where the employee chooses on
   * this page. */
  begin?: (to: string) => Promise<void>
}

/** The configuration at /config.json. */
export type Config = { graphiql: boolean } & (
  { login: 'demo' } | { login: 'oidc'; issuer: string; clientId: string; scope: string } | { login: null }
)

export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json', { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`config.json: ${response.status}`)
  return (await response.json()) as Config
}
