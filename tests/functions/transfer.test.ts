import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openArticle } from '#contract/article'
import { setMood } from '#contract/mood'
import { restoreBackup } from '../../deploy/backup/restore'
import { saveBackup } from '../../deploy/backup/save'
import { openLocalCloud } from '../../deploy/local-cloud'
import { got, putRows, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { type OutsideInstance, startOutsideInstance } from '../support/outside-instance'

const key = 'a-key-of-an-editor'
const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })

interface Answer {
  ok: boolean
  lines: string[]
}

let cloud: CloudProcess

beforeAll(async () => {
  cloud = await startAppCloud({
    args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`, '--console', 'dist/console'],
  })
}, 120_000)
afterAll(() => cloud?.stop())

const panel = async (event: object): Promise<Answer> =>
  (await cloud.control<{ result: Answer }>('invoke', { name: 'editor', event: { key, ...event } })).result

/** Puts a file into cloud storage, as an editor does in the console. */
async function stored(name: string, content: string | Buffer): Promise<string> {
  const permit = await fetch(`${cloud.url}/console/api/permit-upload`, {
    method: 'POST',
    headers: { 'x-local-key': cloud.consoleToken },
    body: JSON.stringify({ path: `imports/${name}` }),
  })
  const { url, authorization, fileId } = JSON.parse(await permit.text()) as Record<string, string>
  await fetch(String(url), {
    method: 'PUT',
    headers: { authorization: String(authorization) },
    body: new Uint8Array(Buffer.from(content as string)),
  })
  return String(fileId)
}

const draftsIn = async () =>
  (await rowsOf(cloud, 'drafts')).map(({ _id, title, credit }) => ({ _id, title, credit }))

test('a file is first only checked, then written; an update keeps fields that the file does not contain', async () => {
  await putRows(cloud, 'drafts', [{ _id: 'old', title: '旧标题', credit: '图／林海', status: '草稿' }])
  const file = await stored('a.csv', '\uFEFF_id,标题,标签\r\nold,新标题,海洋、潮汐\r\nnew,另一篇,\r\n')
  const event = { action: 'import', collection: 'drafts', file, mode: 'upsert' }
  const preview = await panel(event)
  expect(preview).toMatchObject({ ok: true })
  expect(preview.lines.slice(1)).toEqual([
    '新增 1 行，更新 1 行，没有变化 0 行，不能导入 0 行',
    '第 2 行　更新　old《新标题》：标题、标签',
    '第 3 行　新增　new《另一篇》',
  ])
  expect(await draftsIn()).toEqual([{ _id: 'old', title: '旧标题', credit: '图／林海' }])

  expect((await panel({ ...event, write: true })).lines[0]).toBe('写入了 2 行')
  expect(await draftsIn()).toEqual([
    { _id: 'old', title: '新标题', credit: '图／林海' },
    { _id: 'new', title: '另一篇' },
  ])
  const again = await panel({ ...event, write: true })
  expect(again).toMatchObject({ ok: true })
  expect(again.lines.slice(0, 2)).toEqual([
    '写入了 0 行',
    '新增 0 行，更新 0 行，没有变化 2 行，不能导入 0 行',
  ])
  expect(again.lines.at(-1)).toBe('文件还在云存储里，知道地址的人都读得到：请删去它')
})

describe('a run that takes long', () => {
  const ids = Array.from({ length: 25 }, (_, n) => `time-${String(n + 1).padStart(2, '0')}`)
  const rows = ids.map(_id => JSON.stringify({ _id, question: _id })).join('\n')
  let outside: OutsideInstance
  let file: string

  beforeAll(async () => {
    outside = await startOutsideInstance(cloud, { EDITOR_KEYS: keys })
    file = await stored('time.jsonl', rows)
  })
  afterAll(() => outside.close())
  beforeEach(() => outside.letPass())

  const call = (event: object) =>
    outside.call<Answer>({ name: 'editor', source: '', event: { key, collection: 'polls', ...event } })
  /** Moves the instance's clock at its first request for these documents that is of this kind. */
  const takes = (ms: number, kind: string, collection = 'polls') => {
    let isPast = false
    outside.onRequest = async body => {
      if (!isPast && body.includes(`database.${kind}`) && body.includes(`"${collection}"`)) {
        isPast = true
        await outside.pass(ms)
      }
      return true
    }
  }
  const kept = async () => (await rowsOf(cloud, 'polls')).map(({ _id }) => String(_id)).sort()

  test('says after twelve seconds up to which line it has checked, and writes nothing of a file that it did not check', async () => {
    takes(11_000, 'getDocument')
    expect((await call({ action: 'import', file })).lines[0]).toMatch('这是预览，还没有写入')
    takes(13_000, 'getDocument')
    expect(await call({ action: 'import', file })).toMatchObject({
      ok: false,
      lines: [
        '时间到了，查到第 1 行。接着查，请再运行一次，并写上 "from": 2',
        expect.stringMatching(/^新增 /),
        expect.anything(),
      ],
    })
    takes(13_000, 'getDocument')
    const { ok, lines } = await call({ action: 'import', file, write: true })
    expect({ ok, first: lines[0] }).toEqual({
      ok: false,
      first: '时间到了，查到第 1 行。没有导入任何内容：文件太大，在这里查不完，请分成几个文件',
    })
    expect(await kept()).toEqual([])
  })

  test('writes ten rows at a time until it has taken sixteen seconds, and goes on from the line that it names', async () => {
    takes(17_000, 'insertDocument')
    const { ok, lines } = await call({ action: 'import', file, write: true })
    expect({ ok, told: lines.slice(0, 2) }).toEqual({
      ok: false,
      told: ['写入了 10 行', '时间到了，写到第 11 行之前；接着写，请再运行一次，并写上 "from": 11'],
    })
    expect(lines).not.toContain('文件还在云存储里，知道地址的人都读得到：请删去它')
    expect(await kept()).toEqual(ids.slice(0, 10))
    outside.letPass()
    expect((await call({ action: 'import', file, write: true, from: 11 })).lines[0]).toBe('写入了 15 行')
    expect(await kept()).toEqual(ids)
  })

  test('leaves alone the rows that others add or delete meanwhile, and says so', async () => {
    const both = await stored(
      'both.jsonl',
      '{"_id":"time-01","question":"改"}\n{"_id":"raced","question":"新"}',
    )
    const race = async () => {
      await cloud.control('remove', { collection: 'polls', ids: ['time-01'] })
      await putRows(cloud, 'polls', [{ _id: 'raced', question: '别人的' }])
    }
    let raced: Promise<void> | undefined
    outside.onRequest = async body => {
      if (!/database\.(insert|modify|update)/.test(body) || !body.includes('"polls"')) return true
      raced ??= race()
      await raced
      return true
    }
    const { ok, lines } = await call({ action: 'import', file: both, mode: 'upsert', write: true })
    expect({ ok, told: lines.slice(0, 3) }).toEqual({
      ok: false,
      told: [
        '写入了 0 行',
        '第 1 行　没有写：time-01 刚刚被别人删去了',
        '第 2 行　没有写：raced 刚刚被别人加上了',
      ],
    })
    const rows = await rowsOf(cloud, 'polls')
    expect(rows.filter(({ _id }) => ['time-01', 'raced'].includes(String(_id)))).toEqual([
      { _id: 'raced', question: '别人的' },
    ])
  })

  test('because its file cannot be read imports nothing', async () => {
    outside.onReply = (_, reply) => reply.replaceAll('/storage/imports/', '/storage/nowhere/')
    expect(await call({ action: 'import', file })).toEqual({
      ok: false,
      lines: ['没有导入任何内容', '云存储里的这个文件读不出来'],
    })
  })

  test('of an export gives up after twelve seconds and stores no file', async () => {
    takes(13_000, 'getDocument')
    expect(await call({ action: 'export' })).toEqual({
      ok: false,
      lines: ['内容太多，在这里导不完：请用控制台自己的导出'],
    })
    expect((await rowsOf(cloud, 'settings')).filter(({ _id }) => String(_id).startsWith('export:'))).toEqual(
      [],
    )
    // All of them, although it reads twenty at a time.
    outside.letPass()
    const { lines } = await call({ action: 'export', format: 'jsonl' })
    const text = await (await fetch(String(lines[2]))).text()
    const exported = text.split('\n').flatMap(line => /"_id":"([^"]+)"/.exec(line)?.[1] ?? [])
    expect([lines[0], exported]).toEqual([`导出了 ${ids.length} 行`, await kept()])
  })

  test('of a check stops after eight seconds and is continued after the row that it names', async () => {
    takes(9_000, 'getDocument')
    const first = await call({ action: 'check' })
    const told = first.lines.at(-1) ?? ''
    const [, after = ''] =
      /^查到 (\S+) 为止；接着查，请再运行一次 check，并写上 "after": "(\S+)"$/.exec(told) ?? []
    expect(after).not.toBe('')
    expect(first.lines[0]).toBe('查了 1 个云投，1 个有问题')
    outside.letPass()
    const rest = await call({ action: 'check', after })
    expect(rest.lines[0]).toBe('查了 24 个云投，24 个有问题')
    await cloud.control('remove', { collection: 'polls', ids: [...ids, 'raced'] })
  })
})

test('an editor is told what the cloud could not do, and nothing of why', async () => {
  const outside = await startOutsideInstance(cloud, { EDITOR_KEYS: keys })
  const answer = (action: string) =>
    outside.call<Answer>({ name: 'editor', source: '', event: { key, action, draft: 'old' } })
  try {
    outside.onRequest = () => false
    expect(await answer('history')).toEqual({
      ok: false,
      lines: ['云端正忙，这一步没有做完，请过一会儿再试一次'],
    })
    // It reads again by itself until its time is up.
    expect(await answer('placement')).toEqual({
      ok: false,
      lines: ['云端正忙，没有改动任何内容，请过一会儿再试'],
    })
    outside.letPass()
    outside.onReply = () => '{"code":"DATABASE_COLLECTION_NOT_EXIST","message":"secret"}'
    expect(await answer('history')).toEqual({
      ok: false,
      lines: ['出错了，请把时间告诉开发人员；读者看到的内容没有变坏'],
    })
  } finally {
    outside.close()
  }
})

test('if one row cannot be imported, no row is written', async () => {
  const before = await draftsIn()
  const file = await stored('b.jsonl', '{"_id":"good"}\n{"_id":"old"}\n{"_id":\n')
  const answer = await panel({ action: 'import', collection: 'drafts', file, write: true })
  expect(answer).toMatchObject({ ok: false })
  expect(answer.lines).toContain(
    '第 2 行　不能导入　old 已经有了：要更新它，请选“新增或更新”（面板写 "mode":"upsert"）',
  )
  expect(answer.lines).toContain('第 3 行　不能导入　这一行不是完整的 JSON：一行写一个 { … }')
  expect(await draftsIn()).toEqual(before)
})

test.each([
  ['another collection', { collection: 'votes', file: 'cloud://local/a.csv' }, 'collection：请写'],
  ['a file elsewhere', { collection: 'drafts', file: 'https://evil.example/a.csv' }, 'file：请写'],
  ['a file that is missing', { collection: 'drafts', file: 'cloud://local/none.csv' }, 'file：云存储里没有'],
])('an import of %s is refused', async (_what, event, told) => {
  const { ok, lines } = await panel({ action: 'import', ...event })
  expect(ok).toBe(false)
  expect(lines.join('\n')).toContain(told)
})

test('a run continues from the given line', async () => {
  const file = await stored('from.csv', '_id,标题\nfrom-1,一\nfrom-2,二\nfrom-3,三\n')
  const event = { action: 'import', collection: 'topics', file, from: 3 }
  const preview = await panel(event)
  expect(preview.lines.slice(1)).toEqual([
    '新增 2 行，更新 0 行，没有变化 0 行，不能导入 0 行',
    '第 3 行　新增　from-2《二》',
    '第 4 行　新增　from-3《三》',
  ])
  expect((await panel({ ...event, write: true })).lines[0]).toBe('写入了 2 行')
  expect((await rowsOf(cloud, 'topics')).map(({ _id }) => _id)).toEqual(['from-2', 'from-3'])
})

test.each([
  ['rows', () => '{"title":"题"}\n'.repeat(5_001), '行数太多，一次最多 5000 行，请分成几个文件'],
  ['bytes', () => `{"body":"${'x'.repeat(21 * 1024 * 1024)}"}`, '文件太大，最多 20 MB'],
])('a file with too many %s is refused, and nothing is written', async (what, content, told) => {
  const file = await stored(`many-${what}.jsonl`, content())
  const answer = await panel({ action: 'import', collection: 'polls', file, write: true })
  expect(answer).toEqual({ ok: false, lines: ['没有导入任何内容', told] })
  expect(await rowsOf(cloud, 'polls')).toEqual([])
})

test('an exported file is deleted after ten minutes, by the clock or by the next export', async () => {
  const exported = async () => {
    const { lines } = await panel({ action: 'export', collection: 'drafts' })
    return String(lines[2])
  }
  const status = async (address: string) => (await fetch(address)).status
  const first = await exported()
  expect(await status(first)).toBe(200)
  await cloud.control('clock', { move: 9 * 60_000 })
  const second = await exported()
  expect([await status(first), await status(second)]).toEqual([200, 200])
  await cloud.control('clock', { move: 2 * 60_000 })
  const third = await exported()
  expect([await status(first), await status(second), await status(third)]).toEqual([404, 200, 200])
  await cloud.control('clock', { move: 3_600_000 })
  await cloud.control('fire', { name: 'clock' })
  expect([await status(second), await status(third)]).toEqual([404, 404])
})

test('an export that cannot be noted for its deletion leaves no file', async () => {
  const outside = await startOutsideInstance(cloud, { EDITOR_KEYS: keys })
  const addresses = new Set<string>()
  const statuses: number[] = []
  outside.onRequest = async body => {
    const [, file] = /cloud:\/\/[^/]+\/(exports\/[^"\\]+)/.exec(body) ?? []
    if (!file || !body.includes('settings')) return true
    addresses.add(`${cloud.url}/storage/${file}`)
    for (const address of addresses) statuses.push((await fetch(address)).status)
    return false
  }
  try {
    const event = { action: 'export', collection: 'drafts', key }
    const answer = await outside.call<Partial<Answer>>({ name: 'editor', source: '', event })
    expect(answer.ok).not.toBe(true)
    expect(statuses[0]).toBe(200)
    for (const address of addresses) expect((await fetch(address)).status).toBe(404)
  } finally {
    outside.close()
  }
})

test('an export succeeds also where the files of earlier ones cannot be deleted', async () => {
  const outside = await startOutsideInstance(cloud, { EDITOR_KEYS: keys })
  outside.onReply = body =>
    body.includes('getDocument') && body.includes('export:')
      ? '{"code":"DATABASE_COLLECTION_NOT_EXIST","message":"gone"}'
      : true
  try {
    const event = { action: 'export', collection: 'drafts', key }
    const { ok, lines } = await outside.call<Answer>({ name: 'editor', source: '', event })
    expect({ ok, last: lines.at(-1) }).toEqual({
      ok: true,
      last: '请在 10 分钟之内下载，不要把地址发给别人；过了 10 分钟，系统会删去这个文件',
    })
    expect((await fetch(String(lines[2]))).status).toBe(200)
  } finally {
    outside.close()
  }
})

test('importing an export changes nothing', async () => {
  await putRows(cloud, 'drafts', [{ _id: 'who', title: '题', _openid: 'somebody' }])
  for (const format of ['csv', 'jsonl']) {
    const { ok, lines } = await panel({ action: 'export', collection: 'drafts', format })
    expect(ok).toBe(true)
    const [, file = '', address = ''] = lines
    expect(await (await fetch(address)).text()).not.toContain('somebody')
    const again = await panel({ action: 'import', collection: 'drafts', file, mode: 'upsert' })
    expect(again.lines[1]).toBe('新增 0 行，更新 0 行，没有变化 3 行，不能导入 0 行')
  }
})

describe('a backup', () => {
  const articleId = 'backedup01'
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'backup-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('of all collections and pictures brings back what was lost, and each reader their vote', async () => {
    const cover = await stored('cover.png', 'a picture')
    await putRows(cloud, 'articles', [storyRow(articleId, 0)])
    await putRows(cloud, 'drafts', [{ _id: 'pictured', title: '题', cover }])
    await putRows(
      cloud,
      'audit',
      Array.from({ length: 1_500 }, (_, n) => ({
        _id: `row-${n}`,
        at: { $date: '2026-11-27T10:00:00.000Z' },
      })),
    )
    const reader = await cloud.signIn()
    await got(cloud, reader, setMood, { articleId, mood: 'happy', wish: 1 })
    const local = await openLocalCloud(cloud.dataFolder)
    if (!local) throw new Error('no local cloud')
    const collections = await cloud.control<string[]>('collections')
    const sorted = async (name: string) =>
      (await rowsOf(cloud, name)).sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1))
    // Counts are numbers of another kind after a restore.
    const all = async () =>
      JSON.parse(JSON.stringify(await Promise.all(collections.map(name => sorted(name)))), (_, value) => {
        const { $numberInt: int, $numberDouble: double, $numberLong: long } = Object(value)
        return int ?? double ?? long ?? value
      })
    const before = await all()
    const { salt, lost, manifest } = await saveBackup(
      { documents: local.documents, environment: 'local', collections },
      folder,
    )
    expect(lost).toEqual([])
    await cloud.control('reset')
    await cloud.control('kill-workers')
    const dry = await restoreBackup(local.documents, folder, { writes: false, salt })
    expect(dry.collections.audit).toMatchObject({
      missing: before[collections.indexOf('audit')].length,
      same: 0,
    })
    expect(manifest.files).toHaveProperty([cover])
    expect(dry.files).toMatchObject({ missing: Object.keys(manifest.files).length })
    expect((await rowsOf(cloud, 'audit')).length).toBe(0)
    await restoreBackup(local.documents, folder, { writes: true, salt })
    expect(await all()).toEqual(before)
    const again = await restoreBackup(local.documents, folder, { writes: false, salt })
    for (const one of [...Object.values(again.collections), again.files])
      expect(one).toMatchObject({ missing: 0, different: 0, extra: 0 })
    const { mood } = await got(cloud, reader, openArticle, { articleId })
    expect(mood).toMatchObject({ own: 'happy', counts: { happy: 1 } })
  }, 60_000)
})

/** Runs `npm run doctor` against this cloud. */
const doctor = (): Promise<{ code: number; lines: { about: string; verdict: string; says: string }[] }> =>
  new Promise(done => {
    const args = ['--import', 'tsx', 'deploy/doctor/cli.ts', '--local', '--json']
    const env = { ...process.env, KEPU_EDITOR_KEY: key, KEPU_DATA: cloud.dataFolder }
    execFile(process.execPath, args, { env }, (error, stdout) => {
      const lines = stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]))
      done({ code: Number(error?.code ?? 0), lines })
    })
  })

test('the doctor says what is well in a local cloud, and what is not', async () => {
  await cloud.control('fire', { name: 'clock' })
  await cloud.control('unauthenticated-access', { allowed: false })
  const { code, lines } = await doctor()
  await cloud.control('unauthenticated-access', { allowed: true })
  const found = Object.fromEntries(lines.map(({ about, verdict }) => [about, verdict]))
  expect(found).toMatchObject({
    ...{ node: 'ok', environment: 'ok', collections: 'ok', timers: 'ok', 未登录访问: 'mend' },
    ...{ clock: 'ok', salt: 'ok', EDITOR_KEYS: 'ok' },
    // No preview was made.
    openapi: 'look',
  })
  // The site is built by another target, which this test does not need.
  const wrong = lines.filter(({ verdict, says }) => verdict === 'mend' && says !== 'missing: web')
  expect(wrong).toEqual([expect.objectContaining({ says: expect.stringContaining('guests are refused') })])
  expect(code).toBe(1)
}, 60_000)
