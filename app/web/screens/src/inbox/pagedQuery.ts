import { shallowRef } from 'vue'
import type { Api } from '../api/api'
import { LeesPostvakDocument } from '../api/gql/graphql'
import type { LivePostvak } from './livePostvak'
import { postvakFilter, type Filter } from './filters'

const PAGE = 50

/** A list that the server has to search: done tasks and search results, read page by page. The tasks go into the
 * store and this keeps their ids, so that the rows stay up to date. */
export class PagedQuery {
  readonly ids = shallowRef<ReadonlySet<string>>(new Set())
  readonly status = shallowRef<'reading' | 'more' | 'complete' | 'failed'>('reading')
  readonly bericht = shallowRef('')
  private cursor: string | null = null
  private stopped = false

  constructor(
    private readonly api: Api,
    private readonly livePostvak: LivePostvak,
    readonly filter: Filter,
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
    const { data, failure } = await this.api.query(LeesPostvakDocument, {
      eenheidId: this.livePostvak.eenheidId,
      filter: postvakFilter(this.filter),
      volgorde: this.filter.gedaan ? 'LAATST_GEDAAN_EERST' : 'LANGST_WACHTEND_EERST',
      first: PAGE,
      after,
    })
    if (this.stopped) return
    if (!data?.postvak) {
      this.status.value = 'failed'
      this.bericht.value = failure?.bericht ?? 'Dit postvak is niet te lezen.'
      return
    }
    const { edges, pageInfo } = data.postvak.interneTaken
    for (const { node } of edges) this.livePostvak.upsert(node)
    this.ids.value = new Set([...this.ids.value, ...edges.map(({ node }) => node.id)])
    // Reading the first page again does not change how far the list has been read.
    if (after === null && this.cursor !== null) return
    this.cursor = pageInfo.endCursor
    this.status.value = pageInfo.hasNextPage ? 'more' : 'complete'
  }
}
