import type { Api } from '../api/api'
import type { Failure } from '../api/failure'
import { aFact, aTask, FakeApi, fakeRetryContext, VERGUNNINGEN, VINCENT } from '../desk/fakes'
import type { PostvakFact } from './attention'
import type { Betrokkene } from '../taak/contactgegevens'
import { LivePostvak } from './livePostvak'
import type { Taak } from './store'

export const YASMINA = { id: 'yasmina', naam: 'Yasmina El Amrani' }
export const BURGERZAKEN = { id: 'burgerzaken', naam: 'Burgerzaken' }
/** Whom to call, with a number. */
export const BETROKKENE: Betrokkene = {
  id: 'betrokkene',
  versie: 1,
  rol: 'KLANT',
  contactnaam: { voorletters: null, voornaam: null, voorvoegselAchternaam: null, achternaam: 'Bakker' },
  organisatienaam: null,
  digitaleAdressen: [{ soortDigitaalAdres: 'TELEFOONNUMMER', adres: '+31612345678', omschrijving: null }],
}
export const NIET_BEVOEGD: Failure = { kind: 'refused', code: 'NIET_BEVOEGD', bericht: 'Nee.' }

/** A task whose klantcontact took place in this minute. */
export const waitingTaak = (id: string, minute = 0, more: Partial<Taak> = {}): Taak => {
  const taak = aTask({ id, klantAanDeLijn: false })
  const plaatsgevondenOp = `2026-03-02T10:${String(minute).padStart(2, '0')}:00.000Z`
  return { ...taak, ontstaanUitKlantcontact: { ...taak.ontstaanUitKlantcontact, plaatsgevondenOp }, ...more }
}

/** Counters that were read at this volgnummer. */
export const tellers = (laatsteVolgnummer: number, aantalTeDoen = 1) => ({
  id: 'postvak',
  laatsteVolgnummer,
  aantalTeDoen,
  aantalNietToegewezen: 1,
  aantalKlantAanDeLijn: 0,
})

/** A fact in the postvak of Vergunningen. */
export const postvakFact = (
  volgnummer: number,
  taak: Taak = waitingTaak('a'),
  more: Partial<PostvakFact> = {},
): PostvakFact => ({
  ...aFact({ versie: taak.versie }),
  volgnummer,
  postvak: tellers(volgnummer),
  interneTaak: taak,
  ...more,
})

/** The answer to a query for a page of the postvak. */
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

/** A live postvak on a fake API, with the facts and the texts that it reports. */
export function fakeLivePostvak() {
  const fake = new FakeApi()
  const retryContext = fakeRetryContext()
  const facts: PostvakFact[] = []
  const texts: string[] = []
  const livePostvak = new LivePostvak({
    api: { ...fake.api, connection: retryContext.connection } as unknown as Api,
    eenheidId: VERGUNNINGEN.id,
    retryContext,
    onFact: (fact) => facts.push(fact),
    onMissed: (text) => texts.push(text),
  })
  return { fake, retryContext, facts, texts, livePostvak, ids: () => livePostvak.open.value.map(({ id }) => id) }
}

export { VERGUNNINGEN, VINCENT }
