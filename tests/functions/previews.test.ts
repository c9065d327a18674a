import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { setMood } from '#contract/mood'
import { openPreview } from '#contract/preview'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import { ask, got, logsOf, putPolls, putRows, refused, rowsOf } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { type Answer, draftRow, type Newsroom, pollRow, startNewsroom } from '../support/newsroom'
import { startOutsideInstance } from '../support/outside-instance'
import { readCode } from '../support/qr-code'

const hour = 3_600_000

let newsroom: Newsroom
let cloud: CloudProcess
let guest: Reader

beforeAll(async () => {
  newsroom = await startNewsroom({ args: ['--site-url', 'http://127.0.0.1:10086/'] })
  cloud = newsroom.cloud
  guest = await cloud.guest()
  await putRows(cloud, 'publishedTopics', [
    {
      _id: 'deepsea001',
      state: 'published',
      title: '深海',
      lead: '没有阳光的城市。',
      cover: { src: '/pictures/a.jpg', width: 4, height: 3, alt: '海' },
      editor: '王编辑',
      publishedAt: { $date: '2026-01-01T00:00:00Z' },
      stories: [],
    },
  ])
}, 120_000)
afterAll(() => cloud?.stop())

const save = (id: string, changes: object = {}) => putRows(cloud, 'drafts', [draftRow(id, changes)])
const preview = (draft: string) => newsroom.panel({ action: 'preview', draft })
const sceneIn = ({ lines }: Answer) => /\/preview\?scene=([0-9a-z.]+)/.exec(lines.join('\n'))?.[1] ?? ''
const previewed = async (draft: string) => sceneIn(await preview(draft))
const open = async (scene: string) => (await got(cloud, guest, openPreview, { scene })).article
const pass = (ms: number) => cloud.control('clock', { move: ms })
const previewsIn = () => rowsOf(cloud, 'previews')

describe('a preview', () => {
  test('shows the draft as publishing would show it, to whoever has the link', async () => {
    await save('shown', {
      correction: '标题太长。',
      facts: '《深海》',
      topic: '',
      publishAt: '2026-11-20 09:30',
    })
    const before = await newsroom.draftOf('shown')
    const answer = await preview('shown')
    expect(answer).toEqual({
      ok: true,
      lines: [
        expect.stringMatching(/^预览做好了：北京时间 \d{4}-\d\d-\d\d \d\d:\d\d 前能打开，有链接的人都能看$/),
        expect.stringMatching(/^网页　\/preview\?scene=[0-9a-z]{10}\.[0-9a-z]{16}$/),
        expect.stringMatching(/^小程序码　https?:/),
        '读者还看不到这篇文章',
      ],
    })
    const scene = sceneIn(answer)
    const shown = await open(scene)
    // A draft's preview changes nothing in its row.
    expect(await newsroom.draftOf('shown')).toEqual(before)

    await newsroom.panel({ action: 'publish', draft: 'shown' })
    const { article } = await got(cloud, guest, openArticle, { articleId: await newsroom.storyOf('shown') })
    const { id, corrected, ...published } = article
    expect(shown).toMatchObject({ ...published, corrected: { reason: corrected?.reason } })
    expect(shown.id).not.toBe(id)
    expect(scene.startsWith(`${shown.id}.`)).toBe(true)
  })

  test('shows the draft’s 相关阅读 and its poll', async () => {
    await putPolls(cloud, [pollRow('previewed')])
    await save('near', { title: '鲸落旁边的章鱼' })
    await newsroom.panel({ action: 'publish', draft: 'near' })
    await save('with-both', { poll: 'previewed', related: ['near'], title: '别的鲸落' })
    const scene = await previewed('with-both')
    expect(await got(cloud, guest, openPreview, { scene })).toMatchObject({
      related: expect.arrayContaining([{ id: await newsroom.storyOf('near'), title: '鲸落旁边的章鱼' }]),
      poll: { question: '见过鲸吗？', choices: 'one', options: [{ label: '见过' }, { label: '没有' }] },
    })
  })

  test('has a mini-code, which the storage keeps and which opens the page', async () => {
    await save('coded')
    const answer = await preview('coded')
    const address = answer.lines.find(line => line.startsWith('小程序码'))?.slice(5) ?? ''
    const picture = Buffer.from(await (await fetch(address)).arrayBuffer())
    const page = `http://127.0.0.1:10086/more/preview/index?scene=${sceneIn(answer)}&env_version=trial`
    expect(await readCode(picture)).toBe(page)
  })

  test('gives the same refusal for a wrong token, another preview’s token and an unknown id', async () => {
    await save('closed')
    await save('other')
    const [scene, other] = [await previewed('closed'), await previewed('other')]
    const [id, token = ''] = scene.split('.')
    const wrong = token.replace(/^./, first => (first === 'a' ? 'b' : 'a'))
    const answers = await Promise.all(
      [`${id}.${wrong}`, `${id}.${other.split('.')[1]}`, `nothere123.${token}`].map(one =>
        ask(cloud, guest, openPreview, { scene: one }),
      ),
    )
    expect(answers).toEqual(
      Array(3).fill({ ok: false, error: { code: 'not-found', message: 'no such preview' } }),
    )
    const guesses = (await logsOf(cloud)).slice(-3)
    for (const { operations } of guesses)
      expect(operations).toMatchObject({ read: 1, write: 0, examined: expect.any(Number) })
    expect(Math.max(...guesses.map(({ operations }) => operations.examined ?? 0))).toBeLessThanOrEqual(1)
    expect(await open(scene)).toMatchObject({ title: '鲸落为什么能养活深海' })
  })

  test.each([
    ['no scene', {}],
    ['an id alone', { scene: 'abcdefgh' }],
    ['an operator', { scene: { $ne: 1 } }],
    ['a list', { scene: ['abcdefgh.0123456789abcdef'] }],
    ['a megabyte', { scene: 'a'.repeat(90_000) }],
  ])('refuses %s', async (_, data) => {
    const reply = await cloud.call(guest, 'content', { action: 'openPreview', data })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })

  test('does not change when the draft is edited; a new preview shows the new text', async () => {
    await save('edited')
    const first = await previewed('edited')
    await save('edited', { title: '鲸落怎样养活深海' })
    const second = await previewed('edited')
    expect((await open(first)).title).toBe('鲸落为什么能养活深海')
    expect((await open(second)).title).toBe('鲸落怎样养活深海')
  })

  test('of a new version does not change what readers see', async () => {
    await save('live', { status: '待发布' })
    await newsroom.tick()
    const articleId = await newsroom.storyOf('live')
    await save('live', { title: '第二版的题目', body: '第二版的正文。', status: '草稿' })
    const answer = await preview('live')
    expect(answer.lines).toContain('读者看到的还是第 1 版，没有变化')
    const read = await got(cloud, guest, openArticle, { articleId })
    expect(read.article).toMatchObject({ title: '鲸落为什么能养活深海', version: 1 })
    const shown = await open(sceneIn(answer))
    expect(shown).toMatchObject({ title: '第二版的题目', publishedAt: read.article.publishedAt })
  })

  test('appears in no list, search, ranking or topic, and cannot be voted on', async () => {
    const cover = { cover: '/pictures/a.jpg#1200x900', coverAlt: '星图' }
    await save('hidden', { ...cover, title: '仓鼠的星图', placement: '视觉焦点', topic: 'deepsea001' })
    const answer = await preview('hidden')
    expect(answer).toMatchObject({ ok: true })
    const shown = await open(sceneIn(answer))
    expect(shown.title).toBe('仓鼠的星图')
    await newsroom.tick()
    await pass(2 * hour)
    await newsroom.tick()
    const lists = await Promise.all([
      got(cloud, guest, readHome, {}),
      got(cloud, guest, readFeed, {}),
      got(cloud, guest, readFeed, { channel: 'earth' }),
      got(cloud, guest, search, { query: '仓鼠' }),
      got(cloud, guest, readTopic, { topicId: 'deepsea001' }),
    ])
    expect(JSON.stringify(lists)).not.toMatch(/仓鼠|hidden/)
    expect(JSON.stringify(lists)).not.toContain(shown.id)
    for (const name of ['articles', 'versions', 'rankings', 'votes'])
      expect(JSON.stringify(await rowsOf(cloud, name))).not.toContain(shown.id)
    const reader = await cloud.signIn()
    expect(await refused(cloud, reader, openArticle, { articleId: shown.id })).toMatchObject({
      code: 'not-found',
    })
    const vote = { articleId: shown.id, mood: 'happy', wish: 1 } as const
    expect(await refused(cloud, reader, setMood, vote)).toMatchObject({ code: 'not-found' })
  })

  test('is refused for a draft with problems, which the reply lists', async () => {
    const count = (await previewsIn()).length
    await save('faulty', { teaser: '', column: '海浪' })
    const { ok, lines } = await preview('faulty')
    expect({ ok, first: lines[0] }).toEqual({ ok: false, first: '没有做预览，请先改好' })
    expect(lines).toContain('问题　导语：还没有填写，请写上')
    expect(await preview('no-such-draft')).toEqual({ ok: false, lines: ['没有这篇稿件：no-such-draft'] })
    expect(await previewsIn()).toHaveLength(count)
  })

  test('lists the reminders too', async () => {
    await save('reminded', { body: '一头鲸。\n\n<script>alert(1)</script>' })
    const { lines } = await preview('reminded')
    expect(lines.filter(line => line.startsWith('提醒　'))).not.toEqual([])
  })

  test('of a draft that has five previews replaces the oldest one', async () => {
    await save('often')
    const first = await preview('often')
    const code = first.lines.find(line => line.startsWith('小程序码'))?.slice(5) ?? ''
    const scenes: string[] = [sceneIn(first)]
    await pass(1_000)
    for (let n = 1; n < 5; n++) {
      scenes.push(await previewed('often'))
      await pass(1_000)
    }
    expect((await fetch(code)).ok).toBe(true)
    const sixth = await preview('often')
    expect((await fetch(code)).ok).toBe(false)
    expect(sixth.lines).toContain('一篇稿件最多 5 个预览：最早的一个从现在起打不开了')
    const [oldest = '', ...others] = scenes
    expect(await refused(cloud, guest, openPreview, { scene: oldest })).toMatchObject({ code: 'not-found' })
    for (const scene of [...others, sceneIn(sixth)]) expect(await open(scene)).toBeDefined()
    expect((await previewsIn()).filter(({ draft }) => draft === 'often')).toHaveLength(5)
    // A day later nobody loses a preview by it: the replaced one had ended.
    await pass(25 * hour)
    expect((await preview('often')).lines).not.toContain('一篇稿件最多 5 个预览：最早的一个从现在起打不开了')
  })

  test('created at the same moment as others replaces none of them', async () => {
    await save('together')
    const answers = await Promise.all([preview('together'), preview('together'), preview('together')])
    const made = answers.filter(({ ok }) => ok)
    for (const { lines } of answers.filter(({ ok }) => !ok))
      expect(lines).toEqual(['有人同时在预览这篇稿件，没有做预览，请过一会儿再试'])
    expect(made.length).toBeGreaterThan(0)
    for (const answer of made) expect(await open(sceneIn(answer))).toBeDefined()
  })

  test('is audited with the editor’s name, and only the reply contains its token', async () => {
    await save('secret')
    const scene = await previewed('secret')
    await open(scene)
    const [, token = '-'] = scene.split('.')
    const collections = await cloud.control<string[]>('collections')
    expect(collections).toContain('previews')
    const rows = await Promise.all(collections.map(name => rowsOf(cloud, name)))
    expect(JSON.stringify([rows, (await logsOf(cloud)).map(({ lines }) => lines)])).not.toContain(token)
    expect((await newsroom.rowsIn('audit')).at(-1)).toMatchObject({
      action: 'preview',
      subject: 'secret',
      key: '王编辑',
      result: 'ok',
    })
  })

  test('cannot be opened any more once its story is withdrawn or its draft deleted; a later one can', async () => {
    const refusedNow = async (scene: string) =>
      expect(await refused(cloud, guest, openPreview, { scene })).toMatchObject({ code: 'not-found' })
    await save('leaves')
    const scenes = [await previewed('leaves'), await previewed('leaves')]
    await save('stays')
    const other = await previewed('stays')
    await newsroom.panel({ action: 'publish', draft: 'leaves' })
    expect(await open(scenes[1] ?? '')).toBeDefined()
    await newsroom.panel({ action: 'withdraw', draft: 'leaves', reason: '有误' })
    for (const scene of scenes) await refusedNow(scene)
    const again = await previewed('leaves')
    expect(await open(again)).toBeDefined()
    await newsroom.panel({ action: 'publish', draft: 'leaves' })
    await putRows(cloud, 'drafts', [{ ...(await newsroom.draftOf('leaves')), status: '待撤回' }])
    await newsroom.tick()
    await refusedNow(again)
    expect(await open(other)).toBeDefined()
    await cloud.control('remove', { collection: 'drafts', ids: ['stays'] })
    await refusedNow(other)
  })

  test('ends when its story goes offline and when the panel cancels its schedule; back to 草稿 it stays', async () => {
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    const timed = ['cancelled', 'halted']
    await save('offline', { status: '待发布', offlineAt: now + hour })
    for (const id of timed) await save(id, { status: '待发布', publishAt: now + 2 * hour })
    await newsroom.tick()
    const [offline = '', cancelled = '', halted = ''] = [
      ...[await previewed('offline'), await previewed('cancelled'), await previewed('halted')],
    ]
    for (const scene of [offline, cancelled, halted]) expect(await open(scene)).toBeDefined()
    await newsroom.panel({ action: 'withdraw', draft: 'cancelled', reason: '不发了' })
    await putRows(cloud, 'drafts', [{ ...(await newsroom.draftOf('halted')), status: '草稿' }])
    await pass(hour)
    await newsroom.tick()
    for (const scene of [offline, cancelled])
      expect(await refused(cloud, guest, openPreview, { scene })).toMatchObject({ code: 'not-found' })
    expect(await open(halted)).toBeDefined()
    expect(await newsroom.draftOf('halted')).toMatchObject({
      result: expect.stringMatching('取消了定时发布$'),
    })
  })

  test('cannot be opened after a day; the clock then removes it with its mini-code', async () => {
    await save('old')
    const answer = await preview('old')
    const scene = sceneIn(answer)
    const address = answer.lines.find(line => line.startsWith('小程序码'))?.slice(5) ?? ''
    await pass(24 * hour - 60_000)
    expect(await open(scene)).toBeDefined()
    await pass(60_000)
    await save('new')
    const kept = await previewed('new')
    expect(await ask(cloud, guest, openPreview, { scene })).toEqual({
      ok: false,
      error: { code: 'not-found', message: 'no such preview' },
    })
    // More than one request lists: without a code, and with a code whose file somebody has deleted.
    const row = (await previewsIn()).find(({ draft }) => draft === 'old')
    const absent = String(row?.code).replace(/[^/]+$/, 'absent.png')
    await putRows(
      cloud,
      'previews',
      Array.from({ length: 60 }, (_, n) => ({ ...row, _id: `expired-${n}`, code: n % 2 ? '' : absent })),
    )
    await pass(hour)
    expect(await newsroom.tick()).toEqual({ ok: true })
    expect((await previewsIn()).map(({ draft }) => draft)).toEqual(['new'])
    expect(await open(kept)).toBeDefined()
    expect((await fetch(address)).ok).toBe(false)
    await newsroom.tick()
    const idle = (await logsOf(cloud)).filter(({ functionName }) => functionName === 'clock').at(-1)
    expect(idle?.operations).toMatchObject({ read: 2, write: 0, transaction: 0, storage: 0 })
  })

  test('that is made between another’s reading of its place and its change to it stays as it is', async () => {
    await save('contested')
    const outside = await startOutsideInstance(cloud, { EDITOR_KEYS: newsroom.keys })
    const ahead = async () => (await cloud.control<{ now: number }>('clock', { move: 0 })).now - Date.now()
    /** Previews the draft when an instance is about to send a request of this kind to the previews. */
    const previewBefore = (action: string, scenes: string[]) => {
      outside.onRequest = async body => {
        const isIt = body.includes(action) && body.includes('previews')
        if (isIt && scenes.length === 0) scenes.push(await previewed('contested'))
        return true
      }
    }
    try {
      for (let n = 0; n < 5; n++) await previewed('contested')
      const scenes: string[] = []
      previewBefore('database.modifyDocument', scenes)
      const event = { action: 'preview', draft: 'contested', key: newsroom.key }
      const offset = await ahead()
      const answer = await outside.call<Answer>({ name: 'editor', source: '', event, offset })
      for (const scene of [...scenes, sceneIn(answer)]) expect(await open(scene)).toBeDefined()
      expect(scenes).toHaveLength(1)

      await pass(25 * hour)
      const later: string[] = []
      previewBefore('database.removeDocument', later)
      expect(await outside.tick(await ahead())).toEqual({ ok: true })
      expect(later).toHaveLength(1)
      for (const scene of later) expect(await open(scene)).toBeDefined()

      // A row names the file that is left, so it stays until the storage has deleted the file.
      await pass(25 * hour)
      outside.letPass()
      outside.onReply = (body, reply) =>
        body.includes('storage.batchDeleteFile')
          ? reply.replaceAll(/"(SUCCESS|STORAGE_FILE_NONEXIST)"/g, '"STORAGE_REQUEST_FAIL"')
          : true
      const [failing] = await previewsIn()
      await putRows(
        cloud,
        'previews',
        Array.from({ length: 60 }, (_, n) => ({ ...failing, _id: `failing-${n}` })),
      )
      let listings = 0
      outside.onRequest = body => {
        if (body.includes('database.getDocument') && body.includes('"previews"')) listings += 1
        return true
      }
      await outside.tick(await ahead())
      expect(await previewsIn()).not.toEqual([])
      // It leaves them to the next hour, and does not ask for the same ones until its time is up.
      expect(listings).toBe(1)
      outside.letPass()
      await pass(hour)
      await outside.tick(await ahead())
      expect(await previewsIn()).toEqual([])
    } finally {
      outside.close()
    }
  })
})

test('a preview without a mini-code still has its link, and says why there is no code', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kepu-previews-'))
  cpSync(path.resolve(__dirname, '../../dist/cloudfunctions'), folder, { recursive: true })
  writeFileSync(path.join(folder, 'editor/config.json'), '{ "timeout": 20 }')
  const elsewhere = await startNewsroom({ functionsFolder: folder })
  try {
    await putRows(elsewhere.cloud, 'drafts', [draftRow('plain')])
    const answer = await elsewhere.panel({ action: 'preview', draft: 'plain' })
    expect(answer.lines).toContain(
      '小程序码　没有：函数 editor 还没有生成小程序码的权限，请开发人员用微信开发者工具重新上传它。网页链接照常能用',
    )
    const visitor = await elsewhere.cloud.visitor()
    await got(elsewhere.cloud, visitor, openPreview, { scene: sceneIn(answer) })
  } finally {
    await elsewhere.cloud.stop()
    rmSync(folder, { recursive: true })
  }
}, 60_000)
