import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import { shallowReactive } from 'vue'
import { AanmeldingVerlopen } from '../api/failure'
import type { Login, Session } from './session'

/** The path to which the issuer redirects the browser. */
export const CALLBACK = '/aangemeld'
const RENEW_BEFORE_SECONDS = 60

/** Login with OpenID Connect: code flow with PKCE, in this page, or in a popup to renew a login. */
export class OidcLogin implements Login {
  private readonly users: UserManager

  constructor({ issuer, clientId, scope }: { issuer: string; clientId: string; scope: string }) {
    this.users = new UserManager({
      authority: issuer,
      client_id: clientId,
      scope,
      redirect_uri: new URL(CALLBACK, window.location.href).href,
      post_logout_redirect_uri: new URL('/aanmelden', window.location.href).href,
      // A login ends with its tab.
      userStore: new WebStorageStateStore({ store: window.sessionStorage }),
      automaticSilentRenew: false,
      loadUserInfo: false,
      monitorSession: false,
    })
  }

  /** Redirects to the issuer, which returns the browser to `to`. */
  async begin(to: string): Promise<void> {
    await this.users.signinRedirect({ state: to })
  }

  /** Handles the issuer's redirect. Returns where to go next, or null in a popup, which closes itself. */
  async finish(): Promise<string | null> {
    const user = await this.users.signinCallback()
    return user ? ((user.state as string | undefined) ?? '/') : null
  }

  async resume(): Promise<Session | null> {
    const user = await this.users.getUser()
    return user ? session(this.users, user) : null
  }
}

function session(users: UserManager, first: User): Session {
  let user = first
  let renewal: Promise<User> | undefined
  const state = shallowReactive({ expired: false })
  const seconds = () => user.expires_in ?? 0
  const take = (next: User): User => {
    if (next.profile.sub !== user.profile.sub) throw new AanmeldingVerlopen('another employee')
    state.expired = false
    return (user = next)
  }
  const expire = (): never => {
    state.expired = true
    throw new AanmeldingVerlopen()
  }
  /** An issuer that cannot be reached has not refused anything: the next request for a token retries. */
  const failed = (error: unknown): void => {
    if (seconds() > 0) return
    if (error instanceof ErrorResponse || error instanceof AanmeldingVerlopen) expire()
    throw error
  }
  return {
    get expired() {
      return state.expired
    },
    async token() {
      if (state.expired) throw new AanmeldingVerlopen()
      if (seconds() > RENEW_BEFORE_SECONDS) return user.access_token
      if (user.refresh_token) {
        renewal ??= users.signinSilent().then((next) => (next ? take(next) : expire()))
        await renewal.catch(failed).finally(() => (renewal = undefined))
      }
      return seconds() > 0 ? user.access_token : expire()
    },
    tokenRefused: () => (state.expired ||= seconds() > RENEW_BEFORE_SECONDS),
    renew: async () => void take(await users.signinPopup()),
    end: () => users.signoutRedirect().catch(() => users.removeUser()),
  }
}
