import type { GebeurtenisInLogboekFragment, GebeurtenisSoort } from '../api/gql/graphql'

type Fact = Pick<
  GebeurtenisInLogboekFragment,
  'soort' | 'door' | 'medewerker' | 'organisatorischeEenheid' | 'andereOrganisatorischeEenheid'
>

const who = (fact: Fact): string => fact.door?.naam ?? 'Het systeem'
const whose = (fact: Fact): string => fact.medewerker?.naam ?? 'niemand'
const other = (fact: Fact): string => fact.andereOrganisatorischeEenheid?.naam ?? 'een andere afdeling'

const SENTENCES: Record<string, ((fact: Fact) => string) | undefined> = {
  GEREGISTREERD: (fact) => `${who(fact)} registreerde de taak voor ${fact.organisatorischeEenheid.naam}`,
  GENOMEN: (fact) => `${who(fact)} nam de taak`,
  TOEGEWEZEN: (fact) =>
    fact.door && fact.door.id === fact.medewerker?.id
      ? `${who(fact)} nam de taak over`
      : `${who(fact)} wees de taak toe aan ${whose(fact)}`,
  TERUGGELEGD: (fact) => `${who(fact)} legde de taak terug`,
  TOEGELICHT: (fact) => `${who(fact)} lichtte toe`,
  GEDAAN: (fact) => `${who(fact)} rondde de taak af`,
  HEROPEND: (fact) => `${who(fact)} heropende de taak`,
  INGETROKKEN: (fact) => `${who(fact)} trok de taak in`,
  DOORGESTUURD: (fact) => `${who(fact)} stuurde de taak door naar ${other(fact)}`,
  ONTVANGEN: (fact) => `${fact.organisatorischeEenheid.naam} ontving de taak van ${other(fact)}`,
  NIET_BEREIKT: (fact) => `${who(fact)} kon de klant niet bereiken`,
  TERUGBELLEN_GEVRAAGD: (fact) => `${who(fact)} vroeg een collega om de klant terug te bellen`,
  CONTACTGEGEVENS_GEWIJZIGD: (fact) => `${who(fact)} werkte naam of nummer van de klant bij`,
} satisfies Record<GebeurtenisSoort, (fact: Fact) => string>

/** A fact as a sentence without a full stop. A newer server may have facts that this version of the page does not
 * know. */
export const factSentence = (fact: Fact): string =>
  SENTENCES[fact.soort]?.(fact) ?? `${who(fact)} werkte de taak bij`
