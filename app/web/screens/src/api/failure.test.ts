import { CombinedError } from '@urql/core'
import { expect, test } from 'vitest'
import { AanmeldingVerlopen, failureOf } from './failure'

const graphql = (code: string, message = 'Nee.') =>
  new CombinedError({ graphQLErrors: [{ message, extensions: { code } }], response: { status: 200 } })

test('a request that did not reach the server, or failed there, can be retried', () => {
  expect(failureOf(new CombinedError({ networkError: new TypeError('failed') })).kind).toBe('unreachable')
  for (const code of ['NIET_BESCHIKBAAR', 'INTERNE_FOUT']) expect(failureOf(graphql(code)).kind).toBe('unreachable')
  const away = new CombinedError({ networkError: new Error(), response: { status: 503 } })
  expect(failureOf(away).kind).toBe('unreachable')
})

test('an expired login is recognised, whether the page or the server noticed it', () => {
  expect(failureOf(new CombinedError({ networkError: new AanmeldingVerlopen() })).kind).toBe('login-expired')
  expect(failureOf(graphql('NIET_AANGEMELD')).kind).toBe('login-expired')
})

test('a refusal has the message and the code of the server', () => {
  expect(failureOf(graphql('CURSOR_VERLOPEN', 'Te ver achter.'))).toEqual({
    kind: 'refused',
    code: 'CURSOR_VERLOPEN',
    bericht: 'Te ver achter.',
  })
})

test('a refusal on the way to the server, by a proxy for instance, is shown and not retried', () => {
  for (const status of [400, 403, 404, 413]) {
    const failure = failureOf(new CombinedError({ networkError: new Error('Nee'), response: { status } }))
    expect(failure).toMatchObject({ kind: 'refused', bericht: expect.stringContaining(String(status)) as string })
  }
})

test('a request that has to wait is retried', () => {
  for (const status of [408, 429]) {
    const failure = failureOf(new CombinedError({ networkError: new Error('Wacht'), response: { status } }))
    expect(failure.kind).toBe('unreachable')
  }
})

test('a page that is older than its server says that it must be reloaded', () => {
  expect(failureOf(graphql('DOCUMENT_ONBEKEND', 'Dit document is hier niet bekend.'))).toMatchObject({
    kind: 'refused',
    code: 'DOCUMENT_ONBEKEND',
    bericht: expect.stringContaining('herlaad de pagina') as string,
  })
})
