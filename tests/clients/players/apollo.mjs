import { gql } from '@apollo/client'

export async function open({ recipes, ...options }) {
  const { apollo } = await import(`${recipes}/apollo.js`)
  const client = apollo(options)
  return {
    async ask({ document, variables, kind }) {
      const operation = kind === 'mutation' ? { mutation: gql(document) } : { query: gql(document) }
      const { data, error } = await (operation.mutation ? client.mutate : client.query)({ ...operation, variables })
      if (error) throw error
      return data
    },
    follow({ document, variables }, next, error) {
      client.subscribe({ query: gql(document), variables }).subscribe({
        next: (result) => (result.error ? error(result.error) : next(result.data)),
        error,
      })
    },
    show({ document, variables }, next) {
      client.watchQuery({ query: gql(document), variables }).subscribe(({ data }) => data && next(data))
    },
  }
}
