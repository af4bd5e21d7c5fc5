// The documents are those that relay-compiler generated beside the recipes, found by the name of their operation.
import { commitMutation, createOperationDescriptor, fetchQuery, requestSubscription } from 'relay-runtime'

export async function open({ recipes, ...options }) {
  const { relay } = await import(`${recipes}/relay.js`)
  const environment = relay(options)
  const compiled = async (document) => {
    const [, name] = /(?:query|mutation|subscription) (\w+)/.exec(document)
    return (await import(`${recipes}/__generated__/${name}.graphql.js`)).default
  }
  return {
    async ask({ document, variables, kind }) {
      const node = await compiled(document)
      if (kind === 'query') return fetchQuery(environment, node, variables).toPromise()
      return new Promise((onCompleted, onError) => {
        commitMutation(environment, { mutation: node, variables, onCompleted, onError })
      })
    },
    async follow({ document, variables }, onNext, onError) {
      requestSubscription(environment, { subscription: await compiled(document), variables, onNext, onError })
    },
    async show({ document, variables }, next) {
      const node = await compiled(document)
      await fetchQuery(environment, node, variables).toPromise()
      const { fragment } = createOperationDescriptor(node, variables)
      const snapshot = environment.lookup(fragment)
      next(snapshot.data)
      environment.subscribe(snapshot, ({ data }) => next(data))
    },
  }
}
