import { expect, test } from 'vitest'
import type { TaakNaDaadFragment } from '../api/gql/graphql'
import { BURGERZAKEN, VINCENT, waitingTaak, YASMINA } from './fakes'
import { describeTaak, outcomeOf } from './outcome'

const no = (answer: object, me = VINCENT.id) =>
  outcomeOf({ bericht: 'Van de server.', ...answer } as TaakNaDaadFragment, { soort: 'neem' }, me)

test('every no is said in plain words', () => {
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

test('a no that is not known yet has its reason with it', () => {
  expect(no({ __typename: 'IetsNieuws' })).toEqual({ kind: 'refused', bericht: 'Van de server.' })
})

test('what is wrong with a field is told by the name of the field', () => {
  const velden = [{ pad: ['toelichting'], code: 'TE_LANG', maximum: 1000, bericht: 'Te lang.' }]
  expect(no({ __typename: 'OngeldigeInvoer', velden })).toMatchObject({ velden: { toelichting: 'Te lang.' } })
})

test('how a task stands is said with whose it is', () => {
  expect(describeTaak(waitingTaak('a'), VINCENT.id)).toBe('ligt bij Afdeling vergunningen en is van niemand')
  expect(describeTaak(waitingTaak('a', 0, { medewerker: VINCENT }), VINCENT.id)).toContain('en is van u')
  expect(
    describeTaak(waitingTaak('a', 0, { medewerker: YASMINA, organisatorischeEenheid: BURGERZAKEN }), VINCENT.id),
  ).toBe('ligt bij Burgerzaken en is van Yasmina El Amrani')
})
