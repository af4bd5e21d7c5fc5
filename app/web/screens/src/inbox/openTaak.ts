import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Api } from '../api/api'
import type { Failure } from '../api/failure'
import {
  LeesTaakDocument,
  VolgTaakDocument,
  type ContactgegevensFragment,
  type GebeurtenisInLogboekFragment,
  type TaakMetKlantcontactFragment,
} from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import { newer } from '../taak/newer'
import { mayChangeContactgegevens, readContactgegevens, type Betrokkene } from '../taak/contactgegevens'
import type { Taak } from './store'

const PAUSE_MS = 2_000

type Contact = TaakMetKlantcontactFragment['ontstaanUitKlantcontact']

/** The open task with its klantcontact and its logboek. */
export interface OpenTaak {
  taak: Taak
  /** As queries gave it: a subscription has less, and never whom to call. */
  contact: Contact
  geregistreerdDoor: TaakMetKlantcontactFragment['geregistreerdDoor']
  logboek: readonly GebeurtenisInLogboekFragment[]
}

interface Options {
  api: Api
  /** The id of the open task; undefined where none is open. */
  id: () => string | undefined
  retryContext: RetryContext
  /** Called with every fact that arrives while the task is open. */
  onFact: (fact: GebeurtenisInLogboekFragment) => void
  /** Called with every newer version of the task. */
  onTaak: (taak: Taak) => void
}

/** Reads the open task and subscribes to it, whichever afdeling it is forwarded to. */
export function useOpenTaak({ api, id, retryContext, onFact, onTaak }: Options) {
  const opened = shallowRef<OpenTaak>()
  const refusal = shallowRef('')
  let end: () => void = () => undefined
  let round = 0
  /** Counts the times that whom to call was asked or told. An earlier answer is ignored. */
  let asked = 0

  /** Updates the task with a version that was read elsewhere. */
  function upsert(taak: Taak): void {
    const { value } = opened
    if (value?.taak.id === taak.id) opened.value = { ...value, taak: newer(value.taak, taak) }
  }

  async function read(taakId: string): Promise<void> {
    const mine = round
    const answer = await retryUntilAnswered(() => api.query(LeesTaakDocument, { id: taakId }), retryContext, {
      isWanted: () => mine === round,
      onUnconfirmed: () => undefined,
      idempotent: true,
    })
    if (mine !== round) return
    if (answer?.data?.interneTaak) show(answer.data.interneTaak)
    else refuse(answer?.failure?.bericht ?? 'Deze taak is er niet (meer) voor u.')
  }

  function show({
    logboek,
    geregistreerdDoor,
    ontstaanUitKlantcontact: contact,
    ...more
  }: TaakMetKlantcontactFragment): void {
    const taak = { ...more, ontstaanUitKlantcontact: contactInLijst(contact) }
    opened.value = { taak, contact, geregistreerdDoor, logboek }
    onTaak(taak)
    subscribe(taak.id, taak.versie)
  }

  function subscribe(taakId: string, naVersie: number): void {
    const mine = round
    end = api.subscribe(
      VolgTaakDocument,
      { id: taakId, naVersie },
      {
        next({ interneTaak: fact }) {
          if (mine === round) handleFact(fact)
        },
        ended(failure) {
          if (mine === round) void ended(failure)
        },
      },
    )
  }

  function handleFact({ interneTaak: taak, ...fact }: GebeurtenisInLogboekFragment & { interneTaak: Taak }): void {
    upsert(taak)
    onTaak(taak)
    const { value } = opened
    if (!value || value.logboek.some(({ versie }) => versie >= fact.versie)) return
    opened.value = { ...value, logboek: [...value.logboek, fact] }
    onFact(fact)
    if (mayChangeContactgegevens(fact.soort)) void renewContactgegevens(taak.id)
  }

  /** Reads again whom to call. */
  async function renewContactgegevens(taakId: string): Promise<void> {
    const [mine, mineAsked] = [round, ++asked]
    const isWanted = () => mine === round && mineAsked === asked
    const gegevens = await readContactgegevens(taakId, { api, retryContext, isWanted })
    if (gegevens) showContactgegevens(gegevens)
  }

  function showContactgegevens({
    betrokkenen,
    contactgegevensVerwijderdOp,
  }: Omit<ContactgegevensFragment, 'id'>): void {
    const { value } = opened
    if (value) opened.value = { ...value, contact: { ...value.contact, betrokkenen, contactgegevensVerwijderdOp } }
  }

  /** Shows whom to call as a mutation gave it, at the task where it was asked. */
  function upsertBetrokkene(klantcontactId: string, betrokkene: Betrokkene): void {
    if (opened.value?.contact.id !== klantcontactId) return
    asked++
    showContactgegevens({ betrokkenen: [betrokkene], contactgegevensVerwijderdOp: null })
  }

  async function ended(failure: Failure): Promise<void> {
    if (failure.kind === 'refused') {
      refuse('U mag deze taak niet (meer) inzien.')
      return
    }
    const mine = round
    await retryContext.pause(PAUSE_MS)
    const { value } = opened
    if (mine === round && value) subscribe(value.taak.id, value.logboek.at(-1)?.versie ?? value.taak.versie)
  }

  function refuse(bericht: string): void {
    opened.value = undefined
    refusal.value = bericht
  }

  function close(): void {
    round++
    end()
    end = () => undefined
    opened.value = undefined
    refusal.value = ''
  }

  watch(
    id,
    (taakId) => {
      close()
      if (taakId) void read(taakId)
    },
    { immediate: true },
  )
  onScopeDispose(close)
  return { opened, refusal, upsert, upsertBetrokkene }
}

/** The klantcontact as the lists have it: they have no need of whom to call. */
const contactInLijst = ({ id, nummer, geregistreerdOp, plaatsgevondenOp, onderwerp }: Contact) => ({
  id,
  nummer,
  geregistreerdOp,
  plaatsgevondenOp,
  onderwerp,
})

/** Since when the current medewerker has the task, according to its logboek. */
export const assignedSince = ({ logboek, taak }: OpenTaak): string | undefined =>
  logboek.findLast(
    ({ soort, medewerker }) =>
      medewerker !== null &&
      medewerker.id === taak.medewerker?.id &&
      (soort === 'GENOMEN' || soort === 'TOEGEWEZEN' || soort === 'GEREGISTREERD' || soort === 'ONTVANGEN'),
  )?.tijdstip
