// Plays one client as a test tells it to. Commands come in as lines of JSON, and what comes of each goes out as lines
// of JSON with the id of the command.
import { createInterface } from 'node:readline'

const { player, ...given } = JSON.parse(process.argv[2])
let token = given.token

const { open } = await import(`./players/${player}.mjs`)
const client = await open({ ...given, token: async () => token })
const say = (line) => console.log(JSON.stringify(line))

const commands = {
  token: ({ value }) => (token = value),
  ask: ({ id, ...asked }) => client.ask(asked).then((data) => say({ id, data }), failed(id)),
  follow: ({ id, ...asked }) => client.follow(asked, (data) => say({ id, data }), failed(id)),
  show: ({ id, ...asked }) => client.show(asked, (data) => say({ id, data })),
}
// Each client has a form of its own for what the server refused.
const failed = (id) => (error) => say({ id, error: error?.errors ?? error?.graphQLErrors ?? error?.message ?? error })

say({ id: 'ready' })
client.onClosed?.((code) => say({ id: 'closed', data: code }))
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...more } = JSON.parse(line)
  commands[command](more)
}
process.exit()
