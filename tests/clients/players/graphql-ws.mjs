import { subscribeOnly } from './subscribeOnly.mjs'

export async function open({ recipes, ws, ...options }) {
  const { connect } = await import(`${recipes}/graphql-ws.js`)
  const client = connect({ url: ws, ...options })
  return { ...subscribeOnly(client), onClosed: (report) => client.on('closed', ({ code }) => report(code)) }
}
