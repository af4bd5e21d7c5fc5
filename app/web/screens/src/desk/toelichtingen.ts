import { reactive } from 'vue'
import type { Answer, Api } from '../api/api'
import { DoorverbondenTaakDocument, LichtToeDocument, type LichtToeMutation } from '../api/gql/graphql'
import { ALREADY_SAVED, trySendToelichting, type PendingToelichting } from '../taak/toelichting'
import { LIMIT, tooLong } from '../ui/limits'
import { storedInTab } from '../ui/tabStorage'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import { withLock as withBrowserLock, type WithLock } from '../ui/lock'
import { normalized } from '../ui/texts'
import type { Doorverbindingen } from './doorverbindingen'

/** The toelichtingen of one task that are not confirmed yet, stored in the tab. */
export interface ToelichtingForm {
  typed: string
  /** What was sent but is not confirmed, oldest first. */
  queue: PendingToelichting[]
  refusal: string
}

export interface Toelichtingen {
  of: (taakId: string) => ToelichtingForm
  /** Queues the typed text for sending. Returns false where the text is not valid. */
  send: (taakId: string) => boolean
  /** Continues with the queues that were not finished when the page was closed. */
  resume: () => void
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  retryContext: RetryContext
  doorverbindingen: Pick<Doorverbindingen, 'get' | 'put'>
  medewerkerId: string
  withLock?: WithLock
}

type Sent = Answer<LichtToeMutation['voegToelichtingToe'] | typeof ALREADY_SAVED>

/** Sends toelichtingen, for each task one after the other, and each until the server has it. */
export function newToelichtingen({
  api,
  retryContext,
  doorverbindingen,
  medewerkerId,
  withLock = withBrowserLock,
}: Parts): Toelichtingen {
  const forms = storedInTab<Record<string, ToelichtingForm>>('toelichtingen', medewerkerId, {})
  const busy = new Set<string>()
  let stopped = false
  const of = (taakId: string) => (forms[taakId] ??= reactive({ typed: '', queue: [], refusal: '' }))

  const versieOf = (taakId: string) => doorverbindingen.get(taakId)?.taak.versie ?? 0

  async function readLogboek(taakId: string) {
    const { data, failure } = await api.query(DoorverbondenTaakDocument, { id: taakId })
    if (failure) return { failure }
    if (data.interneTaak) doorverbindingen.put(data.interneTaak)
    return { data: data.interneTaak?.logboek ?? [] }
  }

  async function send(id: string, toelichting: string): Promise<Answer<LichtToeMutation['voegToelichtingToe']>> {
    const { data, failure } = await api.mutate(LichtToeDocument, { input: { id, toelichting } })
    return failure ? { failure } : { data: data.voegToelichtingToe }
  }

  function attempt(taakId: string, pending: PendingToelichting): Promise<Sent> {
    if (pending.verzondenOp === null) pending.naVersie = versieOf(taakId)
    const read = () => readLogboek(taakId)
    return trySendToelichting(pending, { medewerkerId, now: api.now, read, send: () => send(taakId, pending.text) })
  }

  /** Sends one until it is saved or refused. Returns false where the screen was closed first. */
  async function deliver(taakId: string, form: ToelichtingForm, pending: PendingToelichting): Promise<boolean> {
    const answer = await retryUntilAnswered(() => attempt(taakId, pending), retryContext, {
      isWanted: () => !stopped,
      onUnconfirmed: () => undefined,
      idempotent: false,
    })
    if (!answer) return false
    form.queue.shift()
    const refused = refusalOf(answer)
    if (refused) giveBack(form, pending.text, refused)
    else if (answer.data && typeof answer.data === 'object' && 'interneTaak' in answer.data)
      doorverbindingen.put(answer.data.interneTaak)
    return true
  }

  async function work(taakId: string): Promise<void> {
    if (busy.has(taakId)) return
    busy.add(taakId)
    const form = of(taakId)
    await withLock(`overdracht.toelichting.${taakId}`, async () => {
      for (let pending = form.queue[0]; pending && (await deliver(taakId, form, pending)); pending = form.queue[0]);
    })
    busy.delete(taakId)
  }

  return {
    of,
    send(taakId) {
      const form = of(taakId)
      const text = normalized(form.typed)
      form.refusal = text ? (tooLong(text, LIMIT.toelichting) ? TOO_LONG : '') : EMPTY
      if (form.refusal) return false
      form.queue.push({ text, naVersie: versieOf(taakId), verzondenOp: null })
      form.typed = ''
      void work(taakId)
      return true
    },
    resume() {
      for (const [taakId, { typed, queue }] of Object.entries(forms)) {
        // A copied tab has the same queue, and the original may have sent it already: check the logboek first.
        for (const pending of queue) pending.verzondenOp ??= api.now()
        if (queue.length) void work(taakId)
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        else if (!typed) delete forms[taakId]
      }
    },
    stop: () => void (stopped = true),
  }
}

const EMPTY = 'Vul in wat u wilt toevoegen.'
const TOO_LONG = `Dit mag hoogstens ${LIMIT.toelichting} tekens zijn.`

function refusalOf({ data, failure }: Sent): string {
  if (failure) return failure.bericht
  return typeof data === 'object' && 'bericht' in data ? data.bericht : ''
}

/** Puts refused text back into the field, before what was typed since. */
function giveBack(form: ToelichtingForm, text: string, refusal: string): void {
  form.typed = [text, form.typed].filter(Boolean).join('\n')
  form.refusal = refusal
}
