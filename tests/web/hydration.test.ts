import type { Browser, BrowserContext } from 'playwright-core'
import { putPolls, putRows, type StoryRow, storyRow } from '../support/app-cloud'
import { everyKind, hardStories } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { newestFirst, sampleLines, sampleStories, sampleTopics } from '../support/sample-rows'
import { arrive, openPhone, startWebSite } from './phone'

let cloud: CloudProcess
let browser: Browser
let phone: BrowserContext
let stories: StoryRow[]

beforeAll(async () => {
  ;({ cloud, browser } = await startWebSite(true))
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  await putPolls(
    cloud,
    sampleLines('publishedPolls').map(line => JSON.parse(line) as object),
  )
  await putRows(cloud, 'articles', [
    ...stories,
    everyKind,
    storyRow('linked0001', 2),
    storyRow('withdrawn3', 3, { state: 'withdrawn', reason: '来源有误' }),
    ...hardStories.map(one => one.row),
  ])
}, 300_000)
beforeEach(async () => {
  phone = await openPhone(browser, { bypassCSP: false, deviceScaleFactor: 1 })
})
afterEach(() => phone?.close())
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const addresses = () => [
  '/',
  ...stories.filter(row => 'poll' in row || row === stories[0]).map(row => `/a/${row._id}`),
  `/a/${everyKind._id}`,
  ...hardStories.map(({ row }) => `/a/${row._id}`),
  `/a/${everyKind._id}?scene=1154`,
  '/a/absent0009',
  '/a/withdrawn3',
  '/c/life',
  '/c/earth/ocean',
  ...sampleTopics().map(row => `/t/${String((row as { _id: string })._id)}`),
  '/ranking',
  '/ranking?mood=sad&span=30d',
  '/search',
  '/search?q=%E6%B0%B4',
  '/search?q=%E6%B0%B8%E5%8A%A8%E6%9C%BA%E8%AF%B4%E6%98%8E%E4%B9%A6',
  '/shelf',
  '/about',
  '/principles',
  '/nothing/here',
]

/**
 * Messages that are not faults: the status of a page that does not exist or is opened again (see `arrive`), and a
 * picture that a hard story names.
 */
const expected = /status of (404|410|503)|no-such-file/

/**
 * A reader who has been here before. What the browser stores must not change the first rendering, or it differs from
 * the server's page.
 */
async function returning(): Promise<void> {
  const id = stories[0]?._id
  await phone.addInitScript(
    ([story, title]) => {
      const put = (key: string, data: unknown) => localStorage.setItem(key, JSON.stringify({ data }))
      put('look', { theme: 'dark', size: 'large' })
      put('recent-searches', ['水', '极光'])
      const shelved = {
        id: story,
        title,
        teaser: '',
        channel: 'earth',
        column: 'ocean',
        publishedAt: 1_700_000_000_000,
        at: 1_700_000_000_000,
      }
      put('shelf-favourites', [shelved])
      put('shelf-history', [shelved])
      put('reading-places', [{ id: story, top: 900, at: Date.now(), whole: true }])
      put('mood-votes', [{ subject: story, wanted: 'sad', wish: Date.now(), at: Date.now() }])
    },
    [id, String(stories[0]?.title)] as const,
  )
}

describe.each(['who is new', 'who has been here before'])('for a reader %s', reader => {
  test('every page hydrates as the server drew it', async () => {
    if (reader === 'who is new') await phone.addInitScript(() => localStorage.clear())
    else await returning()
    for (const base of [cloud.url, cloud.previewUrl]) {
      // The preview differs only on pages that show something of the reader's own.
      const some = base === cloud.url ? addresses() : addresses().slice(0, 2)
      const page = await phone.newPage()
      let said: string[] = []
      page.on('pageerror', error => said.push(String(error)))
      page.on('console', message => {
        if (message.type() === 'error' && !expected.test(message.text())) said.push(message.text())
      })
      for (const address of some) {
        said = []
        await arrive(page, base + address)
        // Effects have run, and their results are drawn.
        await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))))
        expect({ address, said }).toEqual({ address, said: [] })
      }
      await page.close()
    }
  }, 240_000)
})
