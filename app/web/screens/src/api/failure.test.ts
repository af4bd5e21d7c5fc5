import { CombinedError } from '@urql/core'
import { expect, test } from 'vitest'
import { AanmeldingVerlopen, failureOf } from './failure'

const graphql = (code: string, message = 'Nee.') =>
  new CombinedError({ graphQLErrors: [{ message, extensions: { code } }], response: { status: 200 } })

test('what did not reach the server, or broke there, may be asked again', () => {
  expect(failureOf(new CombinedError({ networkError: new TypeError('failed') })).kind).toBe('onbereikbaar')
  expect(failureOf(graphql('INTERNE_FOUT')).kind).toBe('onbereikbaar')
  const away = new CombinedError({ networkError: new Error(), response: { status: 503 } })
  expect(failureOf(away).kind).toBe('onbereikbaar')
})

test('a login that expired is told as such, whoever noticed it', () => {
  expect(failureOf(new CombinedError({ networkError: new AanmeldingVerlopen() })).kind).toBe('aanmelding')
  expect(failureOf(graphql('NIET_AANGEMELD')).kind).toBe('aanmelding')
})

test('what the server refuses is told in its words, with its code', () => {
  expect(failureOf(graphql('CURSOR_VERLOPEN', 'Te ver achter.'))).toEqual({
    kind: 'geweigerd',
    code: 'CURSOR_VERLOPEN',
    bericht: 'Te ver achter.',
  })
})
