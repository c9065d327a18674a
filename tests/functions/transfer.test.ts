import { createHash } from 'node:crypto'
import { putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'

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
    headers: { 'x-local-key': cloud.key },
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
  expect((await panel({ ...event, write: true })).lines[1]).toMatch('没有变化 2 行')
})

test('if one row cannot be imported, no row is written', async () => {
  const before = await draftsIn()
  const file = await stored('b.jsonl', '{"_id":"good"}\n{"_id":"old"}\n{"_id":\n')
  const answer = await panel({ action: 'import', collection: 'drafts', file, write: true })
  expect(answer).toMatchObject({ ok: false })
  expect(answer.lines).toContain('第 2 行　不能导入　old 已经有了：要更新它，请选“新增或更新”')
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
