import { shallowRef } from 'vue'
import type { Answer, Api } from '../api/api'
import type { Failure } from '../api/failure'
import { LeesPostvakDocument, LeesTellersDocument, type TellersFragment } from '../api/gql/graphql'
import { retryUntilAnswered, type RetryContext } from '../api/retry'
import type { Taak } from './store'

const PAGE = 200
/** How many pages are read automatically; an employee with more than ten thousand open tasks asks for the rest. */
const PAGES = 50

/** The counters of a postvak with a page of its tasks. */
export type Page = TellersFragment & {
  interneTaken: {
    edges: readonly { node: Taak }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
}

const NO_INBOX: Failure = { kind: 'refused', code: '', bericht: 'Dit postvak is er niet (meer) voor u.' }

type IsWanted = () => boolean

/** Reads the open tasks of a postvak, page by page and with retries. */
export class SnapshotReader {
  /** `complete`: all open tasks have been read; `partial`: there are more than are read automatically. */
  readonly progress = shallowRef<'complete' | 'reading' | 'partial'>('reading')
  /** Whether tasks are read, or only the counters. */
  includeTaken = false
  private cursor: string | null = null

  constructor(
    private readonly api: Api,
    private readonly eenheidId: string,
    private readonly retryContext: RetryContext,
  ) {}

  /** Starts again with the first page. */
  restart(): void {
    this.cursor = null
    this.progress.value = 'reading'
  }

  /** Reads the next page; undefined where it is no longer needed. */
  async nextPage(isWanted: IsWanted): Promise<Answer<Page> | undefined> {
    const answer = await this.retry(isWanted, () =>
      this.api.query(LeesPostvakDocument, {
        eenheidId: this.eenheidId,
        filter: { status: 'TE_DOEN' },
        volgorde: 'LANGST_WACHTEND_EERST',
        first: this.includeTaken ? PAGE : 1,
        after: this.cursor,
      }),
    )
    if (!answer?.data) return answer
    const { postvak } = answer.data
    if (!postvak) return { failure: NO_INBOX }
    const { hasNextPage, endCursor } = postvak.interneTaken.pageInfo
    this.cursor = endCursor
    if (!hasNextPage) this.progress.value = 'complete'
    return { data: postvak }
  }

  /** Reads all further pages, where tasks are needed. */
  async *remainingPages(isWanted: IsWanted): AsyncGenerator<Answer<Page>> {
    if (!this.includeTaken) return
    for (let pages = 0; this.progress.value === 'reading' && isWanted(); pages++) {
      if (pages === PAGES) {
        this.progress.value = 'partial'
        return
      }
      const answer = await this.nextPage(isWanted)
      if (answer) yield answer
      if (!answer?.data) return
    }
  }

  /** Reads only the counters; undefined where they are refused or no longer needed. */
  async readTellers(isWanted: IsWanted): Promise<TellersFragment | undefined> {
    const answer = await this.retry(isWanted, () =>
      this.api.query(LeesTellersDocument, { eenheidId: this.eenheidId }),
    )
    return answer?.data?.postvak ?? undefined
  }

  private async retry<D>(isWanted: IsWanted, ask: () => Promise<Answer<D>>): Promise<Answer<D> | undefined> {
    const answer = await retryUntilAnswered(ask, this.retryContext, {
      isWanted,
      onUnconfirmed: () => undefined,
      idempotent: true,
    })
    return isWanted() ? answer : undefined
  }
}
