import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { fontScale, type SizeStep, sizeSteps } from '../../src/platform/look-steps'
import { filings, site } from '../../src/site'
import { putRows, rowsOf, type StoryRow, storyRow } from '../support/app-cloud'
import { everyKind, hardStories } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { readCode } from '../support/qr-code'
import { newestFirst, sampleStories, sampleTopics } from '../support/sample-rows'
import { arrive, cleared, hydrated, openPhone, startWebSite } from './phone'

let cloud: CloudProcess
let browser: Browser
let phone: BrowserContext
let page: Page
let faults: string[]
let stories: StoryRow[]

beforeAll(async () => {
  ;({ cloud, browser } = await startWebSite())
  stories = newestFirst(sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  // `everyKind` and the story it links to are older than the sample stories, so they come last in the feed.
  await putRows(cloud, 'articles', [
    ...stories,
    everyKind,
    storyRow('linked0001', 2),
    ...hardStories.map(one => one.row),
  ])
  phone = await newPhone()
}, 300_000)

beforeEach(async () => {
  page = await phone.newPage()
  faults = []
  page.on('pageerror', error => faults.push(String(error)))
})
afterEach(async () => {
  if (isClockTaken) {
    await phone.close()
    phone = await newPhone()
    isClockTaken = false
  } else await cleared(phone, [cloud.url, cloud.previewUrl])
  expect(faults).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const newPhone = () => openPhone(browser, { deviceScaleFactor: 1 })
let isClockTaken = false
/** Takes the clock of the phone's pages. Playwright cannot give it back, so the next test gets another phone. */
async function takeClock(): Promise<void> {
  isClockTaken = true
  await page.clock.install()
}
const visit = (address: string) => arrive(page, cloud.previewUrl + address)
/** Visits the site instead of the preview. There, the reader's own votes arrive later, and the faces then become larger. */
const visitSite = (address: string) => arrive(page, cloud.url + address)
const storyAddress = (id: string) => `/a/${id}`
const seen = (selector: string, hasText?: string | RegExp) =>
  page.locator(`${selector}:visible`, hasText === undefined ? {} : { hasText })
const scrollTop = () => page.evaluate(() => scrollY)
const scrollTo = (to: number) => page.evaluate(at => window.scrollTo(0, at), to)
const idShown = () => new URL(page.url()).pathname.split('/')[2] ?? ''
/** Waits until the page's title begins with these words; the site's name follows them. */
const titled = (title: string) =>
  page.waitForFunction(wanted => document.title.startsWith(wanted), title, { polling: 20 })
/** Waits until the browser has restored this scroll position. */
const scrolledTo = (to: number) => page.waitForFunction(wanted => Math.abs(scrollY - wanted) < 2, to)
const alive = () => hydrated(page)
const titleOf = (id: string | null) => String(stories.find(row => row._id === id)?.title)
const meta = (property: string) => page.locator(`meta[property="${property}"]`).getAttribute('content')
const focused = () => page.evaluate(() => document.activeElement?.className ?? '')
const unfold = async () => {
  if ((await seen('.article-fold').count()) > 0) await seen('.article-fold').click()
}

// The browser makes each document anew: Playwright turns its back/forward cache off.
describe('back and forward', () => {
  test('from a story lead to the same row of the feed, under the feed’s own title', async () => {
    await visit('/')
    await seen('.feed-item').nth(15).scrollIntoViewIfNeeded()
    const before = await scrollTop()
    expect(before).toBeGreaterThan(500)
    const row = await seen('.feed-item-title').nth(15).textContent()
    for (let times = 0; times < 2; times++) {
      if (times === 0) await seen('.feed-item').nth(15).click()
      else await page.goForward()
      await seen('.head-title', row ?? '').waitFor()
      await titled(row ?? '')
      await page.goBack()
      await titled('科普云')
      await scrolledTo(before)
    }
  })

  test('from a story lead to its row of a list that had loaded more', async () => {
    await visit('/')
    await scrollTo(1e6)
    await seen('.feed-item').nth(30).waitFor()
    await seen('.feed-item').nth(30).scrollIntoViewIfNeeded()
    const before = await scrollTop()
    await seen('.feed-item').nth(30).click()
    await seen('.head-title').waitFor()
    await page.goBack()
    await seen('.feed-item').nth(30).waitFor()
    await scrolledTo(before)
  })

  test('from channel to story to related story and back restore each position', async () => {
    await visitSite('/c/frontier')
    await scrollTo(300)
    await seen('.feed-item').nth(3).click()
    await seen('.head-title').waitFor()
    await alive()
    await unfold()
    const first = idShown()
    await seen('.related-item').first().scrollIntoViewIfNeeded()
    const place = await scrollTop()
    await seen('.related-item').first().click()
    await page.waitForURL(url => url.pathname !== storyAddress(first))
    await seen('.head-title').waitFor()
    await page.goBack()
    await titled(titleOf(first))
    await scrolledTo(place)
    await page.goBack()
    await titled('前沿')
    await scrolledTo(300)
  })

  test('lead to the row of the lists below a story, unless the reader moves on meanwhile', async () => {
    await visitSite(storyAddress(stories[0]?._id ?? ''))
    await seen('.moods').scrollIntoViewIfNeeded()
    const row = seen('.feed-item').nth(15)
    await row.waitFor()
    await row.scrollIntoViewIfNeeded()
    const before = await scrollTop()
    await row.click()
    await page.waitForURL(url => url.pathname !== storyAddress(stories[0]?._id ?? ''))
    await seen('.head-title').waitFor()
    await page.goBack()
    await row.waitFor()
    await scrolledTo(before)
    // The lists come late, and the reader reads the story again.
    await page.goForward()
    await page.waitForURL(url => url.pathname !== storyAddress(stories[0]?._id ?? ''))
    await alive()
    let release = () => {}
    const held = new Promise<void>(done => {
      release = done
    })
    await phone.route('**/v1/functions/content', async route => {
      if (route.request().postData()?.includes('readHome')) await held
      await route.continue()
    })
    await page.goBack()
    await titled(titleOf(stories[0]?._id ?? ''))
    await alive()
    await page.keyboard.press('Shift')
    await scrollTo(100)
    release()
    await row.waitFor()
    expect(await scrollTop()).toBe(100)
  })

  test('among four stories show the story that the address names', async () => {
    await visit(storyAddress(stories[2]?._id ?? ''))
    const way: string[] = []
    for (let step = 0; step < 4; step++) {
      await page.waitForURL(url => /^\/a\//.test(url.pathname) && !way.includes(url.pathname.slice(3)))
      const id = idShown()
      way.push(id)
      await seen('.head-title', titleOf(id)).waitFor()
      if (step === 3) break
      const links = seen('.related-item')
      await links.first().waitFor()
      const hrefs = await links.evaluateAll(all => all.map(link => link.getAttribute('href') ?? ''))
      await links.nth(hrefs.findIndex(href => !way.some(known => href.includes(known)))).click()
    }
    const [first, second, third] = way as [string, string, string, string]
    const check = async (id: string) => {
      await titled(titleOf(id))
      await seen('.head-title', titleOf(id)).waitFor()
      expect(idShown()).toBe(id)
    }
    for (const id of [third, second]) {
      await page.goBack()
      await check(id)
    }
    await page.goForward()
    await check(third)
    for (const id of [second, first]) {
      await page.goBack()
      await check(id)
    }
  })
})

describe('a story', () => {
  test('has every part, in reading order, each with its role and its words', async () => {
    await visit(storyAddress(everyKind._id))
    await seen('.related-item').first().waitFor()
    // The preview signs a new reader in after the page is there.
    await page.getByRole('radio').first().waitFor()
    const tree = await page.locator('body').ariaSnapshot()
    const parts = [
      'link "首页"',
      'link "› 前沿"',
      'link "› 物理"',
      'heading "一篇什么都有的稿子" [level=1]',
      '来源：科普云 2026-03-04 20:00',
      '更正（2026-03-04 09:05）：正文第二段的波长写错了',
      'link "图片：一只肥皂泡"',
      '图：科普云绘',
      'strong: 颜色',
      'emphasis: 染料',
      'heading "两束反射光" [level=2]',
      'link "另一篇"',
      'link "图片：示意图"',
      '两个表面各反射一束光 图：科普云绘',
      '看见黑斑',
      'listitem: 1. 蘸一点水',
      'listitem: 2. 轻轻吹',
      'table',
      'columnheader "颜色"',
      'cell "100纳米"',
      '2nd = (m + 1/2)λ',
      '全文到此为止。',
      '文：科普云编辑部 [ 责编：科普云前沿组 ]',
      'heading "您此时的心情" [level=2]',
      'radiogroup "您此时的心情"',
      'radio "开心 0"',
      'link "新闻表情排行 ›"',
      'button "微信好友"',
      'button "朋友圈"',
      'heading "相关阅读" [level=2]',
      'button "收藏"',
      'button "分享"',
    ]
    let at = 0
    for (const part of parts) {
      const found = tree.indexOf(part, at)
      if (found < 0) throw new Error(`not after what comes before it: ${part}\n${tree}`)
      at = found + part.length
    }
    for (const selector of [
      '.head-title',
      '.head-fix',
      '.block-p',
      '.block-h2',
      '.block-quote',
      '.block-li-text',
      '.block-td',
      '.block-code',
      '.figure-caption',
    ]) {
      const select = await seen(selector)
        .first()
        .evaluate(element => getComputedStyle(element).userSelect)
      expect({ selector, selectable: select !== 'none' }).toEqual({ selector, selectable: true })
    }
  })

  test('describes itself to apps that preview its link', async () => {
    const words = async (address: string) => (await fetch(cloud.url + address)).text()
    expect(await words('/')).toContain('<title>科普云：把科学讲明白</title>')
    expect(await words('/')).toContain('<meta property="og:site_name" content="科普云">')
    await visit(`${storyAddress(everyKind._id)}?mark=0123456789`)
    await titled(String(everyKind.title))
    expect(await meta('og:title')).toBe(everyKind.title)
    expect(await meta('og:type')).toBe('article')
    expect(await meta('og:description')).toBe(everyKind.teaser)
    expect(await meta('og:image')).toBe(`${cloud.url}/pictures/soap-bubble-colours.jpg`)
    // The preview's pages name the site's address.
    const own = cloud.url + storyAddress(everyKind._id)
    expect(await meta('og:url')).toBe(own)
    expect(await page.locator('link[rel=canonical]').getAttribute('href')).toBe(own)
    await seen('.head-crumb', '物理').click()
    await titled('前沿 · 物理')
    expect(await meta('og:type')).toBe('website')
    await seen('.site-name').click()
    await titled('科普云')
    expect(await meta('og:image')).toBe(cloud.url + site.picture)
  })

  test('does not jump when its pictures arrive, and the bar with its headline appears and disappears', async () => {
    const waiting: (() => void)[] = []
    let late = true
    await phone.route('**/pictures/*', route => {
      if (!late) return route.continue()
      return new Promise<void>(resolve => waiting.push(() => resolve(route.continue())))
    })
    await visitSite(storyAddress(String(stories[0]?._id)))
    await seen('.related-item').first().waitFor()
    await unfold()
    const places = () =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll<HTMLElement>('.block-p, .figure-caption, .related')).map(
          part => part.getBoundingClientRect().top + scrollY,
        ),
      )
    const before = await places()
    late = false
    for (const release of waiting) release()
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll<HTMLImageElement>('.figure-picture img')).every(
        image => image.complete && image.naturalWidth > 0,
      ),
    )
    expect(await places()).toEqual(before)

    expect(await page.locator('.reading-bar--on').count()).toBe(0)
    await scrollTo(400)
    await page.locator('.reading-bar--on').waitFor()
    await scrollTo(0)
    await page.locator('.reading-bar:not(.reading-bar--on)').waitFor({ state: 'attached' })
  })

  test('continues where the reader left it, also behind the fold', async () => {
    const lengthOf = (row: StoryRow) => JSON.stringify(row.blocks).length
    const long = stories.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one))
    const address = storyAddress(long._id)
    await takeClock()
    await page.addInitScript(() => {
      const Real = IntersectionObserver
      window.IntersectionObserver = class extends Real {
        constructor(report: IntersectionObserverCallback, options?: IntersectionObserverInit) {
          super((entries, observer) => {
            report(entries, observer)
            if (entries.some(({ target }) => target.matches('.block-p'))) {
              document.documentElement.dataset.gone = String(
                Number(document.documentElement.dataset.gone ?? 0) + 1,
              )
            }
          }, options)
        }
      }
    })
    await visit(address)
    const fold = await seen('.article-fold').evaluate(
      element => element.getBoundingClientRect().top + scrollY,
    )
    await seen('.article-fold').click()
    await seen('.article-fold').waitFor({ state: 'hidden' })
    const left = fold + 500
    await page.waitForFunction(
      at => (document.querySelector<HTMLElement>('.related')?.offsetTop ?? 0) > at + innerHeight,
      left,
    )
    const before = await page.evaluate(() => document.documentElement.dataset.gone)
    await scrollTo(left)
    await page.waitForFunction(gone => document.documentElement.dataset.gone !== gone, before)
    // The position is read a second after a paragraph has passed, and stored when the reader leaves the page.
    await page.clock.fastForward(2000)
    await seen('.head-crumb', '首页').evaluate(element => (element as HTMLElement).click())
    await seen('.feed-item').first().waitFor()
    await page.waitForFunction(() => localStorage.getItem('reading-places') !== null)
    await visit(address)
    await page.getByText('已回到上次读到的地方').waitFor()
    await scrolledTo(left)
    expect(await seen('.article-fold').count()).toBe(0)
  })

  test('prints its whole text, in dark ink, without what is there to be tapped', async () => {
    const folded = stories.reduce((one, other) =>
      JSON.stringify(other.blocks).length > JSON.stringify(one.blocks).length ? other : one,
    )
    await page.addInitScript(() =>
      localStorage.setItem('look', '{"data":{"theme":"dark","size":"standard"}}'),
    )
    await visit(storyAddress(folded._id))
    await seen('.article-fold').waitFor()
    expect(await seen('.article-behind').count()).toBe(0)
    await page.emulateMedia({ media: 'print' })
    expect(await seen('.article-behind').count()).toBe(1)
    const tapped = '.article-fold, .action-bar, .share-row, .related, .site-header, .site-footer, .tabs'
    expect(await page.locator(`:is(${tapped}):visible`).count()).toBe(0)
    expect(await page.locator(':is(.moods-note, .article-links, .mini-code-words):visible').count()).toBe(0)
    expect(await seen('.own-address').textContent()).toBe(cloud.url + storyAddress(folded._id))
    const ink = await page
      .locator('.block-p')
      .first()
      .evaluate(element => getComputedStyle(element).color)
    expect(ink).toBe('rgb(27, 27, 26)')
  })

  test.each(hardStories.slice(1).map(story => [story.what, story] as const))(
    'that is hard to draw is complete and no wider than the window: %s',
    async (_what, { row, shows }) => {
      await visit(storyAddress(row._id))
      await seen('.related').waitFor()
      await unfold()
      for (const part of shows) {
        await page.waitForFunction(
          wanted => (document.body.textContent ?? '').replace(/\s/g, '').includes(wanted),
          part.replace(/\s/g, ''),
        )
      }
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over).toBe(0)
    },
  )
})

describe.each([768, 1280])('in a window of %i', width => {
  beforeEach(() => page.setViewportSize({ width, height: 844 }))

  test('the header alone has the ways through the site, and its search asks', async () => {
    await visit('/')
    expect(await seen('.tabs').count()).toBe(0)
    const header = page.getByRole('banner')
    for (const name of ['科普云', '前沿', '排行', '书架']) {
      expect(await header.getByRole('link', { name, exact: true }).count()).toBe(1)
    }
    expect(await page.getByRole('searchbox').count()).toBe(1)
    await page.getByRole('searchbox').fill('水')
    await page.keyboard.press('Enter')
    await titled('搜索')
    await seen('.found').first().waitFor()
    expect(await page.getByRole('searchbox').count()).toBe(1)
  })

  test('home has its topics beside its list, and its carousel is turned by buttons', async () => {
    await visit('/')
    const list = await seen('.feed-item').first().boundingBox()
    const topic = await seen('.strip-item').first().boundingBox()
    expect(topic?.x).toBeGreaterThan((list?.x ?? 0) + (list?.width ?? 0))
    expect(await seen('.swiper-turn--back').count()).toBe(0)
    await seen('.swiper-turn--on').click()
    await seen('.swiper-turn--back').click()
    await seen('.swiper-turn--back').waitFor({ state: 'hidden' })
    const slides = await page.locator('.swiper-dot').count()
    for (let n = 2; n <= slides; n++) {
      await seen('.swiper-turn--on').click()
      await page.locator(`.swiper-dot--on:nth-child(${n})`).waitFor({ state: 'attached' })
    }
    await seen('.swiper-turn--on').waitFor({ state: 'hidden' })
  })
})

test('a wide window has 相关阅读 beside the text, and asks for the rest at the end alone', async () => {
  await page.setViewportSize({ width: 1280, height: 844 })
  await visit(storyAddress(stories[0]?._id ?? ''))
  const text = await seen('.block-p').first().boundingBox()
  const related = await seen('.related').boundingBox()
  expect(related?.x).toBeGreaterThan((text?.x ?? 0) + (text?.width ?? 0))
  expect(related?.y).toBeLessThan(844)
  // What a reader may do with the story stands between its headline and 相关阅读.
  const actions = await seen('.action-bar').boundingBox()
  expect(actions?.x).toBe(related?.x)
  expect((actions?.y ?? 0) + (actions?.height ?? 0)).toBeLessThanOrEqual(related?.y ?? 0)
  expect(await seen('.more-title').count()).toBe(0)
  await unfold()
  await seen('.moods').scrollIntoViewIfNeeded()
  await seen('.more-title', '推荐阅读').waitFor()
})

describe('without a mouse', () => {
  /** The focused element if nothing shows that it has the focus. Its box may show it, or the focus is on a hidden input. */
  const unmarked = () =>
    page.evaluate(() => {
      for (let at = document.activeElement; at && at !== document.body; at = at.parentElement) {
        const { outlineStyle, outlineWidth, opacity, visibility } = getComputedStyle(at)
        const drawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
        if (drawn && Number(opacity) > 0 && visibility === 'visible') return ''
      }
      return document.activeElement?.className || document.activeElement?.tagName || 'nothing'
    })

  test('Tab and Enter lead through home in order, into a story, past its header and to sharing it', async () => {
    await visit('/')
    await seen('.feed-item').nth(5).waitFor()
    const reached: string[] = []
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab')
      const now = await page.evaluate(() => document.activeElement?.className.split(' ')[0] ?? '')
      if (reached.at(-1) !== now) reached.push(now)
      if (now === 'feed-item') break
    }
    expect(reached).toEqual([
      'site-skip',
      'site-name',
      'site-channel',
      'site-search',
      'focus-item',
      'strip-item',
      'home-ranking',
      'feed-item',
    ])
    expect(await unmarked()).toEqual('')
    await page.keyboard.press('Enter')
    await seen('.head-title', String(stories[0]?.title)).waitFor()
    await alive()
    // The first stop of every page leads past the header.
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('site-skip')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toContain('head-crumb')
    const stops: string[] = []
    for (let presses = 0; presses < 60; presses++) {
      stops.push(await unmarked())
      if ((await focused()).includes('share-row-way')) break
      await page.keyboard.press('Tab')
    }
    expect(await focused()).toContain('share-row-way')
    // Every stop on the way could be seen.
    expect(stops.filter(Boolean)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('请使用浏览器分享功能进行分享').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('请使用浏览器分享功能进行分享').waitFor({ state: 'hidden' })
    expect(await focused()).toContain('share-row-way')
  })

  test('keys can save a story, vote on it and close its pictures', async () => {
    await visit(storyAddress(everyKind._id))
    await seen('.related-item').first().waitFor()
    await seen('.figure-picture').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.overlay-pictures').waitFor()
    expect(await page.locator('.overlay-pictures img:not([alt=""])').count()).toBe(2)
    const atPicture = (n: number) =>
      page.waitForFunction(wanted => {
        const box = document.querySelector('.overlay-pictures')
        return box && Math.round(box.scrollLeft / box.clientWidth) === wanted
      }, n)
    await page.keyboard.press('ArrowRight')
    await atPicture(1)
    await page.getByText('上一张').click()
    await atPicture(0)
    await page.keyboard.press('Escape')
    await page.locator('.overlay-pictures').waitFor({ state: 'detached' })
    expect(await focused()).toContain('figure-picture')
    // With Ctrl, a link opens a tab, also the link of a picture.
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      seen('.figure-picture')
        .first()
        .click({ modifiers: ['Control'] }),
    ])
    await tab.close()
    expect(await page.locator('.overlay-pictures').count()).toBe(0)
    await seen('.action').first().focus()
    await page.keyboard.press('Enter')
    await page.getByText('已收藏，可在书架里找到').waitFor()
    expect(await seen('.action').first().getAttribute('aria-pressed')).toBe('true')
    // The button appears once the cloud has said that this reader may vote.
    await seen('button.mood-like').focus()
    await page.keyboard.press(' ')
    await seen('.mood-like.mood--own:not(.mood--wait)').waitFor()
    // Arrow keys go round the four and choose nothing.
    for (const [key, mood] of [
      ['ArrowRight', 'mood-pass'],
      ['ArrowDown', 'mood-happy'],
      ['ArrowLeft', 'mood-pass'],
    ] as const) {
      await page.keyboard.press(key)
      expect(await focused()).toContain(mood)
    }
    expect(await seen('.mood--own').count()).toBe(1)
    await seen('.action--send').focus()
    await page.keyboard.press('Enter')
    await page.getByText('请使用浏览器分享功能进行分享').waitFor()
    for (const words of ['关闭', '复制链接']) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(words)
    }
    await page.keyboard.press('Escape')
    await page.getByText('请使用浏览器分享功能进行分享').waitFor({ state: 'hidden' })
    expect(await focused()).toContain('action--send')
  })

  test('tabs are links with addresses, and the current one is marked', async () => {
    await visit('/')
    const bar = page.getByRole('navigation', { name: '主要栏目' })
    const hrefs = await bar.getByRole('link').evaluateAll(all => all.map(one => one.getAttribute('href')))
    expect(hrefs).toEqual(['/', '/ranking', '/shelf'])
    await bar.getByRole('link', { name: '书架' }).click()
    await titled('书架')
    expect(await bar.locator('[aria-current=page]').textContent()).toBe('书架')
    await bar.getByRole('link', { name: '首页' }).click()
    await titled('科普云')
  })
})

describe('other ways through the site', () => {
  test('channel: the crumb opens it, a column narrows it, and its story opens', async () => {
    await visit(storyAddress(stories[0]?._id ?? ''))
    await seen('.head-crumb', '地球').click()
    await titled('地球')
    await seen('.feed-item').nth(1).waitFor()
    await page.getByRole('link', { name: '海洋', exact: true }).click()
    await titled('地球 · 海洋')
    const ocean = stories.filter(row => row.channel === 'earth' && row.column === 'ocean')
    await seen('.feed-item-title', String(ocean.at(0)?.title)).waitFor()
    expect(new URL(page.url()).pathname).toBe('/c/earth/ocean')
    await seen('.feed-item').first().click()
    await seen('.head-title').waitFor()
    expect(ocean.map(row => row._id)).toContain(idShown())
  })

  test('search: matches are highlighted; a story opens; back still shows the results; no results brings suggestions', async () => {
    await visit('/')
    await seen('.site-search').click()
    await titled('搜索')
    await alive()
    await page.getByRole('searchbox').fill('水')
    await page.keyboard.press('Enter')
    await seen('.found').first().waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('水')
    expect(new Set(await seen('.found-hit').allTextContents())).toEqual(new Set(['水']))
    await seen('.search-heading', '单个字只在标题、摘要和标签里找').waitFor()
    await seen('.found').first().click()
    await seen('.head-title').waitFor()
    await page.goBack()
    await titled('搜索')
    expect(await page.getByRole('searchbox').inputValue()).toBe('水')
    await alive()
    await page.getByRole('searchbox').fill('没有这样的词')
    await page.getByRole('button', { name: '搜索', exact: true }).click()
    await seen('.state-title', '没有找到「没有这样的词」').waitFor()
    await seen('.state-hint', '正文只收关键词').waitFor()
    expect(await page.getByRole('link', { name: '天文' }).isVisible()).toBe(true)
    await alive()
    await page.getByRole('button', { name: '清除' }).click()
    expect(await seen('.search-word').allTextContents()).toEqual(['没有这样的词', '水'])
    await page.reload()
    await seen('.search-word', '水').click()
    await seen('.found').first().waitFor()
  })

  test('shelf: lists saved and read stories and marks those that can be read offline', async () => {
    const [kept, read] = stories as [StoryRow, StoryRow]
    await visit('/')
    await seen('.feed-item-title', String(kept.title)).click()
    await alive()
    await seen('.action').first().click()
    await page.getByText('已收藏，可在书架里找到').waitFor()
    await page.waitForFunction(id => localStorage.getItem(`cache:article:${id}`) !== null, kept._id)
    await page.goBack()
    await seen('.feed-item-title', String(read.title)).click()
    await seen('.related-item').first().waitFor()
    await page.waitForFunction(id => localStorage.getItem(`cache:article:${id}`) !== null, read._id)
    await seen('.head-crumb', '首页').click()
    await page.getByRole('link', { name: '书架' }).click()
    await seen('.feed-item-title', String(kept.title)).waitFor()
    await seen('.feed-item-meta', '离线可读').first().waitFor()
    await alive()
    // The radio button itself is hidden; a reader taps its label.
    await seen('.segment', '看过').click()
    await seen('.feed-item').nth(1).waitFor()
    expect(await seen('.feed-item-title').allTextContents()).toEqual([read.title, kept.title])
    expect(await page.getByText('显示更多').count()).toBe(0)
    // A tap on the dialog's words answers nothing; one beside it, and Esc, clear nothing.
    const dialog = page.getByRole('dialog')
    const asked = () => page.getByRole('button', { name: '清空看过和离线内容' }).click()
    await asked()
    await dialog.getByText('清空后不能恢复').click()
    expect(await dialog.count()).toBe(1)
    await page.mouse.click(5, 5)
    await dialog.waitFor({ state: 'detached' })
    await asked()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await seen('.feed-item').count()).toBe(2)
    await asked()
    await dialog.getByRole('button', { name: '清空' }).click()
    await seen('.state-title', '还没有看过的文章').waitFor()
    expect(await page.evaluate(() => Object.keys(localStorage).filter(key => /^cache/.test(key)))).toEqual([])
  })

  test('shelf: a story left at once is among those read, and can be read offline', async () => {
    // The clock stands still, so no timer of the page ends before the reader leaves.
    await takeClock()
    await page.clock.pauseAt(Date.now() + 60_000)
    const own = page.waitForResponse(response => response.url().endsWith('/v1/functions/content'))
    await visit(storyAddress(everyKind._id))
    // The page asks for the reader's own vote in the same effects that note the story as read.
    await own
    await visit('/shelf')
    await seen('.segment', '看过').click()
    await seen('.feed-item-title', String(everyKind.title)).waitFor()
    await seen('.feed-item-meta', '离线可读').waitFor()
  })

  test('shelf: a list chosen before the script has loaded is shown once it has', async () => {
    let release = () => {}
    const held = new Promise<void>(done => {
      release = done
    })
    await phone.route('**/assets/site-*.js', async route => {
      await held
      await route.continue()
    })
    await page.goto(`${cloud.previewUrl}/shelf`, { waitUntil: 'commit' })
    await seen('.segment', '看过').click()
    release()
    await seen('.state-title', '还没有看过的文章').waitFor()
    expect(await seen('.segment--on').first().textContent()).toBe('看过')
  })

  test('shelf: text has the chosen size after every change of step, also in the next document', async () => {
    await visit('/shelf')
    const scale = () =>
      page.evaluate(() => Number(document.documentElement.style.getPropertyValue('--scale') || 1))
    const choose = (name: string) => seen('.segment', new RegExp(`^${name}$`)).click()
    const steps = Object.entries(sizeSteps) as [SizeStep, string][]
    for (const [, from] of steps) {
      for (const [to, name] of steps) {
        await choose(from)
        await choose(name)
        expect({ from, name, scale: await scale() }).toEqual({ from, name, scale: fontScale(1, to) })
      }
    }
    await choose(sizeSteps.care)
    // From the first picture on: before the page's own script runs.
    await phone.route('**/assets/site-*.js', route => route.abort())
    for (const address of ['/', storyAddress(everyKind._id), '/shelf']) {
      await page.goto(cloud.previewUrl + address)
      expect(await scale()).toBe(fontScale(1, 'care'))
      const controls = page.locator(':is(a, button, .segment):visible:not(.site-skip, .block-link)')
      const small = await controls.evaluateAll(all =>
        all
          .filter(one => {
            const { width, height } = one.getBoundingClientRect()
            return width > 0 && (height < 48 || width < 48)
          })
          .map(one => one.className),
      )
      expect({ address, small: [...new Set(small)] }).toEqual({ address, small: [] })
    }
    expect(await page.locator(':is(.feed-item-teaser, .share-row):visible').count()).toBe(0)
    await phone.unroute('**/assets/site-*.js')
    await visit('/shelf')
    await choose(sizeSteps.large)
    await visit('/about')
    expect(await scale()).toBe(fontScale(1, 'large'))
  })

  test('topic and ranking: each opens under its own title and leads on to a story', async () => {
    await visit('/')
    const strip = seen('.strip-item').first()
    const topic = (await strip.textContent()) ?? ''
    await strip.click()
    await seen('.topic-title', topic).waitFor()
    expect((await seen('.topic-lead').textContent())?.length).toBeGreaterThan(10)
    await titled(topic)
    expect(await meta('og:title')).toBe(topic)
    expect(await meta('og:image')).toMatch(/\/pictures\/[\w.-]+$/)
    await seen('.feed-item').first().click()
    await seen('.head-title').waitFor()
    await seen('.article-link', '新闻表情排行').click()
    await titled('新闻表情排行')
    await page.getByRole('link', { name: '30天' }).click()
    await page.waitForURL(url => url.searchParams.get('span') === '30d')
    expect(await page.getByRole('link', { name: '30天' }).getAttribute('aria-current')).toBe('page')
  })

  test('an address that does not exist shows a page with links onward', async () => {
    await visit('/pages/of-old/index')
    await seen('.state-title', '这个页面找不到了').waitFor()
    expect(await page.getByRole('link', { name: '去首页看看' }).getAttribute('href')).toBe('/')
    await page.getByRole('main').getByRole('link', { name: '前沿' }).click()
    await titled('前沿')
  })
})

describe('the guide to sharing', () => {
  const iPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
  const inWeChat = `${iPhone} Mobile/15E148 MicroMessenger/8.0.50(0x18003233) NetType/WIFI Language/zh_CN`
  const onPhone = `${iPhone} Version/17.5 Mobile/15E148 Safari/604.1`
  const onDesktop =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36'

  /** Taps 分享 below a story. Returns what the page shows, and what it passed to the browser's own dialog. */
  const shareIn = async (userAgent: string, hasShare: boolean) => {
    const context = await openPhone(browser, { userAgent })
    const tab = await context.newPage()
    await tab.addInitScript(has => {
      const shared: unknown[] = []
      Object.assign(globalThis, { shared })
      const share = (link: unknown) => Promise.resolve(shared.push(link))
      if (has) Object.defineProperty(navigator, 'share', { value: share })
      else Reflect.deleteProperty(Navigator.prototype, 'share')
    }, hasShare)
    await arrive(tab, cloud.previewUrl + storyAddress(String(stories[0]?._id)))
    await tab.locator('.action--send:visible').click()
    const sharedNow = () => tab.evaluate(() => (globalThis as unknown as { shared: unknown[] }).shared)
    await tab.waitForFunction(
      () =>
        document.querySelector('.share-sheet') ||
        (globalThis as unknown as { shared: unknown[] }).shared.length > 0,
    )
    const sheet = tab.locator('.share-sheet')
    const isOpen = (await sheet.count()) > 0
    const words = isOpen ? await sheet.innerText() : ''
    const points = (await tab.locator('.share-sheet-arrow').count()) > 0
    const shared = await sharedNow()
    await context.close()
    return { words, points, shared }
  }

  test('points to WeChat’s menu in WeChat, whose browser has no dialog of its own', async () => {
    const { words, points, shared } = await shareIn(inWeChat, true)
    expect(words).toMatch(/点击右上角[\s\S]*复制链接/)
    expect({ points, shared }).toEqual({ points: true, shared: [] })
  })

  test('is the browser’s own dialog where there is one, with the story’s title and a link with a mark', async () => {
    const { words, shared } = await shareIn(onPhone, true)
    const id = String(stories[0]?._id)
    const url = expect.stringMatching(new RegExp(`^http.*${storyAddress(id)}\\?mark=[0-9a-z]{10}$`))
    expect({ words, shared }).toEqual({ words: '', shared: [{ title: titleOf(id), url }] })
  })

  test('names the browser’s function in all others, with a link to copy', async () => {
    const { words, points, shared } = await shareIn(onDesktop, false)
    expect(words).toMatch(/请使用浏览器分享功能进行分享[\s\S]*复制链接/)
    expect({ points, shared }).toEqual({ points: false, shared: [] })
  })
})

describe('the poster of a story', () => {
  const row = () => stories.find(({ cover }) => cover) as StoryRow
  const ask = () => seen('.share-row-way', '生成海报').click()
  beforeEach(async () => {
    await visit(storyAddress(String(row()._id)))
    await unfold()
  })

  test('can be downloaded, has the story’s cover, and a code that leads to the story with its mark', async () => {
    const recorded = page.waitForResponse(reply => !!reply.request().postData()?.includes('recordShare'))
    // Two taps are one poster with one mark.
    await seen('.share-row-way', '生成海报').dblclick()
    const link = page.getByText('下载海报')
    await link.waitFor()
    expect(await page.locator('script[data-mark]').count()).toBe(1)
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(file.suggestedFilename()).toBe(`${row()._id}.png`)
    const picture = readFileSync(await file.path())
    expect((await sharp(picture).metadata()).width).toBe(750)
    const cover = await sharp(picture).extract({ left: 0, top: 0, width: 750, height: 500 }).stats()
    expect(Math.max(...cover.channels.map(({ stdev }) => stdev))).toBeGreaterThan(10)
    const address = (await readCode(picture)) ?? ''
    expect(address).toMatch(new RegExp(`^${cloud.previewUrl}/a/${row()._id}\\?mark=[0-9a-z]{10}$`))
    const mark = address.split('=')[1]
    await recorded
    const share = (await rowsOf(cloud, 'shares')).find(({ _id }) => _id === mark)
    expect(share).toMatchObject({ articleId: row()._id, channel: 'poster' })

    // It follows the system's theme while it is open.
    const light = (await link.getAttribute('href')) ?? ''
    await page.emulateMedia({ colorScheme: 'dark' })
    await link.and(page.locator(`:not([href$="${light.slice(-40)}"])`)).waitFor()
    const paper = async () => {
      const address = (await link.getAttribute('href')) ?? ''
      const corner = sharp(Buffer.from(address.split(',')[1] ?? '', 'base64')).extract({
        left: 2,
        top: 510,
        width: 1,
        height: 1,
      })
      return (await corner.removeAlpha().raw().toBuffer()).toString('hex')
    }
    expect(await paper()).toBe('141414')

    await page.keyboard.press('Escape')
    await link.waitFor({ state: 'detached' })
    // A later tap makes another one.
    expect(await page.locator('script[data-mark]').count()).toBe(0)
    // A reader who chose 浅色, here in another tab, gets a light one on a dark phone.
    await page.evaluate(() => {
      localStorage.setItem('look', '{"data":{"theme":"light","size":"standard"}}')
      dispatchEvent(new StorageEvent('storage', { key: 'look' }))
    })
    await ask()
    await link.waitFor()
    expect(await paper()).toBe('fbfaf7')
    await page.emulateMedia({ colorScheme: null })
    await page.goto(address)
    await seen('.head-title', String(row().title)).waitFor()
  })

  test('that does not load says so', async () => {
    await page.route('**/assets/poster-*.js', route => route.abort())
    await ask()
    await page.getByText('没能生成海报').waitFor()
    await page.unroute('**/assets/poster-*.js')
    await ask()
    await page.getByText('下载海报').waitFor()
  })
})

describe('on every page', () => {
  const addresses = () => [
    '/',
    storyAddress(everyKind._id),
    '/c/life',
    `/t/${sampleTopics()[0]?._id}`,
    '/search?q=%E6%B0%B4',
    '/ranking',
    '/shelf',
    '/about',
    '/principles',
    '/offline',
    '/more/lost/index',
  ]

  test('every control and picture has a name; text columns stay readable on wide windows, and narrow ones hold all', async () => {
    for (const address of addresses()) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await visit(address)
      await page.waitForFunction(
        () =>
          document.querySelectorAll(':is(a, button, input)').length > 2 &&
          !document.querySelector('.skeleton, .article-wait'),
      )
      const tree = await page.locator('body').ariaSnapshot()
      const nameless = tree
        .split('\n')
        .filter(line =>
          /^\s*- (link|button|radio|checkbox|img|searchbox|heading|radiogroup)\b(?! ")/.test(line),
        )
      expect({ address, nameless }).toEqual({ address, nameless: [] })
      for (const width of [1280, 768]) {
        await page.setViewportSize({ width, height: 900 })
        const texts = await page.evaluate(() => {
          const parts = Array.from(
            document.querySelectorAll<HTMLElement>('.block-p, .feed-item-title, .found-title, .about-text'),
          )
          const boxes = parts.map(part => part.getBoundingClientRect()).filter(box => box.width > 0)
          return {
            widest: Math.max(...boxes.map(box => box.width)),
            over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            left: Math.min(...boxes.map(box => box.left)),
          }
        })
        expect({ address, ...texts, widest: texts.widest <= 720, left: texts.left > 20 }).toEqual({
          address,
          over: 0,
          widest: true,
          left: true,
        })
      }
      // A phone at 200 %.
      await page.setViewportSize({ width: 195, height: 422 })
      const narrow = await page.evaluate(() => ({
        over: document.documentElement.scrollWidth - 195,
        squeezed: Array.from(document.querySelectorAll('.feed-item-text, .found-text')).filter(
          ({ clientWidth }) => clientWidth < 120,
        ).length,
      }))
      expect({ address, ...narrow }).toEqual({ address, over: 0, squeezed: 0 })
    }
  }, 60_000)
})

test('a list that fits its window shows the footer with the filings', async () => {
  await page.setViewportSize({ width: 1280, height: 12_000 })
  await visit('/')
  await page.getByText(filings.icp).waitFor()
  expect(await page.getByText(filings.icp).isVisible()).toBe(true)
  await page.setViewportSize({ width: 1280, height: 844 })
  await page.getByText(filings.icp).waitFor({ state: 'hidden' })
})

describe('a browser in trouble', () => {
  test('that lets no page ask for a service worker shows and hydrates every page as usual', async () => {
    await page.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'serviceWorker', {
        get() {
          throw new DOMException('blocked', 'SecurityError')
        },
      }),
    )
    await visit('/')
    await page.waitForLoadState('load')
    await seen('.feed-item').first().waitFor()
    expect(await page.evaluate(() => 'serviceWorker' in navigator)).toBe(true)
    // `afterEach` finds what a page throws.
  })

  test('with full storage still reads and votes', async () => {
    // Filling Chromium's 10 MB for real keeps its browser process busy for up to half a minute.
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      }
    })
    await visit(storyAddress(everyKind._id))
    await seen('.related-item').first().waitFor()
    await seen('button.mood-happy').click()
    await seen('.mood-happy.mood--own:not(.mood--wait)').waitFor()
    await seen('.action').first().click()
    await page.getByText('没有存储空间，没能收藏').waitFor()
  })

  test('whose replies are cut off says so, and continues when replies are complete again', async () => {
    const calls = '**/v1/functions/content'
    await phone.route(calls, route =>
      route.fulfill({ contentType: 'application/json', body: '{"ok":true,"data":{"article":{"id":"ev' }),
    )
    await visit('/')
    await scrollTo(1e6)
    await seen('.feed-end', '网络不太顺畅').waitFor()
    // No request is under way now. One of a tab that closes could stay unanswered, and the browser would wait for it.
    await phone.unroute(calls)
    // With Ctrl, it opens the next page of the list in a tab of its own.
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      seen('.feed-end').click({ modifiers: ['Control'] }),
    ])
    await tab.close()
    await seen('.feed-end', '网络不太顺畅').click()
    await seen('.feed-item').nth(20).waitFor()
    expect(new URL(page.url()).searchParams.has('from')).toBe(false)
  })
})
