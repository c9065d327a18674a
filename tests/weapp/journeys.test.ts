import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { standardArticle } from '../support/standard-article'
import { copyDist, type DistCopy, weappDist } from '../support/weapp-dist'
import { type Driver, launch } from './host/driver'
import { phoneCloud } from './phone-cloud'

const story = standardArticle
const lastWords = '地球已经给出了回答'
const card = { path: 'pages/article/index', query: { id: story.id }, scene: 1007 }
const moments = { ...card, scene: 1154 }

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
  await putRows(cloud, 'articles', [standard, ...others])
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

/** A mood's own button, whatever count its label carries. */
const mood = (driver: Driver, name: string) => driver.find(`[aria-role="radio"][aria-label^="${name}"]`)

describe('a reader', () => {
  test('opens a card, reads, votes, changes the mind, shares, goes on and comes back', async () => {
    const me = await phone()
    await me.open(card)
    await me.waitFor('相关阅读')
    await me.tap(me.find('.fold'))
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
    expect(result).toMatchObject({ title: story.title, path: expect.stringContaining(`id=${story.id}`) })

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

    // Kept by the cloud, not only by this page.
    await me.open(card)
    await me.waitFor('相关阅读')
    expect(await mood(me, '点赞').getAttribute('aria-checked')).toBe('true')
    expect(await me.errors()).toEqual([])
  })

  test('loads more twice at home, opens a story, and comes back to the same place', async () => {
    const me = await phone()
    await me.open({ scene: 1001 })
    const shown = (count: number) => async () => (await me.find('.item').count()) >= count
    await me.waitFor(shown(20))
    await me.scrollToEnd()
    await me.waitFor(shown(40))
    await me.scrollToEnd()
    await me.waitFor(shown(45))
    await me.waitFor('没有更多了')
    await me.tap(me.find('.item').nth(30))
    await me.waitFor(async () => (await me.stack()).length === 2)
    await me.quiet()
    await me.back()
    await me.waitFor(async () => (await me.stack()).length === 1)
    await me.quiet()
    // The tap scrolled the item into view, so its place is where it now stands.
    expect(await me.scrollTop()).toBeGreaterThan(1000)
    expect(await me.find('.item').count()).toBe(45)
    expect(await me.errors()).toEqual([])
  })

  test('finds the whole story in Moments, with nothing thrown and no dead control', async () => {
    const me = await phone()
    await me.open(moments)
    await me.waitFor('相关阅读')
    const text = await me.text()
    for (const block of story.blocks) {
      if (block.type === 'paragraph') expect(text).toContain(block.spans[0])
    }
    expect(await me.screenText()).toContain('前往小程序')
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

describe('what is taken out of the build is missed', () => {
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
