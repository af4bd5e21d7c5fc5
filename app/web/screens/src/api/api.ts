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

const PATIENCE_MS = 10_000

/** The answer to a query or a mutation, or why there is none. */
export type Answer<Data> = { data: Data; failure?: undefined } | { data?: undefined; failure: Failure }

/** Who follows something: each fact as it comes, and the end where it is refused. */
export interface Subscriber<Data> {
  next: (data: Data) => void
  ended: (failure: Failure) => void
}

/** The public API, for who is logged in. Documents are those of graphql-codegen, called by their ids. */
export interface Api {
  readonly connection: Connection
  query: <D, V extends AnyVariables>(document: TypedDocumentNode<D, V>, variables: V) => Promise<Answer<D>>
  mutate: <D, V extends AnyVariables>(document: TypedDocumentNode<D, V>, variables: V) => Promise<Answer<D>>
  /** Follows until the returned function is called; goes on from its place after a lost connection. */
  subscribe: <D, V extends AnyVariables>(
    document: TypedDocumentNode<D, V>,
    variables: V,
    subscriber: Subscriber<D>,
  ) => () => void
  /** The server's time in milliseconds, as far as its answers tell: a desk's clock may be wrong. */
  now: () => number
  close: () => void
}

/** Calls of one login, to the server that served the page. */
export function newApi(session: Session): Api {
  const connection = newConnection()
  const graphql = new URL('/graphql', window.location.href)
  const socketUrl = new URL(graphql)
  socketUrl.protocol = graphql.protocol.replace('http', 'ws')
  const socket = new Socket(socketUrl.href, session, connection)
  let ahead = 0
  const client = new Client({
    url: graphql.href,
    preferGetMethod: false,
    fetch: async (url, { headers, signal, ...more } = {}) => {
      const authorization = `Bearer ${await session.token()}`
      const patience = AbortSignal.timeout(PATIENCE_MS)
      const response = await fetch(url, {
        ...more,
        headers: { ...(headers as Record<string, string>), authorization },
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      })
      if (response.status === 401) session.refused()
      ahead = aheadOf(response) ?? ahead
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
    query: async (document, variables) => answerOf(await client.query(trusted(document), variables).toPromise()),
    mutate: async (document, variables) =>
      answerOf(await client.mutation(trusted(document), variables).toPromise()),
    subscribe(document, variables, subscriber) {
      const subscription = client.subscription(trusted(document), variables).subscribe(({ data, error }) => {
        if (error) {
          // Also where the server would go on: urql adds this error to whatever comes after it.
          subscription.unsubscribe()
          subscriber.ended(failureOf(error))
        } else if (data) subscriber.next(data)
      })
      return () => subscription.unsubscribe()
    },
    now: () => Date.now() + ahead,
    close: () => socket.close(),
  }
}

/** A document as urql calls it by its id: without the text, which the server has. */
function trusted<D, V>(document: TypedDocumentNode<D, V>): TypedDocumentNode<D, V> {
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

/** How far the server's clock is ahead; it tells whole seconds, so half of one is added. */
function aheadOf(response: Response): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : date + 500 - Date.now()
}
