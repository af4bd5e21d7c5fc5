import { reactive } from 'vue'
import type { Answer, Api } from '../api/api'
import { DoorverbondenTaakDocument, LichtToeDocument, type LichtToeMutation } from '../api/gql/graphql'
import { THERE, tryNote, type Note } from '../taak/note'
import { LIMIT, tooLong } from '../ui/limits'
import { kept } from '../ui/kept'
import { untilAnswered, type Line } from '../api/persevering'
import { alone as inOneTab, type Alone } from '../ui/alone'
import { asStored } from '../ui/texts'
import type { Transfers } from './transfers'

/** What is being noted at a task. */
export interface Notebook {
  typed: string
  /** In the order in which they were sent. */
  queue: Note[]
  refusal: string
}

export interface Notes {
  of: (taakId: string) => Notebook
  /** Sends what is typed, after what was sent before it. False: something is wrong with it. */
  send: (taakId: string) => boolean
  /** Goes on with what was on its way when the page was left. */
  resume: () => void
  stop: () => void
}

interface Parts {
  api: Pick<Api, 'query' | 'mutate' | 'now'>
  line: Line
  transfers: Pick<Transfers, 'get' | 'put'>
  medewerkerId: string
  alone?: Alone
}

type Sent = Answer<LichtToeMutation['voegToelichtingToe'] | typeof THERE>

/** Notes to tasks, each sent until it is there, in the order in which they were typed. */
export function newNotes({ api, line, transfers, medewerkerId, alone = inOneTab }: Parts): Notes {
  const books = kept<Record<string, Notebook>>('toelichtingen', medewerkerId, {})
  const busy = new Set<string>()
  let left = false
  const of = (taakId: string) => (books[taakId] ??= reactive({ typed: '', queue: [], refusal: '' }))

  const versieOf = (taakId: string) => transfers.get(taakId)?.taak.versie ?? 0

  async function readLogboek(taakId: string) {
    const { data, failure } = await api.query(DoorverbondenTaakDocument, { id: taakId })
    if (failure) return { failure }
    if (data.interneTaak) transfers.put(data.interneTaak)
    return { data: data.interneTaak?.logboek ?? [] }
  }

  async function send(id: string, toelichting: string): Promise<Answer<LichtToeMutation['voegToelichtingToe']>> {
    const { data, failure } = await api.mutate(LichtToeDocument, { input: { id, toelichting } })
    return failure ? { failure } : { data: data.voegToelichtingToe }
  }

  function attempt(taakId: string, note: Note): Promise<Sent> {
    if (note.verzondenOp === null) note.naVersie = versieOf(taakId)
    const read = () => readLogboek(taakId)
    return tryNote(note, { medewerkerId, now: api.now, read, send: () => send(taakId, note.text) })
  }

  /** Sends one until it is there or refused; false: the page was left. */
  async function deliver(taakId: string, book: Notebook, note: Note): Promise<boolean> {
    const answer = await untilAnswered(() => attempt(taakId, note), line, {
      wanted: () => !left,
      unconfirmed: () => undefined,
      hasty: false,
    })
    if (!answer) return false
    book.queue.shift()
    const refused = refusalOf(answer)
    if (refused) giveBack(book, note.text, refused)
    else if (answer.data && typeof answer.data === 'object' && 'interneTaak' in answer.data)
      transfers.put(answer.data.interneTaak)
    return true
  }

  async function work(taakId: string): Promise<void> {
    if (busy.has(taakId)) return
    busy.add(taakId)
    const book = of(taakId)
    await alone(`overdracht.toelichting.${taakId}`, async () => {
      for (let note = book.queue[0]; note && (await deliver(taakId, book, note)); note = book.queue[0]);
    })
    busy.delete(taakId)
  }

  return {
    of,
    send(taakId) {
      const book = of(taakId)
      const text = asStored(book.typed)
      book.refusal = text ? (tooLong(text, LIMIT.toelichting) ? TOO_LONG : '') : EMPTY
      if (book.refusal) return false
      book.queue.push({ text, naVersie: versieOf(taakId), verzondenOp: null })
      book.typed = ''
      void work(taakId)
      return true
    },
    resume() {
      for (const [taakId, { typed, queue }] of Object.entries(books)) {
        // A tab that was copied has the same queue: what it did not send may have been sent by the other.
        for (const note of queue) note.verzondenOp ??= api.now()
        if (queue.length) void work(taakId)
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        else if (!typed) delete books[taakId]
      }
    },
    stop: () => void (left = true),
  }
}

const EMPTY = 'Vul in wat u wilt toevoegen.'
const TOO_LONG = `Dit mag hoogstens ${LIMIT.toelichting} tekens zijn.`

function refusalOf({ data, failure }: Sent): string {
  if (failure) return failure.bericht
  return typeof data === 'object' && 'bericht' in data ? data.bericht : ''
}

/** What was refused is not lost: it stands before what was typed meanwhile. */
function giveBack(book: Notebook, text: string, refusal: string): void {
  book.typed = [text, book.typed].filter(Boolean).join('\n')
  book.refusal = refusal
}
