import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { openPhone } from '../web/phone'
import { flawsOf } from './judge'
import { fillCloud, type SampleData } from './sample-data'
import { unscriptedEntries, webEntries } from './web-entries'
import { reachWeb, wearWeb, webLooks } from './web-walk'

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
        try {
          const said: string[] = []
          for (const look of webLooks) {
            await wearWeb(web, look)
            const name = `${look.theme} ${look.width}`
            const place = [scripted ? 'web' : 'web without script', entry.page, entry.state]
            said.push(...(await flawsOf(web.page, place, name)))
          }
          expect(said).toEqual([])
        } finally {
          await web.page.close()
        }
      },
    )
  },
)
