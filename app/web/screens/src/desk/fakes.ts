import type { Answer, Api, Subscriber } from '../api/api'
import { newConnection } from '../api/connection'
import type { Failure } from '../api/failure'
import type {
  BetrokkeneVeldenFragment,
  GebeurtenisInLogboekFragment,
  KlantcontactMetTakenFragment,
  TaakMetLogboekFragment,
} from '../api/gql/graphql'
import { shallowReactive } from 'vue'
import type { RetryContext } from '../api/retry'

/** A request that waits until the test answers it. */
interface Call {
  document: unknown
  variables: unknown
  answer: (data: unknown) => void
  fail: (kind: Failure['kind'], bericht?: string) => void
}

interface FakeSubscription {
  variables: { id: string; naVersie: number }
  next: (data: unknown) => void
  ended: (failure: Failure) => void
  stopped: boolean
}

/** A fake API: the test answers each request itself. */
export class FakeApi {
  readonly calls: Call[] = []
  readonly subscriptions: FakeSubscription[] = []
  time = Date.parse('2026-03-02T10:00:00Z')
  private arrived = (): void => undefined

  readonly api = {
    query: (document: unknown, variables: unknown) => this.call(document, variables),
    mutate: (document: unknown, variables: unknown) => this.call(document, variables),
    subscribe: (_document: unknown, variables: unknown, { next, ended }: Subscriber<unknown>) => {
      const subscription = { variables, next, ended, stopped: false } as FakeSubscription
      this.subscriptions.push(subscription)
      return () => (subscription.stopped = true)
    },
    now: () => this.time,
  } as unknown as Pick<Api, 'query' | 'mutate' | 'subscribe' | 'now'>

  /** Waits until request number `number` is made, counting from 0. */
  async made(number: number): Promise<Call> {
    while (!this.calls[number]) await new Promise<void>((resolve) => (this.arrived = resolve))
    return this.calls[number]
  }

  private call(document: unknown, variables: unknown): Promise<Answer<unknown>> {
    return new Promise((resolve) => {
      this.calls.push({
        document,
        variables,
        answer: (data) => resolve({ data }),
        fail: (kind, bericht = '') => resolve({ failure: { kind, code: '', bericht } }),
      })
      this.arrived()
    })
  }
}

/** A fake context whose pauses end when the test calls `endPauses`. */
export function fakeRetryContext(): RetryContext & { endPauses: () => void; session: { expired: boolean } } {
  let waiting: (() => void)[] = []
  return {
    connection: newConnection(),
    session: shallowReactive({ expired: false }),
    pause: () => new Promise((resolve) => waiting.push(resolve)),
    endPauses() {
      const ending = waiting
      waiting = []
      for (const end of ending) end()
    },
  }
}

/** Lets all resolved promises run their callbacks. */
export const flushPromises = (): Promise<void> => new Promise((go) => setTimeout(go))

export const KARIN = { id: 'karin', naam: 'Karin Kok' }
export const VINCENT = { id: 'vincent', naam: 'Vincent de Vries' }
export const VERGUNNINGEN = { id: 'vergunningen', naam: 'Afdeling vergunningen' }

export function aFact(more: Partial<GebeurtenisInLogboekFragment> = {}): GebeurtenisInLogboekFragment {
  const { versie = 1 } = more
  return {
    id: `feit-${versie}`,
    versie,
    volgnummer: versie,
    soort: 'GEREGISTREERD',
    tijdstip: '2026-03-02T10:00:00.000Z',
    toelichting: null,
    antwoord: null,
    status: 'TE_DOEN',
    door: KARIN,
    medewerker: null,
    organisatorischeEenheid: VERGUNNINGEN,
    andereOrganisatorischeEenheid: null,
    ...more,
  }
}

export function aTask(more: Partial<TaakMetLogboekFragment> = {}): TaakMetLogboekFragment {
  return {
    id: 'taak',
    nummer: '1234567890',
    versie: 1,
    status: 'TE_DOEN',
    geregistreerdOp: '2026-03-02T10:00:00.000Z',
    klantAanDeLijn: true,
    gevraagdeHandeling: 'Overname gesprek met klant',
    toelichting: null,
    gedaanOp: null,
    medewerker: null,
    gedaanDoor: null,
    antwoord: null,
    aantalContactpogingen: 0,
    organisatorischeEenheid: VERGUNNINGEN,
    ontstaanUitKlantcontact: {
      id: 'contact',
      nummer: '2345678901',
      geregistreerdOp: '2026-03-02T10:00:00.000Z',
      plaatsgevondenOp: '2026-03-02T10:00:00.000Z',
      onderwerp: 'Dakkapel',
      inhoud: null,
      kanaal: 'Telefoon',
      medewerker: { id: KARIN.id },
      betrokkenen: [],
    },
    logboek: [aFact()],
    ...more,
  }
}

export function aContact(more: Partial<KlantcontactMetTakenFragment> = {}): KlantcontactMetTakenFragment {
  return {
    id: 'contact',
    nummer: '2345678901',
    kanaal: 'Telefoon',
    onderwerp: 'Dakkapel',
    inhoud: null,
    betrokkenen: [],
    interneTaken: [aTask()],
    ...more,
  }
}

export function aBetrokkene(more: Partial<BetrokkeneVeldenFragment> = {}): BetrokkeneVeldenFragment {
  return {
    id: 'betrokkene',
    versie: 1,
    rol: 'KLANT',
    contactnaam: { voorletters: null, voornaam: 'Jan', voorvoegselAchternaam: 'van der', achternaam: 'Berg' },
    organisatienaam: null,
    digitaleAdressen: [{ soortDigitaalAdres: 'TELEFOONNUMMER', adres: '+31612345678', omschrijving: null }],
    ...more,
  }
}

/** A task at a contact with this betrokkene. */
export function aTaskWith(
  betrokkene: BetrokkeneVeldenFragment,
  more: Partial<TaakMetLogboekFragment> = {},
): TaakMetLogboekFragment {
  const taak = aTask(more)
  return { ...taak, ontstaanUitKlantcontact: { ...taak.ontstaanUitKlantcontact, betrokkenen: [betrokkene] } }
}
