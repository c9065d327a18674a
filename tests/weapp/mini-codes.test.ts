import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { type Driver, launch } from '../../weapp-host/driver'
import type { ApiFault } from '../../weapp-host/protocol'
import { putRows, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { draftRow, type Newsroom, startNewsroom } from '../support/newsroom'
import { readCode } from '../support/qr-code'
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
  const story = 'poster0001'
  const cover = { src: 'cloud://env.bucket/covers/a.png', width: 900, height: 600, alt: '' }
  const article = { path: 'pages/article/index', query: { id: story, mark: 'parent0001' } }
  const poster = { path: 'more/poster/index', query: { id: story } }
  const drawn = '保存到相册'
  let red: string
  let phone: Driver
  /** The story and its mark, as the code on the poster has them. */
  let scene = ''

  beforeAll(async () => {
    const row = storyRow(story, 0, { title: '深海的绿洲', source: '一家报纸', cover })
    await putRows(newsroom.cloud, 'articles', [row])
    const picture = sharp({ create: { width: 90, height: 60, channels: 3, background: '#f00' } })
    red = `data:image/png;base64,${(await picture.png().toBuffer()).toString('base64')}`
    phone = await install()
  }, 60_000)

  afterAll(() => phone?.close())

  const install = async (faults: Record<string, ApiFault> = {}) => {
    const cloud = await phoneCloud(newsroom.cloud)
    const fileUrl = () => Promise.resolve(red)
    return launch({ browser, dist: await weappDist(), cloud: { ...cloud, fileUrl }, faults })
  }
  const pictureOn = async (phone: Driver): Promise<Buffer> => {
    const shown = phone.find('.poster-picture img')
    await shown.waitFor()
    const data = await shown.evaluate(async image => {
      const bytes = new Uint8Array(await (await fetch((image as HTMLImageElement).src)).arrayBuffer())
      return [...bytes]
    })
    return Buffer.from(data)
  }
  const colourAt = async (picture: Buffer, left: number, top: number) => {
    const one = sharp(picture).extract({ left, top, width: 1, height: 1 }).removeAlpha()
    return (await one.raw().toBuffer()).toString('hex')
  }
  const callsOf = async (phone: Driver, action: string) =>
    (await phone.calls('cloud.callFunction')).filter(({ args }) => JSON.stringify(args).includes(action))
  const marks = async () =>
    (await newsroom.rowsIn('shares')).filter(row => row.articleId === story && row.channel === 'poster')

  test('contains its cover and a code with the share’s mark', async () => {
    await phone.open(article)
    await phone.tap('生成海报')
    await phone.waitFor(drawn)
    const picture = await pictureOn(phone)
    expect((await sharp(picture).metadata()).width).toBe(750)
    expect(await colourAt(picture, 375, 250)).toBe('ff0000')
    await phone.waitFor(async () => (await marks()).length > 0)
    const [share] = await marks()
    expect(share).toMatchObject({ parent: 'parent0001' })
    scene = `${story}-${String(share?._id)}`
    expect(await readCode(picture)).toBe(`${site}/pages/article/index?scene=${scene}`)
  })

  test('that is drawn again has the same code: it costs the cloud nothing, and is no other share', async () => {
    await phone.back()
    await phone.tap('生成海报')
    await phone.waitFor(drawn)
    // Longer than a share waits before it is sent.
    await phone.quiet(350)
    expect(await callsOf(phone, 'drawCode')).toHaveLength(1)
    expect(await callsOf(phone, 'recordShare')).toHaveLength(1)
    expect(await marks()).toHaveLength(1)
  })

  test('has a code that opens the story, which records its mark', async () => {
    await phone.open({
      path: 'pages/article/index',
      query: { scene: encodeURIComponent(scene) },
      scene: 1047,
    })
    await phone.waitFor('深海的绿洲')
    await phone.waitFor(async () => JSON.stringify(await marks()).includes('"poster":1'))
    expect(await marks()).toHaveLength(1)
    expect(await phone.errors()).toEqual([])
  })

  test('is dark at night, with a code that cameras can read, and goes where WeChat offers', async () => {
    await phone.setTheme('dark')
    await phone.open(poster)
    await phone.waitFor(drawn)
    const picture = await pictureOn(phone)
    expect(await colourAt(picture, 2, 510)).toBe('141414')
    // It follows the phone's theme while it is open.
    await phone.setTheme('light')
    await phone.waitFor(async () => (await colourAt(await pictureOn(phone), 2, 510)) === 'fbfaf7')
    const address = (await readCode(picture)) ?? ''
    const mark = address.split('-').at(-1)
    expect(mark).toMatch(/^[0-9a-z]{10}$/)

    await phone.tap(phone.find('.poster-picture'))
    await phone.waitFor(async () => (await phone.calls('previewImage')).length > 0)
    await phone.window.locator('.host-preview').first().tap()
    // The picture says enough.
    expect(await phone.calls('showToast')).toEqual([])
    await phone.tap(drawn)
    await phone.waitFor('已保存到相册')
    await phone.tap('分享图片')
    await phone.waitFor(async () => (await phone.calls('showShareImageMenu')).length > 0)
    const [menu] = await phone.calls('showShareImageMenu')
    expect(menu?.args[0]).toMatchObject({
      path: expect.stringMatching(/^wxfile:/),
      entrancePath: `/pages/article/index?id=${story}&mark=${mark}`,
      needShowEntrance: true,
    })
    expect(await phone.errors()).toEqual([])
  })

  test('is drawn without a cover that does not load, and each refusal of the phone is told in words', async () => {
    const strict = await install({
      'cloud.downloadFile': 'fails',
      previewImage: 'fails',
      saveImageToPhotosAlbum: 'refused',
      showShareImageMenu: 'fails',
    })
    await strict.open(poster)
    await strict.waitFor(drawn)
    expect(await colourAt(await pictureOn(strict), 375, 20)).toBe('fbfaf7')
    await strict.tap(strict.find('.poster-picture'))
    await strict.waitFor('没能放大海报')
    await strict.tap(drawn)
    await strict.waitFor('请在右上角的设置里允许保存到相册')
    await strict.tap('分享图片')
    await strict.waitFor('没能打开分享菜单')
    const menus = (await strict.calls('showShareImageMenu')).map(({ args }) => args[0])
    expect(menus).toMatchObject([{ needShowEntrance: true }, { needShowEntrance: false }])
    expect(await strict.errors()).toEqual([])
    await strict.close()
  })

  test('that the phone cannot draw says so, and can be drawn again', async () => {
    const strict = await install({ canvasToTempFilePath: 'fails' })
    await strict.open(poster)
    await strict.waitFor('这台手机没能画出海报')
    await strict.tap('重新生成')
    await strict.waitFor(async () => (await strict.calls('canvasToTempFilePath')).length === 2)
    await strict.waitFor('这台手机没能画出海报')
    expect(await callsOf(strict, 'drawCode')).toHaveLength(1)
    await strict.close()
  })
})
