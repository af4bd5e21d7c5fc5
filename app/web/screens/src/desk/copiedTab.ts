import { changeStoredInTab } from '../ui/tabStorage'
import { clear, newIds, type Concept } from './concept'
import type { ToelichtingForm } from './toelichtingen'

/** Separates a copied tab from its original. Its concept gets new ids, so that both tabs can register, and what the
 * original is sending is not sent by the copy as well. Typed text stays. */
export function detachCopiedTab(): void {
  changeStoredInTab<Concept>('concept', (concept) => {
    if (concept.verzonden?.loopt) clear(concept)
    Object.assign(concept, newIds(), { verzonden: null })
    if (concept.geleegd) Object.assign(concept.geleegd, newIds(), { verzonden: null })
  })
  changeStoredInTab<Record<string, ToelichtingForm>>('toelichtingen', (forms) => {
    for (const form of Object.values(forms)) form.queue = []
  })
  changeStoredInTab<{ huidig: string | null }>('kaart', (card) => (card.huidig = null))
}
