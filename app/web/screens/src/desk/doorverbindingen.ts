import { computed, ref, shallowReactive, watch, type ComputedRef, type Ref } from 'vue'
import type { Api } from '../api/api'
import {
  DoorverbondenTaakDocument,
  EerderDoorverbondenDocument,
  type BetrokkeneVeldenFragment,
  VolgTaakDocument,
  type GebeurtenisInLogboekFragment,
  type TaakAanBalieFragment,
  type TaakMetLogboekFragment,
} from '../api/gql/graphql'
import type { RetryContext } from '../api/retry'
import { newer } from '../taak/newer'

/** Whom a contact was with: empty where nobody was noted, null where this employee may not see it. */
export type Betrokkenen = readonly BetrokkeneVeldenFragment[] | null

/** A task that this employee registered, with its known facts ordered by versie. */
export interface Doorverbinding {
  taak: TaakAanBalieFragment
  facts: readonly GebeurtenisInLogboekFragment[]
  /** Read with the card only, and never from a subscription; undefined where it was not read. */
  betrokkenen?: Betrokkenen | undefined
  /** The versie at which this tab first read the task. Later facts are announced. */
  since: number
}

/** What this employee handed over: read from the server and kept up to date by subscriptions. */
export interface Doorverbindingen {
  /** Newest first. */
  readonly all: ComputedRef<readonly Doorverbinding[]>
  /** The doorverbinding whose card is open. */
  readonly opened: ComputedRef<Doorverbinding | undefined>
  /** The id of its task. */
  readonly openId: Ref<string | null>
  /** Why the list could not be read; empty where it was. */
  readonly failure: Ref<string>
  get: (taakId: string) => Doorverbinding | undefined
  /** Reads the list again, including what other tabs registered. */
  read: () => Promise<void>
  put: (...taken: readonly TaakMetLogboekFragment[]) => void
  /** Keeps whom a contact was with, on each of its tasks. */
  putBetrokkene: (klantcontactId: string, betrokkene: BetrokkeneVeldenFragment) => void
  close: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'subscribe'>
  pause: RetryContext['pause']
  medewerkerId: string
  /** Called with every fact that becomes known after the task was first read. */
  onFact: (doorverbinding: Doorverbinding, fact: GebeurtenisInLogboekFragment) => void
}

/** How many subscriptions the list uses: the server allows 250 for each socket. */
const MAX_SUBSCRIPTIONS = 100
const PAUSE_MS = 2_000

export function newDoorverbindingen({ api, pause, medewerkerId, onFact }: Parts): Doorverbindingen {
  const known = shallowReactive(new Map<string, Doorverbinding>())
  const subscriptions = new Map<string, () => void>()
  const openId = ref<string | null>(null)
  const failure = ref('')
  // A colleague's task that was found by a phone number may have its card open, and is not in the list.
  const isMine = ({ taak }: Doorverbinding) => taak.ontstaanUitKlantcontact.medewerker.id === medewerkerId
  const all = computed(() => [...known.values()].filter(isMine).sort(newestFirst))

  function receive(
    taak: TaakAanBalieFragment,
    facts: readonly GebeurtenisInLogboekFragment[],
    betrokkenen?: Betrokkenen,
  ): void {
    const before = known.get(taak.id)
    const doorverbinding = {
      taak: newer(before?.taak, taak),
      facts: mergedFacts(before?.facts ?? [], facts),
      betrokkenen: newestBetrokkenen(before?.betrokkenen, betrokkenen),
      since: before?.since ?? taak.versie,
    }
    known.set(taak.id, doorverbinding)
    for (const fact of facts)
      if (fact.versie > doorverbinding.since && !before?.facts.some(({ versie }) => versie === fact.versie))
        onFact(doorverbinding, fact)
  }

  const subscribe = (id: string, naVersie: number): (() => void) =>
    api.subscribe(
      VolgTaakDocument,
      { id, naVersie },
      {
        next({ interneTaak: { interneTaak: taak, ...fact } }) {
          receive(taak, [fact])
          updateSubscriptions()
          if (ABOUT_BETROKKENEN.includes(fact.soort)) void readBetrokkenen(id)
        },
        ended({ kind }) {
          subscriptions.set(id, ended)
          // A refused subscription is retried when the list is read again.
          if (kind !== 'refused') void pause(PAUSE_MS).then(() => resubscribe(id))
        },
      },
    )

  function resubscribe(id: string): void {
    if (subscriptions.get(id) !== ended) return
    subscriptions.delete(id)
    updateSubscriptions()
  }

  /** Subscribes to the tasks that can still change and to the open one, and ends all other subscriptions. */
  function updateSubscriptions(): void {
    const open = all.value.filter(({ taak }) => taak.status === 'TE_DOEN').slice(0, MAX_SUBSCRIPTIONS)
    const ids = new Set(open.map(({ taak }) => taak.id))
    if (openId.value) ids.add(openId.value)
    for (const [id, stop] of subscriptions) {
      if (ids.has(id)) continue
      stop()
      subscriptions.delete(id)
    }
    for (const id of ids) {
      const taak = known.get(id)?.taak
      if (taak && !subscriptions.has(id)) subscriptions.set(id, subscribe(id, taak.versie))
    }
  }

  async function readOpened(): Promise<void> {
    const id = openId.value
    if (!id || isWhole(known.get(id))) updateSubscriptions()
    else await readWhole(id)
  }

  async function readWhole(id: string): Promise<void> {
    const { data } = await api.query(DoorverbondenTaakDocument, { id })
    if (data?.interneTaak) put(data.interneTaak)
    else if (data && openId.value === id) openId.value = null
  }

  /** Somebody noted or corrected whom the contact was with: the card reads it now, others when they are opened. */
  async function readBetrokkenen(id: string): Promise<void> {
    if (id === openId.value) return readWhole(id)
    const doorverbinding = known.get(id)
    if (doorverbinding) known.set(id, { ...doorverbinding, betrokkenen: undefined })
  }

  function put(...taken: readonly TaakMetLogboekFragment[]): void {
    for (const { logboek, ontstaanUitKlantcontact, ...taak } of taken) {
      const { betrokkenen, ...contact } = ontstaanUitKlantcontact
      receive({ ...taak, ontstaanUitKlantcontact: contact }, logboek, betrokkenen)
    }
    updateSubscriptions()
  }

  function putBetrokkene(klantcontactId: string, betrokkene: BetrokkeneVeldenFragment): void {
    for (const [id, doorverbinding] of known)
      if (doorverbinding.taak.ontstaanUitKlantcontact.id === klantcontactId)
        known.set(id, {
          ...doorverbinding,
          betrokkenen: newestBetrokkenen(doorverbinding.betrokkenen, [betrokkene]),
        })
  }

  async function read(): Promise<void> {
    const { data, failure: reason } = await api.query(EerderDoorverbondenDocument, { medewerkerId })
    failure.value = reason?.bericht ?? ''
    for (const { node } of data?.klantcontacten.edges ?? [])
      for (const { laatsteGebeurtenis, ...taak } of node.interneTaken) receive(taak, [laatsteGebeurtenis])
    for (const id of [...subscriptions.keys()]) resubscribe(id)
    updateSubscriptions()
    await readOpened()
  }

  const unwatch = watch(openId, readOpened)
  return {
    all,
    opened: computed(() => known.get(openId.value ?? '')),
    openId,
    failure,
    get: (taakId) => known.get(taakId),
    read,
    put,
    putBetrokkene,
    close() {
      unwatch()
      for (const stop of subscriptions.values()) stop()
      subscriptions.clear()
    },
  }
}

const ended = (): void => undefined

const ABOUT_BETROKKENEN: string[] = ['CONTACTGEGEVENS_GEWIJZIGD', 'TERUGBELLEN_GEVRAAGD']

/** Whether all facts are known, of which every versie of a task has exactly one, and whom the contact was with. */
const isWhole = (doorverbinding: Doorverbinding | undefined): boolean =>
  doorverbinding?.facts.length === doorverbinding?.taak.versie && doorverbinding?.betrokkenen !== undefined

/** What was received, unless an answer that took longer shows the same one before a correction. */
function newestBetrokkenen(
  known: Betrokkenen | undefined,
  received: Betrokkenen | undefined,
): Betrokkenen | undefined {
  if (received === undefined) return known
  const [was, is] = [known?.[0], received?.[0]]
  return was && is && was.id === is.id && was.versie > is.versie ? known : received
}

function mergedFacts(
  known: readonly GebeurtenisInLogboekFragment[],
  received: readonly GebeurtenisInLogboekFragment[],
): GebeurtenisInLogboekFragment[] {
  const byVersie = new Map([...known, ...received].map((fact) => [fact.versie, fact]))
  return [...byVersie.values()].sort((a, b) => a.versie - b.versie)
}

const newestFirst = ({ taak: a }: Doorverbinding, { taak: b }: Doorverbinding): number =>
  a.geregistreerdOp < b.geregistreerdOp || (a.geregistreerdOp === b.geregistreerdOp && a.id < b.id) ? 1 : -1
