import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

const WELCOME = `# Onder "Headers" staat wie u bent:
# {"authorization": "Bearer <token>"}
# De knop "Re-fetch GraphQL schema" haalt
# daarna het schema op.

query Postvakken {
  ik {
    medewerker { naam }
    postvakken {
      organisatorischeEenheid { id naam }
      aantalTeDoen
    }
  }
}
`

const graphql = new URL('graphql', window.location.href)
const socket = new URL(graphql)
socket.protocol = graphql.protocol.replace('http', 'ws')
const fetcher = createGraphiQLFetcher({
  url: graphql.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
})

// The demo passes a token after the #, because browsers do not send that part of an address to the server.
const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
// Remove it from the address, which is visible, is copied and is stored in the history.
window.history.replaceState(null, '', window.location.pathname + window.location.search)
const initialHeaders = token ? { authorization: `Bearer ${token}` } : undefined

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    // The schema is read before the editor for headers exists.
    fetcher={(params, options) => fetcher(params, { ...options, headers: options?.headers ?? initialHeaders })}
    defaultQuery={WELCOME}
    defaultEditorToolsVisibility="headers"
    initialHeaders={initialHeaders && JSON.stringify(initialHeaders, null, 2)}
  />,
)
