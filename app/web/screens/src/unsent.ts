import { onBeforeUnmount, onMounted } from 'vue'
import { isBlank, type Draft } from './desk/draft'
import type { Notebook } from './desk/notes'
import { isFilledIn, type Ingevuld } from './taak/typed'
import { allKept } from './ui/kept'

/** Whether something is typed in this tab, or on its way, that the server does not have for certain. */
export function hasUnsent(): boolean {
  const drafts = allKept('concept') as Draft[]
  const notes = allKept('toelichtingen').flatMap((books) => Object.values(books as Record<string, Notebook>))
  const dialogs = allKept('dialogen').flatMap((all) => Object.values(all as Record<string, Ingevuld>))
  return (
    drafts.some((draft) => draft.verzonden !== null || !isBlank(draft)) ||
    notes.some(({ typed, queue }) => typed.trim() !== '' || queue.length > 0) ||
    dialogs.some(isFilledIn)
  )
}

/** Has the browser ask before the page is left while something is, as long as who uses it is shown. */
export function useQuestionBeforeLeaving(is: () => boolean): void {
  const ask = (event: BeforeUnloadEvent) => {
    if (is()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', ask))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', ask))
}
