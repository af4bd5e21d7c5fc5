import { shallowRef } from 'vue'
import type { LivePostvak } from './livePostvak'
import type { ReadPage } from './pages'

export type QueryStatus = 'reading' | 'more' | 'complete' | 'failed'

/** A list that the server has to search: done tasks and search results, read page by page. The tasks go into the
 * store and this keeps their ids, so that the rows stay up to date. */
export class PagedQuery {
  readonly ids = shallowRef<ReadonlySet<string>>(new Set())
  readonly status = shallowRef<QueryStatus>('reading')
  readonly bericht = shallowRef('')
  private cursor: string | null = null
  private stopped = false

  constructor(
    private readonly readPage: ReadPage,
    private readonly livePostvak: Pick<LivePostvak, 'upsert'>,
  ) {
    void this.read(null)
  }

  more(): void {
    if (this.status.value === 'reading' || this.status.value === 'complete') return
    this.status.value = 'reading'
    void this.read(this.cursor)
  }

  /** Reads the first page again, to add new results. */
  refresh(): void {
    void this.read(null)
  }

  stop(): void {
    this.stopped = true
  }

  private async read(after: string | null): Promise<void> {
    const { data, failure } = await this.readPage(after)
    if (this.stopped) return
    if (!data) {
      this.status.value = 'failed'
      this.bericht.value = failure?.bericht ?? 'Dit postvak is niet te lezen.'
      return
    }
    const { edges, pageInfo } = data
    for (const { node } of edges) this.livePostvak.upsert(node)
    this.ids.value = new Set([...this.ids.value, ...edges.map(({ node }) => node.id)])
    // Reading the first page again does not change how far the list has been read.
    if (after === null && this.cursor !== null) return
    this.cursor = pageInfo.endCursor
    this.status.value = pageInfo.hasNextPage ? 'more' : 'complete'
  }
}
