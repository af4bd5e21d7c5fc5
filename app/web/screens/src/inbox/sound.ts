import { ref, watch } from 'vue'

const KEY = 'overdracht.geluid'
/** The two notes of the sound: the pitch in hertz, and when it starts in seconds. */
const NOTES = [
  [660, 0],
  [880, 0.14],
] as const
const NOTE_SECONDS = 0.22

/** The sound for new tasks. A browser blocks it until the employee has clicked or pressed a key. */
export class Sound {
  readonly on = ref(localStorage.getItem(KEY) !== 'uit')
  readonly blocked = ref(false)
  private readonly context = 'AudioContext' in window ? new AudioContext() : undefined
  private readonly unwatch = watch(this.on, (on) => localStorage.setItem(KEY, on ? 'aan' : 'uit'))

  constructor() {
    this.context?.addEventListener('statechange', this.look)
    window.addEventListener('pointerdown', this.unlock)
    window.addEventListener('keydown', this.unlock)
    this.look()
  }

  /** Allows sound; browsers require that a click or a key calls this. */
  readonly unlock = (): void => {
    if (this.context?.state === 'suspended') void this.context.resume()
  }

  play(): void {
    const { context } = this
    if (this.on.value && context?.state === 'running') this.ring(context)
  }

  /** Plays the sound as an example, even when it is switched off. */
  async demonstrate(): Promise<void> {
    const { context } = this
    if (context?.state === 'suspended') await context.resume()
    if (context?.state === 'running') this.ring(context)
  }

  private ring(context: AudioContext): void {
    for (const [pitch, delay] of NOTES) note(context, pitch, context.currentTime + delay)
  }

  stop(): void {
    this.unwatch()
    window.removeEventListener('pointerdown', this.unlock)
    window.removeEventListener('keydown', this.unlock)
    void this.context?.close()
  }

  private readonly look = (): void => {
    this.blocked.value = this.context?.state === 'suspended'
  }
}

function note(context: AudioContext, pitch: number, at: number): void {
  const volume = context.createGain()
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.25, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS)
  volume.connect(context.destination)
  const tone = context.createOscillator()
  tone.frequency.value = pitch
  tone.connect(volume)
  tone.start(at)
  tone.stop(at + NOTE_SECONDS)
}
