import { subscribing } from './subscribing.mjs'

export async function open({ recipes, http, ...given }) {
  const { connect } = await import(`${recipes}/graphql-sse.js`)
  return subscribing(connect({ url: http, ...given }))
}
