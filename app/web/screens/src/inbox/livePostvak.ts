import { shallowRef, watch, type WatchHandle } from 'vue'
import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import { VolgPostvakDocument } from '../api/gql/graphql'
import type { RetryContext } from '../api/retry'
import type { PostvakFact } from './attention'
import { MissedFacts } from './missedFacts'
import { PostvakState } from './postvakState'
import { SnapshotReader, type Page } from './snapshotReader'

const PAUSE_MS = 2_000
/** After how long a refused postvak is retried: access may be restored, and nobody clicks on a screen on a wall. */
const REFUSED_MS = 30_000

/** The state of a live postvak. */
export type LiveStatus = 'reading' | 'live' | 'refused'

interface Options {
  api: Api
  eenheidId: string
  retryContext: RetryContext
  onFact: (fact: PostvakFact) => void
  /** Called with a summary of what happened during a lost connection. */
  onMissed: (text: string) => void
}

/** The postvak of one afdeling, live: reads a snapshot, then subscribes to the facts after it, and continues after
 * a lost connection. */
export class LivePostvak extends PostvakState {
  readonly status = shallowRef<LiveStatus>('reading')
  /** Why it is refused, for the employee. */
  readonly bericht = shallowRef('')
  /** How far the open tasks have been read; see SnapshotReader. */
  readonly progress: SnapshotReader['progress']
  private readonly reader: SnapshotReader
  private readonly missedFacts = new MissedFacts()
  private readonly stopWatching: WatchHandle
  private last = 0
  private stopped = false
  /** Counts the snapshots. What belongs to an earlier one is ignored. */
  private round = 0
  private unsubscribe: () => void = () => undefined

  constructor(private readonly options: Options) {
    super(options.eenheidId)
    this.reader = new SnapshotReader(options.api, options.eenheidId, options.retryContext)
    this.progress = this.reader.progress
    const { connection } = options.api
    this.stopWatching = watch(
      () => connection.state,
      (state) => {
        if (state === 'disconnected') this.missedFacts.disconnected(connection.since, this.last)
        else if (state === 'connected') void this.reconnected()
      },
      { flush: 'sync' },
    )
    // Deferred, so that `loadTaken` can be called before the first request.
    queueMicrotask(() => void this.begin())
  }

  stop(): void {
    this.stopped = true
    this.stopWatching()
    this.unsubscribe()
  }

  /** Loads the tasks as well; until then only the counters are read. */
  loadTaken(): void {
    if (this.reader.includeTaken) return
    this.reader.includeTaken = true
    if (this.status.value === 'live') void this.readRemaining(this.round)
  }

  /** Reads the next pages, after the reader stopped because there are very many. */
  more(): void {
    this.progress.value = 'reading'
    void this.readRemaining(this.round)
  }

  /** Reads the postvak from the beginning, and shows that it does. */
  readAgain(): void {
    this.status.value = 'reading'
    void this.begin()
  }

  /** Retries in the background if it is refused; it is shown as refused until the retry succeeds. */
  retry(): void {
    if (this.status.value === 'refused') void this.begin()
  }

  /** Reads the snapshot, then subscribes from its volgnummer. */
  private async begin(): Promise<void> {
    if (this.stopped) return
    const round = ++this.round
    this.unsubscribe()
    this.reader.restart()
    const volgnummer = await this.read(round)
    if (volgnummer === undefined) return
    this.last = volgnummer
    this.subscribe(round, volgnummer)
    this.status.value = 'live'
    await this.readRemaining(round)
  }

  private subscribe(round: number, na: number): void {
    this.unsubscribe = this.options.api.subscribe(
      VolgPostvakDocument,
      { eenheidId: this.eenheidId, na },
      { next: ({ postvak }) => this.handleFact(postvak), ended: (failure) => void this.ended(round, failure) },
    )
  }

  private handleFact(fact: PostvakFact): void {
    if (fact.volgnummer <= this.last) return
    this.last = fact.volgnummer
    this.upsert(fact.interneTaak)
    this.count(fact.postvak)
    this.options.onFact(fact)
    this.say(this.missedFacts.handleFact(fact))
  }

  private async ended(round: number, failure: Failure): Promise<void> {
    if (round !== this.round) return
    if (failure.code === 'CURSOR_VERLOPEN' || failure.code === 'CURSOR_ONGELDIG') {
      this.missedFacts.reset()
      this.store.clear()
      this.say('Er gebeurde te veel om in te halen: het postvak is opnieuw gelezen.')
      this.readAgain()
      return
    }
    if (failure.kind === 'refused') {
      this.refused(failure)
      return
    }
    await this.options.retryContext.pause(PAUSE_MS)
    if (!this.isSuperseded(round)) this.subscribe(round, this.last)
  }

  private refused({ code, bericht }: Failure): void {
    this.unsubscribe()
    this.status.value = 'refused'
    this.bericht.value = code === 'NIET_BEVOEGD' ? 'U mag dit postvak niet (meer) inzien.' : bericht
    this.empty()
    void this.retryLater(this.round)
  }

  /** Retries after a while. */
  private async retryLater(round: number): Promise<void> {
    await this.options.retryContext.pause(REFUSED_MS)
    if (!this.isSuperseded(round)) this.retry()
  }

  /** Reads the first page and returns its volgnummer; undefined where it was refused or is no longer needed. */
  private async read(round: number): Promise<number | undefined> {
    const answer = await this.reader.nextPage(() => !this.isSuperseded(round))
    return answer && this.takeAnswer(answer)
  }

  private async readRemaining(round: number): Promise<void> {
    for await (const answer of this.reader.remainingPages(() => !this.isSuperseded(round))) this.takeAnswer(answer)
  }

  private takeAnswer({ data, failure }: Answer<Page>): number | undefined {
    if (failure) {
      this.refused(failure)
      return
    }
    return this.take(data)
  }

  /** After a reconnect: asks the server which volgnummer ends the missed facts. */
  private async reconnected(): Promise<void> {
    if (!this.missedFacts.isCounting) return
    const at = Date.now()
    const round = this.round
    const postvak = await this.reader.readTellers(() => !this.isSuperseded(round))
    if (!postvak || this.options.api.connection.state !== 'connected') return
    this.count(postvak)
    this.say(this.missedFacts.reconnected(at, postvak.laatsteVolgnummer))
  }

  private say(text: string | undefined): void {
    if (text) this.options.onMissed(text)
  }

  private isSuperseded(round: number): boolean {
    return this.stopped || round !== this.round
  }
}
