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
/** After how long what was refused is tried again: rights that changed may change back, and nobody clicks on a wall. */
const REFUSED_MS = 30_000

/** How it stands with an inbox that is followed. */
export type LiveStatus = 'reading' | 'live' | 'refused'

interface Options {
  api: Api
  eenheidId: string
  retryContext: RetryContext
  onFact: (fact: PostvakFact) => void
  /** What is to be said of the time that the line was lost. */
  onMissed: (text: string) => void
}

/** One department's inbox, live: snapshot, then the facts that follow on it, also after a lost line. */
export class LivePostvak extends PostvakState {
  readonly status = shallowRef<LiveStatus>('reading')
  /** Why it is not followed, for the end user. */
  readonly bericht = shallowRef('')
  /** Whether all that is open was read: yes, being read, there is more than is read by itself. */
  readonly progress: SnapshotReader['progress']
  private readonly reader: SnapshotReader
  private readonly missedFacts = new MissedFacts()
  private readonly stopWatching: WatchHandle
  private last = 0
  private stopped = false
  /** Each reading anew ends the ones before it. */
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
    // Not before it is known whether the tasks themselves are wanted.
    queueMicrotask(() => void this.begin())
  }

  stop(): void {
    this.stopped = true
    this.stopWatching()
    this.unsubscribe()
  }

  /** From now on the tasks themselves are wanted as well, not the counters alone. */
  loadTaken(): void {
    if (this.reader.includeTaken) return
    this.reader.includeTaken = true
    if (this.status.value === 'live') void this.readRemaining(this.round)
  }

  /** Reads on where it was left because there is much. */
  more(): void {
    this.progress.value = 'reading'
    void this.readRemaining(this.round)
  }

  /** Tries once more what was refused, and says so. */
  readAgain(): void {
    this.status.value = 'reading'
    void this.begin()
  }

  /** Tries once more what was refused, if it was; it stays refused until it is not. */
  retry(): void {
    if (this.status.value === 'refused') void this.begin()
  }

  /** Reads the inbox, then follows it from where it was read. */
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

  /** For as long as it is refused. */
  private async retryLater(round: number): Promise<void> {
    await this.options.retryContext.pause(REFUSED_MS)
    if (!this.isSuperseded(round)) this.retry()
  }

  /** Gives the volgnummer at which the inbox was read, unless that came to an end. */
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

  /** The line is back: asks up to where something happened meanwhile. */
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
