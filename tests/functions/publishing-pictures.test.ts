import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import * as v from 'valibot'
import { Article } from '#contract/article'
import { putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'

const key = 'a-key-of-an-editor'

let cloud: CloudProcess
let upload: (path: string, content: Buffer) => Promise<string>

beforeAll(async () => {
  const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })
  cloud = await startAppCloud({ args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`] })
  Object.assign(process.env, cloud.adminEnv)
  const { init } = require('@cloudbase/node-sdk') as {
    init(options: object): { uploadFile(file: object): Promise<{ fileID: string }> }
  }
  const app = init({ env: cloud.adminEnv.TCB_ENV })
  upload = async (path, content) => (await app.uploadFile({ cloudPath: path, fileContent: content })).fileID
}, 120_000)
afterAll(() => cloud?.stop())

const panel = async (action: string, draft: string) => {
  const body = { name: 'editor', event: { key, action, draft }, source: null }
  const { result } = await cloud.control<{ result: { ok: boolean; lines: string[] } }>('invoke', body)
  return result
}

const draftRow = (_id: string, changes: object) => ({
  _id,
  title: '鲸落',
  teaser: '一头鲸沉到海底。',
  channel: '地球',
  column: '海洋',
  body: '一头鲸沉到海底。',
  ...changes,
})

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#246' } })
    .png()
    .toBuffer()

test('the size of stored pictures is read from the files, whatever size the editor wrote', async () => {
  const cover = await upload('pictures/cover.png', await drawn(1000, 600))
  const inside = await upload('pictures/inside.png', await drawn(640, 480))
  const body = `一。\n\n![海底](${inside}#1x1 "海底｜图：某")`
  await putRows(cloud, 'drafts', [draftRow('measured', { cover: [cover], coverAlt: '鲸', body })])
  expect(await panel('publish', 'measured')).toMatchObject({ ok: true, lines: [expect.anything()] })
  const story = (await rowsOf(cloud, 'articles')).find(({ draft }) => draft === 'measured')
  const plain = JSON.parse(JSON.stringify(story), (_, value) => Number(value?.$numberInt) || value)
  expect(plain).toMatchObject({
    cover: { src: cover, width: 1000, height: 600, alt: '鲸' },
    blocks: [
      { type: 'paragraph' },
      { type: 'picture', src: inside, width: 640, height: 480, alt: '海底', caption: '海底', credit: '某' },
    ],
  })
})

test('分享图 is checked as the cover is, and readers’ phones get it', async () => {
  const square = await upload('pictures/square.png', await drawn(800, 800))
  const long = await upload('pictures/long.png', await drawn(900, 100))
  await putRows(cloud, 'drafts', [draftRow('shared', { shareCover: [long] })])
  expect((await panel('check', 'shared')).lines.slice(-1)).toEqual([
    '  问题　分享图：太宽（900×100），宽和高最多差 3 倍，请裁剪或换一张',
  ])
  await putRows(cloud, 'drafts', [draftRow('shared', { shareCover: [square] })])
  expect(await panel('publish', 'shared')).toMatchObject({ ok: true })
  const story = (await rowsOf(cloud, 'articles')).find(({ draft }) => draft === 'shared')
  const articleId = String(story?._id)
  const event = { action: 'openArticle', data: { articleId } }
  const reply = (await cloud.call(await cloud.guest(), 'content', event)) as { data: unknown }
  const { article } = v.parse(v.object({ article: Article }), reply.data)
  expect(article.shareCover).toEqual({ src: square, width: 800, height: 800, alt: '鲸落' })
  expect(article).not.toHaveProperty('cover')
})

test('an unusable picture is a problem with field, place and remedy, and nothing is published', async () => {
  const page = await upload('pictures/page.jpg', Buffer.from('<!doctype html><p>x</p>'.repeat(20)))
  const wide = await upload('pictures/wide.png', await drawn(900, 100))
  const cut = await upload('pictures/cut.png', (await drawn(640, 480)).subarray(0, -30))
  const dot = await upload('pictures/dot.png', await drawn(1, 1))
  const bomb = Buffer.from(
    await sharp(await drawn(64, 64))
      .gif()
      .toBuffer(),
  )
  bomb.writeUInt16LE(29_500, 6)
  bomb.writeUInt16LE(29_283, 8)
  const vast = await upload('pictures/vast.gif', bomb)
  const missing = page.replace('page.jpg', 'gone.jpg')
  const body = [
    '一。',
    `![页](${page})`,
    `![无](${missing})`,
    '![外](https://elsewhere.example/a.jpg)',
    '![内](https://127.0.0.1/a.jpg)',
    '![名](a.jpg)',
    '![自](/pictures/a.jpg)',
    `![断](${cut})`,
    `![点](${dot})`,
    `![巨](${vast})`,
  ].join('\n\n')
  await putRows(cloud, 'drafts', [draftRow('unusable', { cover: wide, coverAlt: '宽', body })])
  const host = '，不在允许的网站之列，请先上传到云存储，再写它的 cloud:// 地址'
  const problems = [
    '封面：太宽（900×100），宽和高最多差 3 倍，请裁剪或换一张',
    `正文：第 2 段的图片的地址打开后不是图片，只能用 JPEG、PNG、GIF 和 WebP：${page}`,
    `正文：第 3 段的图片在云存储里找不到，请核对地址：${missing}`,
    `正文：第 4 段的图片放在 elsewhere.example${host}：https://elsewhere.example/a.jpg`,
    `正文：第 5 段的图片放在 127.0.0.1${host}：https://127.0.0.1/a.jpg`,
    '正文：第 6 段：找不到图片：a.jpg',
    '正文：第 7 段的图片要写上大小，如 /pictures/a.jpg#1200x800：/pictures/a.jpg',
    `正文：第 8 段的图片没有传完整，后面缺了一段，请重新上传：${cut}`,
    `正文：第 9 段的图片只有 1×1 像素，看不见，请删去或换一张：${dot}`,
    `正文：第 10 段的图片有 29500×29283 像素，手机打不开，请缩小再上传：${vast}`,
  ]
  for (const action of ['check', 'publish'])
    expect(
      (await panel(action, 'unusable')).lines
        .filter(line => line.includes('问题　'))
        .map(line => line.trim().replace('问题　', '')),
    ).toEqual(problems)
  expect((await rowsOf(cloud, 'articles')).map(({ draft }) => draft)).not.toContain('unusable')
})

test('too many pictures are one problem', async () => {
  const body = Array.from({ length: 101 }, (_, n) => `![图](/pictures/${n}.jpg#9x9)`).join('\n\n')
  await putRows(cloud, 'drafts', [draftRow('many', { body })])
  expect((await panel('check', 'many')).lines.slice(-1)).toEqual(['  问题　正文：有 101 张图片，最多 100 张'])
})

test('a picture whose address expires is copied into the storage; a repeat finds the same copy, a check copies nothing', async () => {
  let picture = await drawn(400, 300)
  const server = createServer((_request, response) => response.end(picture))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // The function's module in this process, with the stand-in as a listed host.
  const { readPictures } =
    require('#shared/publishing/pictures/read-pictures') as typeof import('#shared/publishing/pictures/read-pictures')
  const guard = { allows: (url: URL) => url.origin === origin, isPublic: () => true }
  const read = async (address: string, copies: boolean) =>
    (await readPictures([address], copies, [], guard)).get(address)
  try {
    const size = { width: 400, height: 300, bytes: picture.length }
    for (const signed of ['sign=1&t=2', 'X-Amz-Expires=60', 'q-sign-time=1;2', 'Expires=9&Signature=x']) {
      const address = `${origin}/a.png?${signed}`
      const copy = await read(address, true)
      expect(copy).toMatchObject({ ...size, src: expect.stringMatching(/^cloud:.*\/stories\/\w{32}\.png$/) })
      expect(await read(address, true)).toEqual(copy)
      expect(await read(address, false)).toEqual({ ...size, src: address })
      // What was copied opens as any other picture of the storage.
      const src = copy && 'src' in copy ? copy.src : ''
      expect(await read(src, true)).toEqual(copy)
    }
    // While the row waits for its time, the address expires. The copy is used.
    const expired = {
      from: `${origin}/gone.png?sign=2`,
      to: String(((await read(`${origin}/a.png?sign=2`, true)) as { src: string }).src),
    }
    picture = Buffer.from('expired')
    const found = (await readPictures([expired.from], true, [expired], guard)).get(expired.from)
    expect(found).toEqual({ ...size, src: expired.to })
    expect(await read(expired.from, true)).toHaveProperty('fault')
    picture = await drawn(400, 300)
    const lasting = `${origin}/a.png?width=9`
    expect(await read(lasting, true)).toEqual({ ...size, src: lasting })
  } finally {
    server.close()
  }
})

test('a row that waits for its time keeps the copies of its pictures, and is published with them', async () => {
  const to = await upload('stories/kept.png', await drawn(640, 480))
  const from = 'https://gone.tcb.qcloud.la/a.png?sign=1&t=2'
  const checked = { hash: '', at: { $date: '2026-01-01T00:00:00Z' }, copies: [{ from, to }] }
  const row = draftRow('waits', { body: `一。\n\n![海底](${from})`, publishAt: '2090-01-02 09:30', checked })
  await putRows(cloud, 'drafts', [row])
  expect(await panel('check', 'waits')).toMatchObject({ ok: true })
  expect((await panel('publish', 'waits')).lines[0]).toMatch('已定时')
  const kept = (await rowsOf(cloud, 'drafts')).find(({ _id }) => _id === 'waits')
  expect(kept?.checked).toMatchObject({ copies: [{ from, to }] })
  await putRows(cloud, 'drafts', [{ ...kept, status: '待发布', publishAt: 0 } as never])
  expect(await panel('publish', 'waits')).toMatchObject({ ok: true })
  const story = (await rowsOf(cloud, 'articles')).find(({ draft }) => draft === 'waits')
  expect(JSON.stringify(story)).toContain(to)
})
