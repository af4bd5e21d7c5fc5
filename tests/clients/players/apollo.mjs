import { gql } from '@apollo/client'

export async function open({ recipes, ...given }) {
  const { apollo } = await import(`${recipes}/apollo.js`)
  const client = apollo(given)
  return {
    async ask({ document, variables, kind }) {
      const asked = kind === 'mutation' ? { mutation: gql(document) } : { query: gql(document) }
      const { data, error } = await (asked.mutation ? client.mutate : client.query)({ ...asked, variables })
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
