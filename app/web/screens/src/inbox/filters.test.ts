import { expect, test } from 'vitest'
import { ALLES, asked, fits, whose } from './filters'
import { VINCENT, waiting, YASMINA } from './fakes'

const lijn = waiting('lijn', 0, { klantAanDeLijn: true })
const hers = waiting('hers', 0, { medewerker: YASMINA })
const done = waiting('done', 0, { status: 'GEDAAN', medewerker: VINCENT })
const all = [lijn, hers, done]
const listed = (toon: string, gedaan = false) =>
  all.filter((taak) => fits(taak, { ...ALLES, toon, gedaan })).map(({ id }) => id)

test('a choice lists what is of it', () => {
  expect(listed('alle')).toEqual(['lijn', 'hers'])
  expect(listed('aan-de-lijn')).toEqual(['lijn'])
  expect(listed('niemand')).toEqual(['lijn'])
  expect(listed(YASMINA.id)).toEqual(['hers'])
  expect(listed('alle', true)).toEqual(['done'])
})

test('the server is asked for the same', () => {
  expect(asked({ gedaan: true, toon: YASMINA.id, zoek: 'dakkapel' })).toMatchObject({
    status: 'GEDAAN',
    medewerkerId: YASMINA.id,
    zoektekst: 'dakkapel',
  })
  expect(asked({ ...ALLES, toon: 'niemand' })).toMatchObject({ status: 'TE_DOEN', toegewezen: false })
  expect(asked({ ...ALLES, toon: 'aan-de-lijn' })).toMatchObject({ klantAanDeLijn: true, medewerkerId: null })
})

test('colleagues that have tasks can be chosen, each once', () => {
  expect(whose([hers, done, waiting('more', 0, { medewerker: YASMINA })], VINCENT.id)).toEqual([YASMINA])
})
