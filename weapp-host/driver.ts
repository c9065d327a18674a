import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { Cloud } from './cloud-door'
import { bootOf, type Card, defaultDevice, enterOptions, momentsScene } from './entry'
import type {
  ApiFault,
  CallEntry,
  DataEntry,
  Device,
  Json,
  LogicRecord,
  ShareEntry,
  Theme,
  ToLogic,
} from './protocol'
import { type HostServer, serveSite } from './server'
import { compileSite, type Site } from './site'

export interface LaunchOptions {
  browser: Browser
  /** Folder of a built mini-program. */
  dist: string
  cloud: Cloud
  theme?: Theme
  fontScale?: number
  viewport?: { width: number; height: number }
  platform?: Device['platform']
  /** APIs of `wx` that fail, by name. */
  faults?: Record<string, ApiFault>
  /** Folder that the phone's own server serves as /pictures/ (`address`); without it, such pictures do not load. */
  pictures?: string
  /** Draws Chinese text on canvases. Loading its font takes a second; without it, canvases show boxes. */
  chineseOnCanvas?: boolean
}

/** Longest wait for a condition, in milliseconds. */
const patience = 10_000

/**
 * Starts a phone that has a built mini-program installed. Each launch has its own storage, which survives the cold
 * starts that `open` makes. Close it when done; the caller closes the browser.
 */
export async function launch(options: LaunchOptions): Promise<Driver> {
  const site = await compileSite(options.dist)
  const server = await serveSite(site, options.cloud, options.pictures)
  const device: Device = {
    ...defaultDevice,
    ...options.viewport,
    theme: options.theme ?? 'light',
    fontScale: options.fontScale ?? 1,
    platform: options.platform ?? 'ios',
  }
  const context = await options.browser.newContext({
    viewport: { width: device.width, height: device.height },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    colorScheme: device.theme,
    locale: 'zh-CN',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  return new Driver(site, server, context, page, device, options)
}

/** Drives a running mini-program as a reader does, and reads what is on the screen and what was recorded. */
export class Driver {
  /** Storage by kind of start: single-page mode has a storage of its own. */
  private readonly stored = { app: {}, single: {} } as Record<'app' | 'single', Record<string, string>>
  private kind: 'app' | 'single' = 'app'
  private started = false
  private readonly pageErrors: string[] = []
  /** Whether the browser asks about each request. It does from the first time without a network. */
  private intercepts = false

  constructor(
    private readonly site: Site,
    private readonly server: HostServer,
    private readonly context: BrowserContext,
    /** The Playwright page, for what this class does not offer. */
    readonly window: Page,
    private device: Device,
    private readonly options: Pick<LaunchOptions, 'faults' | 'chineseOnCanvas'>,
  ) {
    window.on('pageerror', error => this.pageErrors.push(error.stack ?? error.message))
  }

  /** The address of this phone's server, which serves the folder `pictures` too. */
  get address(): string {
    return this.server.url
  }

  /** Cold start by a card: path, query and scene. */
  async open(card: Card = {}): Promise<void> {
    if (this.started) this.stored[this.kind] = await this.storage()
    this.kind = card.scene === momentsScene ? 'single' : 'app'
    await this.window.goto(this.server.url)
    const { faults, chineseOnCanvas = false } = this.options
    const { program, ...boot } = bootOf(this.site.program, card, this.device, this.stored[this.kind], faults)
    await this.window.evaluate(
      text => window.host.start(JSON.parse(text)),
      JSON.stringify({ ...boot, chineseOnCanvas }),
    )
    this.started = true
  }

  /** Removes the app with its storage and installs it again. */
  async reinstall(): Promise<void> {
    this.stored.app = {}
    this.stored.single = {}
    this.started = false
  }

  /** Taps a card while the app is alive: the app comes to the front with the card's page as its only page. */
  async openAgain(card: Card): Promise<void> {
    await this.order('enter', enterOptions(this.site.program, card) as unknown as Json)
  }

  /**
   * Finds elements of the top page by a selector or a label. A label matches a text, or an aria-label up to its first
   * space.
   */
  find(wanted: string): Locator {
    const top = this.window.locator('.host-frame:not([data-hidden])')
    const over = this.window.locator('.host-sheet, .host-tabs, .host-toast, .host-preview')
    if (/^[.#[]/.test(wanted)) return top.locator(wanted)
    const label = wanted.replaceAll('"', '\\"')
    return top
      .locator(`[aria-label="${label}"], [aria-label^="${label} "]`)
      .or(top.getByText(wanted, { exact: true }))
      .or(over.getByText(wanted, { exact: true }))
  }

  async tap(wanted: string | Locator): Promise<void> {
    const target = (typeof wanted === 'string' ? this.find(wanted) : wanted).first()
    try {
      await target.scrollIntoViewIfNeeded()
    } catch (error) {
      // The page has drawn the element anew meanwhile. `tap` looks it up again until it stands still.
      if (!String(error).includes('not attached')) throw error
    }
    await target.tap()
  }

  /** Rendered text of the top page. */
  async text(): Promise<string> {
    return this.window.locator('.host-frame:not([data-hidden]) wx-page').innerText()
  }

  /** Text of the whole screen, with bars, toasts and dialogs. */
  async screenText(): Promise<string> {
    return this.window.locator('body').innerText()
  }

  async scrollTo(top: number): Promise<void> {
    await this.window.evaluate(to => {
      const page = document.querySelector('.host-frame:not([data-hidden]) wx-page')
      if (page) page.scrollTop = to
    }, top)
  }

  async scrollToEnd(): Promise<void> {
    await this.scrollTo(1e7)
  }

  async scrollTop(): Promise<number> {
    return this.window.evaluate(
      () => document.querySelector('.host-frame:not([data-hidden]) wx-page')?.scrollTop ?? 0,
    )
  }

  /** Moves a finger across an element. Lengths in CSS pixels. */
  async swipe(wanted: string | Locator, by: { x?: number; y?: number }): Promise<void> {
    const target = (typeof wanted === 'string' ? this.find(wanted) : wanted).first()
    await target.scrollIntoViewIfNeeded()
    await target.evaluate((element, { x = 0, y = 0 }) => {
      const box = element.getBoundingClientRect()
      const from = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }
      const touch = (at: { clientX: number; clientY: number }) =>
        new Touch({ identifier: 1, target: element, ...at })
      const fire = (type: string, at: { clientX: number; clientY: number }) =>
        element.dispatchEvent(
          new TouchEvent(type, {
            bubbles: true,
            touches: type === 'touchend' ? [] : [touch(at)],
            changedTouches: [touch(at)],
          }),
        )
      const to = { clientX: from.clientX + x, clientY: from.clientY + y }
      fire('touchstart', from)
      fire('touchmove', to)
      fire('touchend', to)
    }, by)
  }

  /** Pulls the page down. Throws if the page does not enable pull-down refresh. */
  async pullDown(): Promise<void> {
    const can = await this.window.evaluate(() => window.host.canPullDown())
    if (!can) throw new Error('this page does not enable pull-down refresh')
    await this.tell({ type: 'pulled-down', page: 0 })
  }

  /** Shares from the menu. Throws if the page defines no handler for this kind. */
  async share(kind: ShareEntry['kind']): Promise<ShareEntry> {
    return (await this.order('share', { kind })) as unknown as ShareEntry
  }

  async back(): Promise<void> {
    await this.order('back')
  }

  /** The home button: the app goes to the background; `show` brings it back. */
  async hide(): Promise<void> {
    await this.order('hide')
  }

  async show(): Promise<void> {
    await this.order('show')
  }

  async goOffline(): Promise<void> {
    if (!this.intercepts) {
      this.intercepts = true
      // The package's own files are on the phone. These paths stand for the network.
      const distant = /^\/(cloud-file|pictures\/|network)/
      await this.context.route(
        url => !this.device.online && (url.origin !== this.server.url || distant.test(url.pathname)),
        route => route.abort(),
      )
    }
    await this.changeDevice({ online: false })
  }

  /**
   * The browser goes on asking about requests: taking the route away while the app's worker loads its script would
   * leave that request unanswered for good, and the app would not start.
   */
  async goOnline(): Promise<void> {
    await this.changeDevice({ online: true })
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.window.emulateMedia({ colorScheme: theme })
    await this.changeDevice({ theme })
  }

  async resize(width: number, height: number): Promise<void> {
    await this.window.setViewportSize({ width, height })
    await this.changeDevice({ width, height })
  }

  /** Every `setData` since the last cold start. */
  async bridge(): Promise<{ calls: number; bytes: number; entries: DataEntry[] }> {
    const data = await this.record('data')
    return { calls: data.length, bytes: data.reduce((sum, entry) => sum + entry.bytes, 0), entries: data }
  }

  /** `wx.*` calls since the last cold start, all or those of one name. */
  async calls(name?: string): Promise<CallEntry[]> {
    const calls = await this.record('calls')
    return name === undefined ? calls : calls.filter(call => call.name === name)
  }

  async shares(): Promise<ShareEntry[]> {
    return this.record('shares')
  }

  /** Every use of something that single-page mode switches off, even if the app caught the failure. */
  async violations(): Promise<string[]> {
    const drawn = await this.window.evaluate(() => window.host.violations())
    return [...(await this.record('violations')), ...drawn]
  }

  /** Everything that was thrown and not caught, in both halves. */
  async errors(): Promise<string[]> {
    return [...(await this.record('errors')), ...this.pageErrors]
  }

  async stack(): Promise<LogicRecord['stack']> {
    return this.record('stack')
  }

  /** The app's storage for this kind of start: JSON text by key. */
  async storage(): Promise<Record<string, string>> {
    return this.window.evaluate(() => window.host.storage())
  }

  /** Modules evaluated so far, as paths without extension. */
  async modules(): Promise<string[]> {
    return this.record('modules')
  }

  /** Number of elements of the top page, and its depth; `wx-page` has depth 1. */
  async nodes(): Promise<{ count: number; depth: number }> {
    return this.window.evaluate(() => window.host.nodes())
  }

  /**
   * Waits for a text on the screen or for a predicate. It checks again whenever a message crosses or the page changes,
   * and ten times a second: what changes between a check and the wait for the next message wakes nobody.
   */
  async waitFor(wanted: string | (() => boolean | Promise<boolean>)): Promise<void> {
    if (typeof wanted === 'string') {
      // The text as it is drawn needs a layout of the whole document, so a word must first be there at all; only white
      // space differs between the two texts. A look in every frame would keep the browser drawing frames.
      const there = (text: string) =>
        (/\s/.test(text) || document.body.textContent?.includes(text) === true) &&
        document.body.innerText.includes(text)
      await this.window.waitForFunction(there, wanted, { timeout: patience, polling: 40 }).catch(async () => {
        throw new Error(await this.timedOut(`"${wanted}" did not appear`))
      })
      return
    }
    const until = Date.now() + patience
    while (!(await wanted())) {
      if (Date.now() > until)
        throw new Error(await this.timedOut(`the condition did not become true: ${wanted}`))
      await this.window.evaluate(() => window.host.activity(100))
    }
  }

  /** Waits until no message has crossed the bridge and no call has been pending for `ms` milliseconds. */
  async quiet(ms = 120): Promise<void> {
    await this.window.evaluate(wait => window.host.quiet(wait), ms)
  }

  /** Waits for the fonts of what is on the screen. One that arrives later changes the height of its lines. */
  async fonts(): Promise<void> {
    await this.window.evaluate(() => document.fonts.ready.then(() => undefined))
  }

  async screenshot(file: string): Promise<void> {
    await this.fonts()
    await this.window.screenshot({ path: file })
  }

  async close(): Promise<void> {
    await this.context.close()
    await this.server.close()
  }

  private async timedOut(words: string): Promise<string> {
    // A logic half that did not start, or that computes for ever, answers nothing.
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<string[]>(resolve => {
      timer = setTimeout(resolve, 2_000, ['the logic half of the app does not answer', ...this.pageErrors])
    })
    const [screen, errors] = await Promise.all([
      this.screenText(),
      Promise.race([this.errors(), silence]).finally(() => clearTimeout(timer)),
    ])
    return `${words}; the screen says:\n${screen.slice(0, 500)}\n${errors.join('\n')}`
  }

  private async changeDevice(change: Partial<Device>): Promise<void> {
    this.device = { ...this.device, ...change }
    if (this.started) await this.tell({ type: 'device', device: this.device })
  }

  private async tell(message: ToLogic): Promise<void> {
    await this.window.evaluate(text => window.host.send(JSON.parse(text)), JSON.stringify(message))
  }

  /** One part of what the logic half has recorded. */
  private async record<Part extends keyof LogicRecord>(part: Part): Promise<LogicRecord[Part]> {
    return (await this.order('record', { part })) as unknown as LogicRecord[Part]
  }

  private async order(name: string, args: Json = null): Promise<Json> {
    const reply = await this.window.evaluate(
      async text => {
        const { given, value } = JSON.parse(text) as { given: string; value: null }
        return JSON.stringify(await window.host.order(given, value))
      },
      JSON.stringify({ given: name, value: args }),
    )
    return JSON.parse(reply) as Json
  }
}
