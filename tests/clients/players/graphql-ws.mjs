import { subscribing } from './subscribing.mjs'

export async function open({ recipes, ws, ...given }) {
  const { connect } = await import(`${recipes}/graphql-ws.js`)
  const client = connect({ url: ws, ...given })
  return { ...subscribing(client), onClosed: (told) => client.on('closed', ({ code }) => told(code)) }
}
