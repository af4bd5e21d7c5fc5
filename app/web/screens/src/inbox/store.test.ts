import { expect, test } from 'vitest'
import { BURGERZAKEN, tellers, VINCENT, waitingTaak } from './fakes'
import { newerTellers, TaakStore } from './store'

const ids = (taken: readonly { id: string }[]) => taken.map(({ id }) => id)
const filled = (...taken: Parameters<TaakStore['upsert']>[0][]) => {
  const store = new TaakStore('vergunningen')
  taken.forEach((taak) => store.upsert(taak))
  return store
}

test('open tasks are sorted by how long they wait, a citizen on the line first', () => {
  const store = filled(waitingTaak('b', 2), waitingTaak('a', 1), waitingTaak('c', 3, { klantAanDeLijn: true }))
  expect(ids(store.open)).toEqual(['c', 'a', 'b'])
})

test('a task that is done or forwarded leaves the open tasks', () => {
  const store = filled(waitingTaak('a'), waitingTaak('b'))
  store.upsert(waitingTaak('a', 0, { versie: 2, status: 'GEDAAN', gedaanOp: '2026-03-02T11:00:00.000Z' }))
  store.upsert(waitingTaak('b', 0, { versie: 3, organisatorischeEenheid: BURGERZAKEN }))
  expect(ids(store.open)).toEqual([])
  expect(ids(store.done)).toEqual(['a'])
})

test('an old page that arrives late does not bring tasks back', () => {
  const store = filled(waitingTaak('a', 0, { versie: 2, status: 'GEDAAN' }))
  store.upsert(waitingTaak('a', 0, { versie: 1 }))
  expect(ids(store.open)).toEqual([])
})

test('done tasks are sorted latest first', () => {
  const done = (id: string, minute: number) =>
    waitingTaak(id, 0, { status: 'GEDAAN', gedaanOp: `2026-03-02T11:0${minute}:00.000Z` })
  expect(ids(filled(done('a', 1), done('c', 3), done('b', 2)).done)).toEqual(['c', 'b', 'a'])
})

test('a task that is taken keeps its place by waiting time, even with a citizen on the line', () => {
  const store = filled(waitingTaak('a', 1), waitingTaak('lijn', 2, { klantAanDeLijn: true }))
  store.upsert(waitingTaak('lijn', 2, { klantAanDeLijn: true, versie: 2, medewerker: VINCENT }))
  expect(ids(store.open)).toEqual(['a', 'lijn'])
})

test('of two versions of the counters the one with the higher volgnummer counts', () => {
  expect(newerTellers(tellers(5), tellers(4)).laatsteVolgnummer).toBe(5)
  expect(newerTellers(tellers(5), tellers(6)).laatsteVolgnummer).toBe(6)
  expect(newerTellers(undefined, tellers(1)).laatsteVolgnummer).toBe(1)
})
