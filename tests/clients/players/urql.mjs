export async function open({ recipes, ...options }) {
  const { urql } = await import(`${recipes}/urql.js`)
  const client = urql(options)
  return {
    async ask({ document, variables, kind }) {
      const { data, error } = await client[kind](document, variables).toPromise()
      if (error) throw error
      return data
    },
    follow({ document, variables }, next, failed) {
      client.subscription(document, variables).subscribe(({ data, error }) => (error ? failed(error) : next(data)))
    },
    show({ document, variables }, next) {
      client.query(document, variables).subscribe(({ data }) => data && next(data))
    },
  }
}
