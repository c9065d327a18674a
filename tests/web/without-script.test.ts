import type { Browser, BrowserContext, Page } from 'playwright-core'
import { putPolls, putRows, type StoryRow, storyRow } from '../support/app-cloud'
import { everyKind } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { newestFirst, sampleLines, sampleStories, sampleTopics } from '../support/sample-rows'
import { openPhone, startWebSite } from './phone'

let cloud: CloudProcess
let browser: Browser
let phone: BrowserContext
let page: Page
let stories: StoryRow[]

beforeAll(async () => {
  ;({ cloud, browser } = await startWebSite())
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  await putPolls(
    cloud,
    sampleLines('publishedPolls').map(line => JSON.parse(line) as object),
  )
  await putRows(cloud, 'articles', [...stories, everyKind, storyRow('linked0001', 2, { column: 'weather' })])
}, 300_000)
beforeEach(async () => {
  phone = await openPhone(browser, { javaScriptEnabled: false, deviceScaleFactor: 1 })
  page = await phone.newPage()
})
afterEach(() => phone?.close())
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const visit = (address: string) => page.goto(cloud.url + address)
const seen = (selector: string, hasText?: string | RegExp) =>
  page.locator(`${selector}:visible`, hasText === undefined ? {} : { hasText })
const pathShown = () => new URL(page.url()).pathname

/** The words of a block as a reader reads them. */
function wordsOf(block: unknown): string[] {
  if (typeof block === 'string') return [block]
  if (Array.isArray(block)) return block.flatMap(wordsOf)
  const { spans, items, text, head, rows, caption } = block as Record<string, unknown>
  return [spans, items, text, head, rows, caption].filter(part => part !== undefined).flatMap(wordsOf)
}
const bare = (text: string) => text.replace(/\s/g, '')

describe('without a script', () => {
  test('every story of the site is complete to its last word', async () => {
    for (const row of [...stories, everyKind]) {
      await visit(`/a/${row._id}`)
      const shown = bare(await page.locator('main').innerText())
      const missing = (row.blocks as unknown[]).flatMap(wordsOf).filter(words => !shown.includes(bare(words)))
      expect({ id: row._id, title: shown.includes(bare(String(row.title))), missing }).toEqual({
        id: row._id,
        title: true,
        missing: [],
      })
      // A fold that cannot be opened, or a message that something is loading, would be false here.
      expect(await seen('.fold, .skeleton, .scripted').count()).toBe(0)
    }
  }, 240_000)

  test('links lead from home by channel and column to a story, on to a related one, and back home', async () => {
    await visit('/')
    await seen('.site-channel', '地球').click()
    await page.waitForURL('**/c/earth')
    await seen('.segment', '海洋').click()
    await page.waitForURL('**/c/earth/ocean')
    const ocean = stories.filter(row => row.channel === 'earth' && row.column === 'ocean')
    expect(await seen('.feed-item-title').allInnerTexts()).toEqual(ocean.map(({ title }) => title))
    await seen('.feed-item').first().click()
    await page.waitForURL(`**/a/${ocean[0]?._id}`)
    await seen('.related-item').first().click()
    await page.waitForURL(url => /^\/a\//.test(url.pathname) && url.pathname !== `/a/${ocean[0]?._id}`)
    await page.goBack()
    expect(pathShown()).toBe(`/a/${ocean[0]?._id}`)
    await seen('.head-crumb', '首页').click()
    await page.waitForURL(url => url.pathname === '/')
  })

  test('加载更多 leads page by page to the last story', async () => {
    await visit('/')
    const titles: string[] = []
    for (;;) {
      titles.push(...(await seen('.feed-item-title').allInnerTexts()))
      const more = seen('a.feed-end')
      if ((await more.count()) === 0) break
      const before = page.url()
      await more.click()
      await page.waitForURL(url => url.href !== before)
    }
    await seen('.feed-end', '没有更多了').waitFor()
    expect(titles.slice(0, stories.length)).toEqual(stories.map(({ title }) => title))
  })

  test('a form sends a search, and the address contains its words', async () => {
    await visit('/search')
    await page.getByRole('searchbox').fill('水')
    await page.getByRole('button', { name: '搜索', exact: true }).click()
    await page.waitForURL(url => url.searchParams.get('q') === '水')
    expect(await page.getByRole('searchbox').inputValue()).toBe('水')
    expect(await seen('.found').count()).toBeGreaterThan(0)
    expect(new Set(await seen('.found-hit').allInnerTexts())).toEqual(new Set(['水']))
  })

  test('the moods and spans of the ranking, a topic and the result of a poll are shown', async () => {
    await visit('/ranking')
    await seen('.segment', '难过').click()
    await page.waitForURL(url => url.searchParams.get('mood') === 'sad')
    await seen('.segment', '30天').click()
    await page.waitForURL(
      url => url.searchParams.get('span') === '30d' && url.searchParams.get('mood') === 'sad',
    )
    expect(await seen('.segment--on').allInnerTexts()).toEqual(['难过', '30天'])
    const topic = sampleTopics()[0]
    await visit(`/t/${topic?._id}`)
    expect(await page.locator('h1').innerText()).toBe(topic?.title)
    expect(await seen('.feed-item').count()).toBeGreaterThan(0)
    const asked = stories.find(row => row.poll !== undefined)
    await visit(`/a/${asked?._id}`)
    await seen('.poll-note', '人参与').waitFor()
    await seen('.moods-note', '请在微信中投票').waitFor()
  })

  test('no page shows a control that only a script could answer', async () => {
    const asked = stories.find(row => row.poll !== undefined)
    for (const address of [
      '/',
      `/a/${asked?._id}`,
      '/c/earth',
      '/ranking',
      '/search?q=%E6%B0%B4',
      '/shelf',
      '/about',
      '/offline',
      '/nothing/here',
    ]) {
      await visit(address)
      // A form sends itself.
      const dead = seen(':is(button:not([type=submit]), [role=button], input[type=radio])')
      expect({ address, dead: await dead.allInnerTexts() }).toEqual({ address, dead: [] })
    }
  })

  test('the shelf says that it needs a script', async () => {
    await visit('/shelf')
    await page.getByText('需要启用 JavaScript').waitFor()
    expect(await seen('.skeleton').count()).toBe(0)
  })
})
