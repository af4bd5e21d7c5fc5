import { onBeforeUnmount, onMounted } from 'vue'
import { isBlank, type Concept } from './desk/concept'
import type { TerugbelForm } from './desk/terugbellen'
import type { ToelichtingForm } from './desk/toelichtingen'
import { isFilledIn, type Ingevuld } from './taak/dialogInputs'
import { isBlankKlant } from './taak/klant'
import { allStoredInTab } from './ui/tabStorage'

/** Whether this tab has text, typed or being sent, that the server has not confirmed yet. */
export function hasUnsent(): boolean {
  const concepts = allStoredInTab('concept') as Concept[]
  const toelichtingen = allStoredInTab('toelichtingen').flatMap((forms) =>
    Object.values(forms as Record<string, ToelichtingForm>),
  )
  const dialogs = allStoredInTab('dialogen').flatMap((all) => Object.values(all as Record<string, Ingevuld>))
  const callBacks = allStoredInTab('terugbellen').flatMap((all) =>
    Object.values(all as Record<string, TerugbelForm>),
  )
  return (
    concepts.some((concept) => concept.verzonden !== null || !isBlank(concept)) ||
    toelichtingen.some(({ typed, queue }) => typed.trim() !== '' || queue.length > 0) ||
    dialogs.some(isFilledIn) ||
    callBacks.some(({ klant, toelichting }) => !isBlankKlant(klant) || toelichting.trim() !== '')
  )
}

/** Lets the browser ask for confirmation before the page is closed while `isUnsent` is true, for as long as the
 * component exists. */
export function useLeaveWarning(isUnsent: () => boolean): void {
  const ask = (event: BeforeUnloadEvent) => {
    if (isUnsent()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', ask))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', ask))
}
