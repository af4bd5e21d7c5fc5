import { shallowRef } from 'vue'
import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import { LeesPostvakDocument, LeesTellersDocument, type TellersFragment } from '../api/gql/graphql'
import { untilAnswered, type Line } from '../api/persevering'
import type { Taak } from './store'

const PAGE = 200
/** How many pages are read by themselves; who has more than ten thousand open tasks asks for the rest. */
const PAGES = 50

/** An inbox's counters, with some of its tasks. */
export type Page = TellersFragment & {
  interneTaken: {
    edges: readonly { node: Taak }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
}

const NO_INBOX: Failure = { kind: 'geweigerd', code: '', bericht: 'Dit postvak is er niet (meer) voor u.' }

type Wanted = () => boolean

/** Reads what is open in an inbox, page by page, however often each has to be asked for. */
export class Reading {
  /** Whether all that is open was read: yes, being read, there is more than is read by itself. */
  readonly gelezen = shallowRef<'ja' | 'bezig' | 'deels'>('bezig')
  /** Whether the tasks themselves are wanted, not the counters alone. */
  listed = false
  private cursor: string | null = null

  constructor(
    private readonly api: Api,
    private readonly eenheidId: string,
    private readonly line: Line,
  ) {}

  /** The next page is the first. */
  anew(): void {
    this.cursor = null
    this.gelezen.value = 'bezig'
  }

  /** The next page; undefined: it is not wanted any more. */
  async page(wanted: Wanted): Promise<Answer<Page> | undefined> {
    const answer = await this.asked(wanted, () =>
      this.api.query(LeesPostvakDocument, {
        eenheidId: this.eenheidId,
        filter: { status: 'TE_DOEN' },
        volgorde: 'LANGST_WACHTEND_EERST',
        first: this.listed ? PAGE : 1,
        after: this.cursor,
      }),
    )
    if (!answer?.data) return answer
    const { postvak } = answer.data
    if (!postvak) return { failure: NO_INBOX }
    const { hasNextPage, endCursor } = postvak.interneTaken.pageInfo
    this.cursor = endCursor
    if (!hasNextPage) this.gelezen.value = 'ja'
    return { data: postvak }
  }

  /** All further pages, where tasks are wanted. */
  async *rest(wanted: Wanted): AsyncGenerator<Answer<Page>> {
    if (!this.listed) return
    for (let pages = 0; this.gelezen.value === 'bezig' && wanted(); pages++) {
      if (pages === PAGES) {
        this.gelezen.value = 'deels'
        return
      }
      const answer = await this.page(wanted)
      if (answer) yield answer
      if (!answer?.data) return
    }
  }

  /** The counters alone, unless they are refused or not wanted any more. */
  async tellers(wanted: Wanted): Promise<TellersFragment | undefined> {
    const answer = await this.asked(wanted, () =>
      this.api.query(LeesTellersDocument, { eenheidId: this.eenheidId }),
    )
    return answer?.data?.postvak ?? undefined
  }

  private async asked<D>(wanted: Wanted, ask: () => Promise<Answer<D>>): Promise<Answer<D> | undefined> {
    const answer = await untilAnswered(ask, this.line, { wanted, unconfirmed: () => undefined, hasty: true })
    return wanted() ? answer : undefined
  }
}
