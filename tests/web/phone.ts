import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'

const font = path.dirname(require.resolve('@fontsource-variable/noto-sans-sc/package.json'))
const fontAddress = '/test-font/'

/**
 * A cloud without rows that serves the site, and a browser. Stop and close them when done. `development` uses React's
 * development build, which reports where hydration differs from the server's page.
 */
export async function startWebSite(development = false): Promise<{ cloud: CloudProcess; browser: Browser }> {
  await built('functions', 'stories', development ? 'web-development' : 'web')
  const dist = path.resolve(__dirname, '../../dist', development ? 'web-development' : '')
  const [cloud, browser] = await Promise.all([
    startAppCloud({
      functionsFolder: path.join(dist, 'cloudfunctions'),
      hostingFolder: path.join(dist, 'web'),
    }),
    launchBrowser(),
  ])
  return { cloud, browser }
}

/** A phone's window on the site. Its pages can use a font that this machine may lack. */
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
    ...options,
  })
  await context.route(`**${fontAddress}*`, route => {
    const name = path.basename(new URL(route.request().url()).pathname)
    return route.fulfill({ path: path.join(font, 'files', name), contentType: 'font/woff2' })
  })
  context.setDefaultTimeout(15_000)
  return context
}

/** Gives the page a Chinese font and waits until its letters and pictures have loaded. */
export async function dressed(page: Page): Promise<void> {
  const css = readFileSync(path.join(font, 'index.css'), 'utf8')
    .replaceAll('./files/', fontAddress)
    .replaceAll('Noto Sans SC Variable', 'Noto Sans SC')
  await page.addStyleTag({ content: css })
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
