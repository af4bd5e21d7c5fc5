import { createClient, type Client, type ExecutionResult, type Sink, type SubscribePayload } from 'graphql-ws'
import { watch } from 'vue'
import type { Session } from '../login/session'
import { setConnectionState, type Connection } from './connection'

const PING_MS = 8_000
const LONGEST_WAIT_MS = 10_000
/** Close codes: the token is not valid (any more), or the employee has no access (any more). */
const REFUSED = [4401, 4403]

/** One WebSocket for all subscriptions. It is opened at login, so that a lost connection shows at once. It
 * reconnects however long the server is away and whatever the close code is: a graphql-ws client that gives up is
 * replaced by a new one. */
export class Socket {
  private client: Client
  private closed = false
  private replaced: Promise<void> = Promise.resolve()

  constructor(
    private readonly url: string,
    private readonly session: Session,
    private readonly connection: Connection,
  ) {
    this.client = this.open()
    window.addEventListener('offline', this.lost)
  }

  /** Subscribes, and returns a function that stops it. After a reconnect graphql-ws sends the same variables again,
   * so the cursor in them is updated with every fact. */
  subscribe(payload: SubscribePayload, sink: Sink<ExecutionResult>): () => void {
    const variables: Record<string, unknown> = { ...payload.variables }
    let stopped = false
    let stop = (): void => undefined
    const begin = (): void => {
      if (stopped) return
      stop = this.client.subscribe(
        { ...payload, variables },
        {
          next(result) {
            advanceCursor(variables, result as ExecutionResult)
            sink.next(result as ExecutionResult)
          },
          error: (error) => (isClose(error) ? void this.replaced.then(begin) : sink.error(error)),
          complete: () => sink.complete(),
        },
      )
    }
    begin()
    return () => {
      stopped = true
      stop()
    }
  }

  /** Closes the socket permanently. */
  close(): void {
    this.closed = true
    window.removeEventListener('offline', this.lost)
    void this.client.dispose()
  }

  private readonly lost = (): void => this.client.terminate()

  private open(): Client {
    let answered = true
    let pinging: ReturnType<typeof setInterval> | undefined
    const client = createClient({
      // Without a valid token there is nothing to connect with.
      url: async () => {
        await waitForToken(this.session)
        return this.url
      },
      lazy: false,
      connectionParams: this.authorization,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (tries) => waitOrOnline(tries === 0 ? 0 : backoff(tries)),
      onNonLazyError: () => this.replace(),
      on: {
        connected: (socket) => {
          answered = true
          setConnectionState(this.connection, 'connected')
          pinging = setInterval(() => void ping(socket as WebSocket), PING_MS)
        },
        pong: (received) => (answered ||= received),
        closed: (event) => {
          clearInterval(pinging)
          if (isClose(event) && REFUSED.includes(event.code)) this.session.tokenRefused()
          setConnectionState(this.connection, 'disconnected')
        },
      },
    })
    // Detects a network that is gone without a close, and gives the server the current token.
    const ping = async (socket: WebSocket): Promise<void> => {
      if (!answered) {
        client.terminate()
        return
      }
      answered = false
      const payload = await this.authorization().catch(() => undefined)
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping', payload }))
    }
    return client
  }

  private readonly authorization = async () => ({ authorization: `Bearer ${await this.session.token()}` })

  private replace(): void {
    if (this.closed) return
    this.replaced = waitOrOnline(backoff(4)).then(() => {
      if (!this.closed) this.client = this.open()
    })
  }
}

type Cursors = { postvak?: { volgnummer: number }; interneTaak?: { versie: number } }

function advanceCursor(variables: Record<string, unknown>, { data }: ExecutionResult): void {
  const { postvak, interneTaak } = (data ?? {}) as Cursors
  if (postvak) variables['na'] = postvak.volgnummer
  if (interneTaak) variables['naVersie'] = interneTaak.versie
}

/** Whether this is the close event with which a graphql-ws client gives up, and not the errors of a refused
 * subscription. */
const isClose = (error: unknown): error is { code: number } =>
  typeof error === 'object' && error !== null && 'code' in error

const backoff = (tries: number): number => Math.random() * Math.min(500 * 2 ** tries, LONGEST_WAIT_MS)

/** Waits this long, or until the network is back. */
function waitOrOnline(ms: number): Promise<void> {
  return new Promise((go) => {
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      go()
    }
    const timer = setTimeout(end, ms)
    window.addEventListener('online', end)
  })
}

/** Waits until the session has a token: for the network, or for the employee where the login has expired. */
async function waitForToken(session: Session): Promise<void> {
  for (;;) {
    try {
      await session.token()
      return
    } catch {
      await (session.expired ? waitForRenewal(session) : waitOrOnline(2_000))
    }
  }
}

function waitForRenewal(session: Session): Promise<void> {
  return new Promise((go) => {
    const unwatch = watch(
      () => session.expired,
      () => {
        unwatch()
        go()
      },
    )
  })
}
