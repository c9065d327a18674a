import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launch } from '../../weapp-host/driver'
import { pagesOf, readProgram } from '../../weapp-host/program'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { weappDist } from '../support/weapp-dist'
import { allowances } from './allowances'
import { inspectPage } from './inspector'
import { flawsOf } from './judge'
import { fillCloud, type SampleData } from './sample-data'
import { type Scene, weappEntries } from './weapp-entries'
import { looks, openScene, reach, wear } from './weapp-walk'
import { unscriptedEntries, webEntries } from './web-entries'

let dist: string
let browser: Browser
let cloud: CloudProcess
let data: SampleData
let scene: Scene

beforeAll(async () => {
  await built('functions', 'stories')
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud({ args: ['--no-timers'] })])
  data = await fillCloud(cloud)
  scene = await openScene(browser, dist, cloud, data)
}, 300_000)
afterAll(async () => {
  await scene?.phone.close()
  await browser?.close()
  await cloud?.stop()
})

describe('a screen of the mini-program has nothing cut off, too wide, too small or too pale, in both themes and sizes', () => {
  test.each(weappEntries.map(entry => [`${entry.page}: ${entry.state}`, entry] as const))(
    '%s',
    async (_, entry) => {
      await reach(scene, entry)
      const said: string[] = []
      for (const look of looks) {
        await wear(scene, look)
        const name = `${look.theme} ${look.scale}`
        said.push(...(await flawsOf(scene.phone.window, [entry.page, entry.state], name)))
      }
      expect(said).toEqual([])
      expect(await scene.phone.errors()).toEqual([])
    },
  )
})

describe('the gallery', () => {
  const statesOf = (page: string) => weappEntries.flatMap(entry => (entry.page === page ? [entry.state] : []))

  test('shows every page of the mini-program, also on the web, with and without a script', () => {
    const pages = pagesOf(readProgram(dist).app).sort()
    expect([...new Set(weappEntries.map(({ page }) => page))].sort()).toEqual(pages)
    // On the site a script draws the poster over its story.
    const onWeb = pages.filter(page => page !== 'more/poster/index')
    expect([...new Set(webEntries.map(({ page }) => page))].sort()).toEqual(onWeb)
    expect([...new Set(unscriptedEntries.map(({ page }) => page))].sort()).toEqual(onWeb)
  })

  test.each([
    [
      'pages/home/index',
      ['loading', 'content', 'empty', 'no network', 'error', 'offline, kept on the phone'],
    ],
    ['pages/ranking/index', ['loading', 'content', 'empty', 'no network', 'error']],
    ['pages/shelf/index', ['favourites', 'history', 'empty', 'history empty']],
    [
      'pages/article/index',
      [
        'loading',
        'content',
        'no network',
        'error',
        'not found',
        'offline, kept on the phone',
        'Moments',
        'guest',
      ],
    ],
    ['more/channel/index', ['loading', 'content', 'empty', 'no network', 'error', 'not found']],
    ['more/topic/index', ['loading', 'content', 'empty', 'no network', 'error', 'not found']],
    [
      'more/search/index',
      ['loading', 'content', 'empty, with suggestions', 'no network', 'error', 'not found'],
    ],
    ['more/preview/index', ['loading', 'content', 'no network', 'error', 'closed']],
  ])('shows %s in every possible state', (page, states) => {
    expect(statesOf(page)).toEqual(expect.arrayContaining(states))
  })

  test('shows no screen twice', () => {
    const names = [
      ...weappEntries.map(e => `${e.page} ${e.state}`),
      ...webEntries.map(e => `web ${e.page} ${e.state}`),
      ...unscriptedEntries.map(e => `web without script ${e.page} ${e.state}`),
    ]
    expect(new Set(names).size).toBe(names.length)
  })

  test('large text set while a page is open equals that of an app started with large text', async () => {
    const rootStyles = (page: Scene['phone']) =>
      page.window.locator('.look').evaluateAll(roots => roots.map(root => root.getAttribute('style')))
    const entry = weappEntries.find(({ page, state }) => page === 'more/about/index' && state === 'content')
    if (!entry) throw new Error('no entry to compare with')
    const [, , large] = looks
    if (!large || large.scale === 1) throw new Error('no look with large text')
    await reach(scene, entry)
    await wear(scene, large)
    const phone = await launch({ browser, dist, cloud: scene.door, fontScale: large.scale })
    try {
      await entry.reach({ ...scene, phone })
      const plain = (styles: (string | null)[]) => styles.map(style => style?.replace(/[\s;]/g, ''))
      expect(plain(await rootStyles(scene.phone))).toEqual(plain(await rootStyles(phone)))
    } finally {
      await phone.close()
    }
  })

  test('has no exception that no screen needs', async () => {
    // A long title in the reading bar, above the feed.
    const entry = weappEntries.find(({ state }) => state === 'hard letters')
    if (!entry) throw new Error('no screen with a long title')
    await reach(scene, entry)
    await scene.phone.scrollToEnd()
    await scene.phone.find('.feed-item').first().waitFor()
    await scene.phone.find('.reading-bar--on').waitFor()
    // The narrowest phone with the largest text: WeChat's largest together with 关怀 (platform/look-steps.ts).
    await scene.phone.resize(320, 640)
    await wear(scene, { theme: 'light', scale: 2 })
    const { allowed } = await inspectPage(scene.phone.window)
    await scene.phone.resize(390, 844)
    expect(allowances.map(({ name }) => name).filter(name => !allowed.includes(name))).toEqual([])
  })
})
