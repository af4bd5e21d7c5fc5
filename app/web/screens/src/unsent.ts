import { onBeforeUnmount, onMounted } from 'vue'
import { isBlank, type Concept } from './desk/concept'
import type { ToelichtingForm } from './desk/toelichtingen'
import { isFilledIn, type Ingevuld } from './taak/dialogInputs'
import { allStoredInTab } from './ui/tabStorage'

/** Whether something is typed in this tab, or on its way, that the server does not have for certain. */
export function hasUnsent(): boolean {
  const concepts = allStoredInTab('concept') as Concept[]
  const toelichtingen = allStoredInTab('toelichtingen').flatMap((forms) =>
    Object.values(forms as Record<string, ToelichtingForm>),
  )
  const dialogs = allStoredInTab('dialogen').flatMap((all) => Object.values(all as Record<string, Ingevuld>))
  return (
    concepts.some((concept) => concept.verzonden !== null || !isBlank(concept)) ||
    toelichtingen.some(({ typed, queue }) => typed.trim() !== '' || queue.length > 0) ||
    dialogs.some(isFilledIn)
  )
}

/** Has the browser ask before the page is left while something is, as long as who uses it is shown. */
export function useLeaveWarning(is: () => boolean): void {
  const ask = (event: BeforeUnloadEvent) => {
    if (is()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', ask))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', ask))
}
