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

test('a fact of an unknown soort has a general sentence', () => {
  expect(factSentence(fact('GEBELD'))).toBe('Vera werkte de taak bij')
})
