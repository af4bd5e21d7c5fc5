import { expect, test } from 'vitest'
import type { TaakNaDaadFragment } from '../api/gql/graphql'
import { BURGERZAKEN, VINCENT, waitingTaak, YASMINA } from './fakes'
import { describeTaak, outcomeOf } from './outcome'

const no = (answer: object, me = VINCENT.id) =>
  outcomeOf({ bericht: 'Van de server.', ...answer } as TaakNaDaadFragment, { soort: 'neem' }, me)

test('every refusal has a plain message', () => {
  expect(no({ __typename: 'NietGevonden' })).toMatchObject({ bericht: 'Deze taak is er niet (meer) voor u.' })
  expect(no({ __typename: 'NietBevoegd' })).toMatchObject({
    bericht: expect.stringContaining('niet doen') as string,
  })
  const done = waitingTaak('a', 0, { status: 'GEDAAN', gedaanDoor: YASMINA })
  expect(no({ __typename: 'OvergangGeweigerd', interneTaak: done })).toMatchObject({
    bericht: 'Yasmina El Amrani heeft de taak al afgerond.',
    taak: done,
  })
})

test('a refusal of an unknown type has the message of the server', () => {
  expect(no({ __typename: 'IetsNieuws' })).toEqual({ kind: 'refused', bericht: 'Van de server.' })
})

test('errors of fields are found by the name of the field', () => {
  const velden = [{ pad: ['toelichting'], code: 'TE_LANG', maximum: 1000, bericht: 'Te lang.' }]
  expect(no({ __typename: 'OngeldigeInvoer', velden })).toMatchObject({ velden: { toelichting: 'Te lang.' } })
})

test('the description of a task says where it is and who has it', () => {
  expect(describeTaak(waitingTaak('a'), VINCENT.id)).toBe('ligt bij Afdeling vergunningen en is van niemand')
  expect(describeTaak(waitingTaak('a', 0, { medewerker: VINCENT }), VINCENT.id)).toContain('en is van u')
  expect(
    describeTaak(waitingTaak('a', 0, { medewerker: YASMINA, organisatorischeEenheid: BURGERZAKEN }), VINCENT.id),
  ).toBe('ligt bij Burgerzaken en is van Yasmina El Amrani')
})
