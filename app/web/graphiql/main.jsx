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

// What stands behind # is not sent to a server: the demo puts a token there.
const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
// Nor does it stay in the address, which is shown, copied and remembered.
window.history.replaceState(null, '', window.location.pathname + window.location.search)
const headersAtFirst = token ? { authorization: `Bearer ${token}` } : undefined

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    // The schema is asked before there is an editor for headers.
    fetcher={(asked, options) => fetcher(asked, { ...options, headers: options?.headers ?? headersAtFirst })}
    defaultQuery={WELCOME}
    defaultEditorToolsVisibility="headers"
    initialHeaders={headersAtFirst && JSON.stringify(headersAtFirst, null, 2)}
  />,
)
