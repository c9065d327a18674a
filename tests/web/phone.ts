import { createReadStream, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'

const font = path.dirname(require.resolve('@fontsource-variable/noto-sans-sc/package.json'))

let fontServer: Promise<string> | undefined

/**
 * The address of a server for the font's files. A route of the browser could serve them too, but each route turns the
 * browser's cache off, and every request then takes the way through this process.
 */
function fontAddress(): Promise<string> {
  fontServer ??= new Promise(started => {
    const server = createServer((request, reply) => {
      reply.writeHead(200, {
        'content-type': 'font/woff2',
        'access-control-allow-origin': '*',
        'cache-control': 'max-age=86400',
      })
      createReadStream(path.join(font, 'files', path.basename(request.url ?? ''))).pipe(reply)
    })
    // It ends with the process.
    server.unref()
    server.listen(0, '127.0.0.1', () =>
      started(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    )
  })
  return fontServer
}

/**
 * A cloud without rows that serves the site, and a browser. Stop and close them when done. `development` uses React's
 * development build, which reports where hydration differs from the server's page.
 */
export async function startWebSite(
  development = false,
  args: string[] = [],
): Promise<{ cloud: CloudProcess; browser: Browser }> {
  await built('functions', 'stories', development ? 'web-development' : 'web')
  const dist = path.resolve(__dirname, '../../dist', development ? 'web-development' : '')
  const [cloud, browser] = await Promise.all([
    startAppCloud({
      args,
      functionsFolder: path.join(dist, 'cloudfunctions'),
      hostingFolder: path.join(dist, 'web'),
    }),
    launchBrowser(),
  ])
  return { cloud, browser }
}

/**
 * A phone's window on the site, without its service worker unless the options allow it: it loads every page's files once
 * more for each phone, which doubles the time of a visit. Its own tests are offline.test.ts and service-worker.test.ts.
 */
export async function openPhone(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    // `dressed` adds a style sheet to the page, which the policy forbids. Tests of the policy itself pass false.
    bypassCSP: true,
    serviceWorkers: 'block',
    ...options,
  })
  context.setDefaultTimeout(15_000)
  return context
}

/** Removes everything that sites stored, and all routes. Fonts and scripts stay in the browser's cache. */
export async function forgetSites(page: Page, sites: readonly string[]): Promise<void> {
  await page.context().unrouteAll()
  const devtools = await page.context().newCDPSession(page)
  for (const origin of sites)
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await devtools.detach()
}

/** A page of each phone that stays empty: a new one is a new process. */
const blankPages = new WeakMap<BrowserContext, Promise<Page>>()

/**
 * Makes a phone one that was never here, with no page of a site open. A new context would load and compile fonts and
 * scripts again.
 */
export async function cleared(phone: BrowserContext, sites: readonly string[]): Promise<void> {
  const known = blankPages.get(phone)
  const pages = phone.pages()
  const opening = known ?? phone.newPage()
  blankPages.set(phone, opening)
  const blank = await opening
  for (const page of pages) if (page !== blank) await page.close()
  await forgetSites(blank, sites)
}

/**
 * Waits until React has hydrated the document: a tap or a key before that does nothing. The container's mark alone says
 * only that React has begun (react-dom 18: markContainerAsRoot, then the first rendering is scheduled).
 */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const root = document.getElementById('app')
      const mark = Object.keys(root ?? {}).find(key => key.startsWith('__reactContainer'))
      if (!root || !mark) return false
      const { stateNode } = (root as unknown as Record<string, { stateNode: { current: unknown } }>)[
        mark
      ] as {
        stateNode: { current: unknown }
      }
      const { memoizedState, child } = stateNode.current as {
        memoizedState: { isDehydrated?: boolean }
        child: unknown
      }
      return child !== null && memoizedState.isDehydrated !== true
      // A look in every frame would keep the browser drawing frames.
    },
    undefined,
    { polling: 20 },
  )
}

/**
 * Opens a page and waits until React has hydrated it. Opens it again after 503: on a busy machine a cold instance may
 * wait for its database longer than the SDK does.
 */
export async function arrive(page: Page, address: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await page.goto(address)
    if (answer?.status() !== 503 || attempt >= 4) break
  }
  await hydrated(page)
}

const fontStyles = async (): Promise<string> =>
  readFileSync(path.join(font, 'index.css'), 'utf8')
    .replaceAll('./files/', await fontAddress())
    .replaceAll('Noto Sans SC Variable', 'Noto Sans SC')

/**
 * Gives a page that runs no script a Chinese font, within the site's own styles: Playwright cannot wait for a style that
 * it adds to such a page. Call before the page opens an address.
 */
export async function dressedAhead(page: Page, stylesheet = '**/assets/site-*.css'): Promise<void> {
  const styles = await fontStyles()
  await page.route(stylesheet, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, body: styles + (await response.text()) })
  })
}

/** Gives the page a Chinese font and waits until its letters and pictures have loaded. */
export async function dressed(page: Page): Promise<void> {
  await page.addStyleTag({ content: await fontStyles() })
  await page.evaluate(async () => {
    await document.fonts.ready
    const seen = Array.from(document.images).filter(image => {
      // A picture behind a fold is not loaded.
      const { top, width } = image.getBoundingClientRect()
      return width > 0 && top < innerHeight
    })
    await Promise.all(seen.map(image => image.decode().catch(() => undefined)))
  })
}
