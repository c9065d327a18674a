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
  /** Folder of the pictures that sample stories name as /pictures/…; without it they do not load. */
  pictures?: string
}

/** Longest wait for something to appear, in milliseconds. */
const patience = 10_000

/**
 * Starts a phone with a built mini-program on it. Each launch has its own storage; `open` is a cold start that keeps
 * it, as on a phone. Close it when done; the browser stays the caller's.
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
  return new Driver(site, server, context, page, device, options.faults ?? {})
}

/** A reader's hands and eyes on a running mini-program, and the meters beneath. */
export class Driver {
  /** Storage by kind of start: single-page mode has its own. */
  private readonly storage = { app: {}, single: {} } as Record<'app' | 'single', Record<string, string>>
  private kind: 'app' | 'single' = 'app'
  private started = false
  private readonly pageErrors: string[] = []

  constructor(
    private readonly site: Site,
    private readonly server: HostServer,
    private readonly context: BrowserContext,
    /** The window itself, for what this class has no word for. */
    readonly window: Page,
    private device: Device,
    private readonly faults: Record<string, ApiFault>,
  ) {
    window.on('pageerror', error => this.pageErrors.push(error.stack ?? error.message))
  }

  /** Cold start by a card: path, query and scene. */
  async open(card: Card = {}): Promise<void> {
    if (this.started) this.storage[this.kind] = await this.kept()
    this.kind = card.scene === momentsScene ? 'single' : 'app'
    await this.window.goto(this.server.url)
    const boot = bootOf(this.site.program, card, this.device, this.storage[this.kind], this.faults)
    await this.window.evaluate(text => window.host.start(JSON.parse(text)), JSON.stringify(boot))
    this.started = true
  }

  /** The app is removed from the phone: the next start finds nothing it kept. */
  async reinstall(): Promise<void> {
    this.storage.app = {}
    this.storage.single = {}
    this.started = false
  }

  /** A card is tapped while the app is still alive: the app is shown again, with the card's page alone. */
  async openAgain(card: Card): Promise<void> {
    await this.order('enter', enterOptions(this.site.program, card) as unknown as Json)
  }

  /** What a selector or a label (text, or aria-label up to a space) names on the page on top, visible ones only. */
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
    await target.scrollIntoViewIfNeeded()
    await target.tap()
  }

  /** Text of the page on top, as drawn. */
  async text(): Promise<string> {
    return this.window.locator('.host-frame:not([data-hidden]) wx-page').innerText()
  }

  /** Text of everything on the screen: bars, toasts and dialogs too. */
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

  /** Moves a finger over an element, as a swiper wants it. Lengths in CSS pixels. */
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

  /** Throws where the page has no pull-down refresh. */
  async pullDown(): Promise<void> {
    const can = await this.window.evaluate(() => window.host.canPullDown())
    if (!can) throw new Error('this page does not enable pull-down refresh')
    await this.tell({ type: 'pulled-down', page: 0 })
  }

  /** Opens the menu and takes a way to share. Throws where the page defines no handler for it. */
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
    // What is in the package is on the phone; everything else comes over the network, whoever stands for it here.
    const distant = /^\/(cloud-file|pictures\/|network)/
    await this.context.route(
      url => url.origin !== this.server.url || distant.test(url.pathname),
      route => route.abort(),
    )
    await this.changeDevice({ online: false })
  }

  async goOnline(): Promise<void> {
    await this.context.unrouteAll()
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

  /** setData as it crossed since the last cold start. */
  async bridge(): Promise<{ calls: number; bytes: number; entries: DataEntry[] }> {
    const { data } = await this.record()
    return { calls: data.length, bytes: data.reduce((sum, entry) => sum + entry.bytes, 0), entries: data }
  }

  /** `wx.*` calls since the last cold start, all or those of one name. */
  async calls(name?: string): Promise<CallEntry[]> {
    const { calls } = await this.record()
    return name === undefined ? calls : calls.filter(call => call.name === name)
  }

  async shares(): Promise<ShareEntry[]> {
    return (await this.record()).shares
  }

  /** Uses of what single-page mode switches off, caught by the app or not. */
  async violations(): Promise<string[]> {
    const drawn = await this.window.evaluate(() => window.host.violations())
    return [...(await this.record()).violations, ...drawn]
  }

  /** Everything thrown and not caught, in either half. */
  async errors(): Promise<string[]> {
    return [...(await this.record()).errors, ...this.pageErrors]
  }

  async stack(): Promise<LogicRecord['stack']> {
    return (await this.record()).stack
  }

  /** What the phone keeps of the app, of this kind of start: JSON text by key. */
  async kept(): Promise<Record<string, string>> {
    return this.window.evaluate(() => window.host.storage())
  }

  /** Files of code evaluated so far, without extension. */
  async modules(): Promise<string[]> {
    return (await this.record()).modules
  }

  /** Elements of the page on top from wx-page down, and the deepest of them; wx-page is 1. */
  async nodes(): Promise<{ count: number; depth: number }> {
    return this.window.evaluate(() => window.host.nodes())
  }

  /** Waits for a text on the screen, or for a predicate to hold; looks again whenever something moved. */
  async waitFor(wanted: string | (() => boolean | Promise<boolean>)): Promise<void> {
    if (typeof wanted === 'string') {
      const there = (text: string) => document.body.innerText.includes(text)
      await this.window.waitForFunction(there, wanted, { timeout: patience }).catch(async () => {
        throw new Error(await this.disappointment(`"${wanted}" did not appear`))
      })
      return
    }
    const until = Date.now() + patience
    while (!(await wanted())) {
      if (Date.now() > until)
        throw new Error(await this.disappointment(`what was waited for did not come: ${wanted}`))
      await Promise.race([this.window.evaluate(() => window.host.activity()), this.quiet(500)])
    }
  }

  /** Waits until nothing has crossed the bridge and no call been under way for `ms` milliseconds. */
  async quiet(ms = 120): Promise<void> {
    await this.window.evaluate(wait => window.host.quiet(wait), ms)
  }

  async screenshot(file: string): Promise<void> {
    await this.window.evaluate(() => document.fonts.ready.then(() => undefined))
    await this.window.screenshot({ path: file })
  }

  async close(): Promise<void> {
    await this.context.close()
    await this.server.close()
  }

  private async disappointment(words: string): Promise<string> {
    const [screen, errors] = [await this.screenText(), await this.errors()]
    return `${words}; the screen says:\n${screen.slice(0, 500)}\n${errors.join('\n')}`
  }

  private async changeDevice(change: Partial<Device>): Promise<void> {
    this.device = { ...this.device, ...change }
    if (this.started) await this.tell({ type: 'device', device: this.device })
  }

  private async tell(message: ToLogic): Promise<void> {
    await this.window.evaluate(text => window.host.send(JSON.parse(text)), JSON.stringify(message))
  }

  private async record(): Promise<LogicRecord> {
    return (await this.order('record')) as unknown as LogicRecord
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
