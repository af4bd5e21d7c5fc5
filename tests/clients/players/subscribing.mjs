// A player over a client whose one verb is subscribe.
export const subscribing = (client) => {
  const subscribe = ({ document, variables }, next, error) => {
    const sink = { next: ({ data, errors }) => (errors ? error(errors) : next(data)), error, complete: () => {} }
    client.subscribe({ query: document, variables }, sink)
  }
  return {
    ask: (asked) => new Promise((next, error) => subscribe(asked, next, error)),
    follow: subscribe,
  }
}
