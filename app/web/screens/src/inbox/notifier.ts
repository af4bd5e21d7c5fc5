import { ref } from 'vue'
import { meldingText } from './melding'
import type { Taak } from './store'

/** Notifications of the browser, for who has another window before him. */
export class Notifier {
  /** `ontbreekt`: this browser has none for a page. */
  readonly permission = ref<NotificationPermission | 'unsupported'>(
    'Notification' in window ? Notification.permission : 'unsupported',
  )

  /** Asks the user; called by a click. */
  async ask(): Promise<void> {
    this.permission.value = await Notification.requestPermission()
  }

  /** Tells of new tasks while the page is not seen; a click brings it to the front, with the first of them open. */
  show(taken: readonly Taak[], open: (taak: Taak) => void): void {
    const [first] = taken
    if (!first || this.permission.value !== 'granted' || !document.hidden) return
    try {
      const notification = new Notification(meldingText(taken), { body: lines(taken), tag: 'overdracht-postvak' })
      notification.addEventListener('click', () => {
        window.focus()
        open(first)
        notification.close()
      })
    } catch {
      // A browser that lets only a service worker tell.
      this.permission.value = 'unsupported'
    }
  }
}

/** Most of a notification is cut off after a few lines. */
const LINES = 4

const lines = (taken: readonly Taak[]): string =>
  taken
    .slice(0, LINES)
    .map((taak) => `${taak.gevraagdeHandeling}: ${taak.ontstaanUitKlantcontact.onderwerp}`)
    .join('\n')
