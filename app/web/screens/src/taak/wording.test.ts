import { expect, test } from 'vitest'
import type { GebeurtenisSoort } from '../api/gql/graphql'
import { factSentence } from './wording'

const vera = { id: 'vera', naam: 'Vera' }
const vergunningen = { id: 'ver', naam: 'Afdeling vergunningen' }
const fact = (soort: string) => ({
  soort: soort as GebeurtenisSoort,
  door: vera,
  medewerker: null,
  organisatorischeEenheid: vergunningen,
  andereOrganisatorischeEenheid: null,
})

test('a fact is written as a sentence', () => {
  expect(factSentence(fact('GENOMEN'))).toBe('Vera nam de taak')
})

test('calling back is written from the side of the employee who did it, or as what happened', () => {
  const sentences = (['NIET_BEREIKT', 'TERUGBELLEN_GEVRAAGD', 'CONTACTGEGEVENS_GEWIJZIGD'] as const).map((soort) =>
    factSentence(fact(soort)),
  )
  expect(sentences).toEqual([
    'Vera kon de klant niet bereiken',
    'Vera vroeg een collega om de klant terug te bellen',
    'Vera werkte naam of nummer van de klant bij',
  ])
})

test('a fact of an unknown soort has a general sentence', () => {
  expect(factSentence(fact('GEBELD'))).toBe('Vera werkte de taak bij')
})
