// Wraps a client whose only method is `subscribe`.
export const subscribeOnly = (client) => {
  const subscribe = ({ document, variables }, next, error) => {
    const sink = { next: ({ data, errors }) => (errors ? error(errors) : next(data)), error, complete: () => {} }
    client.subscribe({ query: document, variables }, sink)
  }
  return {
    ask: (operation) => new Promise((next, error) => subscribe(operation, next, error)),
    follow: subscribe,
  }
}
