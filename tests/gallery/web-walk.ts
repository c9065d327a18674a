import type { BrowserContext, Page } from 'playwright-core'
import type { Theme } from '../../weapp-host/protocol'
import type { CloudProcess } from '../support/local-cloud'
import { dressed, dressedAhead, forgetSites } from '../web/phone'
import type { SampleData } from './sample-data'
import type { WebEntry, WebScene } from './web-entries'

/** A window, and the settings of its system. */
export interface WebLook {
  theme: Theme
  /** In CSS pixels: a phone, a tablet, a desktop. */
  width: number
}

export const webLooks: readonly WebLook[] = [
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 390 },
  { theme: 'dark', width: 768 },
  { theme: 'light', width: 768 },
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1280 },
]

/**
 * The looks that `npm test` inspects: both themes on a phone, and each other width in one theme. Sizes do not depend on
 * the theme, and what only a wide window shows is there at both of the wider widths.
 */
export const inspectedLooks: readonly WebLook[] = webLooks.filter(
  ({ theme, width }) => width === 390 || theme === (width === 768 ? 'light' : 'dark'),
)

/**
 * The context's page, made empty. Another page would be another process, which compiles the site's scripts, the
 * inspector and axe-core anew.
 */
async function onlyPage(context: BrowserContext): Promise<Page> {
  const [page, ...others] = context.pages()
  if (!page) return context.newPage()
  for (const other of others) await other.close()
  await page.goto('about:blank')
  await page.emulateMedia({ colorScheme: null })
  await page.setViewportSize({ width: 390, height: 844 })
  return page
}

/**
 * Opens an entry's screen in a browser without stored data: a phone that was here before is cleared first. The next
 * screen uses its page again, unless it was closed. `scripted` says whether the browser runs scripts.
 */
export async function reachWeb(
  context: BrowserContext,
  cloud: CloudProcess,
  data: SampleData,
  entry: WebEntry,
  scripted = true,
): Promise<WebScene> {
  const page = await onlyPage(context)
  const scene = { page, context, url: cloud.previewUrl, siteUrl: cloud.url, data }
  try {
    await forgetSites(page, [cloud.url, cloud.previewUrl])
    if (!scripted) await dressedAhead(page)
    await entry.reach(scene)
    if (scripted) await dressed(page)
    return scene
  } catch (error) {
    await page.close()
    throw error
  }
}

export async function wearWeb({ page }: WebScene, { theme, width }: WebLook): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.setViewportSize({ width, height: 844 })
}
