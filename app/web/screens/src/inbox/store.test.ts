import { expect, test } from 'vitest'
import { BURGERZAKEN, tellers, VINCENT, waitingTaak } from './fakes'
import { newerTellers, TaakStore } from './store'

const ids = (taken: readonly { id: string }[]) => taken.map(({ id }) => id)
const filled = (...taken: Parameters<TaakStore['upsert']>[0][]) => {
  const store = new TaakStore('vergunningen')
  taken.forEach((taak) => store.upsert(taak))
  return store
}

test('what is open stands in the order of waiting, a citizen on the line first', () => {
  const store = filled(waitingTaak('b', 2), waitingTaak('a', 1), waitingTaak('c', 3, { klantAanDeLijn: true }))
  expect(ids(store.open)).toEqual(['c', 'a', 'b'])
})

test('a task that is done, or went to another department, leaves what is open', () => {
  const store = filled(waitingTaak('a'), waitingTaak('b'))
  store.upsert(waitingTaak('a', 0, { versie: 2, status: 'GEDAAN', gedaanOp: '2026-03-02T11:00:00.000Z' }))
  store.upsert(waitingTaak('b', 0, { versie: 3, organisatorischeEenheid: BURGERZAKEN }))
  expect(ids(store.open)).toEqual([])
  expect(ids(store.done)).toEqual(['a'])
})

test('an older page that comes late brings back nothing that has left', () => {
  const store = filled(waitingTaak('a', 0, { versie: 2, status: 'GEDAAN' }))
  store.upsert(waitingTaak('a', 0, { versie: 1 }))
  expect(ids(store.open)).toEqual([])
})

test('what is done stands the latest first', () => {
  const done = (id: string, minute: number) =>
    waitingTaak(id, 0, { status: 'GEDAAN', gedaanOp: `2026-03-02T11:0${minute}:00.000Z` })
  expect(ids(filled(done('a', 1), done('c', 3), done('b', 2)).done)).toEqual(['c', 'b', 'a'])
})

test('tasks that are taken keep their place among those that wait, without the line', () => {
  const store = filled(waitingTaak('a', 1), waitingTaak('lijn', 2, { klantAanDeLijn: true }))
  store.upsert(waitingTaak('lijn', 2, { klantAanDeLijn: true, versie: 2, medewerker: VINCENT }))
  expect(ids(store.open)).toEqual(['a', 'lijn'])
})

test('of two readings of the counters the one of the later place counts', () => {
  expect(newerTellers(tellers(5), tellers(4)).laatsteVolgnummer).toBe(5)
  expect(newerTellers(tellers(5), tellers(6)).laatsteVolgnummer).toBe(6)
  expect(newerTellers(undefined, tellers(1)).laatsteVolgnummer).toBe(1)
})
