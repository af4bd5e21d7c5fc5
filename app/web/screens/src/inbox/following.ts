import { shallowRef, watch, type WatchHandle } from 'vue'
import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import { VolgPostvakDocument } from '../api/gql/graphql'
import type { Line } from '../api/persevering'
import type { Feit } from './attention'
import { Meanwhile } from './meanwhile'
import { Postvak } from './postvak'
import { Reading, type Page } from './reading'

const PAUSE_MS = 2_000
/** After how long what was refused is tried again: rights that changed may change back, and nobody clicks on a wall. */
const REFUSED_MS = 30_000

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
export class Following extends Postvak {
  readonly toestand = shallowRef<Toestand>('leest')
  /** Why it is not followed, for the end user. */
  readonly bericht = shallowRef('')
  /** Whether all that is open was read: yes, being read, there is more than is read by itself. */
  readonly gelezen: Reading['gelezen']
  private readonly reading: Reading
  private readonly meanwhile = new Meanwhile()
  private readonly watching: WatchHandle
  private last = 0
  private stopped = false
  /** Each reading anew ends the ones before it. */
  private round = 0
  private end: () => void = () => undefined

  constructor(private readonly options: Options) {
    super(options.eenheidId)
    this.reading = new Reading(options.api, options.eenheidId, options.line)
    this.gelezen = this.reading.gelezen
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
    if (this.reading.listed) return
    this.reading.listed = true
    if (this.toestand.value === 'volgt') void this.readAll(this.round)
  }

  /** Reads on where it was left because there is much. */
  more(): void {
    this.gelezen.value = 'bezig'
    void this.readAll(this.round)
  }

  /** Tries once more what was refused, and says so. */
  again(): void {
    this.toestand.value = 'leest'
    void this.begin()
  }

  /** Tries once more what was refused, if it was; it stays refused until it is not. */
  retry(): void {
    if (this.toestand.value === 'geweigerd') void this.begin()
  }

  /** Reads the inbox, then follows it from where it was read. */
  private async begin(): Promise<void> {
    if (this.stopped) return
    const round = ++this.round
    this.end()
    this.reading.anew()
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
    this.upsert(fact.interneTaak)
    this.count(fact.postvak)
    this.options.onFact(fact)
    this.say(this.meanwhile.fact(fact))
  }

  private async ended(round: number, failure: Failure): Promise<void> {
    if (round !== this.round) return
    if (failure.code === 'CURSOR_VERLOPEN' || failure.code === 'CURSOR_ONGELDIG') {
      this.meanwhile.forget()
      this.store.clear()
      this.say('Er gebeurde te veel om in te halen: het postvak is opnieuw gelezen.')
      this.again()
      return
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
    this.empty()
    void this.later(this.round)
  }

  /** For as long as it is refused. */
  private async later(round: number): Promise<void> {
    await this.options.line.pause(REFUSED_MS)
    if (!this.isOver(round)) this.retry()
  }

  /** Gives the place at which the inbox was read, unless that came to an end. */
  private async read(round: number): Promise<number | undefined> {
    const answer = await this.reading.page(() => !this.isOver(round))
    return answer && this.took(answer)
  }

  private async readAll(round: number): Promise<void> {
    for await (const answer of this.reading.rest(() => !this.isOver(round))) this.took(answer)
  }

  private took({ data, failure }: Answer<Page>): number | undefined {
    if (failure) {
      this.refused(failure)
      return
    }
    return this.take(data)
  }

  /** The line is back: asks up to where something happened meanwhile. */
  private async returned(): Promise<void> {
    if (!this.meanwhile.isAway) return
    const at = Date.now()
    const round = this.round
    const postvak = await this.reading.tellers(() => !this.isOver(round))
    if (!postvak || this.options.api.connection.state !== 'verbonden') return
    this.count(postvak)
    this.say(this.meanwhile.returned(at, postvak.laatsteVolgnummer))
  }

  private say(told: string | undefined): void {
    if (told) this.options.onMeanwhile(told)
  }

  private isOver(round: number): boolean {
    return this.stopped || round !== this.round
  }
}
