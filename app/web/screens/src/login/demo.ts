import { shallowReactive } from 'vue'
import { AanmeldingVerlopen } from '../api/failure'
import type { Login, Session } from './session'

/** A demo employee, as one is chosen. */
export interface DemoMedewerker {
  key: string
  naam: string
  rol: string
  eenheid: string
}

interface StoredLogin {
  medewerker: string
  token: string
  /** Seconds since 1970. */
  verlooptOp: number
}

const KEY = 'overdracht.demo'
const EARLY_SECONDS = 60

/** Logging in by choosing a demo employee: each tab as somebody else. */
export class DemoLogin implements Login {
  /** Who can be chosen. */
  async medewerkers(): Promise<DemoMedewerker[]> {
    const response = await fetch('/demo/medewerkers')
    if (!response.ok) throw new Error(`medewerkers: ${response.status}`)
    return (await response.json()) as DemoMedewerker[]
  }

  /** Log in as one of them. */
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
  let renewing: Promise<StoredLogin> | undefined
  const state = shallowReactive({ expired: false })
  const isEnding = () => login.verlooptOp - EARLY_SECONDS < Date.now() / 1000
  const renewed = async () => {
    try {
      login = await (renewing ??= fetchToken(login.medewerker))
      state.expired = false
    } catch (error) {
      if (error instanceof AanmeldingVerlopen) state.expired = true
      throw error
    } finally {
      renewing = undefined
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
    refused: () => (state.expired ||= !isEnding()),
    renew: renewed,
    end: async () => sessionStorage.removeItem(KEY),
  }
}
