import path from 'node:path'
import { built, putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'

const root = path.resolve(__dirname, '../..')
let cloud: CloudProcess

beforeAll(async () => {
  await built('console')
  cloud = await startAppCloud({ args: ['--no-timers', '--console', path.join(root, 'dist/console')] })
}, 120_000)
afterAll(() => cloud?.stop())

interface Reply {
  status: number
  body: Record<string, unknown>
}

/** Sends a command as the page does, except for the given headers. */
async function send(command: string, input: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${cloud.url}/console/api/${command}`, {
    method: 'POST',
    headers: { 'x-local-key': cloud.consoleToken, ...headers },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: JSON.parse(await response.text()) as Record<string, unknown> }
}

interface Shown {
  text: string
  mark: string
}
const rowsIn = async (collection: string, more: object = {}): Promise<Shown[]> =>
  (await send('rows', { collection, ...more })).body.rows as Shown[]
const idsOf = (rows: Shown[]) => rows.map(({ text }) => (JSON.parse(text) as { _id: string })._id)

describe('access to the console', () => {
  test.each([
    ['no token', { 'x-local-key': '' }, 401],
    ['a wrong token', { 'x-local-key': 'a'.repeat(24) }, 401],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:9' }, 403],
    ['a page of another site, without Origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the page itself', {}, 200],
  ])('%s: %s', async (_who, headers, status) => {
    expect((await send('collections', {}, headers)).status).toBe(status)
  })

  test('requests through a proxy are refused', async () => {
    expect((await send('collections', {}, { 'x-forwarded-for': '127.0.0.1' })).status).toBe(403)
    const page = await fetch(`${cloud.url}/console`, { headers: { 'x-forwarded-for': '127.0.0.1' } })
    expect(page.status).toBe(403)
  })

  test('the page loads nothing from other sites and cannot be framed', async () => {
    const page = await fetch(`${cloud.url}/console`)
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    // Pictures and uploads go to this cloud's own address, whatever name of this machine the page was opened under.
    expect(policy).toContain(`img-src 'self' data: blob: ${cloud.url};`)
    expect(policy).toContain(`connect-src 'self' ${cloud.url};`)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await fetch(`${cloud.url}/console/`)).headers.get('content-type')).toContain('text/html')
    expect((await fetch(`${cloud.url}/console/api/models`)).status).toBe(405)
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect((await fetch(`${cloud.url}/console/console.js`)).status).toBe(200)
    expect((await fetch(`${cloud.url}/console/..%2f..%2fpackage.json`)).status).toBe(404)
  })

  test('the phone preview has no console', async () => {
    expect((await fetch(`${cloud.previewUrl}/console/console.js`)).status).toBe(404)
  })

  test('the token does not allow commands that the page does not use', async () => {
    for (const command of ['sign-in', 'reset', 'clock', 'kill-workers'])
      expect((await send(command, {})).status).toBe(404)
    // Nor does it open the control surface, and the key of that opens no console.
    const tried = async (address: string, key: string) =>
      (await fetch(cloud.url + address, { method: 'POST', headers: { 'x-local-key': key }, body: '{}' }))
        .status
    for (const command of ['about', 'reset', 'export', 'sign-in'])
      expect(await tried(`/local/${command}`, cloud.consoleToken)).toBe(401)
    expect(await tried('/console/api/models', cloud.key)).toBe(401)
    expect(await tried('/console/api/models', cloud.consoleToken)).toBe(200)
  })
})

describe('rows', () => {
  test('are added, shown by page, sorted and filtered', async () => {
    for (const [_id, title] of [
      ['row-a', '潮汐'],
      ['row-b', '鲸落'],
      ['row-c', '极光'],
    ]) {
      const saved = await send('save', {
        collection: 'drafts',
        row: JSON.stringify({ _id, title }),
        mark: null,
      })
      expect(saved).toMatchObject({ status: 200, body: { id: `"${_id}"` } })
    }
    expect(idsOf(await rowsIn('drafts', { sort: '_id', descending: true }))).toEqual([
      'row-c',
      'row-b',
      'row-a',
    ])
    expect(idsOf(await rowsIn('drafts', { limit: 1, skip: 1 }))).toEqual(['row-b'])
    const filter = JSON.stringify({ title: { $regex: '光' } })
    expect((await send('rows', { collection: 'drafts', filter })).body).toMatchObject({ total: 1 })
    expect((await send('rows', { collection: 'drafts', filter: '{"$nope":1}' })).status).toBe(400)
    const twice = await send('save', { collection: 'drafts', row: '{"_id":"row-a"}', mark: null })
    expect(twice.status).toBe(400)
  })

  test('are not overwritten by a second browser that read them earlier', async () => {
    const [row] = await rowsIn('drafts', { filter: '{"_id":"row-b"}' })
    const save = (title: string, mark = row?.mark) =>
      send('save', { collection: 'drafts', row: JSON.stringify({ _id: 'row-b', title }), mark })
    expect((await save('第一个人写的')).status).toBe(200)
    const second = await save('第二个人写的')
    expect(second).toMatchObject({ status: 409, body: { message: expect.stringContaining('在别处改过') } })
    const [now] = await rowsIn('drafts', { filter: '{"_id":"row-b"}' })
    expect(JSON.parse(now?.text ?? '')).toEqual({
      _id: 'row-b',
      title: '第一个人写的',
      updatedAt: expect.any(Number),
    })
    expect((await send('remove', { collection: 'drafts', id: '"row-b"', mark: row?.mark })).status).toBe(409)
    expect((await send('remove', { collection: 'drafts', id: '"row-b"', mark: now?.mark })).status).toBe(200)
    expect((await save('已经没有了', now?.mark)).status).toBe(404)
    expect((await rowsOf(cloud, 'drafts')).map(({ _id }) => _id)).toEqual(['row-a', 'row-c'])
  })

  test.each([
    ['row', { id: '{' }, '不是 JSON'],
    ['row', { id: '{"$ne":1}' }, '_id 的写法不对'],
    ['row', { id: '""' }, '_id 的写法不对'],
    ['row', { id: 'null' }, '_id 的写法不对'],
    ['row', {}, '写法不对'],
    ['remove', { id: '{"$ne":1}', mark: 'x' }, '_id 的写法不对'],
    ['remove', { id: '"row-a"', mark: 'x' }, '在别处改过'],
    ['save', { row: '{"_id":""}', mark: null }, '_id：只能用字母'],
    ['save', { row: '{"_id":7}', mark: null }, '_id：只能用字母'],
    ['save', { row: '{"_id":"a b"}', mark: null }, '_id：只能用字母'],
    ['save', { row: '{"_id":{"$ne":1},"title":"x"}', mark: 'x' }, '_id：只能用字母'],
    ['save', { row: '{"_id":"row-a"}', mark: null }, '已经有这个 _id 的一行了'],
    ['save', { row: '{"_id":', mark: null }, '不是 JSON'],
    ['save', { row: '{"_id":"d","a.b":1}', mark: null }, '名字不能用'],
    ['save', { row: '{"_id":"d","constructor":1}', mark: null }, '也不能是 constructor'],
    ['save', { row: '[]', mark: null }, '写法不对'],
    ['save', { row: '{"_id":"d","at":{"$date":"2024-02-30T00:00:00Z"}}', mark: null }, '没有这个日期'],
    ['rows', { filter: '{"$nope":1}' }, '没有做成'],
    ['rows', { collection: 'nothing' }, '没有这个集合'],
    ['rows', { limit: 101 }, '写法不对'],
    ['rows', { limit: 0 }, '写法不对'],
    ['rows', { skip: -1 }, '写法不对'],
    ['save', { row: '{"_id":"none","title":"x"}', mark: 'x' }, '这一行已经被删除了'],
    ['run', { name: 'editor', event: [] }, '写法不对'],
    ['run', { name: 'nothing', event: {} }, '没有这个云函数'],
    ['import', { fileId: 'cloud://local/nothing' }, '云存储里没有这个文件'],
  ])('%s with %j is refused in Chinese and changes nothing', async (command, input, told) => {
    const before = await rowsOf(cloud, 'drafts')
    const { status, body } = await send(command, { collection: 'drafts', ...input })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body.message).toContain(told)
    expect(await rowsOf(cloud, 'drafts')).toEqual(before)
  })

  test('are read one by one, also where there is none', async () => {
    const read = async (id: string) => (await send('row', { collection: 'drafts', id })).body.row
    const [stored] = await rowsIn('drafts', { filter: '{"_id":"row-a"}', limit: 100 })
    expect(await read('"row-a"')).toEqual(stored)
    expect([await read('"none"'), await read('7')]).toEqual([null, null])
    // What was saved once keeps the time at which it was made.
    const { createdAt, updatedAt } = JSON.parse(stored?.text ?? '{}') as Record<string, number>
    await cloud.control('clock', { move: 1 })
    await send('save', { collection: 'drafts', row: stored?.text, mark: stored?.mark })
    const again = JSON.parse(((await read('"row-a"')) as Shown).text) as Record<string, number>
    expect([again.createdAt, (again.updatedAt ?? 0) > (updatedAt ?? 0)]).toEqual([createdAt, true])
  })

  test('keep their dates, and fields named like members of Object', async () => {
    const row = '{"_id":"dated","at":{"$date":"2026-11-20T01:30:00Z"},"prototype":1}'
    await send('save', { collection: 'audit', row, mark: null })
    const [shown] = await rowsIn('audit', { filter: '{"_id":"dated"}' })
    expect(shown?.text).toBe(row)
    await send('save', { collection: 'audit', row: shown?.text, mark: shown?.mark })
    const stored = (await rowsOf(cloud, 'audit')).find(({ _id }) => _id === 'dated')
    expect(stored).toMatchObject({ at: { $date: { $numberLong: '1795138200000' } } })
  })

  test('come newest first: those that a form saved last, then those of an import by their time', async () => {
    const at = (day: number) => Date.UTC(2026, 10, day)
    await putRows(cloud, 'topics', [
      { _id: 'older', title: '旧', publishedAt: at(1) },
      { _id: 'newer', title: '新', publishedAt: at(2) },
    ])
    await cloud.control('clock', { move: 1 })
    await send('save', { collection: 'topics', row: '{"_id":"saved","title":"刚写的"}', mark: null })
    await cloud.control('clock', { move: 1 })
    const [older] = await rowsIn('topics', { filter: '{"_id":"older"}' })
    expect(idsOf(await rowsIn('topics', { sort: null }))).toEqual(['saved', 'newer', 'older'])
    await send('save', { collection: 'topics', row: older?.text, mark: older?.mark })
    expect(idsOf(await rowsIn('topics', { sort: null }))).toEqual(['older', 'saved', 'newer'])
  })
})

test('a function runs as from the real console: without a reader or a source, and with its own key', async () => {
  const { body } = await send('run', { name: 'editor', event: { action: 'check', key: 'x' } })
  expect(body).toMatchObject({ result: { ok: false, lines: [expect.stringContaining('没有权限')] } })
  const records = (await send('logs', { limit: 5 })).body as unknown as {
    functionName: string
    source: unknown
  }[]
  expect(records.at(-1)).toMatchObject({ functionName: 'editor', source: null })
})

test('a picture is put into cloud storage and shown', async () => {
  const { body } = await send('permit-upload', { path: 'pictures/a.png' })
  const { url, authorization, fileId } = body as Record<string, string>
  const put = await fetch(String(url), {
    method: 'PUT',
    headers: { authorization: String(authorization) },
    body: 'x',
  })
  expect(put.status).toBe(200)
  const address = await send('address', { fileId })
  expect(await (await fetch(String(address.body.url))).text()).toBe('x')
  expect((await send('address', { fileId: 'cloud://local/nothing.png' })).status).toBe(404)
  expect((await send('permit-upload', { path: '../a.png' })).status).toBe(400)
})

test('a file is imported after a preview, from the cloud storage alone, and exported', async () => {
  const { body } = await send('permit-upload', { path: 'imports/a.csv' })
  const { url, authorization, fileId } = body as Record<string, string>
  await fetch(String(url), {
    method: 'PUT',
    headers: { authorization: String(authorization) },
    body: '_id,题目,可选几项\nq1,您家用哪种锅？,单选\n',
  })
  const job = { collection: 'polls', fileId }
  expect((await send('import', job)).body).toMatchObject({ ok: true, report: { added: 1 } })
  expect(await rowsOf(cloud, 'polls')).toEqual([])
  expect((await send('import', { ...job, write: true })).body).toMatchObject({ ok: true })
  const times = { createdAt: expect.anything(), updatedAt: expect.anything() }
  expect(await rowsOf(cloud, 'polls')).toEqual([
    { _id: 'q1', question: '您家用哪种锅？', choices: '单选', ...times },
  ])
  expect((await send('import', { ...job, write: true })).body).toMatchObject({ ok: false })
  const { text } = (await send('export-file', { collection: 'polls' })).body
  expect(String(text)).toMatch(/^\uFEFF_id,题目,状态,.*,可选几项,.*\r\nq1,您家用哪种锅？,,.*,单选,/)
  const here = { collection: 'polls', fileId: 'cloud://local/none', from: { path: '/etc/passwd' } }
  expect((await send('import', here)).status).toBe(404)
  expect((await send('import-file', { collection: 'polls', from: { path: '/etc/passwd' } })).status).toBe(404)
})

describe('the form says what the next tick does', () => {
  interface Note {
    status?: string
    problems?: string[]
    result?: string
  }
  interface Outlook {
    step: string
    says: string
    problems: string[]
  }
  const rowOf = async (collection: string, _id: string) =>
    (await rowsIn(collection, { filter: JSON.stringify({ _id }) }))[0]

  /** Saves each row in the form. Returns what the form said of it, and what the next tick did. */
  async function saved(rows: readonly (readonly [string, Record<string, unknown> & { _id: string }])[]) {
    const said: Outlook[] = []
    for (const [collection, change] of rows) {
      const stored = await rowOf(collection, change._id)
      const row = JSON.stringify({ ...JSON.parse(stored?.text ?? '{}'), ...change })
      const { body } = await send('outlook', { collection, row })
      said.push(body.outlook as Outlook)
      const { status } = await send('save', { collection, row, mark: stored?.mark ?? null })
      expect(status).toBe(200)
    }
    await cloud.control('fire', { name: 'clock' })
    const done: string[] = []
    for (const [collection, { _id }] of rows) {
      const { text } = (await rowOf(collection, _id)) ?? { text: '{}' }
      const { status = '', problems = [], result = '' } = JSON.parse(text) as Note
      const steps: Record<string, string> = { 已发布: 'publish', 已定时: 'schedule', 已撤回: 'withdraw' }
      const settled = result.includes('取消') ? 'withdraw' : (steps[status] ?? 'nothing')
      done.push(problems.length > 0 ? 'refuse' : settled)
    }
    return { said, done }
  }

  const story = { title: '题', teaser: '导语', channel: '地球', column: '海洋', body: '正文。' }
  const poll = {
    ...{ question: '问', opensAt: Date.UTC(2026, 0, 1), closesAt: Date.UTC(2099, 0, 1) },
    options: [
      { key: 'a', label: '甲' },
      { key: 'b', label: '乙' },
    ],
  }
  const later = Math.ceil(Date.now() / 60_000) * 60_000 + 10 * 3_600_000

  test('for every status and time of a row, and for what readers see of it', async () => {
    const first = await saved([
      ['drafts', { ...story, _id: 'step-idle' }],
      ['drafts', { ...story, _id: 'step-draft', status: '草稿' }],
      ['drafts', { ...story, _id: 'step-out', status: '待发布' }],
      ['drafts', { ...story, _id: 'step-dated', status: '待发布', publishAt: Date.UTC(2026, 0, 1) }],
      ['drafts', { ...story, _id: 'step-later', status: '待发布', publishAt: later }],
      ['drafts', { ...story, _id: 'step-wrong', status: '待发布', channel: '海洋' }],
      ['drafts', { ...story, _id: 'step-typed', status: '已发布' }],
      ['drafts', { ...story, _id: 'step-odd', status: '发布' }],
      ['drafts', { ...story, _id: 'step-unseen', status: '待撤回' }],
      ['topics', { title: '题', _id: 'step-topic', status: '待发布' }],
      ['topics', { title: '题', _id: 'step-topic-typed', status: '已发布' }],
      ['polls', { ...poll, _id: 'step-poll', status: '待发布' }],
      ['polls', { ...poll, _id: 'step-poll-wrong', status: '待发布', options: [] }],
      ['polls', { ...poll, _id: 'step-poll-idle' }],
    ])
    const expected = ['nothing', 'nothing', 'publish', 'publish', 'schedule', 'refuse', 'refuse', 'refuse']
    expect(first.said.map(({ step }) => step)).toEqual([
      ...expected,
      ...['withdraw', 'publish', 'refuse', 'publish', 'refuse', 'nothing'],
    ])
    expect(first.done).toEqual(first.said.map(({ step }) => step))
    expect(first.said[4]?.says).toContain('状态变成 已定时')
    expect(first.said[1]?.says).toBe(
      '状态是 草稿，保存以后不会发布。读者看不到这篇文章。写好了，把状态写成 待发布。',
    )

    await cloud.control('clock', { move: 2 * 60_000 })
    const second = await saved([
      ['drafts', { _id: 'step-out', status: '草稿', title: '改了' }],
      ['drafts', { _id: 'step-dated', status: '待撤回' }],
      ['drafts', { _id: 'step-later', status: '草稿' }],
      ['topics', { _id: 'step-topic', status: '待撤回' }],
      ['polls', { _id: 'step-poll', question: '改了' }],
    ])
    expect(second.said.map(({ step }) => step)).toEqual([
      ...['nothing', 'withdraw', 'withdraw', 'withdraw', 'nothing'],
    ])
    expect(second.said[0]?.says).toContain('读者看到的还是第 1 版')
    expect(second.said[2]?.says).toContain('的发布会取消')
    expect(second.done).toEqual(['nothing', 'withdraw', 'withdraw', 'withdraw', 'publish'])
  })
})

test('a long import says how far it is', async () => {
  const { body } = await send('permit-upload', { path: 'imports/long.jsonl' })
  const { url, authorization, fileId } = body as Record<string, string>
  await fetch(String(url), {
    method: 'PUT',
    headers: { authorization: String(authorization) },
    body: Array.from({ length: 10_000 }, (_, i) => `{"_id":"long-${i}","title":"题"}`).join('\n'),
  })
  const imported = { isDone: false }
  const job = 'a-long-one'
  const running = send('import', { collection: 'drafts', fileId, job }).then(reply => {
    imported.isDone = true
    return reply
  })
  const told: unknown[] = []
  while (!imported.isDone) told.push((await send('import-progress', { job })).body.line)
  expect((await running).body).toMatchObject({ ok: true, report: { added: 10_000 } })
  const lines = told.filter(line => typeof line === 'number')
  expect(lines.length).toBeGreaterThan(0)
  expect(lines).toEqual([...lines].sort((a, b) => a - b))
  expect((await send('import-progress', { job })).body).toEqual({ line: null })
})

test('HTML of Word becomes Markdown', async () => {
  const html = '<h2 style="color:red">题</h2><p class=MsoNormal>一<b>粗</b><o:p></o:p></p><script>x</script>'
  expect((await send('to-markdown', { html })).body).toEqual({ markdown: '## 题\n\n一**粗**\n' })
  const typed = '<p>## 题</p><p>一**粗**，<b>真粗</b></p>'
  expect((await send('to-markdown', { html: typed })).body).toEqual({
    markdown: '## 题\n\n一**粗**，**真粗**\n',
  })
  const shifted = '<p><b>C</b>O<sub>2</sub>和10<sup>6</sup>个，<del>错</del>对</p>'
  expect((await send('to-markdown', { html: shifted })).body).toEqual({
    markdown: '**C**O<sub>2</sub>和10<sup>6</sup>个，~~错~~对\n',
  })
  const divided = '<p><b>鲸落</b><b>2026</b><b>年，“重要。”</b><b>后文</b>接着。</p><p>甲<b>乙。</b>丙</p>'
  expect((await send('to-markdown', { html: divided })).body).toEqual({
    markdown: '**鲸落2026年，“重要。”后文**接着。\n\n甲**乙。**丙\n',
  })
  expect((await send('to-markdown', { html: '<h2>小标题<br>第二行</h2>' })).body).toEqual({
    markdown: '## 小标题 第二行\n',
  })
})

test('HTML with more markup or text than publishing reads is refused in Chinese', async () => {
  expect(await send('to-markdown', { html: '<p><span>字</span></p>'.repeat(20_000) })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_PARAM', message: expect.stringContaining('HTML 标记太多，最多 3 万个') },
  })
  expect(await send('to-markdown', { html: `<p>${'字'.repeat(900_001)}</p>` })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('正文太长') },
  })
  expect(await send('to-markdown', { html: ' '.repeat(4_000_001) })).toMatchObject({
    body: { message: expect.stringContaining('粘贴的内容太大') },
  })
})

test('a draft is checked while it is typed', async () => {
  const check = async (row: object) => {
    const { body } = await send('outlook', { collection: 'drafts', row: JSON.stringify(row) })
    return body.outlook as { says: string; problems: string[]; reminders: string[] }
  }
  const good = { title: '题', teaser: '导语', channel: '地球', column: '海洋', body: '正文。' }
  expect(await check(good)).toMatchObject({ problems: [], reminders: [] })
  expect(await check({ title: '题', channel: '海洋' })).toMatchObject({
    problems: expect.arrayContaining(['导语：还没有填写，请写上']),
  })
  const picture = '![鲸骨](cloud://local/nothing.png)'
  expect(await check({ ...good, body: picture })).toMatchObject({
    problems: [expect.stringContaining('在云存储里找不到')],
  })
  expect(await check({ ...good, title: '**题**' })).toMatchObject({
    reminders: ['标题：不认 Markdown 的标记，读者会原样看到，请删去'],
  })
  // Only publishing looks up polls. Its answer is in the row.
  const refused = { ...good, status: '待发布', problems: ['云投：没有编号为 x 的云投，请核对'] }
  expect((await check(refused)).says).toMatch(/^上一次没有发布，原因在“问题”里。如果已经改好：保存以后/)
  const dated = { ...good, status: '待发布', publishAt: '2026-01-01 09:00', offlineAt: '2099-12-31 18:00' }
  expect((await check(dated)).says).toMatch(
    /发布。文章上写的时间是北京时间 2026-01-01 09:00。北京时间 2099-12-31 18:00 下线。$/,
  )
  expect((await check({ ...dated, publishAt: '2099-12-01 09:00' })).says).toMatch(
    /北京时间 2099-12-01 09:00 发布。北京时间 2099-12-31 18:00 下线。$/,
  )
  // An address that is typed only in part.
  expect(await check({ ...good, body: '![鲸骨](cloud://)' })).toMatchObject({
    problems: [expect.any(String)],
  })
})

test('the models of the forms are those of the deployment', async () => {
  const { body } = await send('models', {})
  expect(Object.keys(body).sort()).toEqual(['drafts', 'polls', 'summaries', 'topics'])
  const words = (await send('words', {})).body
  expect(words).toMatchObject({ drafts: { status: { offered: ['草稿', '待审', '待发布', '待撤回'] } } })
})
