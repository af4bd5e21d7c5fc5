import { createClient, type Client, type ExecutionResult, type Sink, type SubscribePayload } from 'graphql-ws'
import { became, type Connection } from './connection'

const PING_MS = 8_000
const LONGEST_WAIT_MS = 10_000

interface Options {
  url: string
  token: () => Promise<string>
  connection: Connection
}

/** One socket for all that is followed. It is there from the login on, so that a lost line shows at once, and comes
 * back however long the server is away. A ping finds a network that is silently gone, and brings the server the token
 * of that moment. */
export function openSocket({ url, token, connection }: Options): Client {
  const authorization = async () => ({ authorization: `Bearer ${await token()}` })
  let answered = true
  let pinging: ReturnType<typeof setInterval> | undefined
  const client = createClient({
    url,
    lazy: false,
    connectionParams: authorization,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (tries) => waited(tries === 0 ? 0 : Math.random() * Math.min(500 * 2 ** tries, LONGEST_WAIT_MS)),
    onNonLazyError: () => became(connection, 'verbroken'),
    on: {
      connected(socket) {
        answered = true
        became(connection, 'verbonden')
        pinging = setInterval(() => void ping(socket as WebSocket), PING_MS)
      },
      pong: (received) => (answered ||= received),
      closed() {
        clearInterval(pinging)
        became(connection, 'verbroken')
      },
    },
  })
  async function ping(socket: WebSocket): Promise<void> {
    if (!answered) {
      client.terminate()
      return
    }
    answered = false
    const payload = await authorization().catch(() => undefined)
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping', payload }))
  }
  const gone = () => client.terminate()
  window.addEventListener('offline', gone)
  return { ...client, dispose: () => (window.removeEventListener('offline', gone), client.dispose()) }
}

/** Waits, or less where the network comes back meanwhile. */
function waited(ms: number): Promise<void> {
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

type Place = { postvak?: { volgnummer: number }; interneTaak?: { versie: number } }

/** Follows from its place: graphql-ws subscribes anew after a lost line with the variables it was given, so the place
 * in them is moved on with every fact. Returns how to stop. */
export function resumed(client: Client, payload: SubscribePayload, sink: Sink<ExecutionResult>): () => void {
  const variables: Record<string, unknown> = { ...payload.variables }
  return client.subscribe(
    { ...payload, variables },
    {
      next(result) {
        const { postvak, interneTaak } = (result.data ?? {}) as Place
        if (postvak) variables['na'] = postvak.volgnummer
        if (interneTaak) variables['naVersie'] = interneTaak.versie
        sink.next(result as ExecutionResult)
      },
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    },
  )
}
