export async function open({ recipes, http, ...given }) {
  const { connect } = await import(`${recipes}/graphql-sse.js`)
  const client = connect({ url: http, ...given })
  return {
    ask: (asked) =>
      new Promise((resolve, error) => {
        const sink = { next: ({ data }) => resolve(data), error, complete: () => {} }
        client.subscribe({ query: asked.document, variables: asked.variables }, sink)
      }),
    follow(asked, next, error) {
      const sink = { next: ({ data }) => next(data), error, complete: () => {} }
      client.subscribe({ query: asked.document, variables: asked.variables }, sink)
    },
  }
}
