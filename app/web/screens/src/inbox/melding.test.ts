import { expect, test } from 'vitest'
import { waitingTaak } from './fakes'
import { batch } from '../ui/batch'
import { spokenMelding, meldingText, tabTitle } from './melding'

const lijn = waitingTaak('a', 0, { klantAanDeLijn: true })

test('a melding counts the new tasks, and the citizens on the line', () => {
  expect(meldingText([waitingTaak('a')])).toBe('Nieuwe taak')
  expect(meldingText([lijn])).toBe('Nieuwe taak: klant aan de lijn')
  expect(meldingText([lijn, waitingTaak('b'), waitingTaak('c')])).toBe('3 nieuwe taken, 1 met de klant aan de lijn')
})

test('the spoken melding of one task says what it is about', () => {
  expect(spokenMelding([lijn])).toBe('Nieuwe taak: klant aan de lijn. Overname gesprek met klant: Dakkapel.')
  expect(spokenMelding([lijn, lijn])).toBe('2 nieuwe taken, 2 met de klant aan de lijn.')
})

test('the title of the tab counts the new tasks', () => {
  expect(tabTitle(2, 'Postvak Burgerzaken')).toBe('(2) Postvak Burgerzaken – Overdracht')
  expect(tabTitle(0, 'Postvak Burgerzaken')).toBe('Postvak Burgerzaken – Overdracht')
})

test('items that arrive together are handled as one batch', () => {
  const handed: number[][] = []
  const moments: (() => void)[] = []
  const hand = batch<number>(
    (items) => handed.push(items),
    300,
    (deed) => moments.push(deed),
  )
  hand(1)
  hand(2)
  moments[0]?.()
  hand(3)
  moments[1]?.()
  expect(handed).toEqual([[1, 2], [3]])
})
