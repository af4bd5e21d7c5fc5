import { expect, test } from 'vitest'
import { newer } from './newer'
import { longestWaitingFirst, type Waiting } from './order'

test('of two versions of a task the one with the higher versie wins, in any order', () => {
  const old = { id: 'a', versie: 1, status: 'TE_DOEN' }
  const recent = { id: 'a', versie: 2, status: 'GEDAAN' }
  expect(newer(old, recent)).toEqual(recent)
  expect(newer(recent, old)).toEqual(recent)
  expect(newer(undefined, old)).toEqual(old)
})

const taak = (id: string, minute: number, klantAanDeLijn = false, naam: string | null = null): Waiting => ({
  id,
  status: 'TE_DOEN',
  klantAanDeLijn,
  medewerker: naam === null ? null : { id: naam, naam },
  ontstaanUitKlantcontact: {
    id,
    nummer: '1234567890',
    onderwerp: '',
    geregistreerdOp: '2023-03-08T12:00:00.000Z',
    plaatsgevondenOp: `2023-03-08T10:${String(minute).padStart(2, '0')}:00.000Z`,
  },
})

test('a citizen on the line whom nobody has is on top, then who waits longest, then by id', () => {
  const order = [
    taak('c', 3),
    taak('b', 1),
    taak('taken', 2, true, 'Vincent'),
    taak('late', 9, true),
    taak('early', 8, true),
    taak('a', 1),
    { ...taak('withdrawn', 4, true), status: 'GEDAAN' as const },
  ].sort(longestWaitingFirst)
  expect(order.map(({ id }) => id)).toEqual(['early', 'late', 'a', 'b', 'taken', 'c', 'withdrawn'])
})
