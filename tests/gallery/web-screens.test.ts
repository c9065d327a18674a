import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { openPhone } from '../web/phone'
import { barriersOf } from './barriers'
import { flawsOf } from './judge'
import { fillCloud, type SampleData } from './sample-data'
import { unscriptedEntries, type WebEntry, webEntries } from './web-entries'
import { inspectedLooks, reachWeb, type WebLook, wearWeb } from './web-walk'

let browser: Browser
let cloud: CloudProcess
let data: SampleData

beforeAll(async () => {
  await built('functions', 'stories', 'web')
  ;[browser, cloud] = await Promise.all([
    launchBrowser(),
    startAppCloud({ hostingFolder: path.resolve(__dirname, '../../dist/web'), args: ['--no-timers'] }),
  ])
  data = await fillCloud(cloud)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

/**
 * The rules of axe-core that a screen is checked with; undefined for all. They take time, and few of their answers depend
 * on the theme or the width: every screen is checked with all of them once, and one screen of each page in every look,
 * with all of them also on a desktop.
 */
function rulesFor(entry: WebEntry, { theme, width }: WebLook): readonly string[] | undefined {
  const isFirst = webEntries.find(({ page }) => page === entry.page) === entry
  if (theme === 'light' && width === 390) return undefined
  if (!isFirst) return []
  return width === 1280 ? undefined : ['color-contrast']
}

describe.each([
  ['a screen of the web', webEntries, true],
  ['a screen of the web without a script', unscriptedEntries, false],
] as const)(
  '%s has nothing cut off, too wide, too small or too pale, in both themes and three widths',
  (_, entries, scripted) => {
    let phone: BrowserContext
    beforeAll(async () => {
      phone = await openPhone(browser, { javaScriptEnabled: scripted })
    })
    afterAll(() => phone?.close())

    test.each(entries.map(entry => [`${entry.page}: ${entry.state}`, entry] as const))(
      '%s',
      async (_, entry) => {
        const web = await reachWeb(phone, cloud, data, entry, scripted)
        const said: string[] = []
        for (const look of inspectedLooks) {
          await wearWeb(web, look)
          const name = `${look.theme} ${look.width}`
          const place = [scripted ? 'web' : 'web without script', entry.page, entry.state]
          said.push(...(await flawsOf(web.page, place, name)))
          const rules = scripted ? rulesFor(entry, look) : []
          if (rules?.length !== 0)
            said.push(...(await barriersOf(web.page, rules)).map(line => `${name}: ${line}`))
        }
        expect(said).toEqual([])
      },
    )
  },
)
