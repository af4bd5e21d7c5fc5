import { changeKept } from '../ui/kept'
import { clear, newIds, type Draft } from './draft'
import type { Notebook } from './notes'

/** Makes what a copied tab brought with it its own: under these ids nothing of the other tab's can be meant, and what the
 * other tab is sending is sent by that one alone. What is typed stays. */
export function makeOwn(): void {
  changeKept<Draft>('concept', (draft) => {
    if (draft.verzonden?.loopt) clear(draft)
    Object.assign(draft, newIds(), { verzonden: null })
    if (draft.geleegd) Object.assign(draft.geleegd, newIds(), { verzonden: null })
  })
  changeKept<Record<string, Notebook>>('toelichtingen', (books) => {
    for (const book of Object.values(books)) book.queue = []
  })
  changeKept<{ huidig: string | null }>('kaart', (card) => (card.huidig = null))
}
