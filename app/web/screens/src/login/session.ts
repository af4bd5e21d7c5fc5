/** What this tab knows of who is logged in. */
export interface Session {
  /** A token that is valid now; rejects with AanmeldingVerlopen where only the user can renew it. */
  token: () => Promise<string>
  /** Whether it has expired, as the banner watches it. */
  readonly expired: boolean
  /** The server did not let its token in. One that was to be renewed in any case is; else only the user can. */
  refused: () => void
  /** Log in once more as the same employee, without leaving the page; called by a key or a click. */
  renew: () => Promise<void>
  /** Log out of this tab. */
  end: () => Promise<void>
}

/** A way to log in. */
export interface Login {
  /** Who is logged in in this tab already; null: nobody. */
  resume: () => Promise<Session | null>
  /** Leave the page for the issuer's, which sends the browser back to `to`; absent where one chooses on this page. */
  begin?: (to: string) => Promise<void>
}

/** What the server says of itself at /config.json. */
export type Config = { graphiql: boolean } & (
  { login: 'demo' } | { login: 'oidc'; issuer: string; clientId: string; scope: string } | { login: null }
)

/** Reads it. */
export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json', { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`config.json: ${response.status}`)
  return (await response.json()) as Config
}
