// Runs one client for a test. Commands arrive as lines of JSON, and each result is written as a line of JSON with the
// id of its command.
import { createInterface } from 'node:readline'

const { player, ...options } = JSON.parse(process.argv[2])
let token = options.token

const { open } = await import(`./players/${player}.mjs`)
const client = await open({ ...options, token: async () => token })
const say = (line) => console.log(JSON.stringify(line))

const commands = {
  token: ({ value }) => (token = value),
  ask: ({ id, ...operation }) => client.ask(operation).then((data) => say({ id, data }), failed(id)),
  follow: ({ id, ...operation }) => client.follow(operation, (data) => say({ id, data }), failed(id)),
  show: ({ id, ...operation }) => client.show(operation, (data) => say({ id, data })),
}
// Every client has its own form for the errors of the server.
const failed = (id) => (error) => say({ id, error: error?.errors ?? error?.graphQLErrors ?? error?.message ?? error })

say({ id: 'ready' })
client.onClosed?.((code) => say({ id: 'closed', data: code }))
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...more } = JSON.parse(line)
  commands[command](more)
}
process.exit()
