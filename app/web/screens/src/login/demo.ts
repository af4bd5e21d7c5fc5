import { shallowReactive } from 'vue'
import { AanmeldingVerlopen } from '../api/failure'
import type { Login, Session } from './session'

/** An employee of the demo. */
export interface DemoMedewerker {
  key: string
  naam: string
  rol: string
  eenheid: string
}

interface StoredLogin {
  medewerker: string
  token: string
  /** Expiry, in seconds since 1970. */
  verlooptOp: number
}

const KEY = 'overdracht.demo'
const RENEW_BEFORE_SECONDS = 60

/** Login by choosing an employee of the demo. Each tab can be another employee. */
export class DemoLogin implements Login {
  /** The employees to choose from. */
  async medewerkers(): Promise<DemoMedewerker[]> {
    const response = await fetch('/demo/medewerkers')
    if (!response.ok) throw new Error(`medewerkers: ${response.status}`)
    return (await response.json()) as DemoMedewerker[]
  }

  /** Logs in as one of them. */
  async choose(medewerker: string): Promise<Session> {
    return session(await fetchToken(medewerker))
  }

  async resume(): Promise<Session | null> {
    const login = sessionStorage.getItem(KEY)
    return login ? session(JSON.parse(login) as StoredLogin) : null
  }
}

async function fetchToken(medewerker: string): Promise<StoredLogin> {
  const response = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ medewerker }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new AanmeldingVerlopen()
  const login = { medewerker, ...((await response.json()) as Omit<StoredLogin, 'medewerker'>) }
  sessionStorage.setItem(KEY, JSON.stringify(login))
  return login
}

function session(first: StoredLogin): Session {
  let login = first
  let renewal: Promise<StoredLogin> | undefined
  const state = shallowReactive({ expired: false })
  const isEnding = () => login.verlooptOp - RENEW_BEFORE_SECONDS < Date.now() / 1000
  const renewed = async () => {
    try {
      login = await (renewal ??= fetchToken(login.medewerker))
      state.expired = false
    } catch (error) {
      if (error instanceof AanmeldingVerlopen) state.expired = true
      throw error
    } finally {
      renewal = undefined
    }
  }
  return {
    get expired() {
      return state.expired
    },
    async token() {
      if (state.expired) throw new AanmeldingVerlopen()
      if (isEnding()) await renewed()
      return login.token
    },
    tokenRefused: () => (state.expired ||= !isEnding()),
    renew: renewed,
    end: async () => sessionStorage.removeItem(KEY),
  }
}
