import type { Browser } from 'playwright-core'
import type { Theme } from '../../weapp-host/protocol'
import type { CloudProcess } from '../support/local-cloud'
import { dressed, openPhone } from '../web/phone'
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

/** Opens an entry's screen in a new browser without stored data. Close its `context` when done. */
export async function reachWeb(
  browser: Browser,
  cloud: CloudProcess,
  data: SampleData,
  entry: WebEntry,
): Promise<WebScene> {
  const context = await openPhone(browser)
  const page = await context.newPage()
  const scene = { page, context, url: cloud.previewUrl, siteUrl: cloud.url, data }
  try {
    await entry.reach(scene)
    await dressed(page)
    return scene
  } catch (error) {
    await context.close()
    throw error
  }
}

export async function wearWeb({ page }: WebScene, { theme, width }: WebLook): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.setViewportSize({ width, height: 844 })
}
