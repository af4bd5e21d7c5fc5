import {
  Client,
  fetchExchange,
  subscriptionExchange,
  type AnyVariables,
  type OperationResult,
  type TypedDocumentNode,
} from '@urql/core'
import type { Session } from '../login/session'
import { newConnection, type Connection } from './connection'
import { failureOf, type Failure } from './failure'
import { Socket } from './socket'

const TIMEOUT_MS = 10_000

/** The data of a query or a mutation, or the reason why there is none. */
export type Answer<Data> = { data: Data; failure?: undefined } | { data?: undefined; failure: Failure }

/** The callbacks of a subscription: `next` for every result, `ended` when it fails or is refused. */
export interface Subscriber<Data> {
  next: (data: Data) => void
  ended: (failure: Failure) => void
}

/** The public API as the screens call it, for the employee who is logged in. Operations are sent by the id of their
 * document. */
export interface Api {
  readonly connection: Connection
  query: <D, V extends AnyVariables>(document: TypedDocumentNode<D, V>, variables: V) => Promise<Answer<D>>
  mutate: <D, V extends AnyVariables>(document: TypedDocumentNode<D, V>, variables: V) => Promise<Answer<D>>
  /** Subscribes until the returned function is called. After a lost connection it continues with the first fact
   * that was missed. */
  subscribe: <D, V extends AnyVariables>(
    document: TypedDocumentNode<D, V>,
    variables: V,
    subscriber: Subscriber<D>,
  ) => () => void
  /** The server's time in milliseconds, estimated from its answers: the clock of this computer may be wrong. */
  now: () => number
  close: () => void
}

/** Creates the API for one session, at the server that served the page. */
export function newApi(session: Session): Api {
  const connection = newConnection()
  const graphql = new URL('/graphql', window.location.href)
  const socketUrl = new URL(graphql)
  socketUrl.protocol = graphql.protocol.replace('http', 'ws')
  const socket = new Socket(socketUrl.href, session, connection)
  let clockOffset = 0
  const client = new Client({
    url: graphql.href,
    preferGetMethod: false,
    fetch: async (url, { headers, signal, ...more } = {}) => {
      const authorization = `Bearer ${await session.token()}`
      const timeout = AbortSignal.timeout(TIMEOUT_MS)
      const response = await fetch(url, {
        ...more,
        headers: { ...(headers as Record<string, string>), authorization },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      if (response.status === 401) session.tokenRefused()
      clockOffset = clockOffsetOf(response) ?? clockOffset
      return response
    },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, ...payload }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ ...payload, query: query ?? '' }, sink as never),
          }),
        }),
      }),
    ],
  })
  return {
    connection,
    query: async (document, variables) =>
      answerOf(await client.query(documentById(document), variables).toPromise()),
    mutate: async (document, variables) =>
      answerOf(await client.mutation(documentById(document), variables).toPromise()),
    subscribe(document, variables, subscriber) {
      const subscription = client.subscription(documentById(document), variables).subscribe(({ data, error }) => {
        if (error) {
          // Stop here even if the server would continue: urql repeats this error with every later result.
          subscription.unsubscribe()
          subscriber.ended(failureOf(error))
        } else if (data) subscriber.next(data)
      })
      return () => subscription.unsubscribe()
    },
    now: () => Date.now() + clockOffset,
    close: () => socket.close(),
  }
}

/** The document as urql sends it by its id, without the text: the server has that already. */
function documentById<D, V>(document: TypedDocumentNode<D, V>): TypedDocumentNode<D, V> {
  const { __meta__ } = document as unknown as { __meta__: { documentId: string } }
  return { kind: 'Document', definitions: [], documentId: __meta__.documentId } as unknown as TypedDocumentNode<
    D,
    V
  >
}

function answerOf<D, V extends AnyVariables>({ data, error }: OperationResult<D, V>): Answer<D> {
  if (error) return { failure: failureOf(error) }
  return { data: data as D }
}

/** How many milliseconds the server's clock is ahead of this computer's. The header has whole seconds, so half a
 * second is added. */
function clockOffsetOf(response: Response): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : date + 500 - Date.now()
}
