import { changeStoredInTab } from '../ui/tabStorage'
import { clear, newIds, type Concept } from './concept'
import type { ToelichtingForm } from './toelichtingen'

/** Makes what a copied tab brought with it its own: under these ids nothing of the other tab's can be meant, and what the
 * other tab is sending is sent by that one alone. What is typed stays. */
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
