import { ref } from 'vue'
import { meldingText } from './melding'
import type { Taak } from './store'

/** Notifications of the browser, for an employee who is looking at another window. */
export class Notifier {
  /** `unsupported` means that this browser has no notifications for pages. */
  readonly permission = ref<NotificationPermission | 'unsupported'>(
    'Notification' in window ? Notification.permission : 'unsupported',
  )

  /** Asks for permission; browsers require that a click calls this. */
  async ask(): Promise<void> {
    this.permission.value = await Notification.requestPermission()
  }

  /** Shows a notification of new tasks while the page is hidden. A click brings the page to the front and opens the
   * first of them. */
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
      // Some browsers allow notifications only from a service worker.
      this.permission.value = 'unsupported'
    }
  }
}

/** Systems cut a notification off after a few lines. */
const LINES = 4

const lines = (taken: readonly Taak[]): string =>
  taken
    .slice(0, LINES)
    .map((taak) => `${taak.gevraagdeHandeling}: ${taak.ontstaanUitKlantcontact.onderwerp}`)
    .join('\n')
