import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { putPolls, putRows, type StoryRow, storyRow } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { newestFirst, sampleStories, sampleTopics } from '../support/sample-rows'
import { dressed, hydrated, openPhone, startWebSite } from './phone'

const root = path.resolve(__dirname, '../..')

let cloud: CloudProcess
let browser: Browser
let phone: BrowserContext
let page: Page
let faults: string[]
let stories: StoryRow[]

beforeAll(async () => {
  ;({ cloud, browser } = await startWebSite())
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'articles', stories)
}, 300_000)

beforeEach(async () => {
  phone = await openPhone(browser)
  page = await phone.newPage()
  faults = []
  page.on('pageerror', error => faults.push(String(error)))
})
afterEach(() => phone?.close())
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

/** Opens the phone preview, where each browser is a reader with an identity. */
const visit = (address: string) => open(cloud.previewUrl + address)
/** Opens the site's own address, where everyone is a visitor without an identity. */
const visitSite = (address: string) => open(cloud.url + address)
async function open(address: string): Promise<Response | null> {
  const answer = await page.goto(address)
  await hydrated(page)
  return answer
}
const storyAddress = (id: string, more = '') => `/a/${id}${more}`
const seen = (selector: string, hasText?: string | RegExp) =>
  page.locator(`${selector}:visible`, hasText === undefined ? {} : { hasText })
const textsOf = (selector: string) => seen(selector).allInnerTexts()
const story = (): StoryRow => stories[3] as StoryRow
/** The count at the end of the mood button's label, as a screen reader reads it. */
const countOf = async (mood: string) =>
  Number(/\d+$/.exec((await seen(`.mood-${mood}`).getAttribute('aria-label')) ?? '')?.[0])
/** Taps a mood and waits for the cloud's reply: the face shows the choice before that. */
async function vote(mood: string): Promise<void> {
  const replied = page.waitForResponse(response => /setMood/.test(response.request().postData() ?? ''))
  // The button appears once the cloud has said that this reader may vote.
  await seen(`button.mood-${mood}`).click()
  await replied
}
const unfold = async () => {
  if ((await seen('.article-fold').count()) > 0) await seen('.article-fold').click()
}

describe('home on the web', () => {
  test('shows the newest stories first, loads more on the way down, and says where the end is', async () => {
    await visit('/')
    await seen('.feed-item').nth(19).waitFor()
    expect(await textsOf('.feed-item-title')).toEqual(stories.slice(0, 20).map(({ title }) => title))
    for (let scrolls = 0; scrolls < 20 && (await seen('.feed-end', '没有更多了').count()) === 0; scrolls++) {
      await page.mouse.wheel(0, 4000)
      await seen('.feed-end', /没有更多了|加载更多/).waitFor()
    }
    expect(await textsOf('.feed-item-title')).toEqual(stories.map(({ title }) => title))
    expect(faults).toEqual([])
  }, 60_000)

  test('opens a story at a tap, and back leads home again', async () => {
    await visit('/')
    await seen('.feed-item-title', String(story().title)).click()
    await seen('.head-title', String(story().title)).waitFor()
    expect(new URL(page.url()).pathname).toBe(storyAddress(story()._id))
    await page.goBack()
    await seen('.feed-item-title', String(story().title)).waitFor()
    expect(faults).toEqual([])
  }, 60_000)
})

describe('a story on the web', () => {
  test('is complete and shows Beijing time, whatever the phone’s time zone', async () => {
    await visit(storyAddress(story()._id))
    await seen('.related-item').first().waitFor()
    await unfold()
    expect(await seen('.head-title').textContent()).toBe(story().title)
    expect(await seen('.head-byline').textContent()).toMatch(/^来源：科普云　2026-\d\d-\d\d \d\d:\d\d$/)
    const paragraphs = (story().blocks as { type: string }[]).filter(({ type }) => type === 'paragraph')
    expect(await seen('.block-p').count()).toBe(paragraphs.length)
    expect(await seen('.article-sign').textContent()).toMatch(/^文：.+\[ 责编：.+ \]$/)
    expect((await textsOf('.related-item')).length).toBeGreaterThanOrEqual(3)
    await dressed(page)
    mkdirSync(path.join(root, 'artifacts'), { recursive: true })
    await page.screenshot({ path: path.join(root, 'artifacts/article.png') })
    await page.screenshot({ path: path.join(root, 'artifacts/article-full.png'), fullPage: true })
    expect(faults).toEqual([])
  }, 60_000)

  test('takes a vote, changes the count, and still shows both after a reload', async () => {
    await visit(storyAddress(story()._id))
    const before = await countOf('like')
    await vote('like')
    await seen('.mood-like.mood--own:not(.mood--wait)').waitFor()
    expect(await countOf('like')).toBe(before + 1)
    await page.reload()
    await seen('.mood-like.mood--own').waitFor()
    expect(await countOf('like')).toBe(before + 1)

    await vote('sad')
    await seen('.mood-sad.mood--own:not(.mood--wait)').waitFor()
    expect([await countOf('like'), await countOf('sad')]).toEqual([before, 1])
    await seen('.mood-sad').click()
    await seen('.mood-sad:not(.mood--own)').waitFor()
    await page.reload()
    // The reload may overtake the request: the document then still counts the vote, as any other client would see it,
    // and the page corrects it once it knows the reader's own vote.
    await page.locator('.mood-sad[aria-label$=" 0"]:not(.mood--own)').waitFor()
    expect([await countOf('like'), await countOf('sad')]).toEqual([before, 0])
    expect(faults).toEqual([])
  }, 60_000)

  test('needs one document and no call for what its page shows first, and so does every other page', async () => {
    await phone.close()
    // The worker passes a document's request on, and Playwright would count it twice.
    phone = await openPhone(browser, { serviceWorkers: 'block' })
    page = await phone.newPage()
    const asked: string[] = []
    page.on('request', request => {
      const { pathname } = new URL(request.url())
      if (!/^\/(assets|pictures|storage)\//.test(pathname)) asked.push(pathname)
    })
    for (const address of [
      storyAddress(story()._id),
      '/',
      '/c/life',
      '/ranking',
      '/search?q=%E6%B0%B4',
      '/about',
    ]) {
      asked.length = 0
      await visitSite(address)
      await page.waitForFunction(() =>
        Object.keys(document.getElementById('app') ?? {}).some(key => key.startsWith('__reactContainer')),
      )
      await page.waitForLoadState('networkidle')
      expect({ address, asked }).toEqual({ address, asked: [address.replace(/\?.*/, '')] })
    }
    expect(faults).toEqual([])
  }, 60_000)

  test('can be read by a visitor, who sees the counts and is told where to vote', async () => {
    await visit(storyAddress(story()._id))
    await vote('happy')
    await seen('.mood-happy.mood--own:not(.mood--wait)').waitFor()
    await phone.close()
    phone = await openPhone(browser)
    page = await phone.newPage()
    const calls: string[] = []
    page.on('request', request => calls.push(request.postData() ?? ''))
    await visitSite(storyAddress(story()._id))
    await seen('.moods-note', '请在微信中投票').waitFor()
    expect(await countOf('happy')).toBe(1)
    await seen('.mood-happy').click({ force: true })
    await seen('.article-sign').click()
    expect(await seen('.moods button').count()).toBe(0)
    expect(await countOf('happy')).toBe(1)
    expect(await page.locator('.mood--own').count()).toBe(0)
    // The page does not request what the document already contains.
    expect(calls.filter(body => /openArticle|readPoll|setMood/.test(body))).toEqual([])
    expect(faults).toEqual([])
  }, 60_000)

  test('as Moments shows it is complete, and nothing in it leads anywhere', async () => {
    const linked = stories.find(row => JSON.stringify(row.blocks).includes('"story":')) as StoryRow
    const address = storyAddress(linked._id, '?scene=1154')
    await visit(address)
    await seen('.related-item').first().waitFor()
    const paragraphs = (linked.blocks as { type: string }[]).filter(({ type }) => type === 'paragraph')
    expect(await seen('.block-p').count()).toBe(paragraphs.length)
    const calls: string[] = []
    page.on('request', request => calls.push(request.url()))
    for (const selector of ['.head-crumb', '.related-item', '.head-title', '.block-p .block-link', '.mood']) {
      for (const part of await seen(selector).all()) await part.click({ force: true })
    }
    expect(page.url()).toBe(cloud.previewUrl + address)
    expect(await seen('.head-title').textContent()).toBe(linked.title)
    expect(calls.filter(url => url.includes('/v1/'))).toEqual([])
    expect(
      // Pictures can still be enlarged there: WeChat allows previewImage in single-page mode.
      await seen(':is([role=link], [role=button], a, button):not(.figure-picture)').count(),
    ).toBe(0)
    expect(faults).toEqual([])
  }, 60_000)

  test('that does not exist says so and offers links onward', async () => {
    for (const id of ['absent0009', 'NO-ID', '']) {
      const answer = await visit(storyAddress(id))
      expect(answer?.status()).toBe(404)
      await seen('.state-title', '找').waitFor()
    }
    await seen('.way', '前沿').click()
    await seen('.feed-item').first().waitFor()
    expect(faults).toEqual([])
  }, 60_000)

  test('that was withdrawn and is opened from Moments says so and has no links', async () => {
    await putRows(cloud, 'articles', [storyRow('withdrawn3', -9000, { state: 'withdrawn' })])
    await visit(storyAddress('withdrawn3', '?scene=1154'))
    await seen('.state-title', '这篇文章已撤回').waitFor()
    expect(await page.locator('a, button').count()).toBe(0)
  }, 60_000)
})

test('a poll that takes several answers is as wide as its story; a visitor sees only its result, also of a topic', async () => {
  const id = 'severalone'
  await putRows(cloud, 'articles', [storyRow(id, -9600, { poll: 'several-answers' })])
  const poll = {
    question: '雷雨天您会做哪些准备？',
    opensAt: '2026-01-01 00:00',
    closesAt: '2099-01-01 00:00',
    options: [
      { key: 'window', label: '关好门窗' },
      { key: 'plug', label: '拔掉插头' },
    ],
  }
  await putPolls(cloud, [{ ...poll, _id: 'several-answers', articleId: id, choices: 'several' }])
  const widths = (selector: string) =>
    seen(selector).evaluateAll(all => all.map(one => Math.round(one.getBoundingClientRect().width)))
  for (const [visitAs, buttons] of [
    [visitSite, 0],
    [visit, 2],
  ] as const) {
    await visitAs(storyAddress(id))
    if (buttons > 0) await seen('button.poll-option').first().waitFor()
    const [whole] = await widths('.poll')
    expect(await widths('.poll-option')).toEqual([whole, whole])
    expect(await seen('button.poll-option').count()).toBe(buttons)
  }
  // A topic's document contains its poll as a guest sees it.
  const topic = sampleTopics()[0]
  await putRows(cloud, 'publishedTopics', [{ ...topic, poll: 'of-the-topic' }])
  await putPolls(cloud, [{ ...poll, _id: 'of-the-topic', topicId: topic?._id, choices: 'one' }])
  for (const [visitAs, buttons] of [
    [visitSite, 0],
    [visit, 2],
  ] as const) {
    await visitAs(`/t/${topic?._id}`)
    if (buttons > 0) {
      await seen('button.poll-option').first().click()
      await seen('.poll-option--own:not(.poll-option--wait)').waitFor()
    }
    await seen('.poll-option').first().waitFor()
    expect(await seen('button.poll-option').count()).toBe(buttons)
  }
})

test('关于 offers to delete votes only to a reader who can have some', async () => {
  await visitSite('/about')
  await page.getByText('我们不收集').waitFor()
  expect(await page.getByText('删除我的全部投票').count()).toBe(0)
  await visit('/about')
  await page.getByRole('button', { name: '删除我的全部投票' }).waitFor()
})

describe('with the cloud down', () => {
  afterEach(() => cloud.control('weather', {}))

  test('each page says so, and its retry works once the cloud is back', async () => {
    // Instances remember the home page for a while.
    await cloud.control('kill-workers')
    for (const [address, there] of [
      ['/?', '.feed-item'],
      // No instance has cached this story.
      [storyAddress(String(stories[7]?._id)), '.head-title'],
      ['/c/life', '.feed-item'],
      ['/search?q=%E6%B0%B4', '.found'],
    ] as const) {
      await cloud.control('weather', { operations: { faults: { droppedBefore: 1 } } })
      const answer = await visit(address)
      expect({ address, status: answer?.status() }).toEqual({ address, status: 503 })
      await seen('.state-title', '网络不太顺畅').waitFor()
      // A story's page has no list of its own channel to go on with.
      if (address.startsWith('/a/')) expect(await textsOf('.way')).toContain('搜索文章')
      await cloud.control('weather', {})
      await seen('.state-action').click()
      await seen(there).first().waitFor()
    }
    expect(faults).toEqual([])
  }, 120_000)

  test('a vote stays pending on the phone and is sent when the cloud is back', async () => {
    await visit(storyAddress(story()._id))
    await seen('button.mood-pass').waitFor()
    const before = await countOf('pass')
    await cloud.control('weather', { calls: { faults: { droppedBefore: 1 } } })
    await seen('.mood-pass').click()
    await seen('.mood-pass.mood--own.mood--wait').waitFor()
    await cloud.control('weather', {})
    await page.reload()
    await seen('.mood-pass.mood--own:not(.mood--wait)').waitFor()
    expect(await countOf('pass')).toBe(before + 1)
  }, 60_000)

  test('a refused vote is undone, and the reader is told why', async () => {
    await putRows(cloud, 'articles', [storyRow('goingaway1', -9500)])
    await visit(storyAddress('goingaway1'))
    await seen('button.mood-sad').waitFor()
    await putRows(cloud, 'articles', [storyRow('goingaway1', -9500, { state: 'withdrawn' })])
    await seen('.mood-sad').click()
    await page.getByText('这篇内容已下线').waitFor()
    await seen('.mood-sad:not(.mood--own)').waitFor()
    expect(await countOf('sad')).toBe(0)
  }, 60_000)
})
