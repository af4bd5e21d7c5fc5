// Runs every audit of GraphQL over HTTP against a server, and prints each result as a line of JSON.
import { serverAudits } from 'graphql-http'

const { url, token } = JSON.parse(process.argv[2])
const fetchFn = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } })

for (const audit of serverAudits({ url, fetchFn })) {
  const { id, name, status, reason } = await audit.fn()
  console.log(JSON.stringify({ id, name, status, reason }))
}
