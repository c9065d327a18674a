import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { openPhone } from '../web/phone'
import { flawsOf } from './judge'
import { fillCloud, type SampleData } from './sample-data'
import { webEntries } from './web-entries'
import { reachWeb, wearWeb, webLooks } from './web-walk'

let browser: Browser
let phone: BrowserContext
let cloud: CloudProcess
let data: SampleData

beforeAll(async () => {
  await built('functions', 'stories', 'web')
  ;[browser, cloud] = await Promise.all([
    launchBrowser(),
    startAppCloud({ hostingFolder: path.resolve(__dirname, '../../dist/web'), args: ['--no-timers'] }),
  ])
  data = await fillCloud(cloud)
  phone = await openPhone(browser)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

describe('a screen of the web has nothing cut off, too wide, too small or too pale, in both themes and three widths', () => {
  test.each(webEntries.map(entry => [`${entry.page}: ${entry.state}`, entry] as const))(
    '%s',
    async (_, entry) => {
      const web = await reachWeb(phone, cloud, data, entry)
      try {
        const said: string[] = []
        for (const look of webLooks) {
          await wearWeb(web, look)
          const name = `${look.theme} ${look.width}`
          said.push(...(await flawsOf(web.page, ['web', entry.page, entry.state], name)))
        }
        expect(said).toEqual([])
      } finally {
        await web.page.close()
      }
    },
  )
})
