// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { claimTabId, type Locks } from './tabId'

/** A fake browser with locks. A page that ends releases its locks. */
class Browser {
  private readonly held = new Map<string, number>()
  private waiting: (() => void)[] = []

  page(number: number): { locks: Locks; timeout: () => AbortSignal } {
    const request = (name: string, { signal }: { signal: AbortSignal }, deed: () => unknown) =>
      new Promise((_resolve, reject) => {
        const attempt = () => {
          if (this.held.has(name)) return void this.waiting.push(attempt)
          this.held.set(name, number)
          void deed()
        }
        attempt()
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    // A lock that is not free times out immediately.
    const timeout = () => {
      const controller = new AbortController()
      setTimeout(() => controller.abort())
      return controller.signal
    }
    return { locks: { request } as unknown as Locks, timeout }
  }

  ends(number: number): void {
    for (const [name, page] of this.held) if (page === number) this.held.delete(name)
    for (const attempt of this.waiting.splice(0)) attempt()
  }
}

const stored = () =>
  Object.fromEntries(Object.keys(sessionStorage).map((key) => [key, sessionStorage.getItem(key) ?? '']))
const restore = (storage: Record<string, string>) => {
  sessionStorage.clear()
  for (const [key, value] of Object.entries(storage)) sessionStorage.setItem(key, value)
}

describe('a tab', () => {
  beforeEach(() => sessionStorage.clear())

  it('that is new is not a copy, and has the same id after a reload, even while the page before is still ending', async () => {
    const browser = new Browser()
    expect(await claimTabId(browser.page(1))).toBe(false)
    const before = stored()
    const reloaded = claimTabId(browser.page(2))
    browser.ends(1)
    expect(await reloaded).toBe(false)
    expect(stored()).toEqual(before)
  })

  it('that is copied while it lives has another id than its copy, and the copy keeps its own from then on', async () => {
    const browser = new Browser()
    await claimTabId(browser.page(1))
    const original = stored()
    expect(await claimTabId(browser.page(2))).toBe(true)
    const copy = stored()
    expect(copy).not.toEqual(original)
    browser.ends(1)
    browser.ends(2)
    expect(await claimTabId(browser.page(3))).toBe(false)
    restore(original)
    expect(await claimTabId(browser.page(4))).toBe(false)
  })

  it('is no copy where the browser has no locks', async () => {
    expect(await claimTabId({ locks: undefined, timeout: () => AbortSignal.abort() })).toBe(false)
  })
})
