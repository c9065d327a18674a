import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { Cloud } from '../../weapp-host/cloud-door'
import { CloudRefusal } from '../../weapp-host/cloud-door'
import { type Driver, launch } from '../../weapp-host/driver'
import { createNodeHost } from '../../weapp-host/node-host'
import { putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { breakQuotes, hardStories, oddStories, onePoint } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { copyDist, weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

/** Ordinary stories. Only one test opens each of them, because a cached copy would replace the reply. */
const plainId = (index: number) => `plain0000${index}`
const plainTitle = '平常的一篇'
const plains = Array.from({ length: 8 }, (_, index) =>
  storyRow(plainId(index), 100 + index, { title: plainTitle }),
)

let dist: string
let browser: Browser
let cloud: CloudProcess
let door: Cloud
let me: Driver
/** While set, it is called instead of the cloud, and its result arrives as the reply. */
let instead: (() => Promise<unknown>) | undefined

beforeAll(async () => {
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud()])
  await putRows(cloud, 'articles', [...plains, ...hardStories.map(({ row }) => row)])
  const real = await phoneCloud(cloud)
  door = { callFunction: (...given) => (instead ? instead() : real.callFunction(...given)) }
  me = await launch({ browser, dist, cloud: door })
}, 240_000)

afterAll(async () => {
  await me?.close()
  await browser?.close()
  await cloud?.stop()
})

const card = (id: string, scene = 1007) => ({ path: 'pages/article/index', query: { id }, scene })

/** By how many pixels the page is wider than its window. */
const sideways = () =>
  me.window.evaluate(() => {
    const page = document.querySelector('.host-frame:not([data-hidden]) wx-page')
    return page ? page.scrollWidth - page.clientWidth : 0
  })

/** The text of the page, drawn or not. */
const arrived = async () =>
  (await me.window.locator('.host-frame:not([data-hidden]) wx-page').textContent()) ?? ''

describe('an unusual story', () => {
  test.each(hardStories.map(story => [story.what, story] as const))(
    '%s: is drawn whole',
    async (_, story) => {
      const { row, shows } = story
      await me.open(card(row._id))
      await me.waitFor('您此时的心情')
      if ((await me.find('.article-fold').count()) > 0) await me.tap(me.find('.article-fold'))
      // The text as it is drawn needs a layout of the whole page: it is read once, when everything has arrived.
      await me.waitFor(async () => {
        const all = await arrived()
        return shows.flatMap(part => part.split('\n')).every(line => all.includes(line))
      })
      const text = await me.text()
      for (const part of shows) expect(text).toContain(part)
      expect(await me.errors()).toEqual([])
      expect(await sideways()).toBe(0)
      const sent = (await me.bridge()).entries
      expect(Math.max(...sent.map(({ bytes }) => bytes))).toBeLessThan(256 * 1024)
      await me.scrollTo(0)
    },
  )

  test('2,000 blocks in Moments: all are drawn, in a number of nodes that WeChat can handle', async () => {
    const [long] = hardStories
    await me.open(card(long?.row._id ?? '', 1154))
    await me.waitFor(async () => (await arrived()).includes('第1998段。'))
    expect(await me.text()).toContain('第1998段。')
    const drawn = await me.window.evaluate(
      () => document.querySelectorAll('.host-frame:not([data-hidden]) wx-page *:not(wx-rich-text *)').length,
    )
    expect(drawn).toBeLessThan(1000)
    expect({ errors: await me.errors(), violations: await me.violations() }).toEqual({
      errors: [],
      violations: [],
    })
  })

  test('all of them appear in the feed, and none is wider than the window', async () => {
    await me.open({ scene: 1001 })
    await me.waitFor('没有更多了')
    expect(await me.find('.feed-item').count()).toBe(hardStories.length + plains.length)
    expect(await sideways()).toBe(0)
    expect(await me.errors()).toEqual([])
  })

  test('a picture that failed to load is requested again by a tap', async () => {
    let asked = 0
    await me.window.route('**/no-such-cover.jpg*', route => {
      asked += 1
      return asked === 1 ? route.abort() : route.fulfill({ contentType: 'image/png', body: onePoint })
    })
    await me.open(card('hard000003'))
    const place = me.find('.figure').first()
    await me.waitFor(async () => (await place.locator('.figure-picture--away').count()) === 1)
    expect(await place.textContent()).toContain('[ 不在的封面 ]\n图片没有加载出来，点此重试')
    const { height } = (await place.boundingBox()) ?? { height: 0 }
    await me.tap(place.locator('.figure-picture--away'))
    await me.waitFor(async () => asked === 2 && (await place.locator('.figure-picture--away').count()) === 0)
    expect((await place.boundingBox())?.height).toBe(height)
    expect(await me.errors()).toEqual([])
  })
})

describe('a story with unusual content', () => {
  beforeAll(() => putRows(cloud, 'articles', Object.values(oddStories)))

  const heightOf = (words: string) =>
    me
      .find('.block-p')
      .filter({ hasText: words })
      .evaluate(
        one => one.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(one).lineHeight),
      )

  test('breaks a line where its author did, in a text of its own and in a rich text', async () => {
    await me.open(card(oddStories.hardBreak._id))
    await me.waitFor('您此时的心情')
    expect(await heightOf('床前明月光')).toBe(2)
    await me.open(card(oddStories.lateHardBreak._id))
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.article-fold'))
    await me.waitFor(async () => (await me.text()).includes('低头思故乡。'))
    expect(await heightOf('举头望明月')).toBe(2)
  })

  test('shows subscripts and superscripts, and a list that starts at another number than 1', async () => {
    await me.open(card(oddStories.shifted._id))
    await me.waitFor('您此时的心情')
    const shifts = (selector: string) =>
      me.find(selector).evaluateAll(all => all.map(one => getComputedStyle(one).verticalAlign))
    expect(await shifts('.block-sub')).toEqual(['sub'])
    expect(await shifts('.block-sup')).toEqual(['super'])
    const heights = await me
      .find('.block-p')
      .evaluateAll(all => all.slice(0, 2).map(one => one.getBoundingClientRect().height))
    expect(heights[0]).toBe(heights[1])
    expect((await me.find('.block-li-mark').allTextContents()).slice(0, 2)).toEqual(['7.', '8.'])
    await me.tap(me.find('.article-fold'))
    await me.waitFor(async () => (await me.text()).includes('9. 第九条'))
    expect(await me.find('.block-rich sub').allTextContents()).toEqual(['2'])
  })

  test('enlarges the picture that was tapped, also where the story shows it twice', async () => {
    await me.window.route('**/pictures/*', route =>
      route.fulfill({ contentType: 'image/png', body: onePoint }),
    )
    await me.open(card(oddStories.samePicture._id))
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.figure-picture').nth(2))
    await me.waitFor(async () => (await me.calls('previewImage')).length > 0)
    const [shown] = (await me.calls('previewImage')).map(
      ({ args }) => args[0] as { urls: string[]; current: string },
    )
    const urls = shown?.urls ?? []
    const at = urls.indexOf(shown?.current ?? '')
    expect({ before: urls[at - 1]?.split('/').at(-1), after: urls[at + 1] }).toEqual({
      before: 'whale-fall.jpg',
      after: undefined,
    })
  })

  test('loads a picture without a protocol over https, also on its card', async () => {
    const address = 'https://pictures.example/a.jpg'
    await me.window.route(address, route => route.fulfill({ contentType: 'image/png', body: onePoint }))
    await me.open(card(oddStories.noProtocol._id))
    await me.waitFor('您此时的心情')
    expect(await me.find('.figure-picture img').getAttribute('src')).toBe(address)
    expect(await me.share('friend')).toMatchObject({ result: { imageUrl: address } })
  })

  test('with invalid addresses is shown in full, and on the home page', async () => {
    await me.open(card(oddStories.badAddress._id))
    await me.waitFor('您此时的心情')
    await me.waitFor('一段平常的话。')
    await me.open({ scene: 1001 })
    await me.waitFor(plainTitle)
    expect(await me.errors()).toEqual([])
  })

  test.each(['%20', '%E3%80%82', '。', ' ', '%E3'])('opens by an id that is followed by %j', async behind => {
    await me.open(card(`${oddStories.hardBreak._id}${behind}`))
    await me.waitFor('您此时的心情')
    expect(await me.text()).toContain('疑是地上霜。')
  })

  test('opens once, however often and however late it is tapped', async () => {
    await me.open({ scene: 1001 })
    await me.waitFor(plainTitle)
    const entry = await me.find('.feed-item').nth(2).elementHandle()
    const tap = () =>
      entry?.evaluate(one => {
        const touch = new Touch({ identifier: 1, target: one, clientX: 99, clientY: 300 })
        for (const type of ['touchstart', 'touchend']) {
          const touches = type === 'touchend' ? [] : [touch]
          one.dispatchEvent(new TouchEvent(type, { bubbles: true, touches, changedTouches: [touch] }))
        }
      })
    await Promise.all([tap(), tap(), tap()])
    await me.waitFor('您此时的心情')
    // What a slow phone delivers when the page has turned.
    await tap()
    await me.quiet()
    expect(await me.stack()).toHaveLength(2)
    await me.back()
    await me.waitFor(plainTitle)
    await me.tap(me.find('.feed-item').nth(2))
    await me.waitFor('您此时的心情')
    expect(await me.stack()).toHaveLength(2)
  })

  test('shows everything except a part that cannot be drawn', async () => {
    const copy = copyDist(dist)
    copy.edit('common.js', breakQuotes)
    const phone = await launch({ browser, dist: copy.folder, cloud: door })
    try {
      await phone.open(card(oddStories.quoted._id))
      await phone.waitFor('您此时的心情')
      const text = await phone.text()
      expect(text).toContain('引文之前。')
      expect(text).toContain('引文之后。')
      expect(text).not.toMatch(/引文$/m)
    } finally {
      await phone.close()
      copy.remove()
    }
  })
})

describe('a reply that breaks the contract', () => {
  const whole = JSON.stringify({
    ok: true,
    data: { article: { id: plainId(0), title: plainTitle, blocks: [] }, related: [] },
  })
  const replies: [string, () => Promise<unknown>][] = [
    ['cut off in the middle', () => Promise.resolve(whole.slice(0, 90))],
    ['without half of its fields', () => Promise.resolve(JSON.parse(whole))],
    ['of nothing', () => Promise.resolve(null)],
    ['a page of another server', () => Promise.resolve('<html><body>502 Bad Gateway</body></html>')],
    ['a failure of the platform', () => Promise.reject(new CloudRefusal(-504003, 'time limit exceeded'))],
    ['an error nobody knows', () => Promise.resolve({ ok: false, error: { code: 'teapot', message: 'x' } })],
  ]

  test('the home page shows a message, and a tap sends the request again', async () => {
    // On a phone that has read the feed before, the cached copy would appear instead; so a new phone is used.
    const phone = await launch({ browser, dist, cloud: door })
    try {
      instead = replies[0]?.[1]
      await phone.open({ scene: 1001 })
      await phone.waitFor('重新加载')
      instead = undefined
      await phone.tap('重新加载')
      await phone.waitFor(plainTitle)
      expect(await phone.errors()).toEqual([])
    } finally {
      await phone.close()
    }
  })

  test.each(replies)(
    '%s: the story’s page shows a message, and a tap sends the request again',
    async (what, reply) => {
      const index = replies.findIndex(([name]) => name === what)
      instead = reply
      await me.open(card(plainId(index)))
      await me.waitFor('重新加载')
      instead = undefined
      await me.tap('重新加载')
      await me.waitFor('正文。')
      expect(await me.errors()).toEqual([])
    },
  )
})

describe('a cold cloud', () => {
  test('that answers after eight seconds: the list’s teaser is shown meanwhile, then the story', async () => {
    await me.open({ scene: 1001 })
    await me.waitFor(plainTitle)
    await cloud.control('weather', { calls: { latency: { min: 8000, max: 8000 } } })
    try {
      await me.tap(me.find('.feed-item').first())
      // The teaser of the list, in its place, before the reply has arrived.
      const waiting = me
        .find('.article-wait')
        .filter({ has: me.window.locator('.head-title', { hasText: plainTitle }) })
      await waiting.filter({ hasNotText: '正文。' }).waitFor()
      await me.waitFor('正文。')
      expect(await me.find('.article-wait').count()).toBe(0)
      expect(await me.errors()).toEqual([])
    } finally {
      await cloud.control('weather', {})
    }
  })
})

describe('a phone with full storage', () => {
  /** Ten keys of nearly a megabyte, as other parts of the app might have left them. */
  const full = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `other${index}`,
      JSON.stringify({ data: 'x'.repeat(1024 * 1024 - 40) }),
    ]),
  )

  test('still reads and votes, and says that there is no space for a favourite', async () => {
    const real = await phoneCloud(cloud)
    const host = await createNodeHost({ dist, cloud: real, storage: full })
    await host.open(card(plainId(6)))
    expect(await host.text()).toContain('正文。')
    await host.tap('收藏')
    expect(JSON.stringify(host.shown())).toContain('没有存储空间，没能收藏')
    await host.tap('开心')
    await host.settle(5000)
    const faces = await host.nodes()
    expect(faces.some(node => Object.values(node).includes('开心 1'))).toBe(true)
    expect((await host.record()).errors).toEqual([])
    expect(Object.keys(host.storage()).filter(key => key.startsWith('other'))).toHaveLength(10)
  })
})
