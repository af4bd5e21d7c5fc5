import type { Api } from '../api/api'
import type { Failure } from '../api/failure'
import { aFact, aTask, FakeApi, fakeLine, VERGUNNINGEN, VINCENT } from '../desk/fakes'
import type { Feit } from './attention'
import { Following } from './following'
import type { Taak } from './store'

export const YASMINA = { id: 'yasmina', naam: 'Yasmina El Amrani' }
export const BURGERZAKEN = { id: 'burgerzaken', naam: 'Burgerzaken' }
export const NIET_BEVOEGD: Failure = { kind: 'geweigerd', code: 'NIET_BEVOEGD', bericht: 'Nee.' }

/** A task with the contact that waits since this minute. */
export const waiting = (id: string, minute = 0, more: Partial<Taak> = {}): Taak => {
  const taak = aTask({ id, klantAanDeLijn: false })
  const geregistreerdOp = `2026-03-02T10:${String(minute).padStart(2, '0')}:00.000Z`
  return { ...taak, ontstaanUitKlantcontact: { ...taak.ontstaanUitKlantcontact, geregistreerdOp }, ...more }
}

/** Counters as they are read at this place. */
export const tellers = (laatsteVolgnummer: number, aantalTeDoen = 1) => ({
  id: 'postvak',
  laatsteVolgnummer,
  aantalTeDoen,
  aantalNietToegewezen: 1,
  aantalKlantAanDeLijn: 0,
})

/** A fact of the inbox of Vergunningen. */
export const feit = (volgnummer: number, taak: Taak = waiting('a'), more: Partial<Feit> = {}): Feit => ({
  ...aFact({ versie: taak.versie }),
  volgnummer,
  postvak: tellers(volgnummer),
  interneTaak: taak,
  ...more,
})

/** A page of the inbox, as it is answered. */
export const page = (volgnummer: number, taken: readonly Taak[], endCursor: string | null = null) => ({
  postvak: {
    ...tellers(volgnummer, taken.length),
    interneTaken: {
      totalCount: taken.length,
      pageInfo: { hasNextPage: endCursor !== null, endCursor },
      edges: taken.map((node) => ({ node })),
    },
  },
})

/** An inbox that is followed by means of a fake API. */
export function followed() {
  const fake = new FakeApi()
  const line = fakeLine()
  const facts: Feit[] = []
  const told: string[] = []
  const following = new Following({
    api: { ...fake.api, connection: line.connection } as unknown as Api,
    eenheidId: VERGUNNINGEN.id,
    line,
    onFact: (fact) => facts.push(fact),
    onMeanwhile: (text) => told.push(text),
  })
  return { fake, line, facts, told, following, ids: () => following.open.value.map(({ id }) => id) }
}

export { VINCENT }
