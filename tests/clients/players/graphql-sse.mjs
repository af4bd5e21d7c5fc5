import { subscribeOnly } from './subscribeOnly.mjs'

export async function open({ recipes, http, ...options }) {
  const { connect } = await import(`${recipes}/graphql-sse.js`)
  return subscribeOnly(connect({ url: http, ...options }))
}
