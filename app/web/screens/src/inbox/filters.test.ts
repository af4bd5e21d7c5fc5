import { expect, test } from 'vitest'
import { ALL_OPEN, postvakFilter, matchesFilter, colleaguesIn } from './filters'
import { VINCENT, waitingTaak, YASMINA } from './fakes'

const lijn = waitingTaak('lijn', 0, { klantAanDeLijn: true })
const hers = waitingTaak('hers', 0, { medewerker: YASMINA })
const done = waitingTaak('done', 0, { status: 'GEDAAN', medewerker: VINCENT })
const all = [lijn, hers, done]
const listed = (toon: string, gedaan = false) =>
  all.filter((taak) => matchesFilter(taak, { ...ALL_OPEN, toon, gedaan })).map(({ id }) => id)

test('a choice lists what is of it', () => {
  expect(listed('alle')).toEqual(['lijn', 'hers'])
  expect(listed('aan-de-lijn')).toEqual(['lijn'])
  expect(listed('niemand')).toEqual(['lijn'])
  expect(listed(YASMINA.id)).toEqual(['hers'])
  expect(listed('alle', true)).toEqual(['done'])
})

test('the server is asked for the same', () => {
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

test('colleagues that have tasks can be chosen, each once', () => {
  expect(colleaguesIn([hers, done, waitingTaak('more', 0, { medewerker: YASMINA })], VINCENT.id)).toEqual([YASMINA])
})
