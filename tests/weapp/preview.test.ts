import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { type Driver, launch } from '../../weapp-host/driver'
import { putRows } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { draftRow, type Newsroom, startNewsroom } from '../support/newsroom'
import { isCodeOf } from '../support/qr-code'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

const site = 'http://127.0.0.1:10086'
let browser: Browser
let newsroom: Newsroom
let me: Driver

beforeAll(async () => {
  const dist = await weappDist()
  ;[browser, newsroom] = await Promise.all([launchBrowser(), startNewsroom({ args: ['--site-url', site] })])
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

describe('the poster of a story', () => {
  const poster = async (phone: Driver) => {
    const articleId = await newsroom.storyOf('whale')
    await phone.open({ path: 'more/poster/index', query: { id: articleId } })
    await phone.waitFor('保存到相册')
    return articleId
  }
  const sharesBy = async (channel: string) =>
    (await newsroom.rowsIn('shares')).filter(row => row.channel === channel)

  test('contains the code of the story with its mark, and the code opens the story', async () => {
    const articleId = await poster(me)
    const shown = me.find('.poster-picture img')
    await shown.waitFor()
    const data = await shown.evaluate(async image => {
      const bytes = new Uint8Array(await (await fetch((image as HTMLImageElement).src)).arrayBuffer())
      return [...bytes]
    })
    const picture = Buffer.from(data)
    const { width = 0, height = 0 } = await sharp(picture).metadata()
    expect(width).toBe(750)
    const size = 192
    const code = await sharp(picture)
      .extract({ left: width - 48 - size, top: height - 48 - size, width: size, height: size })
      .png()
      .toBuffer()
    await me.quiet()
    const [share] = await sharesBy('poster')
    const scene = `${articleId}-${String(share?._id)}`
    expect(await isCodeOf(code, `${site}/pages/article/index?scene=${scene}`)).toBe(true)

    await me.open({ path: 'pages/article/index', query: { scene: encodeURIComponent(scene) }, scene: 1047 })
    await me.waitFor('鲸落')
    await me.quiet()
    expect(JSON.stringify(await sharesBy('poster'))).toContain('"poster":1')
    expect(await me.errors()).toEqual([])
  })

  test('is saved and sent with WeChat’s own menus', async () => {
    await poster(me)
    await me.tap('保存到相册')
    await me.waitFor('已保存到相册')
    await me.tap('分享图片')
    await me.quiet()
    expect(await me.errors()).toEqual([])
  })

  test('says so where the phone refuses to save or to send it', async () => {
    const strict = await launch({
      browser,
      dist: await weappDist(),
      cloud: await phoneCloud(newsroom.cloud),
      faults: { saveImageToPhotosAlbum: 'fails', showShareImageMenu: 'fails' },
    })
    await poster(strict)
    await strict.tap('保存到相册')
    await strict.waitFor('没能保存')
    await strict.tap('分享图片')
    await strict.waitFor('没能打开分享菜单')
    expect(await strict.errors()).toEqual([])
    await strict.close()
  })
})
