import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { openArticle } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { site } from '../../src/site'
import { type Cloud, CloudRefusal } from '../../weapp-host/cloud-door'
import { type Driver, launch } from '../../weapp-host/driver'
import { createNodeHost } from '../../weapp-host/node-host'
import { putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { everyKind, onePoint } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { standardArticle, standardFeed, standardMood } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

type Opened = OutputOf<typeof openArticle>

const story = standardArticle
const lastWords = '地球已经给出了回答'
const card = { path: 'pages/article/index', query: { id: story.id }, scene: 1007 }

let dist: string
let browser: Browser
let cloud: CloudProcess
let me: Driver
/** While set, the reply to openArticle waits for this promise. */
let hold: Promise<void> | undefined
/** Changes a story on its way to the phone. */
let edit: (opened: Opened) => Opened = opened => opened

beforeAll(async () => {
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud()])
  const { id, publishedAt, ...fields } = story
  const others = Array.from({ length: 24 }, (_, index) =>
    storyRow(`other${String(index).padStart(5, '0')}`, index, { title: `第${index}篇`, tags: ['深海'] }),
  )
  const standard = {
    ...storyRow(id, 100_000),
    ...fields,
    publishedAt: { $date: new Date(publishedAt).toISOString() },
  }
  await putRows(cloud, 'articles', [standard, everyKind, storyRow('linked0001', 2), ...others])
  const real = await phoneCloud(cloud)
  const door: Cloud = {
    async callFunction(name, event, caller) {
      const { action } = event as { action: string }
      if (action !== 'openArticle') return real.callFunction(name, event, caller)
      await hold
      const reply = (await real.callFunction(name, event, caller)) as { ok: boolean; data: Opened }
      return reply.ok ? { ok: true, data: edit(reply.data) } : reply
    },
  }
  me = await launch({ browser, dist, cloud: door })
}, 240_000)

beforeEach(() => {
  hold = undefined
  edit = opened => opened
})

afterAll(async () => {
  await me?.close()
  await browser?.close()
  await cloud?.stop()
})

/** The actions that the pages requested from the cloud since the last cold start, in order. */
async function asked(): Promise<string[]> {
  const calls = await me.calls('cloud.callFunction')
  return calls.map(({ args }) => (args[0] as unknown as { data: { action: string } }).data.action)
}
const topPage = async () => {
  const { path, query } = (await me.stack()).at(-1) ?? { path: '', query: {} }
  return `${path}?${new URLSearchParams(query)}`
}
/** Waits until the phone has cached a story, which it does a moment after drawing it. */
const cached = (id: string) => me.waitFor(async () => `cache:article:${id}` in (await me.storage()))
const opensPage = (address: string) => me.waitFor(async () => (await topPage()) === address)
/**
 * Starts the app and goes to the shelf. It first waits until the bars have their colours, because the host draws the
 * bars anew with each colour.
 */
async function openShelf(): Promise<void> {
  await me.open({ scene: 1001 })
  await me.quiet()
  await me.tap('书架')
  await me.waitFor('跟随系统')
  await me.quiet()
}
const classes = (selector: string) => me.find(selector).evaluateAll(all => all.map(one => one.className))

describe('a story', () => {
  test('names the story in a bar once its headline is out of sight, and not before', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    expect(await me.find('.reading-bar--on').count()).toBe(0)
    await me.scrollTo(500)
    await me.waitFor(async () => (await me.find('.reading-bar--on').count()) === 1)
    expect(await me.find('.reading-bar--on').textContent()).toBe(`正在阅读：${story.title}`)
    expect(await me.find('.reading-bar').isVisible()).toBe(true)
    // WeChat's own bar above it does not say the same.
    expect(await me.window.locator('.host-bar').innerText()).toContain(site.name)
    await me.scrollTo(0)
    await me.waitFor(async () => (await me.find('.reading-bar--on').count()) === 0)
    expect(await me.find('.reading-bar').isVisible()).toBe(false)
  })

  test('opens the page that each step of its breadcrumb names', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    await me.tap('地球')
    await opensPage('more/channel/index?channel=earth')
    await me.back()
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.head-crumb').nth(2))
    await opensPage(`more/channel/index?channel=earth&column=${story.column}`)
    await me.back()
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.head-crumb').first())
    await opensPage('pages/home/index?')
    expect(await me.errors()).toEqual([])
  })

  test('unfolds in place: nothing above moves, and the rest appears', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    const fold = me.find('.article-fold')
    await fold.scrollIntoViewIfNeeded()
    const paragraphs = await me.find('.block-p').count()
    const place = () =>
      me
        .find('.block-p')
        .nth(paragraphs - 1)
        .boundingBox()
    const before = { top: await me.scrollTop(), place: await place() }
    expect(await fold.textContent()).toMatch(/^阅读剩余全文（\d\d%）$/)
    await fold.tap()
    await me.waitFor(lastWords)
    expect({ top: await me.scrollTop(), place: await place() }).toEqual(before)
    expect(await me.find('.block-p').count()).toBeGreaterThan(paragraphs)
    // Nothing is left of the control.
    expect(await fold.isVisible()).toBe(false)
  })

  test('ends above the bar of its actions, and the guide to sharing covers both', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    const onTop = async (selector: string) =>
      me.find('.action-bar').evaluate((bar, wanted) => {
        const { left, top } = bar.getBoundingClientRect()
        return document.elementFromPoint(left + 20, top + 20)?.closest(wanted) !== null
      }, selector)
    expect(await onTop('.action-bar')).toBe(true)
    await me.tap('朋友圈')
    await me.waitFor('点击右上角')
    expect(await onTop('.share-sheet')).toBe(true)
    await me.tap('关闭')
    await me.scrollToEnd()
    await me.waitFor('推荐阅读')
    await me.scrollToEnd()
    const bottom = async (selector: string) =>
      (await me.find(selector).last().boundingBox()) ?? { y: 0, height: 0 }
    await me.waitFor(async () => {
      const [end, bar] = [await bottom('.feed-end'), await bottom('.action-bar')]
      return end.y + end.height <= bar.y
    })
  })

  test('enlarges a picture at a tap, and offers all of the story’s pictures', async () => {
    await me.window.route('**/pictures/*', route =>
      route.fulfill({ contentType: 'image/png', body: onePoint }),
    )
    await me.open({ ...card, query: { id: everyKind._id } })
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.figure-picture').nth(1))
    await me.waitFor(async () => (await me.calls('previewImage')).length > 0)
    const calls = await me.calls('previewImage')
    const [shown] = calls.map(({ args }) => args[0] as { urls: string[]; current: string })
    const urls = shown?.urls ?? []
    expect(urls.map(url => url.split('/').at(-1))).toEqual([
      'soap-bubble-colours.jpg',
      'soap-bubble-colours-2.jpg',
    ])
    expect(shown?.current).toBe(urls[1])
  })

  test('lets readers select its text, and keeps WeChat’s own menu on its pictures', async () => {
    const host = await createNodeHost({ dist, cloud: await phoneCloud(cloud) })
    await host.open({ ...card, query: { id: everyKind._id } })
    const nodes = await host.nodes()
    // `user-select`, `show-menu-by-longpress` and `lazy-load` are off in the templates, so `true` comes from the page.
    const switches: Record<string, number> = { 'figure-picture': 2 }
    for (const name of [
      'head-title',
      'head-fix',
      'block-p',
      'block-h2',
      'block-quote',
      'block-li-text',
      'block-td',
      'block-code',
      'figure-caption',
      'figure-picture',
    ]) {
      const on = nodes
        .filter(({ cl }) => cl === name)
        .map(node => Object.values(node).filter(value => value === true).length)
      expect({ name, on: on.length > 0 && Math.min(...on) }).toEqual({ name, on: switches[name] ?? 1 })
    }
  })

  test('requests 推荐阅读 when the reader comes near the end, and never in Moments', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    await me.quiet()
    expect(await asked()).toEqual(['openArticle'])
    await me.scrollToEnd()
    await me.waitFor('推荐阅读')
    await me.scrollTo(0)
    await me.scrollToEnd()
    await me.quiet()
    expect((await asked()).filter(action => action === 'readHome')).toHaveLength(1)
    const under = await me.find('.feed-item-title').allTextContents()
    expect(under).not.toContain(story.title)
    expect(new Set(under).size).toBe(under.length)

    await me.open({ ...card, scene: 1154 })
    await me.waitFor(lastWords)
    await me.scrollToEnd()
    await me.quiet()
    expect(await asked()).toEqual(['openArticle'])
    expect(await me.text()).not.toContain('推荐阅读')
  })

  test('continues where the reader left it, also behind the fold', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    await me.tap(me.find('.article-fold'))
    await me.waitFor(lastWords)
    const looks = async () => (await me.calls('createSelectorQuery')).length
    const behind = (await me.scrollTop()) + 700
    // The page looks a second after something came into sight: one that is still to come would see the place before.
    await me.quiet(1_100)
    const before = await looks()
    await me.scrollTo(behind)
    await me.waitFor(async () => (await looks()) > before)
    await me.quiet(1_100)
    await me.hide()
    await me.waitFor(async () => (await me.storage())['reading-places']?.includes(card.query.id) ?? false)
    await me.open(card)
    await me.waitFor('已回到上次读到的地方')
    await me.waitFor(async () => (await me.scrollTop()) > 0)
    expect(Math.abs((await me.scrollTop()) - behind)).toBeLessThan(5)
    // The headline was already out of sight when the page began to watch it.
    await me.waitFor(async () => (await me.find('.reading-bar--on').count()) === 1)
    // After it was read to its end, it opens at its beginning.
    await me.scrollToEnd()
    await me.waitFor('推荐阅读')
    await me.find('.related').scrollIntoViewIfNeeded()
    await me.quiet()
    await me.hide()
    await me.open(card)
    await me.waitFor('您此时的心情')
    await me.quiet()
    expect(await me.scrollTop()).toBe(0)
  })
})

describe('a story opened from a list', () => {
  test('is requested at the tap, before the page changes, and its headline is shown at once', async () => {
    await me.open({ scene: 1001 })
    await me.waitFor('第20篇')
    let release = () => {}
    hold = new Promise(resolve => {
      release = resolve
    })
    await me.tap('第20篇')
    await opensPage('pages/article/index?id=other00020')
    await me.waitFor(async () => (await me.find('.head-title').count()) === 1)
    expect(await me.find('.head-title').textContent()).toBe('第20篇')
    expect(await me.find('.article-wait').count()).toBe(1)
    const names = (await me.calls()).map(({ name, args }) =>
      name === 'cloud.callFunction' ? JSON.stringify(args).includes('openArticle') && 'asked' : name,
    )
    expect(names.indexOf('asked')).toBeGreaterThan(-1)
    expect(names.indexOf('asked')).toBeLessThan(names.indexOf('navigateTo'))
    release()
    await me.waitFor('正文。')
    expect((await asked()).filter(action => action === 'openArticle')).toHaveLength(1)
  })

  test('is shown at once if it was read before, and changed parts are replaced without a notice', async () => {
    const again = { ...card, query: { id: 'other00003' } }
    await me.open(again)
    await me.waitFor('正文。')
    await cached('other00003')
    let release = () => {}
    hold = new Promise(resolve => {
      release = resolve
    })
    edit = opened => ({
      ...opened,
      article: { ...opened.article, version: 2, blocks: [{ type: 'paragraph', spans: ['改过的正文。'] }] },
    })
    await me.open(again)
    await me.waitFor('正文。')
    expect(await me.text()).not.toContain('改过的')
    release()
    await me.waitFor('改过的正文。')
    expect(await me.text()).not.toContain('离线')
  })
})

describe('without a network', () => {
  test('the shelf opens its stories from the cache, marked 离线, and renews them when the network is back', async () => {
    await me.open({ ...card, query: { id: 'other00007' } })
    await me.waitFor('正文。')
    await me.tap('收藏')
    await me.waitFor('已收藏')
    await cached('other00007')
    await me.goOffline()
    await openShelf()
    await me.waitFor('离线可读')
    await me.tap('第7篇')
    await me.waitFor('正文。')
    await me.waitFor(async () => ((await me.find('.head-byline').textContent()) ?? '').includes('离线'))
    await me.goOnline()
    await me.waitFor(async () => !((await me.find('.head-byline').textContent()) ?? '').includes('离线'))
    expect(await me.errors()).toEqual([])
  })
})

describe('the app around it', () => {
  test.each([
    ['首页', 'readHome', '第20篇'],
    ['排行', 'readRanking', '还没有文章上榜'],
  ])('a tap on the current tab, %s, refreshes the page', async (tab, action, there) => {
    await me.open({ scene: 1001 })
    await me.quiet()
    if (tab !== '首页') await me.tap(tab)
    await me.waitFor(there)
    await me.scrollTo(600)
    const times = async () => (await asked()).filter(name => name === action).length
    const before = await times()
    // The app ignores a tap within half a second after the page appears: it is the tap that showed the page.
    await me.waitFor(async () => {
      await me.tap(tab)
      return (await times()) > before
    })
    await me.waitFor(async () => (await me.scrollTop()) === 0)
    expect((await me.stack()).length).toBe(1)
  })

  test('uses the scene of the latest card when it is opened again by another card', async () => {
    await me.open(card)
    await me.waitFor('阅读剩余全文')
    await me.openAgain({ ...card, scene: 1154 })
    await me.waitFor(lastWords)
    expect(await me.find('.article-fold, .action-bar, [aria-role=link]').count()).toBe(0)
    await me.openAgain({ ...card, query: { id: 'other00002' } })
    await me.waitFor('第2篇')
    await me.waitFor(async () => (await me.find('.action-bar').count()) === 1)
    expect(await me.stack()).toEqual([{ path: card.path, query: { id: 'other00002' } }])
  })

  test('applies a theme and text size chosen by hand to every page and to the bars', async () => {
    await openShelf()
    await me.tap('深色')
    await me.tap('特大')
    await me.waitFor(async () => (await classes('.look')).every(name => name.includes('look--dark')))
    const painted = (await me.calls('setNavigationBarColor')).at(-1)?.args[0] as { frontColor: string }
    expect(painted.frontColor).toBe('#ffffff')
    await me.open(card)
    await me.waitFor('您此时的心情')
    expect((await classes('.look')).every(name => name.includes('look--dark'))).toBe(true)
    const ground = () =>
      me
        .find('.look')
        .first()
        .evaluate(root => getComputedStyle(root).backgroundColor)
    expect(await ground()).toBe('rgb(20, 20, 20)')
    const size = await me
      .find('.block-p')
      .first()
      .evaluate(element => getComputedStyle(element).fontSize)
    expect(size).toBe('22.1px')
    // The phone decides again: nothing of the choice remains.
    await openShelf()
    await me.tap('跟随系统')
    await me.tap('标准')
    await me.waitFor(async () => (await classes('.look--dark')).length === 0)
    const back = (await me.calls('setNavigationBarColor')).at(-1)?.args[0] as { frontColor: string }
    expect(back.frontColor).toBe('#000000')
    expect(await ground()).toBe('rgb(251, 250, 247)')
    await me.setTheme('dark')
    await me.waitFor(async () => (await ground()) === 'rgb(20, 20, 20)')
    // A theme chosen by hand also holds against the phone's.
    await me.tap('浅色')
    await me.waitFor(async () => (await ground()) === 'rgb(251, 250, 247)')
    await me.tap('跟随系统')
    await me.setTheme('light')
    await me.waitFor(async () => (await ground()) === 'rgb(251, 250, 247)')
  })

  test('shows text in the chosen size, after every change of step, on every open page', async () => {
    await me.open(card)
    await me.waitFor('您此时的心情')
    await openShelf()
    const factor = { 小: '0.9', 标准: '1', 大: '1.15', 特大: '1.3', 关怀: '1.5' }
    const scales = async (): Promise<string[]> =>
      me
        .find('.look')
        .evaluateAll(roots =>
          roots.map(root => getComputedStyle(root).getPropertyValue('--scale').trim() || '1'),
        )
    for (const from of Object.keys(factor)) {
      for (const [to, scale] of Object.entries(factor)) {
        await me.tap(from)
        await me.tap(to)
        await me.waitFor(async () => (await scales()).every(shown => shown === scale))
      }
    }
    await me.tap('标准')
    await me.waitFor(async () => (await scales()).every(shown => shown === '1'))
  })

  test('关怀 shows lists without teasers and one way to share, with larger targets', async () => {
    const drawn = (selector: string) =>
      me
        .find(selector)
        .evaluateAll(all => all.map(one => one.getBoundingClientRect().height).filter(height => height > 0))
    await me.open(card)
    await me.waitFor('您此时的心情')
    expect(await drawn('.share-row')).toHaveLength(1)
    await openShelf()
    await me.tap('关怀')
    await me.waitFor(async () => (await classes('.look')).every(name => name.includes('look--care')))
    await me.open(card)
    await me.waitFor('相关阅读')
    expect(await drawn('.share-row')).toEqual([])
    expect(Math.min(...(await drawn('.related-item')))).toBeGreaterThanOrEqual(52)
    await me.scrollToEnd()
    await me.waitFor(async () => (await drawn('.feed-item-title')).length > 0)
    expect(await drawn('.feed-item-teaser')).toEqual([])
    await openShelf()
    await me.tap('标准')
    await me.waitFor(async () => (await classes('.look--care')).length === 0)
  })

  test('an eleventh page replaces the tenth', async () => {
    const chain: Cloud = {
      callFunction(_name, event) {
        const { action, data } = event as { action: string; data: { articleId: string } }
        if (action !== 'openArticle') return Promise.resolve({ ok: true, data: {} })
        const step = Number(data.articleId.slice(-2))
        const next = {
          id: `chain000${String(step + 1).padStart(2, '0')}`,
          title: `第${step + 1}步`,
          publishedAt: 0,
        }
        const article = { ...story, id: data.articleId, title: `第${step}步` }
        return Promise.resolve({ ok: true, data: { article, mood: standardMood, related: [next] } })
      },
    }
    const host = await createNodeHost({ dist, cloud: chain })
    await host.open({ ...card, query: { id: 'chain00000' } })
    for (let step = 1; step <= 12; step++) await host.tap(node => node.v === `第${step}步`)
    const { stack, errors } = await host.record()
    expect(stack).toHaveLength(10)
    expect(stack.at(-1)?.query).toEqual({ id: 'chain00012' })
    expect(await host.text()).toContain('第12步')
    expect(errors).toEqual([])
  })

  test('a list that failed is requested again when the network is back', async () => {
    let away = true
    const host = await createNodeHost({
      dist,
      device: { online: false },
      cloud: {
        callFunction: () =>
          away
            ? Promise.reject(new CloudRefusal(-1, 'request:fail'))
            : Promise.resolve({
                ok: true,
                data: { focus: [], topics: [], feed: { items: standardFeed.slice(0, 3), next: null } },
              }),
      },
    })
    await host.open({ path: 'pages/home/index', scene: 1001 })
    expect(await host.text()).toContain('重新加载')
    away = false
    await host.changeDevice({ online: true })
    expect(await host.text()).toContain(standardFeed[0]?.title)
  })
})
