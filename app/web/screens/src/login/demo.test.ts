// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DemoLogin } from './demo'

type InHappyDom = { happyDOM: { setURL: (url: string) => void } }

// A server that gives out numbered tokens, or refuses.
let server: Server
let given = 0
let refusing = false
let validSeconds = 3600

beforeEach(async () => {
  given = 0
  refusing = false
  validSeconds = 3600
  server = createServer((_, response) => {
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*')
    response.writeHead(refusing ? 400 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ token: `token-${++given}`, verlooptOp: Date.now() / 1000 + validSeconds }))
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  ;(window as unknown as InHappyDom).happyDOM.setURL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  window.sessionStorage.clear()
})
afterEach(() => new Promise((closed) => server.close(closed)))

test('a chosen employee has a token as long as it is valid', async () => {
  const session = await new DemoLogin().choose('desk')
  expect(await session.token()).toBe('token-1')
  expect(await session.token()).toBe('token-1')
})

test('a token that is about to expire is renewed, once for all callers', async () => {
  const session = await new DemoLogin().choose('desk')
  validSeconds = 0
  await session.renew()
  validSeconds = 3600
  expect(await Promise.all([session.token(), session.token()])).toEqual(['token-3', 'token-3'])
})

test('a reloaded tab continues as the same employee', async () => {
  await new DemoLogin().choose('desk')
  const session = await new DemoLogin().resume()
  expect(await session?.token()).toBe('token-1')
})

test('nobody is logged in in a new tab, nor after logging out', async () => {
  expect(await new DemoLogin().resume()).toBeNull()
  await (await new DemoLogin().choose('desk')).end()
  expect(await new DemoLogin().resume()).toBeNull()
})

test('a login that the server will not renew has expired, until it does', async () => {
  validSeconds = 0
  const session = await new DemoLogin().choose('desk')
  refusing = true
  await expect(session.token()).rejects.toThrow()
  expect(session.expired).toBe(true)
  refusing = false
  validSeconds = 3600
  await session.renew()
  expect(session.expired).toBe(false)
})

test('when the server refuses a token long before it expires, only the employee can renew the login', async () => {
  const session = await new DemoLogin().choose('desk')
  session.tokenRefused()
  expect(session.expired).toBe(true)
})

test('when the server refuses a token that is expiring, as after a night of sleep, it is renewed automatically', async () => {
  validSeconds = 0
  const session = await new DemoLogin().choose('desk')
  session.tokenRefused()
  validSeconds = 3600
  expect(await session.token()).toBe('token-2')
  expect(session.expired).toBe(false)
})
