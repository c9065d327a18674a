import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Driver, launch } from '../../weapp-host/driver'
import { putRows } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { draftRow, type Newsroom, startNewsroom } from '../support/newsroom'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

let browser: Browser
let newsroom: Newsroom
let me: Driver

beforeAll(async () => {
  const dist = await weappDist()
  ;[browser, newsroom] = await Promise.all([launchBrowser(), startNewsroom()])
  me = await launch({ browser, dist, cloud: await phoneCloud(newsroom.cloud) })
}, 240_000)
afterAll(async () => {
  await me?.close()
  await browser?.close()
  await newsroom?.cloud.stop()
})

const title = '鲸落养活了谁'
const save = (changes: object) => putRows(newsroom.cloud, 'drafts', [draftRow('whale', changes)])
/** WeChat opens the page of a scanned mini-code with the code's scene, encoded [获取小程序码]. */
const scan = (scene: string) =>
  me.open({ path: 'more/preview/index', query: { scene: encodeURIComponent(scene) }, scene: 1047 })

test('a mini-code opens the preview of a new version, while readers have the old one and the phone keeps nothing', async () => {
  await save({ status: '待发布' })
  await newsroom.tick()
  const articleId = await newsroom.storyOf('whale')
  await save({ title, body: '第二版的正文。\n\n## 骨头里的虫' })
  const { lines } = await newsroom.panel({ action: 'preview', draft: 'whale' })
  const scene = /scene=(\S+)/.exec(lines.join('\n'))?.[1] ?? ''

  await scan(scene)
  await me.waitFor('骨头里的虫')
  await me.quiet()
  const text = await me.text()
  expect(text).toContain(title)
  expect(text).toContain('预览：还没有发布')
  const box = await me.find('.preview-mark').boundingBox()
  expect(box).toMatchObject({ x: 0, width: 390 })
  expect(box?.height).toBeGreaterThan(600)
  const mark = await me.find('.preview-mark').evaluate(element => ({
    words: getComputedStyle(element, '::before').content,
    taps: getComputedStyle(element).pointerEvents,
  }))
  expect(mark).toEqual({ words: expect.stringContaining('预览'), taps: 'none' })

  expect(await me.find('[aria-role="radio"], .moods, .poll').count()).toBe(0)
  expect(await me.find('.action-bar, .share-row, .related').count()).toBe(0)
  expect(await me.shares()).toEqual([])
  expect(JSON.stringify(await me.storage())).not.toMatch(/鲸落|第二版|骨头/)

  await me.open({ path: 'pages/article/index', query: { id: articleId } })
  await me.waitFor('鲸落为什么能养活深海')
  expect(await me.text()).not.toContain('骨头里的虫')
  expect(await me.errors()).toEqual([])
})

test('a mini-code with another token, or a broken one, opens nothing', async () => {
  const { lines } = await newsroom.panel({ action: 'preview', draft: 'whale' })
  const [id] = (/scene=(\S+)/.exec(lines.join('\n'))?.[1] ?? '').split('.')
  for (const scene of [`${id}.0123456789abcdef`, 'nothere123.0123456789abcdef', `${id}`, '']) {
    await scan(scene)
    await me.waitFor('这个预览打不开')
    expect(await me.text()).not.toContain(title)
  }
  expect(await me.errors()).toEqual([])
})
