import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { setMood } from '#contract/mood'
import { type Driver, launch } from '../../weapp-host/driver'
import { got, putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { standardArticle } from '../support/standard-article'
import { copyDist, type DistCopy, weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

const story = standardArticle
const lastWords = '地球已经给出了回答'
const card = { path: 'pages/article/index', query: { id: story.id }, scene: 1007 }
const moments = { ...card, scene: 1154 }
/** A story only for the reader without a network: no other test votes on it. */
const carried = { id: 'carried001', title: '带进山里读的一篇' }
const carriedWords = '山里没有信号，蓄在手机里的字还在。'

let dist: string
let browser: Browser
let cloud: CloudProcess
const phones: Driver[] = []
const copies: DistCopy[] = []

beforeAll(async () => {
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud()])
  const { id, publishedAt, ...fields } = story
  const others = Array.from({ length: 44 }, (_, index) =>
    storyRow(`other${String(index).padStart(5, '0')}`, index, { title: `第${index}篇`, tags: ['深海'] }),
  )
  const standard = {
    ...storyRow(id, 100_000),
    ...fields,
    publishedAt: { $date: new Date(publishedAt).toISOString() },
  }
  const taken = storyRow(carried.id, 90_000, {
    title: carried.title,
    blocks: [{ type: 'paragraph', spans: [carriedWords] }],
  })
  await putRows(cloud, 'articles', [standard, taken, ...others])
}, 240_000)

afterAll(async () => {
  for (const phone of phones) await phone.close()
  for (const copy of copies) copy.remove()
  await browser?.close()
  await cloud?.stop()
})

async function phone(folder = dist): Promise<Driver> {
  const made = await launch({ browser, dist: folder, cloud: await phoneCloud(cloud) })
  phones.push(made)
  return made
}

function planted(plant: (copy: DistCopy) => void): string {
  const copy = copyDist(dist)
  copies.push(copy)
  plant(copy)
  return copy.folder
}

/** The button of a mood, whatever count its label shows. */
const mood = (driver: Driver, name: string) => driver.find(`[aria-role="radio"][aria-label^="${name}"]`)

describe('a reader', () => {
  test('opens a card, reads, votes, changes the vote, shares, goes on and comes back', async () => {
    const me = await phone()
    await me.open(card)
    await me.waitFor('相关阅读')
    await me.tap(me.find('.article-fold'))
    await me.waitFor(lastWords)
    await me.scrollToEnd()

    await me.tap(mood(me, '开心'))
    await me.waitFor(async () => (await mood(me, '开心').getAttribute('aria-label')) === '开心 1')
    await me.quiet()
    await me.tap(mood(me, '点赞'))
    await me.waitFor(async () => (await mood(me, '点赞').getAttribute('aria-label')) === '点赞 1')
    await me.quiet()
    expect(await mood(me, '开心').getAttribute('aria-label')).toBe('开心 0')
    expect(await mood(me, '点赞').getAttribute('aria-checked')).toBe('true')

    const { result } = await me.share('friend')
    expect(result).toMatchObject({
      title: `${story.title}（科普云）`,
      path: expect.stringContaining(`id=${story.id}`),
    })

    const next = me.find('.related-item').last()
    await next.scrollIntoViewIfNeeded()
    const before = await me.scrollTop()
    await me.tap(next)
    await me.waitFor(async () => (await me.stack()).length === 2)
    await me.back()
    await me.waitFor(async () => (await me.stack()).length === 1)
    await me.quiet()
    expect(await me.scrollTop()).toBe(before)
    expect(await mood(me, '点赞').getAttribute('aria-checked')).toBe('true')

    // The cloud has stored the vote, not only this page.
    await me.open(card)
    await me.waitFor('相关阅读')
    expect(await mood(me, '点赞').getAttribute('aria-checked')).toBe('true')
    expect(await me.errors()).toEqual([])
  })

  test('loads more twice at home, opens a story, and comes back to the same place', async () => {
    const me = await phone()
    await me.open({ scene: 1001 })
    const shown = (count: number) => async () => (await me.find('.feed-item').count()) >= count
    await me.waitFor(shown(20))
    await me.scrollToEnd()
    await me.waitFor(shown(40))
    await me.scrollToEnd()
    await me.waitFor(shown(46))
    await me.waitFor('没有更多了')
    const chosen = me.find('.feed-item').nth(30)
    await chosen.scrollIntoViewIfNeeded()
    const before = await me.scrollTop()
    expect(before).toBeGreaterThan(1000)
    await me.tap(chosen)
    await me.waitFor(async () => (await me.stack()).length === 2)
    await me.quiet()
    await me.back()
    await me.waitFor(async () => (await me.stack()).length === 1)
    await me.quiet()
    expect(await me.scrollTop()).toBe(before)
    expect(await me.find('.feed-item').count()).toBe(46)
    expect(await me.errors()).toEqual([])
  })

  test('reads a story again without a network, from the shelf and from a card; it refreshes when the network is back', async () => {
    const me = await phone()
    const votes = (count: number) => async () =>
      (await mood(me, '开心').getAttribute('aria-label')) === `开心 ${count}`
    const vote = async () => {
      const input = { articleId: carried.id, mood: 'happy', wish: 1 } as const
      await got(cloud, await cloud.signIn(), setMood, input)
    }
    // The app writes its copy a moment after the story was drawn; a phone that dies in between has the older copy.
    const written = (key: string, words: string) => async () =>
      (await me.storage())[key]?.includes(words) ?? false
    const copy = `cache:article:${carried.id}`
    await me.open({ scene: 1001 })
    await me.waitFor(carried.title)
    await me.tap(me.find('.feed-item').filter({ hasText: carried.title }))
    await me.waitFor(carriedWords)
    await me.waitFor(votes(0))
    await me.waitFor(written(copy, carriedWords))
    await me.waitFor(written('shelf-history', carried.id))

    await me.goOffline()
    await me.back()
    await vote()
    await me.tap('书架')
    await me.tap('看过')
    const row = me.find('.feed-item').filter({ hasText: carried.title })
    await me.waitFor(async () => (await row.count()) === 1)
    expect(await row.textContent()).toContain('离线可读')
    await me.tap(row)
    await me.waitFor(async () => (await me.stack()).length === 2)
    await me.waitFor('　离线')
    expect(await me.text()).toContain(carriedWords)
    await me.waitFor(votes(0))
    await me.goOnline()
    await me.waitFor(votes(1))
    expect(await me.text()).not.toContain('离线')

    // A card is tapped without a network: the app starts cold and has only what the phone has cached.
    await me.waitFor(written(copy, '"happy":1'))
    await me.goOffline()
    await vote()
    await me.open({ path: 'pages/article/index', query: { id: carried.id }, scene: 1007 })
    await me.waitFor('　离线')
    expect(await me.text()).toContain(carriedWords)
    await me.waitFor(votes(1))
    await me.goOnline()
    await me.waitFor(votes(2))
    expect(await me.text()).not.toContain('离线')

    // From the tap on, the copy contains the reader's own mood.
    await me.scrollToEnd()
    await me.tap(mood(me, '难过'))
    await me.waitFor(written(copy, '"own":"sad"'))
    await me.quiet()
    await me.goOffline()
    await me.open({ path: 'pages/article/index', query: { id: carried.id }, scene: 1007 })
    await me.waitFor('　离线')
    expect(await mood(me, '难过').getAttribute('aria-checked')).toBe('true')
    await me.goOnline()
    await me.waitFor(async () => !(await me.text()).includes('　离线'))

    // This phone has never read that story: it says so, and it loads the story when the network is back.
    await me.goOffline()
    await me.open({ path: 'pages/article/index', query: { id: 'other00003' }, scene: 1007 })
    await me.waitFor('网络不太顺畅')
    await me.goOnline()
    await me.waitFor('第3篇')
    expect(await me.errors()).toEqual([])
  })

  test('finds the whole story in Moments, without an error and without a control that does nothing', async () => {
    const me = await phone()
    await me.open(moments)
    await me.waitFor('相关阅读')
    const text = await me.text()
    for (const block of story.blocks) {
      if (block.type === 'paragraph') expect(text).toContain(block.spans[0])
    }
    expect(await me.screenText()).toContain('前往小程序')
    // The bar of single-page mode ends here, and covers nothing.
    expect((await me.find(story.title).first().boundingBox())?.y).toBeGreaterThan(91)
    const controls = me.find('[aria-role="link"], [aria-role="button"]')
    for (let index = 0; index < (await controls.count()); index++) {
      const before = (await me.calls()).length + (await me.bridge()).calls
      await me.tap(controls.nth(index))
      await me.quiet()
      expect((await me.calls()).length + (await me.bridge()).calls).toBeGreaterThan(before)
    }
    expect({ errors: await me.errors(), violations: await me.violations() }).toEqual({
      errors: [],
      violations: [],
    })
    expect((await me.stack()).length).toBe(1)
  })
})

describe('a part removed from the build is missed', () => {
  test('the start-up guard: in Moments the app does not start', async () => {
    const me = await phone(
      planted(copy =>
        copy.edit('taro.js', text =>
          text.replace(/try\{(?:void )?wx\[\w+\]\}catch\(\w*\)\{\w+\.delete\(\w+\)\}/, ''),
        ),
      ),
    )
    await me.open(moments)
    await me.waitFor(async () => (await me.errors()).length > 0)
    expect((await me.errors()).join()).toContain('rejected due to no permission')
  })

  test('a share hook: the Moments post has no query', async () => {
    const me = await phone(
      planted(copy =>
        copy.edit('pages/article/index.js', text => text.replace(/\.useShareTimeline\)\(/, '.useDidShow)(')),
      ),
    )
    await me.open(card)
    await me.waitFor('相关阅读')
    const result = await me.share('moments').then(
      entry => entry.result,
      () => null,
    )
    expect(result).not.toMatchObject({ query: expect.any(String) })
  })

  test('the template half of an aria attribute: no mood says that it is chosen', async () => {
    const me = await phone(
      planted(copy => copy.edit('base.wxml', text => text.replace(/ aria-checked="\{\{i\.p\d+\}\}"/g, ''))),
    )
    await me.open(card)
    await me.waitFor('相关阅读')
    expect(await me.find('[aria-checked]').count()).toBe(0)
  })
})
