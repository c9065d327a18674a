import { CommandError, type ConsolePage, openConsolePage } from '../../support/console-page'

// The console's page as an editor uses it, above a server that answers as each test says.

const written = '系统写的。'
const drafts = {
  title: '稿件',
  description: '一行是一篇稿件。',
  'x-primary-column': 'title',
  properties: {
    body: { type: 'string', format: 'x-rtf', title: '正文', 'x-index': 5, 'x-required': true },
    status: { type: 'string', title: '状态', 'x-index': 2, maxLength: 20 },
    title: {
      type: 'string',
      title: '标题',
      description: '十个字以内。',
      'x-index': 1,
      'x-required': true,
      maxLength: 10,
    },
    publishAt: { type: 'number', format: 'datetime', title: '发布时间', 'x-index': 3 },
    tags: { type: 'array', title: '标签', 'x-index': 4, items: { type: 'string' } },
    cover: {
      ...{ type: 'string', format: 'x-image', title: '封面', 'x-index': 6 },
      ...{ 'x-image-size': 2_097_152, 'x-image-support': ['image/jpeg', 'image/webp'] },
    },
    order: { type: 'number', title: '次序', 'x-index': 7 },
    teaser: { type: 'string', title: '导语', 'x-index': 8, maxLength: 200 },
    slot: {
      ...{ type: 'object', title: '版位', 'x-index': 9 },
      properties: {
        until: { type: 'number', format: 'datetime', title: '版位结束', description: '准到秒。' },
      },
    },
    facts: {
      ...{ type: 'array', title: '更正', 'x-index': 10, 'x-required': false },
      items: { type: 'object', properties: { note: { type: 'string', title: '说明', maxLength: 40 } } },
    },
    problems: {
      type: 'array',
      title: '问题',
      description: written,
      'x-index': 11,
      items: { type: 'string' },
    },
    url: { type: 'string', title: '地址', description: written, 'x-index': 12 },
    version: { type: 'number', title: '版本', description: written, 'x-index': 13 },
  },
}
const words = {
  drafts: { status: { offered: ['草稿', '待发布'], names: { draft: '草稿', ready: '待发布' } } },
}
const outlook = {
  step: 'publish',
  says: '两分钟之内发布。',
  problems: [] as string[],
  reminders: [] as string[],
}

type Row = Record<string, unknown>
let rows: { text: string; mark: string }[] = []
let total = 0
const shown = (row: Row, mark = 'm1') => ({ text: JSON.stringify(row), mark })
const stored = new Map<string, { text: string; mark: string }>()
/** Stores a row, and lists it as the only one. */
function keep(row: Row, mark = 'm1'): void {
  stored.set(JSON.stringify(row._id), shown(row, mark))
  rows = [shown(row, mark)]
  total = 1
}

const refuse = (code: string, message: string) => () => {
  throw new CommandError(code, message)
}
const answers: Record<string, (input: Row) => unknown> = {
  collections: () => ['votes', 'topics', 'audit', 'drafts'],
  models: () => ({
    drafts,
    topics: { title: '专题', properties: { title: { type: 'string', title: '标题' } } },
  }),
  words: () => words,
  rows: () => ({ rows, total }),
  row: ({ id }) => ({ row: stored.get(String(id)) ?? null }),
  save: ({ row }) => {
    const text = JSON.parse(String(row)) as Row
    keep(text, 'm2')
    return { id: JSON.stringify(text._id) }
  },
  remove: () => ({}),
  outlook: () => ({ outlook }),
  fire: () => ({ result: { fired: true } }),
  functions: () => [{ name: 'clock' }, { name: 'editor' }],
  address: ({ fileId }) => ({ url: `http://files/${String(fileId).slice(-5)}` }),
  'permit-upload': ({ path }) => ({
    url: 'http://put/',
    authorization: 'permit',
    fileId: `cloud://local/${path}`,
  }),
  'to-markdown': () => ({ markdown: '一**粗**\n\n- 甲\n' }),
  run: () => ({ result: { ok: true, lines: ['没有问题'] } }),
  'import-progress': () => ({ line: 1_234 }),
}

let page: ConsolePage
const { press, write, text, last, settle } = {
  press: (name: string) => page.press(name),
  write: (label: string, typed: string) => page.write(label, typed),
  text: (selector?: string) => page.text(selector),
  last: (command: string) => page.last(command),
  settle: (ms?: number) => page.settle(ms),
}
const cells = () =>
  page.all('tbody tr').map(row => Array.from(row.querySelectorAll('td')).map(cell => cell.textContent))
const heads = () => page.all('thead button').map(({ textContent }) => textContent)
const said = () => page.all('[role=alert]').map(({ textContent }) => textContent)
const asked = jest.fn<boolean, [string]>(() => true)

beforeAll(async () => {
  jest.useFakeTimers({
    now: Date.UTC(2026, 10, 27),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'],
  })
  page = await openConsolePage(answers)
  page.window.confirm = message => asked(String(message))
})
afterAll(() => jest.useRealTimers())
beforeEach(() => {
  asked.mockClear()
  asked.mockReturnValue(true)
})

afterEach(() => expect(page.left()).toBe(0))

/** Answers a command otherwise while work is done. */
async function answering(
  command: string,
  answer: (input: Row) => unknown,
  work: () => Promise<void>,
): Promise<void> {
  const before = answers[command]
  answers[command] = answer
  try {
    await work()
  } finally {
    if (before) answers[command] = before
    else delete answers[command]
  }
}

/** Leaves what is open, and opens the only row of drafts. */
async function open(row: Row, mark?: string): Promise<void> {
  keep(row, mark)
  if (page.hasButton('返回列表')) await press('返回列表')
  else await press('刷新')
  const [button] = page.all('tbody button')
  await page.settle()
  const { act } = await import('react')
  await act(async () => button?.click())
  await settle(500)
}

describe('signing in', () => {
  test('a wrong token is told and forgotten; spaces around the right one do not matter', async () => {
    await answering('models', refuse('UNAUTHENTICATED', 'the control surface wants its key'), async () => {
      await write('控制台口令', 'wrong')
      await press('进入')
    })
    expect(said()).toEqual(['口令不对，请用启动时显示的那一个'])
    expect(page.window.sessionStorage.length).toBe(0)
    await write('控制台口令', ' right ')
    total = 0
    await press('进入')
    expect(page.sent.at(-1)).toMatchObject({ command: 'rows', token: 'right' })
    expect(text()).toContain('没有行')
  })

  test('the collections with a form come first, and others only when asked for', async () => {
    const listed = () =>
      Array.from(page.field('集合').querySelectorAll('option')).map(({ textContent }) => textContent)
    expect(listed()).toEqual(['稿件', '专题'])
    expect(text()).toContain('一行是一篇稿件。')
    await write('内部集合', '')
    expect(listed()).toEqual(['稿件', '专题', 'audit', 'votes'])
    await write('内部集合', '')
    expect(listed()).toEqual(['稿件', '专题'])
  })
})

describe('the list of rows', () => {
  const ask = { collection: 'drafts', filter: '', skip: 0, limit: 20, sort: null }

  test('shows the first fields of the form, in their words and Beijing time, and long text cut', async () => {
    rows = [
      shown({
        _id: 'a',
        title: '题'.repeat(81),
        status: 'ready',
        publishAt: Date.UTC(2026, 10, 27, 1, 30),
        tags: ['深海', '鲸'],
      }),
      shown({ _id: 'b', title: { odd: 1 }, publishAt: 0, tags: [1], teaser: '不在表里' }, 'm2'),
      shown({ _id: 'c', title: null, publishAt: '明天' }, 'm3'),
    ]
    total = 45
    await press('刷新')
    expect(last('rows')).toEqual(ask)
    expect(heads()).toEqual(['_id', '标题', '状态', '发布时间', '标签'])
    expect(cells()).toEqual([
      ['a', `${'题'.repeat(80)}…`, '待发布', '2026-11-27 09:30', '深海；鲸', '打开 a'],
      ['b', '{"odd":1}', '', '', '[1]', '打开 b'],
      ['c', '', '', '明天', '', '打开 c'],
    ])
  })

  test('is turned page by page, to its end', async () => {
    const range = () =>
      page
        .all('[role=status]')
        .map(({ textContent }) => textContent)
        .join()
    expect([range(), page.button('上一页').disabled]).toEqual(['第 1–20 行，共 45 行', true])
    await press('下一页')
    await press('下一页')
    expect(last('rows')).toEqual({ ...ask, skip: 40 })
    expect([range(), page.button('下一页').disabled]).toEqual(['第 41–45 行，共 45 行', true])
    await press('上一页')
    expect(last('rows')).toEqual({ ...ask, skip: 20 })
    total = 40
    await press('刷新')
    expect(page.button('下一页').disabled).toBe(true)
    await press('上一页')
  })

  test('shows the answer to what was asked last, whenever the one before it comes', async () => {
    const slow: ((answer: unknown) => void)[] = []
    await answering(
      'rows',
      () => new Promise(done => slow.push(done)),
      async () => {
        await press('刷新')
        await press('刷新')
        slow[1]?.({ rows: [shown({ _id: 'second', title: '新' })], total: 1 })
        await settle()
        slow[0]?.({ rows: [shown({ _id: 'first', title: '旧' })], total: 9 })
        await settle()
      },
    )
    expect(cells().map(([id]) => id)).toEqual(['second'])
    expect(text()).toContain('共 1 行')
  })

  test('goes back to the last page that has rows, when those of this page are gone', async () => {
    total = 45
    await press('刷新')
    await press('下一页')
    await press('下一页')
    total = 40
    await press('刷新')
    expect(last('rows')).toEqual({ ...ask, skip: 20 })
    total = 0
    await press('刷新')
    expect([last('rows')?.skip, text().includes('没有行')]).toEqual([0, true])
  })

  test('is sorted by a heading, the other way at the second press', async () => {
    const order = () => page.all('th[aria-sort]').map(one => one.getAttribute('aria-sort'))
    await press('标题')
    expect(last('rows')).toEqual({ ...ask, sort: 'title', descending: false })
    expect([heads()[1], order()[1], order()[2]]).toEqual(['标题 ↑', 'ascending', 'none'])
    await press('标题 ↑')
    expect(last('rows')).toMatchObject({ sort: 'title', descending: true })
    expect([heads()[1], order()[1]]).toEqual(['标题 ↓', 'descending'])
    await press('状态')
    expect(last('rows')).toMatchObject({ sort: 'status', descending: false })
  })

  test.each<[field: string, typed: string, filter: string]>([
    ['title', ' 鲸.落* ', '{"title":{"$regex":"鲸\\\\.落\\\\*"}}'],
    ['title', '7', '{"$or":[{"title":{"$regex":"7"}},{"title":7}]}'],
    ['title', '"7"', '{"title":{"$regex":"\\"7\\""}}'],
    ['status', '待', '{"$or":[{"status":{"$regex":"待"}},{"status":{"$in":["ready"]}}]}'],
    ['_id', 'x', '{"_id":{"$regex":"x"}}'],
    ['', '{"a":1}', '{"a":1}'],
    ['title', '  ', ''],
  ])('is filtered by %s with %j', async (field, typed, filter) => {
    total = 45
    await press('刷新')
    await press('下一页')
    await write('筛选', field)
    await write(field === '' ? '查询语句（JSON）' : '包含', typed)
    await press('筛选')
    expect(last('rows')).toMatchObject({ filter, skip: 0 })
  })

  test('shows the field by which it is filtered, and starts anew for another collection', async () => {
    await write('筛选', 'teaser')
    await write('包含', '一')
    expect(heads()).not.toContain('导语')
    await press('筛选')
    expect(heads()).toContain('导语')
    await press('下一页')
    await write('内部集合', '')
    rows = [shown({ _id: 1, b: true, a: 'x', c: 1, d: 2, e: 3 })]
    await write('集合', 'audit')
    expect(last('rows')).toEqual({ collection: 'audit', filter: '', skip: 0, limit: 20, sort: '_id' })
    expect([heads(), cells()]).toEqual([
      ['_id', 'b', 'a', 'c', 'd'],
      [['1', 'true', 'x', '1', '2', '打开 1']],
    ])
    expect([page.field('包含').value, page.field('筛选').value]).toEqual(['', '_id'])
    await write('集合', 'drafts')
    expect(heads()).toEqual(['_id', '标题', '状态', '发布时间', '标签'])
    await write('内部集合', '')
  })

  test('tells an error until the next answer', async () => {
    await answering('rows', refuse('DATABASE_REQUEST_FAILED', '没有做成'), () => press('刷新'))
    expect(said()).toEqual(['没有做成'])
    await press('刷新')
    expect(said()).toEqual([])
    await answering(
      'rows',
      () => Promise.reject(new TypeError('fetch failed')),
      () => press('刷新'),
    )
    expect(said()[0]).toContain('本地云没有回答')
    await press('刷新')
  })
})

describe('a row in the form', () => {
  const whole = { _id: 'a', title: '鲸落', body: '正文。' }
  const savedRow = () => JSON.parse(String(last('save')?.row)) as Row

  test('has its name, and is saved as it was read except for what is written', async () => {
    await open({ ...whole, status: 'ready', more: { kept: 1 } })
    expect(text('h2')).toBe('稿件：《鲸落》　_id a')
    expect(page.field('状态').value).toBe('待发布')
    await write('导语', '一句话')
    expect(page.hasButton('放弃改动，重新读取')).toBe(true)
    await press('保存')
    expect(last('save')).toMatchObject({ collection: 'drafts', mark: 'm1' })
    expect(savedRow()).toEqual({ ...whole, status: 'ready', more: { kept: 1 }, teaser: '一句话' })
    expect(page.all('.console-good').map(({ textContent }) => textContent)).toContain('已保存')
    expect(page.hasButton('重新读取')).toBe(true)
    await write('标题', '')
    expect(text('h2')).toBe('稿件：《鲸落》　_id a')
    await press('放弃改动，重新读取')
    expect(page.field('标题').value).toBe('鲸落')
    expect(text()).toContain('已重新读取')
  })

  test('is not saved without what it needs, nor with a text that is too long', async () => {
    const before = page.sent.length
    await write('标题', '')
    await write('正文', '')
    await press('保存')
    expect(said()).toEqual(['没有保存：标题：必填正文：必填'])
    await write('标题', '一二三四五六七八九十')
    await write('正文', '正文。')
    await press('保存')
    expect(savedRow().title).toBe('一二三四五六七八九十')
    await write('标题', '一二三四五六七八九十一')
    await press('保存')
    expect(said()).toEqual(['没有保存：标题：最多 10 个字'])
    expect(page.sent.slice(before).filter(({ command }) => command === 'save')).toHaveLength(1)
    await press('放弃改动，重新读取')
  })

  test('each kind of field is written as publishing reads it, and emptied by emptying', async () => {
    await open(whole)
    await write('发布时间', '2026-12-01T09:30')
    await write('次序', '3')
    await press('添加标签')
    await write('标签 1', '深海')
    await press('添加标签')
    await write('标签 2', '鲸')
    await write('版位结束', '2026-12-01T09:30:15')
    await press('添加更正')
    await write('说明', '标题太长')
    await press('待发布')
    await press('保存')
    const at = Date.UTC(2026, 11, 1, 1, 30)
    expect(savedRow()).toEqual({
      ...whole,
      ...{ publishAt: at, order: 3, tags: ['深海', '鲸'], slot: { until: at + 15_000 }, status: '待发布' },
      facts: [{ note: '标题太长' }],
    })
    expect(page.field('发布时间').getAttribute('step')).toBeNull()
    expect([page.field('版位结束').getAttribute('step'), page.field('版位结束').value.slice(0, 19)]).toEqual([
      '1',
      '2026-12-01T09:30:15',
    ])
    expect(page.button('待发布').getAttribute('aria-pressed')).toBe('true')
    expect(page.button('草稿').getAttribute('aria-pressed')).toBe('false')
    await write('发布时间', '')
    await write('次序', '')
    await press('删去第 1 个')
    await write('版位结束', '')
    await press('保存')
    expect(savedRow()).toEqual({ ...whole, tags: ['鲸'], status: '待发布', facts: [{ note: '标题太长' }] })
  })

  test('a time that cannot be read is shown as it stands; an empty one is not', async () => {
    await open({ ...whole, publishAt: '后天', slot: { until: 0 } })
    expect(text()).toContain('这里现在写着“后天”')
    expect(text().split('这里现在写着')).toHaveLength(2)
    await press('清空')
    await press('保存')
    expect(savedRow()).toEqual({ ...whole, slot: { until: 0 } })
  })

  test('what only publishing writes is shown and cannot be written; an address leads only to the web', async () => {
    await open({ ...whole, problems: ['导语：必填'], url: '/a/1', version: 3 })
    const section = (name: string) => page.all('section').find(one => one.getAttribute('aria-label') === name)
    expect(section('问题')?.className).toBe('console-box console-bad')
    expect(section('版本')?.className).toBe('console-box')
    expect(section('问题')?.textContent).toBe('问题导语：必填')
    const linkOf = () => section('地址')?.querySelector('a')?.getAttribute('href')
    expect(linkOf()).toBe('/a/1')
    for (const [url, link] of [
      ['https://kepu.cn/a/1', 'https://kepu.cn/a/1'],
      ['//evil.example', undefined],
      ['javascript:alert(1)', undefined],
    ] as const) {
      await open({ ...whole, url })
      expect(linkOf()).toBe(link)
    }
    expect(section('问题')).toBeUndefined()
  })

  test('the outlook follows what is written, after a pause, and goes where the server cannot tell', async () => {
    const box = () => page.all('section').find(one => one.getAttribute('aria-label') === '保存以后会怎样')
    await open(whole)
    expect(box()?.textContent).toBe('两分钟之内发布。')
    expect(box()?.querySelector('p')?.className).toBe('console-good')
    const before = page.sent.filter(({ command }) => command === 'outlook').length
    await write('标题', '鲸')
    await settle(390)
    await write('标题', '鲸落了')
    await settle(390)
    expect(page.sent.filter(({ command }) => command === 'outlook')).toHaveLength(before)
    const refused = {
      step: 'refuse',
      says: '不会发布。',
      problems: ['导语：必填'],
      reminders: ['标题：太短'],
    }
    await answering(
      'outlook',
      () => ({ outlook: refused }),
      () => settle(20),
    )
    expect(JSON.parse(String(last('outlook')?.row))).toMatchObject({ title: '鲸落了' })
    expect(box()?.textContent).toBe('不会发布。还不能发布导语：必填提醒标题：太短')
    expect(box()?.querySelector('p')?.className).toBe('console-bad')
    await write('标题', '鲸落')
    await answering(
      'outlook',
      () => ({ outlook: { ...refused, step: 'nothing', reminders: [] } }),
      () => settle(400),
    )
    expect(box()?.textContent).toBe('不会发布。要发布，还得改导语：必填')
    await write('标题', '鲸')
    await answering(
      'outlook',
      () => ({ outlook: { ...refused, step: 'nothing', problems: [], reminders: [] } }),
      () => settle(400),
    )
    expect(box()?.textContent).toBe('不会发布。没有发现问题。')
    await write('标题', '鲸落')
    await answering('outlook', refuse('SYS_ERR', 'x'), () => settle(400))
    expect(box()).toBeUndefined()
    await write('标题', '鲸')
    await answering(
      'outlook',
      () => ({ outlook: null }),
      () => settle(400),
    )
    expect(box()).toBeUndefined()
    await press('放弃改动，重新读取')
  })

  test('an outlook that comes late is not that of what is written by then', async () => {
    const slow: ((answer: unknown) => void)[] = []
    const says = (words: string) => ({ outlook: { ...outlook, says: words } })
    await open(whole)
    await answering(
      'outlook',
      () => new Promise(done => slow.push(done)),
      async () => {
        await write('标题', '一')
        await settle(400)
        await write('标题', '二')
        await settle(400)
        slow[1]?.(says('第二个。'))
        await settle()
        slow[0]?.(says('第一个。'))
        await settle()
      },
    )
    expect([text().includes('第二个。'), text().includes('第一个。')]).toEqual([true, false])
    await press('放弃改动，重新读取')
  })

  test('a row that somebody else has saved keeps both changes, and tells what both have changed', async () => {
    await open({ ...whole, order: 1, status: '待发布' })
    await write('标题', '我的')
    await write('导语', '我的导语')
    await write('次序', '')
    const others = {
      ...whole,
      title: '别人的',
      order: 2,
      status: '已发布',
      version: 2,
      tags: ['新'],
      updatedAt: 9,
    }
    stored.set('"a"', shown(others, 'm9'))
    await answering('save', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('保存'))
    expect(said()[0]).toContain('这一行刚刚在别处改过，所以没有保存。请按下面的按钮：你写的不会丢。')
    await press('读最新的，再写上我改的')
    const lines = page.all('.console-box.console-good p').map(({ textContent }) => textContent)
    expect(lines).toEqual([
      '别人改了：标题、次序、标签。',
      '系统改了：状态、版本。',
      '你改的还在，还没有保存：请看一遍，再按“保存”。',
      '“标题”两个人都改了，这里是你写的；别人写的是：别人的',
      '“次序”两个人都改了，这里是你写的；别人写的是：2',
    ])
    expect(page.hasButton('读最新的，再写上我改的')).toBe(false)
    await press('保存')
    expect(last('save')).toMatchObject({ mark: 'm9' })
    const { order: _, ...kept } = others
    expect(savedRow()).toEqual({ ...kept, title: '我的', teaser: '我的导语' })
  })

  test('reading a row again ends a conflict, and gives up what was written', async () => {
    await open(whole)
    await write('标题', '我的')
    await answering('save', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('保存'))
    expect(page.hasButton('读最新的，再写上我改的')).toBe(true)
    await press('放弃改动，重新读取')
    expect([page.hasButton('读最新的，再写上我改的'), page.field('标题').value]).toEqual([false, '鲸落'])
  })

  test('a row that was saved although the answer was lost is found again, not made a second time', async () => {
    await press('返回列表')
    for (const isChanged of [false, true]) {
      await press('新增一行')
      await write('标题', '新的')
      await write('正文', '正文。')
      const save = answers.save as (input: Row) => unknown
      await answering(
        'save',
        input => {
          save(input)
          throw new Error('the answer is lost')
        },
        () => press('保存'),
      )
      expect(said()[0]).toContain('本地云没有回答')
      const { _id: made } = savedRow()
      if (isChanged) await write('导语', '后来写的')
      await answering('save', refuse('DATABASE_REQUEST_FAILED', '已经有这个 _id 的一行了'), () =>
        press('保存'),
      )
      expect(savedRow()._id).toBe(made)
      if (isChanged) {
        expect(said()[0]).toContain('上一次按“保存”其实存上了，以后改的还没有')
        await press('读最新的，再写上我改的')
        await press('保存')
        expect([last('save')?.mark, savedRow()]).toEqual([
          'm2',
          { _id: made, title: '新的', body: '正文。', teaser: '后来写的' },
        ])
      }
      expect([said(), text().includes('已保存'), text('h2')]).toEqual([
        [],
        true,
        expect.stringContaining('《新的》'),
      ])
      await press('返回列表')
    }
  })

  test('a row that was deleted meanwhile is told, and what was written stays', async () => {
    await open(whole)
    await write('标题', '我的')
    stored.clear()
    await answering('save', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('保存'))
    await press('读最新的，再写上我改的')
    expect(said()[0]).toContain('这一行已经被删除了。请先复制你写的内容')
    expect(page.field('标题').value).toBe('我的')
  })

  test('as JSON it holds the whole row, and what is written there is in the form', async () => {
    await open({ ...whole, more: 1 })
    await press('原始数据')
    expect(page.field('原始数据（JSON）').value).toBe(JSON.stringify({ ...whole, more: 1 }, null, 2))
    expect(
      [page.button('原始数据'), page.button('表单')].map(one => one.getAttribute('aria-pressed')),
    ).toEqual(['true', 'false'])
    await write('原始数据（JSON）', '[1]')
    await press('表单')
    expect(said()).toEqual(['最外面要写一对大括号：{ … }'])
    await write('原始数据（JSON）', JSON.stringify({ ...whole, title: '改了' }))
    await press('表单')
    expect([said(), page.field('标题').value]).toEqual([[], '改了'])
    await press('原始数据')
    await write('原始数据（JSON）', JSON.stringify({ ...whole, title: '' }))
    await press('保存')
    expect(savedRow()).toEqual({ ...whole, title: '' })
    expect(page.field('原始数据（JSON）').value).toBe(JSON.stringify({ ...whole, title: '' }, null, 2))
    await write('原始数据（JSON）', JSON.stringify({ ...whole, title: '一', order: 5 }))
    stored.set('"a"', shown({ ...whole, title: '', teaser: '别人的' }, 'm8'))
    await answering('save', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('保存'))
    await press('读最新的，再写上我改的')
    expect(JSON.parse(page.field('原始数据（JSON）').value)).toEqual({
      ...whole,
      title: '一',
      teaser: '别人的',
      order: 5,
    })
  })

  test('is deleted only after a second press, and not where it has changed', async () => {
    await open(whole, 'm7')
    await press('删除这一行')
    await press('不删')
    expect([page.hasButton('确实删除'), page.hasButton('删除这一行')]).toEqual([false, true])
    await press('删除这一行')
    await answering('remove', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('确实删除'))
    expect(said()[0]).toContain('所以没有删除')
    const before = page.sent.length
    await press('确实删除')
    expect(page.sent[before]).toMatchObject({
      command: 'remove',
      input: { collection: 'drafts', id: '"a"', mark: 'm7' },
    })
    // The list is read again.
    expect(page.sent.slice(before).map(({ command }) => command)).toContain('rows')
    expect(page.hasButton('新增一行')).toBe(true)
  })

  test('the timer runs at once only for what is saved, and the row is read again', async () => {
    await open(whole)
    await write('标题', '没存')
    await press('马上运行定时任务')
    expect([said(), last('fire')]).toEqual([['还没有保存：请先按“保存”'], undefined])
    await press('保存')
    stored.set('"a"', shown({ ...whole, status: '已发布' }, 'm3'))
    await press('马上运行定时任务')
    expect(last('fire')).toEqual({ name: 'clock' })
    expect(page.field('状态').value).toBe('已发布')
    expect(text()).toContain('定时任务已运行，这一行已重新读取')
  })

  test('what is not saved is left only after a question', async () => {
    await open(whole)
    await press('返回列表')
    expect(asked).not.toHaveBeenCalled()
    await open(whole)
    await write('标题', '没存')
    asked.mockReturnValue(false)
    await press('返回列表')
    expect([asked.mock.calls.length, page.field('标题').value]).toEqual([1, '没存'])
    const leave = () => {
      const event = new page.window.Event('beforeunload', { cancelable: true })
      page.window.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(leave()).toBe(true)
    await press('日志')
    expect([asked.mock.calls.length, page.field('标题').value]).toEqual([2, '没存'])
    const current = () => page.all('nav [aria-current]').map(({ textContent }) => textContent)
    expect(current()).toEqual(['数据'])
    asked.mockReturnValue(true)
    await press('返回列表')
    expect(leave()).toBe(false)
    await press('云函数')
    expect(current()).toEqual(['云函数'])
    await press('数据')
    await press('数据')
    expect(asked).toHaveBeenCalledTimes(3)
  })

  test('a double click does its work once', async () => {
    await open(whole)
    await write('导语', '一句话')
    const before = page.sent.length
    const { act } = await import('react')
    await act(async () => {
      const button = page.button('保存')
      button.click()
      button.click()
    })
    await settle()
    const saves = () => page.sent.slice(before).filter(({ command }) => command === 'save')
    expect(saves()).toHaveLength(1)
    await write('导语', '另一句话')
    await press('保存')
    expect(saves()).toHaveLength(2)
    await press('返回列表')
  })

  test('a new row gets an id of its own, or the one that is written', async () => {
    await press('新增一行')
    expect(text('h2')).toBe('稿件：新的一行')
    expect(['重新读取', '删除这一行', '马上运行定时任务'].some(page.hasButton)).toBe(false)
    await write('标题', '新的')
    await write('正文', '正文。')
    await press('保存')
    expect(last('save')).toMatchObject({ mark: null })
    expect(savedRow()).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{32}$/),
      title: '新的',
      body: '正文。',
    })
    await press('返回列表')
    await press('新增一行')
    await write('_id', 'mine')
    await write('_id', '')
    await write('_id', 'own')
    await write('标题', '新的')
    await write('正文', '正文。')
    await press('保存')
    expect(savedRow()).toEqual({ _id: 'own', title: '新的', body: '正文。' })
    // A row with this id was there before: that is not ours to take.
    await press('返回列表')
    await press('新增一行')
    for (const [label, typed] of Object.entries({ _id: 'own', 标题: '别的', 正文: '二' }))
      await write(label, typed)
    await answering('save', refuse('DATABASE_REQUEST_FAILED', '已经有这个 _id 的一行了'), async () => {
      await press('保存')
      await press('保存')
    })
    expect(said()[0]).toContain('已经有这个 _id 的一行了')
    expect(text('h2')).toBe('稿件：新的一行')
    await press('返回列表')
  })
})

describe('pictures', () => {
  const file = (type: string, size = 10, name = '鲸 落.JPEG') => ({ name, type, size })
  const whole = { _id: 'a', title: '鲸落', body: '正文。' }

  test('are uploaded under a name of the day, and shown; others are refused with the reason', async () => {
    await open(whole)
    await page.choose('上传封面', file('image/gif'))
    expect(said()).toEqual(['只能上传 JPEG、WebP 图片'])
    await page.choose('上传封面', file('image/webp', 2_097_153))
    expect(said()).toEqual(['图片太大，最多 2 MB'])
    await page.choose('上传封面', file('image/jpeg', 2_097_152))
    expect(said()).toEqual([])
    expect(last('permit-upload')?.path).toMatch(/^pictures\/2026-11-27\/[0-9a-f-]{36}\.jpeg$/)
    expect(last('put')).toMatchObject({ address: 'http://put/', authorization: 'permit' })
    const id = page.field('封面').value
    expect(id).toMatch(/^cloud:\/\/local\/pictures\/.*\.jpeg$/)
    await settle()
    expect(last('address')).toEqual({ fileId: id })
    const picture = () => page.all('img').map(one => one.getAttribute('src'))
    expect(picture()).toEqual(['http://files/.jpeg'])
    const { act } = await import('react')
    await act(async () => page.all('img')[0]?.dispatchEvent(new page.window.Event('error')))
    expect([picture(), said()]).toEqual([[], ['这个文件打不开，可能不是图片：请重新上传']])
    await write('封面', 'cloud://local/other.png#50,50')
    await settle()
    expect([last('address'), picture(), said()]).toEqual([
      { fileId: 'cloud://local/other.png' },
      ['http://files/r.png'],
      [],
    ])
    await write('封面', 'https://a.example/b.png')
    expect(picture()).toEqual([])
  })

  test('the picture that is shown is that of the field, whichever address comes last', async () => {
    const slow: ((answer: unknown) => void)[] = []
    await answering(
      'address',
      () => new Promise(done => slow.push(done)),
      async () => {
        await write('封面', 'cloud://local/first.png')
        await write('封面', 'cloud://local/second.png')
        slow[1]?.({ url: 'http://files/second' })
        await settle()
        slow[0]?.({ url: 'http://files/first' })
        await settle()
      },
    )
    expect(page.all('img').map(one => one.getAttribute('src'))).toEqual(['http://files/second'])
    await write('封面', 'https://a.example/b.png')
  })

  test('an upload that fails is told, and the field stays', async () => {
    await answering(
      'put',
      () => false,
      () => page.choose('上传封面', file('image/jpeg')),
    )
    expect([said(), page.field('封面').value]).toEqual([
      ['没有传上去，请再试一次'],
      'https://a.example/b.png',
    ])
    await page.choose('上传封面', file('image/jpeg', 1, 'plain'))
    expect(last('permit-upload')?.path).toMatch(/-[0-9a-f]{12}$/)
  })
})

describe('the text', () => {
  const whole = { _id: 'a', title: '鲸落', body: '' }
  const area = () => page.field('正文') as unknown as HTMLTextAreaElement
  /** Selects a part of the text, and gives the page the browser's own way of typing. */
  function select(from: number, to = from): void {
    area().focus()
    area().setSelectionRange(from, to)
  }
  beforeAll(() => {
    Object.assign(page.window.document, {
      execCommand: (_: string, __: boolean, typed: string) => {
        const { selectionStart, selectionEnd, value } = area()
        const next = value.slice(0, selectionStart) + typed + value.slice(selectionEnd)
        Object.getOwnPropertyDescriptor(page.window.HTMLTextAreaElement.prototype, 'value')?.set?.call(
          area(),
          next,
        )
        area().dispatchEvent(new page.window.Event('input', { bubbles: true }))
        const end = selectionStart + typed.length
        area().setSelectionRange(end, end)
      },
    })
  })

  test.each<[button: string, before: string, from: number, to: number, after: string]>([
    ['小标题', '', 0, 0, '## 小标题'],
    ['小标题', '一段', 2, 2, '一段\n\n## 小标题'],
    ['列表', '一段\n', 3, 3, '一段\n\n- 一项'],
    ['列表', '一段\n\n', 4, 4, '一段\n\n- 一项'],
    ['引用', '一段话', 1, 3, '一\n\n> 段话'],
    ['粗体', '一段话', 1, 2, '一**段**话'],
    ['粗体', '一', 1, 1, '一**粗体**'],
  ])('%s marks what is selected in %j', async (button, before, from, to, after) => {
    if (!page.hasButton('小标题')) await open(whole)
    await write('正文', before)
    select(from, to)
    await press(button)
    expect(area().value).toBe(after)
    expect(text()).toContain(`共 ${after.length} 个字符`)
  })

  async function paste(html: string, plain = '纯文字'): Promise<boolean> {
    const event = new page.window.Event('paste', { bubbles: true, cancelable: true })
    const data: Record<string, string> = { 'text/html': html, 'text/plain': plain }
    Object.assign(event, { clipboardData: { getData: (kind: string) => data[kind] ?? '' } })
    const { act } = await import('react')
    await act(async () => area().dispatchEvent(event))
    await settle()
    return event.defaultPrevented
  }

  test('only pasted text with marks is converted, and a block of it stands apart', async () => {
    const plain = ['', '<p>一段</p>', '<span style="x">字</span>', '<p>一</p>']
    for (const html of plain) expect(await paste(html)).toBe(false)
    await write('正文', '前')
    select(1)
    expect(await paste('<p>一<b>粗</b></p><ul><li>甲</li></ul>')).toBe(true)
    expect(area().value).toBe('前\n\n一**粗**\n\n- 甲\n\n')
    for (const markdown of ['# 题', '> 引', '- 甲', '1. 甲', '2) 甲', '| 甲 |']) {
      await write('正文', '前')
      select(1)
      await answering(
        'to-markdown',
        () => ({ markdown }),
        () => paste('<b>x</b>').then(() => undefined),
      )
      expect(area().value).toBe(`前\n\n${markdown}\n\n`)
    }
    await write('正文', '前')
    select(1)
    await answering(
      'to-markdown',
      () => ({ markdown: '**粗**\n' }),
      () => paste('<strong>x</strong>').then(() => undefined),
    )
    expect(area().value).toBe('前**粗**')
    for (const html of ['<h3>x</h3>', 'H<sub>2</sub>', '<p>a</p><p>b</p>', '<img src=x>', '<a href=x>y</a>'])
      expect(await paste(html)).toBe(true)
  })

  test('a text that cannot be converted is pasted plain, with the reason', async () => {
    await write('正文', '')
    select(0)
    await answering('to-markdown', refuse('INVALID_PARAM', '正文太长'), () =>
      paste('<b>x</b>').then(() => undefined),
    )
    expect([area().value, said()]).toEqual([
      '纯文字',
      [expect.stringMatching(/^格式没有转换成功.*原因：正文太长$/)],
    ])
    await paste('<b>x</b>')
    expect(said()).toEqual([])
  })

  test('while a text is converted, that is said, and no picture can be chosen', async () => {
    let end: (answer: object) => void = () => undefined
    const busy = () => [text().includes('正在处理…'), page.field('插入图片').disabled]
    await answering(
      'to-markdown',
      () =>
        new Promise(done => {
          end = done
        }),
      async () => {
        await paste('<b>x</b>')
        expect(busy()).toEqual([true, true])
        end({ markdown: 'x' })
        await settle()
      },
    )
    expect(busy()).toEqual([false, false])
  })

  test('a picture is put in with its pattern, and other files are refused', async () => {
    await write('正文', '一段')
    select(2)
    await page.choose('插入图片', { name: 'a.png', type: 'image/png', size: 1 })
    expect(area().value).toMatch(/^一段\n\n!\[替代文字\]\(cloud:\S+\.png "说明｜图：出处"\)\n\n$/)
    await page.choose('插入图片', { name: 'a.pdf', type: 'application/pdf', size: 1 })
    expect(said()).toEqual(['只能上传 JPEG、PNG、WebP、GIF 图片'])
    await press('返回列表')
  })
})

describe('import and export', () => {
  const file = { name: '稿件.csv', type: 'text/csv', size: 100 }
  const reply = (more: object = {}) => ({
    ok: true,
    lines: ['这是预览'],
    report: { added: 2, changed: 0 },
    ...more,
  })

  test('a file is previewed, in the other way too, and written only after another press', async () => {
    const answer = jest.fn<unknown, [Row]>(() => reply())
    await answering('import', answer, async () => {
      await page.choose('选文件（CSV 或 JSON Lines）', file)
      expect(last('permit-upload')?.path).toMatch(/^imports\/.*\.csv$/)
      expect(last('import')).toMatchObject({ collection: 'drafts', mode: 'insert', write: false })
      expect(text('details')).toContain('稿件.csv')
      await write('导入方式', 'upsert')
      expect(last('import')).toMatchObject({ mode: 'upsert', write: false })
      answer.mockReturnValue(reply({ lines: ['已写入'] }))
      const before = page.sent.length
      await press('确实导入')
      expect(last('import')).toMatchObject({
        mode: 'upsert',
        write: true,
        fileId: expect.stringContaining('cloud://'),
      })
      expect(page.sent.slice(before).map(({ command }) => command)).toEqual(['import', 'rows'])
      expect([page.hasButton('确实导入'), text('details')]).toEqual([
        false,
        expect.stringContaining('已写入'),
      ])
    })
  })

  test.each<[what: string, answer: object, hasNext: boolean]>([
    ['rows are refused', reply({ ok: false }), false],
    ['nothing changes', reply({ report: { added: 0, changed: 0 } }), false],
    ['only known rows change', reply({ report: { added: 0, changed: 1 } }), true],
  ])('where %s, the import is offered: %j', async (_what, answer, hasNext) => {
    const before = page.sent.length
    await answering(
      'import',
      () => answer,
      () => page.choose('选文件（CSV 或 JSON Lines）', file),
    )
    expect(page.hasButton('确实导入')).toBe(hasNext)
    expect(page.sent.slice(before).map(({ command }) => command)).not.toContain('rows')
    expect(page.all('details [role=alert]').length).toBe('ok' in answer && answer.ok ? 0 : 1)
  })

  test('an import that breaks off may have written a part, so the list is read again', async () => {
    const lines = ['只导入了一部分']
    const before = page.sent.length
    await answering(
      'import',
      ({ write }) => (write ? reply({ ok: false, lines }) : reply()),
      async () => {
        await page.choose('选文件（CSV 或 JSON Lines）', file)
        await press('确实导入')
      },
    )
    expect(page.sent.slice(before).map(({ command }) => command)).toContain('rows')
    expect(page.all('details [role=alert]')[0]?.textContent).toBe('只导入了一部分')
  })

  test('a long import says how far it is, and an import that breaks is told', async () => {
    let end: (answer: object) => void = () => undefined
    await answering(
      'import',
      () => new Promise(done => (end = done)),
      async () => {
        await page.choose('选文件（CSV 或 JSON Lines）', file)
        await settle(499)
        expect(text('details')).toContain('正在处理…')
        expect(last('import-progress')).toBeUndefined()
        await settle(1)
        expect(last('import-progress')).toEqual({ job: last('import')?.job })
        expect(text('details')).toContain('已经读了 1,234 行')
        expect(page.button('导出 CSV').disabled).toBe(true)
        end(reply())
        await settle()
      },
    )
    const asks = page.sent.filter(({ command }) => command === 'import-progress').length
    await settle(2_000)
    expect(page.sent.filter(({ command }) => command === 'import-progress')).toHaveLength(asks)
    await answering('import', refuse('SYS_ERR', 'x'), () => page.choose('选文件（CSV 或 JSON Lines）', file))
    expect(said()).toEqual(['本地云出错了，请把时间告诉开发人员'])
    await page.choose('选文件（CSV 或 JSON Lines）', { ...file, size: 104_857_601 })
    expect(said()).toEqual(['文件太大，最多 100 MB'])
  })

  test('an export is a file named after the collection', async () => {
    const saved: string[] = []
    page.window.HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
      saved.push(`${this.download} ${this.href}`)
    }
    Object.assign(page.window.URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined })
    await answering(
      'export-file',
      () => ({ text: 'x' }),
      async () => {
        await press('导出 CSV')
        expect(last('export-file')).toEqual({ collection: 'drafts', format: 'csv' })
        await press('导出 JSON Lines')
        expect(last('export-file')).toEqual({ collection: 'drafts', format: 'jsonl' })
      },
    )
    expect(saved).toEqual(['drafts.csv blob:x', 'drafts.jsonl blob:x'])
  })
})

describe('other places', () => {
  test('a function runs with the event that is written, and its answer is shown', async () => {
    await press('云函数')
    expect(
      Array.from(page.field('云函数').querySelectorAll('option')).map(({ textContent }) => textContent),
    ).toEqual(['clock', 'editor'])
    expect(JSON.parse(page.field('测试参数（JSON）').value)).toEqual({ action: 'check', key: '编辑口令' })
    const answer = { ok: true, lines: ['看 https://kepu.cn/a 和 /preview?id=1', '完'] }
    await answering(
      'run',
      () => ({ result: answer }),
      () => press('运行'),
    )
    expect(last('run')).toEqual({ name: 'editor', event: { action: 'check', key: '编辑口令' } })
    expect(text('pre')).toBe('看 https://kepu.cn/a 和 /preview?id=1\n完')
    expect(page.all('pre a').map(one => one.getAttribute('href'))).toEqual([
      'https://kepu.cn/a',
      '/preview?id=1',
    ])
    await write('云函数', 'clock')
    expect(page.field('测试参数（JSON）').value).toBe('{}')
    await answering(
      'run',
      () => ({ result: { odd: 1 } }),
      () => press('运行'),
    )
    expect([last('run'), text('pre')]).toEqual([{ name: 'clock', event: {} }, '{\n  "odd": 1\n}'])
    await write('测试参数（JSON）', '{')
    await press('运行')
    expect(text('pre')).toMatch(/^这不是完整的 JSON。/)
    await press('马上运行定时任务')
    expect([last('fire'), text('pre')]).toEqual([{ name: 'clock' }, '{\n  "fired": true\n}'])
    await answering('fire', refuse('CONFLICT', '还在运行'), () => press('马上运行定时任务'))
    expect(text('pre')).toBe('还在运行')
  })

  test('the log has the newest call first, of all functions or of one', async () => {
    const record = (n: number, more: object = {}) => ({
      ...{
        requestId: `r${n}`,
        functionName: 'content',
        source: 'wx_client',
        startedAt: Date.UTC(2026, 10, 27, 1, n % 60),
      },
      ...{ duration: 12.6, outcome: 'ok', lines: [], ...more },
    })
    const records = [
      ...Array.from({ length: 101 }, (_, n) => record(n)),
      record(102, {
        functionName: 'clock',
        source: null,
        outcome: 'FUNCTIONS_EXECUTE_FAIL',
        lines: [{ level: 'error', text: '坏了' }],
      }),
    ]
    await answering(
      'logs',
      () => records,
      async () => {
        await press('日志')
        expect(last('logs')).toEqual({ limit: 2_000 })
        const boxes = () => page.all('.console-box')
        expect(boxes()).toHaveLength(100)
        expect(boxes()[0]?.textContent).toBe(
          '2026-11-27 09:42　clock　FUNCTIONS_EXECUTE_FAIL　13 毫秒　控制台error　坏了',
        )
        expect(boxes()[0]?.querySelector('span')?.className).toBe('console-bad')
        expect(boxes()[1]?.textContent).toBe('2026-11-27 09:40　content　ok　13 毫秒　wx_client')
        expect(boxes()[1]?.querySelector('span')?.className).toBe('console-good')
        expect(text('select')).toBe('全部clockcontent')
        await write('云函数', 'clock')
        expect(boxes()).toHaveLength(1)
        expect(text()).not.toContain('还没有日志')
      },
    )
    await answering(
      'logs',
      () => [],
      () => press('刷新'),
    )
    expect(text()).toContain('还没有日志')
  })

  test('uploaded files are listed with the newest first, and their ids can be copied', async () => {
    await press('云存储')
    await page.choose('上传文件', { name: 'a.pdf', type: 'application/pdf', size: 1 })
    await page.choose('上传文件', { name: 'b.pdf', type: 'application/pdf', size: 1 })
    expect(page.all('.console-box p').map(({ textContent }) => textContent)).toEqual(['b.pdf', 'a.pdf'])
    expect([text('[role=status]'), last('permit-upload')?.path]).toEqual([
      '已上传',
      expect.stringMatching(/^uploads\//),
    ])
    const copied: string[] = []
    const clipboard = { writeText: async (one: string) => void copied.push(one) }
    Object.defineProperty(page.window.navigator, 'clipboard', { value: clipboard, configurable: true })
    await press('复制编号')
    expect([copied, text('[role=status]')]).toEqual([[text('pre')], '已复制'])
    clipboard.writeText = () => Promise.reject(new Error('denied'))
    await press('复制编号')
    expect(text('[role=status]')).toContain('请选中编号自己复制')
    await answering(
      'put',
      () => false,
      () => page.choose('上传文件', { name: 'c', type: '', size: 1 }),
    )
    expect(text('[role=status]')).toBe('没有传上去，请再试一次')
  })

  test('the home page is shown for now or for a time, once the key is known', async () => {
    await press('首页布局')
    expect([page.button('查看首页').disabled, page.button('记住编辑口令').disabled]).toEqual([true, true])
    await write('编辑口令', ' the-key ')
    await press('记住编辑口令')
    const lines = ['视觉焦点', '　第 1 位', '　第 2 位', '独家策划']
    await answering(
      'run',
      () => ({ result: { ok: true, lines } }),
      () => press('查看首页'),
    )
    expect(last('run')).toEqual({ name: 'editor', event: { action: 'placement', key: 'the-key' } })
    expect(page.all('section').map(({ textContent }) => textContent)).toEqual([
      '视觉焦点第 1 位第 2 位',
      '独家策划',
    ])
    expect(page.all('section').map(one => one.querySelectorAll('ul').length)).toEqual([1, 0])
    await write('什么时候', '2026-12-01T09:30')
    await answering(
      'run',
      () => ({ result: { ok: false, lines: ['没有权限', '请核对'] } }),
      () => press('查看首页'),
    )
    expect(last('run')).toMatchObject({ event: { at: '2026-12-01 09:30' } })
    expect([said(), page.all('section')]).toEqual([['没有权限\n请核对'], []])
    await press('查看首页')
    expect(said()).toEqual([])
  })
})

test('the key that is known is written into the event of the editors’ function', async () => {
  await press('云函数')
  const event = () => page.field('测试参数（JSON）').value
  expect(JSON.parse(event())).toEqual({ action: 'check', key: 'the-key' })
  await write('云函数', 'clock')
  expect(event()).toBe('{}')
  await write('云函数', 'editor')
  expect(JSON.parse(event())).toEqual({ action: 'check', key: 'the-key' })
})

describe('a story’s earlier versions', () => {
  const whole = { _id: 'a', title: '鲸落', body: '正文。' }
  const panel = () => page.all('section').find(one => one.getAttribute('aria-label') === '预览和旧版')
  const history = ['第 4 版　今天', '第 2 版　昨天', '另一行', '第 1 版　前天']

  test('are offered where there are some, compared with the newest, and restored', async () => {
    await press('数据')
    await answering(
      'run',
      () => ({ result: { ok: true, lines: history } }),
      () => open({ ...whole, version: 4 }),
    )
    expect(last('run')).toEqual({ name: 'editor', event: { action: 'history', draft: 'a', key: 'the-key' } })
    expect(
      Array.from(page.field('旧版').querySelectorAll('option')).map(({ textContent }) => textContent),
    ).toEqual(['第 2 版', '第 1 版'])
    await press('和第 4 版比较')
    expect(last('run')).toMatchObject({ event: { action: 'compare', from: 2, to: 4, draft: 'a' } })
    await write('旧版', '1')
    await press('和第 4 版比较')
    expect(last('run')).toMatchObject({ event: { from: 1 } })
    stored.set('"a"', shown({ ...whole, title: '从前', version: 5 }, 'm5'))
    await press('让读者看到这一版')
    expect(
      page.sent.findLast(({ input }) => (input.event as Row | undefined)?.action === 'restore')?.input,
    ).toMatchObject({
      event: { version: 1, draft: 'a' },
    })
    expect(page.field('标题').value).toBe('从前')
  })

  test('a restore that is refused reads nothing again, and one of a changed form cannot be asked for', async () => {
    await answering(
      'run',
      () => ({ result: { ok: true, lines: history } }),
      () => open({ ...whole, version: 4 }),
    )
    stored.set('"a"', shown({ ...whole, title: '从前' }, 'm5'))
    await answering(
      'run',
      () => ({ result: { ok: false, lines: ['没有这一版'] } }),
      () => press('让读者看到这一版'),
    )
    expect([said(), page.field('标题').value]).toEqual([['没有这一版'], '鲸落'])
    await write('标题', '没存')
    expect(page.button('让读者看到这一版').disabled).toBe(true)
    const before = page.sent.length
    await press('预览')
    expect(said()).toEqual(['还没有保存：请先按“保存”，再预览'])
    expect(page.sent.slice(before).filter(({ command }) => command === 'run')).toEqual([])
    await answering('run', refuse('FUNCTION_NOT_FOUND', '没有这个云函数'), () => press('看发布过几版'))
    expect(said()).toEqual(['没有这个云函数'])
  })

  test('the second version has the first before it', async () => {
    const first = { ok: true, lines: ['第 2 版　今天', '第 1 版　昨天'] }
    await answering(
      'run',
      () => ({ result: first }),
      () => open({ ...whole, version: 2 }),
    )
    expect(page.button('和第 2 版比较').disabled).toBe(false)
    expect(page.field('旧版').value).toBe('1')
  })

  test('an answer takes the place of what was said before, but not of a conflict', async () => {
    await press('保存')
    expect(text()).toContain('已保存')
    await press('看发布过几版')
    expect([text().includes('已保存'), text().includes('没有问题')]).toEqual([false, true])
    await answering('save', refuse('CONFLICT', '这一行刚刚在别处改过'), () => press('保存'))
    expect(text()).not.toContain('没有问题')
    await press('看发布过几版')
    expect(page.hasButton('读最新的，再写上我改的')).toBe(true)
  })

  test('a story that is not out has a preview alone, and one of one version nothing to compare', async () => {
    const before = page.sent.length
    await open({ ...whole, version: 1 })
    expect([page.hasButton('看发布过几版'), page.all('#version').length]).toEqual([true, 0])
    await open(whole)
    expect([page.hasButton('预览'), page.hasButton('看发布过几版')]).toEqual([true, false])
    expect(page.sent.slice(before).filter(({ command }) => command === 'run')).toEqual([])
    await answering(
      'run',
      () => ({ result: { ok: true, lines: ['看 /preview?id=a'] } }),
      () => press('预览'),
    )
    expect(last('run')).toMatchObject({ event: { action: 'preview', draft: 'a' } })
    expect(panel()?.querySelector('a')?.getAttribute('href')).toBe('/preview?id=a')
    await press('换一个编辑口令')
    expect([page.hasButton('预览'), page.field('编辑口令').value]).toEqual([false, ''])
  })
})
