export async function open({ recipes, ws, ...given }) {
  const { connect } = await import(`${recipes}/graphql-ws.js`)
  const client = connect({ url: ws, ...given })
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
    onClosed: (told) => client.on('closed', ({ code }) => told(code)),
  }
}
