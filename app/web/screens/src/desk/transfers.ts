import { computed, ref, shallowReactive, watch, type ComputedRef, type Ref } from 'vue'
import type { Api } from '../api/api'
import {
  DoorverbondenTaakDocument,
  EerderDoorverbondenDocument,
  VolgTaakDocument,
  type GebeurtenisInLogboekFragment,
  type TaakAanBalieFragment,
  type TaakMetLogboekFragment,
} from '../api/gql/graphql'
import type { Line } from '../api/persevering'
import { newer } from '../taak/newer'

/** A task that she sent, and what is known of what happened to it, by versie. */
export interface Transfer {
  taak: TaakAanBalieFragment
  facts: readonly GebeurtenisInLogboekFragment[]
  /** The versie at which it became known: what comes after it is news. */
  since: number
}

/** Her transfers: read, and followed from there. */
export interface Transfers {
  /** The newest first. */
  readonly all: ComputedRef<readonly Transfer[]>
  /** The one whose card is open. */
  readonly opened: ComputedRef<Transfer | undefined>
  /** Its id. */
  readonly openId: Ref<string | null>
  /** Why the list could not be read. */
  readonly failure: Ref<string>
  get: (taakId: string) => Transfer | undefined
  /** Reads the list again: what was registered in another tab is in it as well. */
  read: () => Promise<void>
  put: (...taken: readonly TaakMetLogboekFragment[]) => void
  close: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'follow'>
  pause: Line['pause']
  medewerkerId: string
  /** Of a fact that has just become known. */
  told: (transfer: Transfer, fact: GebeurtenisInLogboekFragment) => void
}

/** A socket has room for 250. */
const FOLLOWED = 100
const PAUSE_MS = 2_000

export function newTransfers({ api, pause, medewerkerId, told }: Parts): Transfers {
  const known = shallowReactive(new Map<string, Transfer>())
  const following = new Map<string, () => void>()
  const openId = ref<string | null>(null)
  const failure = ref('')
  const all = computed(() => [...known.values()].sort(newestFirst))

  function learn(taak: TaakAanBalieFragment, facts: readonly GebeurtenisInLogboekFragment[]): void {
    const before = known.get(taak.id)
    const transfer = {
      taak: newer(before?.taak, taak),
      facts: joined(before?.facts ?? [], facts),
      since: before?.since ?? taak.versie,
    }
    known.set(taak.id, transfer)
    for (const fact of facts)
      if (fact.versie > transfer.since && !before?.facts.some(({ versie }) => versie === fact.versie))
        told(transfer, fact)
  }

  const follow = (id: string, naVersie: number): (() => void) =>
    api.follow(
      VolgTaakDocument,
      { id, naVersie },
      {
        next({ interneTaak: { interneTaak: taak, ...fact } }) {
          learn(taak, [fact])
          adjust()
        },
        ended({ kind }) {
          following.set(id, ended)
          // What was refused is tried again when the list is read again.
          if (kind !== 'geweigerd') void pause(PAUSE_MS).then(() => again(id))
        },
      },
    )

  function again(id: string): void {
    if (following.get(id) !== ended) return
    following.delete(id)
    adjust()
  }

  /** Follows what can still change, and the one that is looked at. */
  function adjust(): void {
    const open = all.value.filter(({ taak }) => taak.status === 'TE_DOEN').slice(0, FOLLOWED)
    const wanted = new Set(open.map(({ taak }) => taak.id))
    if (openId.value) wanted.add(openId.value)
    for (const [id, stop] of following) {
      if (wanted.has(id)) continue
      stop()
      following.delete(id)
    }
    for (const id of wanted) {
      const taak = known.get(id)?.taak
      if (taak && !following.has(id)) following.set(id, follow(id, taak.versie))
    }
  }

  async function readOpened(): Promise<void> {
    const id = openId.value
    if (!id || isWhole(known.get(id))) {
      adjust()
      return
    }
    const { data } = await api.query(DoorverbondenTaakDocument, { id })
    if (data?.interneTaak) put(data.interneTaak)
    else if (data && openId.value === id) openId.value = null
  }

  function put(...taken: readonly TaakMetLogboekFragment[]): void {
    for (const { logboek, ...taak } of taken) learn(taak, logboek)
    adjust()
  }

  async function read(): Promise<void> {
    const { data, failure: reason } = await api.query(EerderDoorverbondenDocument, { medewerkerId })
    failure.value = reason?.bericht ?? ''
    for (const { node } of data?.klantcontacten.edges ?? [])
      for (const { laatsteGebeurtenis, ...taak } of node.interneTaken) learn(taak, [laatsteGebeurtenis])
    for (const id of [...following.keys()]) again(id)
    adjust()
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
    close() {
      unwatch()
      for (const stop of following.values()) stop()
      following.clear()
    },
  }
}

const ended = (): void => undefined

/** A task's facts are its versies, one each. */
const isWhole = (transfer: Transfer | undefined): boolean =>
  transfer !== undefined && transfer.facts.length === transfer.taak.versie

function joined(
  known: readonly GebeurtenisInLogboekFragment[],
  told: readonly GebeurtenisInLogboekFragment[],
): GebeurtenisInLogboekFragment[] {
  const byVersie = new Map([...known, ...told].map((fact) => [fact.versie, fact]))
  return [...byVersie.values()].sort((a, b) => a.versie - b.versie)
}

const newestFirst = ({ taak: a }: Transfer, { taak: b }: Transfer): number =>
  a.geregistreerdOp < b.geregistreerdOp || (a.geregistreerdOp === b.geregistreerdOp && a.id < b.id) ? 1 : -1
