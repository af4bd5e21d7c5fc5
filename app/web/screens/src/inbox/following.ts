import { shallowRef, watch, type WatchHandle } from 'vue'
import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import { LeesPostvakDocument, LeesTellersDocument, VolgPostvakDocument } from '../api/gql/graphql'
import type { TellersFragment } from '../api/gql/graphql'
import { untilAnswered, type Line } from '../api/persevering'
import type { Feit } from './attention'
import { Meanwhile } from './meanwhile'
import { newerTellers, TaakStore, type Taak } from './store'

const PAGE = 200
/** How many pages are read by themselves; who has more than ten thousand open tasks asks for the rest. */
const PAGES = 50
const PAUSE_MS = 2_000

/** How it stands with an inbox that is followed. */
export type Toestand = 'leest' | 'volgt' | 'geweigerd'

interface Options {
  api: Api
  eenheidId: string
  line: Line
  onFact: (fact: Feit) => void
  /** What is to be said of the time that the line was lost. */
  onMeanwhile: (told: string) => void
}

/** One department's inbox, live: snapshot, then the facts that follow on it, also after a lost line. */
export class Following {
  readonly eenheidId: string
  readonly store: TaakStore
  readonly tellers = shallowRef<TellersFragment>()
  readonly open = shallowRef<readonly Taak[]>([])
  readonly done = shallowRef<readonly Taak[]>([])
  readonly toestand = shallowRef<Toestand>('leest')
  /** Why it is not followed, for the end user. */
  readonly bericht = shallowRef('')
  /** Whether all that is open was read: yes, being read, there is more than is read by itself. */
  readonly gelezen = shallowRef<'ja' | 'bezig' | 'deels'>('bezig')
  private readonly meanwhile = new Meanwhile()
  private readonly watching: WatchHandle
  private last = 0
  private listed = false
  private cursor: string | null = null
  private telling = false
  private stopped = false
  /** Each reading anew ends the ones before it. */
  private round = 0
  private end: () => void = () => undefined

  constructor(private readonly options: Options) {
    this.eenheidId = options.eenheidId
    this.store = new TaakStore(options.eenheidId)
    const { connection } = options.api
    this.watching = watch(
      () => connection.state,
      (state) => {
        if (state === 'verbroken') this.meanwhile.lost(connection.since, this.last)
        else if (state === 'verbonden') void this.returned()
      },
      { flush: 'sync' },
    )
    // Not before it is known whether the tasks themselves are wanted.
    queueMicrotask(() => void this.begin())
  }

  stop(): void {
    this.stopped = true
    this.watching()
    this.end()
  }

  /** From now on the tasks themselves are wanted as well, not the counters alone. */
  list(): void {
    if (this.listed) return
    this.listed = true
    if (this.toestand.value === 'volgt') void this.readAll(this.round)
  }

  /** Reads on where it was left because there is much. */
  more(): void {
    this.gelezen.value = 'bezig'
    void this.readAll(this.round)
  }

  /** Tries once more what was refused. */
  again(): void {
    void this.begin()
  }

  /** The task came by another way, such as the answer to a deed. */
  upsert(taak: Taak): void {
    this.store.upsert(taak)
    this.tell()
  }

  /** Reads the inbox, then follows it from where it was read. */
  private async begin(): Promise<void> {
    if (this.stopped) return
    const round = ++this.round
    this.end()
    this.cursor = null
    this.toestand.value = 'leest'
    this.gelezen.value = 'bezig'
    const place = await this.read(round)
    if (place === undefined) return
    this.last = place
    this.follow(round, place)
    this.toestand.value = 'volgt'
    await this.readAll(round)
  }

  private follow(round: number, na: number): void {
    this.end = this.options.api.follow(
      VolgPostvakDocument,
      { eenheidId: this.eenheidId, na },
      { next: ({ postvak }) => this.hear(postvak), ended: (failure) => void this.ended(round, failure) },
    )
  }

  private hear(fact: Feit): void {
    if (fact.volgnummer <= this.last) return
    this.last = fact.volgnummer
    this.store.upsert(fact.interneTaak)
    this.tellers.value = newerTellers(this.tellers.value, fact.postvak)
    this.tell()
    this.options.onFact(fact)
    this.say(this.meanwhile.fact(fact))
  }

  private async ended(round: number, failure: Failure): Promise<void> {
    if (round !== this.round) return
    if (failure.code === 'CURSOR_VERLOPEN' || failure.code === 'CURSOR_ONGELDIG') {
      this.meanwhile.forget()
      this.store.clear()
      this.say('Er gebeurde te veel om in te halen: het postvak is opnieuw gelezen.')
      return this.begin()
    }
    if (failure.kind === 'geweigerd') {
      this.refused(failure)
      return
    }
    await this.options.line.pause(PAUSE_MS)
    if (!this.isOver(round)) this.follow(round, this.last)
  }

  private refused({ code, bericht }: Failure): void {
    this.end()
    this.toestand.value = 'geweigerd'
    this.bericht.value = code === 'NIET_BEVOEGD' ? 'U mag dit postvak niet (meer) inzien.' : bericht
    this.store.clear()
    this.tellers.value = undefined
    this.tell()
  }

  /** Reads one page, however often that takes; gives the place at which it was read, unless that came to an end. */
  private async read(round: number): Promise<number | undefined> {
    const { api } = this.options
    const answer = await this.asked(round, () =>
      api.query(LeesPostvakDocument, {
        eenheidId: this.eenheidId,
        filter: { status: 'TE_DOEN' },
        volgorde: 'LANGST_WACHTEND_EERST',
        first: this.listed ? PAGE : 1,
        after: this.cursor,
      }),
    )
    if (answer?.failure) this.refused(answer.failure)
    return answer?.data?.postvak ? this.take(answer.data.postvak) : undefined
  }

  /** Asks until there is an answer, or this round is over. */
  private async asked<D>(round: number, ask: () => Promise<Answer<D>>): Promise<Answer<D> | undefined> {
    const wanted = () => !this.isOver(round)
    const answer = await untilAnswered(ask, this.options.line, {
      wanted,
      unconfirmed: () => undefined,
      hasty: true,
    })
    return wanted() ? answer : undefined
  }

  private take({ interneTaken, ...tellers }: TellersFragment & { interneTaken: Page }): number {
    for (const { node } of interneTaken.edges) this.store.upsert(node)
    this.tellers.value = newerTellers(this.tellers.value, tellers)
    const { hasNextPage, endCursor } = interneTaken.pageInfo
    this.cursor = endCursor
    if (!hasNextPage) this.gelezen.value = 'ja'
    this.tell()
    return tellers.laatsteVolgnummer
  }

  private async readAll(round: number): Promise<void> {
    if (!this.listed) return
    for (let pages = 0; this.gelezen.value === 'bezig' && !this.isOver(round); pages++) {
      if (pages === PAGES) this.gelezen.value = 'deels'
      else if ((await this.read(round)) === undefined) return
    }
  }

  /** The line is back: asks up to where something happened meanwhile. */
  private async returned(): Promise<void> {
    if (!this.meanwhile.isAway) return
    const at = Date.now()
    const { api } = this.options
    const answer = await this.asked(this.round, () => api.query(LeesTellersDocument, { eenheidId: this.eenheidId }))
    const postvak = answer?.data?.postvak
    if (!postvak || api.connection.state !== 'verbonden') return
    this.tellers.value = newerTellers(this.tellers.value, postvak)
    this.say(this.meanwhile.returned(at, postvak.laatsteVolgnummer))
  }

  private say(told: string | undefined): void {
    if (told) this.options.onMeanwhile(told)
  }

  /** Shows what changed, all that comes in one turn together. */
  private tell(): void {
    if (this.telling) return
    this.telling = true
    queueMicrotask(() => {
      this.telling = false
      this.open.value = this.store.open
      this.done.value = this.store.done
    })
  }

  private isOver(round: number): boolean {
    return this.stopped || round !== this.round
  }
}

interface Page {
  edges: readonly { node: Taak }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
