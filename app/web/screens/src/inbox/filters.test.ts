import { expect, test } from 'vitest'
import { ALL_OPEN, postvakFilter, matchesFilter, colleaguesIn } from './filters'
import { VINCENT, waitingTaak, YASMINA } from './fakes'

const lijn = waitingTaak('lijn', 0, { klantAanDeLijn: true })
const colleagues = waitingTaak('hers', 0, { medewerker: YASMINA })
const done = waitingTaak('done', 0, { status: 'GEDAAN', medewerker: VINCENT })
const all = [lijn, colleagues, done]
const matching = (toon: string, gedaan = false) =>
  all.filter((taak) => matchesFilter(taak, { ...ALL_OPEN, toon, gedaan })).map(({ id }) => id)

test('a filter keeps the tasks that match it', () => {
  expect(matching('alle')).toEqual(['lijn', 'hers'])
  expect(matching('aan-de-lijn')).toEqual(['lijn'])
  expect(matching('niemand')).toEqual(['lijn'])
  expect(matching(YASMINA.id)).toEqual(['hers'])
  expect(matching('alle', true)).toEqual(['done'])
})

test('the server gets the same filter', () => {
  expect(postvakFilter({ gedaan: true, toon: YASMINA.id, zoek: 'dakkapel' })).toMatchObject({
    status: 'GEDAAN',
    medewerkerId: YASMINA.id,
    zoektekst: 'dakkapel',
  })
  expect(postvakFilter({ ...ALL_OPEN, toon: 'niemand' })).toMatchObject({ status: 'TE_DOEN', toegewezen: false })
  expect(postvakFilter({ ...ALL_OPEN, toon: 'aan-de-lijn' })).toMatchObject({
    klantAanDeLijn: true,
    medewerkerId: null,
  })
})

test('each colleague with tasks can be chosen once', () => {
  expect(colleaguesIn([colleagues, done, waitingTaak('more', 0, { medewerker: YASMINA })], VINCENT.id)).toEqual([
    YASMINA,
  ])
})
