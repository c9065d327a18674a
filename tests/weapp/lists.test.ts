import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Driver, launch } from '../../weapp-host/driver'
import { createNodeHost } from '../../weapp-host/node-host'
import { built, putRows, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { newestFirst, sampleStories, sampleTopics } from '../support/sample-rows'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

let dist: string
let browser: Browser
let cloud: CloudProcess
let me: Driver

beforeAll(async () => {
  await built('stories')
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud()])
  await putRows(cloud, 'articles', sampleStories())
  await putRows(cloud, 'publishedTopics', sampleTopics())
  me = await launch({ browser, dist, cloud: await phoneCloud(cloud), viewport: { width: 390, height: 844 } })
}, 240_000)

afterAll(async () => {
  await me?.close()
  await browser?.close()
  await cloud?.stop()
})

describe('the first screen of home', () => {
  test('shows a first story with its complete summary and date, and one search entry', async () => {
    const [newest] = newestFirst(sampleStories())
    await me.open({ scene: 1001 })
    await me.waitFor(String(newest?.title))
    await me.quiet()
    const item = me.find('.feed-item').first()
    expect(await item.locator('.feed-item-title').textContent()).toBe(newest?.title)
    const teaser = item.locator('.feed-item-teaser')
    expect(await teaser.textContent()).toBe(newest?.teaser)
    expect(await teaser.evaluate(one => one.scrollHeight - one.clientHeight)).toBe(0)
    expect(await item.locator('.feed-item-meta').textContent()).toMatch(/ · \d{4}-\d\d-\d\d \d\d:\d\d$/)
    const box = await item.boundingBox()
    const tabs = await me.window.locator('.host-tabs').boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 1e9)).toBeLessThanOrEqual(tabs?.y ?? 0)
    expect(await me.find('.home-search').count()).toBe(1)
  })

  test('keeps its channels apart and its titles whole in the largest text of a narrow phone', async () => {
    await me.resize(320, 640)
    await me.window.evaluate(() => {
      document
        .querySelector<HTMLElement>('.host-frame:not([data-hidden]) .look')
        ?.style.setProperty('--scale', '2')
    })
    const gaps = await me.find('.home-channel').evaluateAll(all => {
      const boxes = all.map(one => {
        const range = document.createRange()
        range.selectNodeContents(one)
        return range.getBoundingClientRect()
      })
      return boxes.slice(1).map((box, at) => box.left - (boxes[at]?.right ?? 0))
    })
    expect(gaps).toHaveLength(3)
    expect(Math.min(...gaps)).toBeGreaterThan(4)
    const title = me.find('.feed-item-title').first()
    expect(await title.evaluate(one => one.scrollHeight - one.clientHeight)).toBe(0)
    await me.resize(390, 844)
  })

  test('shows no picture in 视觉焦点 that a topic shows too', async () => {
    await me.waitFor('独家策划')
    const names = (selector: string) =>
      me
        .find(`${selector} img`)
        .evaluateAll(all => all.map(one => (one as HTMLImageElement).src.split('/').at(-1)))
    const focus = await names('.focus-picture')
    expect(focus.length).toBeGreaterThanOrEqual(6)
    const topics = sampleTopics().map(row => (row.cover as { src: string }).src.split('/').at(-1))
    expect(focus.filter(name => topics.includes(name))).toEqual([])
  })
})

describe('a search result', () => {
  test('shows the number of stories, with pictures, times and topics', async () => {
    const [topic] = sampleTopics()
    await me.open({ path: 'more/search/index', query: { q: String(topic?.title) }, scene: 1007 })
    await me.waitFor('找到')
    expect(await me.find('.search-heading').first().textContent()).toMatch(
      /^找到 (\d+ 篇文章(以上)?、)?\d 个专题$/,
    )
    expect(await me.find('.strip-title').allTextContents()).toContain(topic?.title)

    await me.open({ path: 'more/search/index', scene: 1007 })
    const box = me.find('.search-box-input input')
    // No more than the cloud accepts.
    expect(await box.getAttribute('maxlength')).toBe('40')
    await box.pressSequentially('水')
    await me.find('.search-box-clear').waitFor()
    // 搜索 on the keyboard.
    await box.press('Enter')
    await me.waitFor('找到')
    const count = Number(/\d+/.exec((await me.find('.search-heading').first().textContent()) ?? '')?.[0])
    expect(count).toBeGreaterThanOrEqual(await me.find('.found').count())
    const first = me.find('.found').first()
    expect(await first.locator('.found-cover').count()).toBe(1)
    expect(await first.locator('.found-meta').textContent()).toMatch(/ · \d{4}-\d\d-\d\d \d\d:\d\d$/)
    expect(await me.errors()).toEqual([])
  })
})

describe('the ranking', () => {
  test('has no bar longer than the one above it, and explains its percentages', async () => {
    const rows = [
      { count: 40, share: 0.3 },
      { count: 20, share: 0.9 },
      { count: 1, share: 0.004 },
    ].map((row, i) => ({ rank: i + 1, id: `ranked000${i}`, title: `第${i}篇`, publishedAt: 0, ...row }))
    const host = await createNodeHost({
      dist,
      cloud: {
        callFunction: () =>
          Promise.resolve({ ok: true, data: { items: rows, next: null, updatedAt: 1_700_000_000_000 } }),
      },
    })
    await host.open({ path: 'pages/ranking/index', scene: 1001 })
    // The first node is the root, with all others inside.
    const [root] = await host.nodes()
    const widths = [...JSON.stringify(root).matchAll(/width: ?(\d+)%/g)].map(([, width]) => Number(width))
    expect(widths).toEqual([100, 50, 3])
    const text = await host.text()
    expect(text).toContain('占本文投票的 30%')
    expect(text).toContain('占本文投票不到 1%')
  })
})
