import {
  entryAsks,
  notOutYet,
  spelledStatus,
  statusOfEntry,
  waysToWriteEntry,
} from '#shared/publishing/entry-statuses'
import { askedOf, isForLater, isStillDue, problemsOfStatus } from '#shared/publishing/next-step'
import {
  isUnknownStatus,
  knownStatuses,
  labels,
  namedIn,
  readDraft,
  statusOfRow,
  tagsOf,
  waysToWrite,
} from '#shared/publishing/read-draft'
import { pollHash, pollLabels, readPollRow } from '#shared/publishing/read-poll'
import { readTopicRow, topicHash, topicLabels } from '#shared/publishing/read-topic'

const now = Date.UTC(2026, 10, 27, 4)
const tomorrow = Date.UTC(2026, 10, 28, 1, 30)

type Row = Record<string, unknown>
type Read = { ok: boolean; problems?: string[]; reminders: string[] }

const draft: Row = { title: '标题', teaser: '导语。', channel: 'earth', column: 'ocean', body: '正文。' }
const topic: Row = { title: '深海' }
const poll: Row = {
  _id: 'whales-2026',
  question: '见过鲸吗？',
  opensAt: '2026-11-20 09:30',
  closesAt: '2026-11-28 09:30',
  options: [
    { key: 'a', label: '见过' },
    { key: 'b', label: '没有' },
  ],
}
const problemsOf = (read: Read): string[] => (read.ok ? [] : (read.problems ?? []))
const ofDraft = (changes: Row) => problemsOf(readDraft({ ...draft, ...changes }, now))
const ofTopic = (changes: Row) => problemsOf(readTopicRow({ ...topic, ...changes }, now))
const ofPoll = (changes: Row) => problemsOf(readPollRow({ ...poll, ...changes }, now))

describe.each([20_000, 300_000])('%d characters in every field of a row are read in a moment', length => {
  const filledWith = (value: string, fields: readonly string[]): Row =>
    Object.fromEntries(fields.map(field => [field, value]))
  test.each([
    ' ',
    '\n',
    ' \n',
    '\u3000',
    '[',
    '[](a',
    '*',
    '_',
    '`',
    '(',
    '<',
    '<!--',
    '&',
    '|',
    '#',
    '\u0301\u0316',
  ])('%j', part => {
    const run = `字${part.repeat(Math.floor((length - 2) / part.length))}字`
    const times = { publishAt: run, opensAt: `2026-11-20${run}` }
    const option = { key: run, label: run, picture: run, alt: run }
    // The processor's time: on a busy machine the clock on the wall says nothing about the code.
    const from = process.cpuUsage()
    readDraft({ ...filledWith(run, Object.keys(labels)), ...times }, now)
    readTopicRow(filledWith(run, Object.keys(topicLabels)), now)
    readPollRow({ ...filledWith(run, Object.keys(pollLabels)), ...times, options: [option, option] }, now)
    const { user, system } = process.cpuUsage(from)
    expect((user + system) / 1_000).toBeLessThan(2_000)
  })

  test('and one that is too long is refused in its own words', () => {
    const title = `字${' '.repeat(length)}字`
    expect(ofDraft({ title })).toEqual(['标题：最多 120 个字，请改短'])
    expect(ofDraft({ facts: [title] })).toEqual(['资料来源：每个最多 300 个字，请改短'])
  })
})

describe('a field may be as long as it says, and not longer', () => {
  const cover = { cover: 'cloud://a.b/c.jpg', coverAlt: '图' }
  test.each<[typeof ofDraft, field: string, label: string, longest: number, others?: Row]>([
    [ofDraft, 'title', '标题', 120],
    [ofDraft, 'teaser', '导语', 200],
    [ofDraft, 'source', '来源', 40],
    [ofDraft, 'author', '作者', 40],
    [ofDraft, 'editor', '责编', 40],
    [ofDraft, 'coverAlt', '封面说明', 200, cover],
    [ofDraft, 'credit', '封面出处', 40, cover],
    [ofDraft, 'correction', '更正说明', 200],
    [ofDraft, 'reason', '撤回原因', 500],
    [ofTopic, 'title', '标题', 120],
    [ofTopic, 'lead', '导语', 500],
    [ofTopic, 'coverAlt', '题图说明', 200, cover],
    [ofTopic, 'credit', '题图出处', 40, cover],
    [ofTopic, 'editor', '责编', 40],
    [ofPoll, 'question', '题目', 200],
  ])('%p %s', (of, field, label, longest, others = {}) => {
    expect(of({ ...others, [field]: '字'.repeat(longest) })).toEqual([])
    expect(of({ ...others, [field]: '字'.repeat(longest + 1) })).toEqual([
      `${label}：最多 ${longest} 个字，请改短`,
    ])
  })

  const counted = (count: number, length = 1) =>
    Array.from({ length: count }, (_, at) =>
      String(at).padStart(3, '0').padEnd(length, '字').slice(-Math.max(3, length)),
    )
  test.each<[typeof ofDraft, field: string, label: string, most: number, longest: number]>([
    [ofDraft, 'tags', '标签', 8, 20],
    [ofDraft, 'facts', '资料来源', 50, 300],
  ])('%p %s', (of, field, label, most, longest) => {
    expect(of({ [field]: counted(most) })).toEqual([])
    expect(of({ [field]: counted(most + 1) })).toEqual([`${label}：最多 ${most} 个，请删去一些`])
    expect(of({ [field]: counted(2, longest) })).toEqual([])
    expect(of({ [field]: counted(2, longest + 1) })).toEqual([`${label}：每个最多 ${longest} 个字，请改短`])
  })

  test('the stories of a topic and of 相关阅读', () => {
    const ids = (count: number) =>
      Array.from({ length: count }, (_, at) => `story${String(at).padStart(5, '0')}`)
    expect(ofTopic({ stories: ids(500) })).toEqual([])
    expect(ofTopic({ stories: ids(501) })).toEqual(['文章：最多 500 个，请删去一些'])
    expect(ofDraft({ related: ids(5).join(' ') })).toEqual([])
    expect(ofDraft({ related: ids(6).join(' ') })).toEqual(['相关阅读：最多 5 个，请删去一些'])
    const link = 'https://kepu.example/a/story00001?x='
    expect(ofDraft({ related: ids(1)[0] })).toEqual([])
    expect(ofDraft({ related: `${link}${'x'.repeat(301 - link.length)}` })).toEqual([
      '相关阅读：每个最多 300 个字，请改短',
    ])
  })

  test('without the word that the page writes before it', () => {
    const read = readDraft(
      { ...draft, source: '来源：某所', author: '文: 林海', editor: '责编：王', credit: '图：某馆' },
      now,
    )
    expect(read).toMatchObject({
      draft: { source: '某所', author: '林海', editor: '王', credit: '某馆' },
    })
    const entry = readTopicRow({ ...topic, credit: '图：某馆', editor: '责编：王' }, now)
    expect(entry).toMatchObject({ entry: { credit: '某馆', editor: '王' } })
  })

  test('the address of a picture', () => {
    const address = (length: number) => `https://a.example/${'x'.repeat(length - 18)}`
    const shareCover = '分享图：请写 cloud:// 或 https:// 开头的图片地址'
    expect(ofDraft({ shareCover: address(2_000) })).toEqual([])
    expect(ofDraft({ shareCover: address(2_001) })).toEqual([shareCover])
    expect(ofDraft({ shareCover: ['cloud://a/b.jpg', ' ', ''] })).toEqual([])
    expect(ofDraft({ shareCover: ['cloud://a/b.jpg', 'cloud://a/c.jpg'] })).toEqual([
      '分享图：只能有一张，请删去其余的',
    ])
  })

  test('a place on the home page', () => {
    const cover = { placement: '视觉焦点', cover: 'cloud://a/b.jpg', coverAlt: '图' }
    for (const order of [1, 6, '6', ' ６ ']) expect(ofDraft({ ...cover, order })).toEqual([])
    for (const order of [7, '1000', '0'])
      expect(ofDraft({ ...cover, order })).toEqual(['版位次序：请写 1 到 6 的整数'])
  })
})

describe('what a draft says', () => {
  const written: Row = {
    title: ' 鲸落 ',
    teaser: '一头鲸沉到海底。',
    channel: '地球',
    column: '海洋',
    source: '某所',
    author: '林海',
    editor: '王编辑',
    tags: '深海、鲸落',
    body: '\n正文。\n',
    facts: '某书\n某文',
    aiNotice: '图片',
    status: 'scheduled',
    publishAt: '2026-11-28 09:30',
    offlineAt: '2026-12-01 09:30',
    cover: ' cloud://a.b/c.jpg ',
    coverAlt: '鲸骨',
    credit: '某馆',
    topic: 'topic00001',
    poll: 'whales-2026',
    placement: 'focus',
    order: '2',
    from: '2026-11-28 10:00',
    until: '2026-11-29 10:00',
    correction: '改了数字',
    reason: '重复',
    shareCover: ['https://a.example/b.jpg'],
    related: 'abcdefgh12，whale-fall',
  }

  test('is read field by field', () => {
    expect(readDraft(written, now)).toEqual({
      ok: true,
      reminders: [],
      draft: {
        title: '鲸落',
        teaser: '一头鲸沉到海底。',
        channel: 'earth',
        column: 'ocean',
        source: '某所',
        author: '林海',
        editor: '王编辑',
        tags: ['深海', '鲸落'],
        body: '正文。',
        facts: ['某书', '某文'],
        aiNotice: '图片',
        status: '已定时',
        publishAt: tomorrow,
        offlineAt: Date.UTC(2026, 11, 1, 1, 30),
        cover: 'cloud://a.b/c.jpg',
        coverAlt: '鲸骨',
        credit: '某馆',
        topic: 'topic00001',
        poll: 'whales-2026',
        inFocus: true,
        order: 2,
        from: Date.UTC(2026, 10, 28, 2),
        until: Date.UTC(2026, 10, 29, 2),
        correction: '改了数字',
        reason: '重复',
        shareCover: 'https://a.example/b.jpg',
        related: ['abcdefgh12', 'whale-fall'],
      },
    })
  })

  test('has the site for its source and the desk for its editor, where nobody wrote them', () => {
    expect(readDraft(draft, now)).toMatchObject({
      draft: {
        source: '科普云编辑部',
        editor: '科普云编辑部',
        author: '',
        status: '草稿',
        inFocus: false,
        aiNotice: '',
      },
    })
  })

  test.each([
    [{ channel: '体育' }, '频道：没有“体育”，请从 '],
    [{ column: '天文' }, '栏目：频道“地球”没有这个栏目，请从 '],
    [{ aiNotice: '视频' }, '含AI生成内容：没有这个选项，请从 无、文字、图片、音频 中选'],
    [{ placement: '头条' }, '版位：没有这个选项，请从 视觉焦点 中选'],
    [{ status: '发布了' }, '状态：没有这个选项，请从 草稿、待审、待发布、待撤回 中选'],
    [{ status: '待发布 ' }, '状态：前后有空格或看不见的字符，请删去重写'],
    [{ topic: '深海' }, '专题：请写专题的编号（8 到 12 位小写字母和数字）'],
    [{ poll: '鸡 蛋' }, '云投：请写云投的编号（字母、数字、- 和 _）'],
    [{ related: 'abcdefgh12 那篇 鲸落' }, '相关阅读：第 2、3 条，请写文章编号、稿件的 _id，或本站文章的地址'],
    [{ status: '已定时' }, '发布时间：状态是 已定时，却没有时间，请写上；要马上发布，请把状态改成 待发布'],
    [{ offlineAt: now }, '下线时间：要晚于现在和发布时间，请改晚或清空'],
    [{ offlineAt: tomorrow, publishAt: tomorrow }, '下线时间：要晚于现在和发布时间，请改晚或清空'],
    [{ cover: 'cloud://a/b.jpg' }, '封面说明：有封面时要写上图里有什么'],
    [{ title: 7 }, '标题：要写成文字'],
    [{ tags: 5 }, '标签：要写成文字，多个之间用顿号或换行隔开'],
    [{ cover: 5, coverAlt: '图' }, '封面：要写成一个图片地址'],
  ])('is wrong in one way: %j', (changes, problem) => {
    expect(ofDraft(changes)).toEqual([expect.stringContaining(problem)])
  })

  test.each([
    [{ offlineAt: now + 1 }],
    [{ offlineAt: tomorrow + 1, publishAt: tomorrow }],
    // It is offline already.
    [{ offlineAt: now, status: '已撤回' }],
    [{ status: '已定时', publishAt: now - 1 }],
    [{ status: 'draft' }],
  ])('is right: %j', changes => {
    expect(ofDraft(changes)).toEqual([])
  })

  test('a cover whose own fields are wrong is told once', () => {
    expect(ofDraft({ cover: 'c.jpg' })).toHaveLength(1)
    expect(ofDraft({ cover: 'cloud://a/b.jpg', coverAlt: 5 })).toHaveLength(1)
  })

  test.each<[Row, string[]]>([
    [{ order: 2, from: tomorrow }, ['版位次序：没有写版位，没有使用']],
    [{ from: tomorrow, until: tomorrow + 1 }, ['版位开始：没有写版位，没有使用']],
    [
      { title: '鲸\u200b落', tags: ['<b>深</b>海'] },
      ['标题：去掉了看不见的字符', '标签：去掉了HTML 标签，请看看文字对不对'],
    ],
    [{ teaser: '**鲸落**' }, ['导语：不认 Markdown 的标记，读者会原样看到，请删去']],
  ])('is told what readers will not see of %j', (changes, reminders) => {
    expect(readDraft({ ...draft, ...changes }, now).reminders).toEqual(reminders)
  })

  test('a place that ends before the story begins, or begins when it is gone, is told', () => {
    const placed = { ...draft, placement: '视觉焦点', cover: 'cloud://a/b.jpg', coverAlt: '图' }
    const told = (changes: Row) => readDraft({ ...placed, ...changes }, now).reminders
    expect(told({ until: tomorrow + 1, publishAt: tomorrow })).toEqual([])
    expect(told({ until: tomorrow, publishAt: tomorrow })).toHaveLength(1)
    expect(told({ from: tomorrow, offlineAt: tomorrow + 1 })).toEqual([])
    expect(told({ from: tomorrow, offlineAt: tomorrow })).toHaveLength(1)
  })
})

describe('parts of a row that is not whole', () => {
  test.each([
    ['深海、鲸落', ['深海', '鲸落']],
    [['深海'], ['深海']],
    [0, []],
    [null, []],
    [5, []],
    ['字'.repeat(21), []],
  ])('tags %j', (written, tags) => expect(tagsOf(written)).toEqual(tags))

  test.each<[Row, { topic: string; order: number | null }]>([
    [
      { topic: 'topic00001', placement: '视觉焦点', order: 3 },
      { topic: 'topic00001', order: 3 },
    ],
    [
      { topic: '深海', placement: 'focus', order: '2' },
      { topic: '', order: 2 },
    ],
    [
      { topic: '', placement: '', order: 3 },
      { topic: '', order: null },
    ],
    [
      { topic: 0, placement: '视觉焦点', order: 0 },
      { topic: '', order: null },
    ],
    [
      { placement: '视觉焦点', order: 7 },
      { topic: '', order: null },
    ],
    [
      { placement: '头条', order: 3 },
      { topic: '', order: null },
    ],
  ])('topic and place of %j', (row, named) => expect(namedIn(row)).toEqual(named))

  test.each<[unknown, status: string, isUnknown: boolean, asks: string]>([
    ['待发布', '待发布', false, 'publish'],
    ['ready', '待发布', false, 'publish'],
    ['已定时', '已定时', false, 'publish'],
    ['scheduled', '已定时', false, 'publish'],
    ['待撤回', '待撤回', false, 'withdraw'],
    ['withdraw', '待撤回', false, 'withdraw'],
    ['草稿', '草稿', false, 'nothing'],
    ['待审', '待审', false, 'nothing'],
    ['已发布', '已发布', false, 'nothing'],
    ['withdrawn', '已撤回', false, 'nothing'],
    ['', '草稿', false, 'nothing'],
    [undefined, '草稿', false, 'nothing'],
    [0, '草稿', false, 'nothing'],
    [[], '草稿', false, 'nothing'],
    ['待发布 ', '草稿', true, 'nothing'],
    ['发布', '草稿', true, 'nothing'],
    [5, '草稿', true, 'nothing'],
    [['待发布'], '草稿', true, 'nothing'],
  ])('status %j', (status, meant, isUnknown, asks) => {
    expect([statusOfRow({ status }), isUnknownStatus({ status }), askedOf({ status })]).toEqual([
      ...[meant, isUnknown, asks],
    ])
  })

  test('every spelling of a status is known', () => {
    expect(waysToWrite('待发布')).toEqual(['待发布', 'ready'])
    expect(waysToWrite('已撤回')).toEqual(['已撤回', 'withdrawn'])
    expect(knownStatuses).toHaveLength(14)
  })
})

describe('what the clock makes of a row', () => {
  const out = { state: 'published' as const, publishAt: null, offlineAt: null }
  test.each<[Row, story: typeof out | null, problem: string | null]>([
    [{ status: '已发布' }, null, '状态：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布'],
    [{ status: '已发布' }, out, null],
    [{ status: '已撤回' }, out, '状态：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回'],
    [{ status: '已撤回' }, null, null],
    [{ status: '待发布' }, null, null],
    [{ status: '草稿' }, out, null],
    [{ status: '发布' }, out, '状态：没有这个选项，请从 草稿、待审、待发布、待撤回 中选'],
  ])('an untrue status is told: %j', (changes, story, problem) => {
    const told = problemsOfStatus({ ...draft, ...changes }, story, now)
    expect(told?.problems ?? null).toEqual(problem === null ? null : [problem])
  })

  test('the problems of the other fields are told with it', () => {
    const told = problemsOfStatus({ ...draft, status: '已发布', title: '', teaser: '<b>导语</b>' }, null, now)
    expect(told).toMatchObject({
      kind: 'unpublished',
      problems: [expect.stringContaining('状态：'), '标题：还没有填写，请写上'],
      reminders: ['导语：去掉了HTML 标签，请看看文字对不对'],
    })
  })

  test('a time that has come is not for later, and one that its editor took back is not due', () => {
    expect([isForLater(null, now), isForLater(now, now), isForLater(now + 1, now)]).toEqual([
      false,
      false,
      true,
    ])
    const row = { status: '待发布', publishAt: '2026-11-28 09:30' }
    expect(isStillDue(row, tomorrow, now)).toBe(true)
    expect(isStillDue(row, tomorrow + 1, now)).toBe(false)
    expect(isStillDue({ ...row, status: '草稿' }, tomorrow, now)).toBe(false)
  })
})

describe('the status of a topic or poll', () => {
  test.each<[unknown, status: string, asks: string, version?: unknown]>([
    ['待发布', '待发布', 'publish'],
    ['ready', '待发布', 'publish'],
    ['待撤回', '待撤回', 'withdraw'],
    [' 待撤回 ', '待撤回', 'withdraw'],
    ['草稿', '草稿', 'nothing'],
    ['已撤回', '已撤回', 'nothing'],
    ['', '草稿', 'nothing'],
    [null, '草稿', 'nothing'],
    ['已发布', '已发布', 'nothing', 3],
    // Its editor wrote it: the row was never published.
    ['已发布', '已发布', 'publish'],
    // These are told as problems.
    ['草稿 ', '草稿', 'publish'],
    ['待审', '草稿', 'publish'],
    [5, '草稿', 'publish'],
  ])('%j means %s and asks to %s', (status, meant, asks, ...[version]) => {
    expect([statusOfEntry({ status }), entryAsks({ status, version })]).toEqual([meant, asks])
  })

  test('has to be spelled as it is', () => {
    expect(spelledStatus('状态', '待发布 ')).toEqual(['状态：前后有空格或看不见的字符，请删去重写'])
    for (const written of ['待发布', 'ready', '', '发布', ' ', 5])
      expect(spelledStatus('状态', written)).toEqual([])
    expect(waysToWriteEntry('待撤回')).toEqual(['待撤回', 'withdraw'])
    expect(notOutYet).toContain('还没有发布')
    const unknown = '状态：没有这个选项，请从 草稿、待发布、待撤回 中选'
    for (const problems of [ofTopic, ofPoll]) {
      expect(problems({ status: '待审' })).toEqual([unknown])
      expect(problems({ status: ' 待发布' })).toEqual(['状态：前后有空格或看不见的字符，请删去重写'])
      expect(problems({ status: 'ready' })).toEqual([])
    }
  })
})

describe('what a topic says', () => {
  test('is read field by field', () => {
    const written = {
      title: '深海',
      status: '待发布',
      lead: '一个系列。',
      publishedAt: '2026-11-28 09:30',
      cover: ['cloud://a.b/c.jpg'],
      coverAlt: '鲸骨',
      credit: '某馆',
      editor: '王编辑',
      poll: 'whales-2026',
      stories: 'story00001、story00002\nstory00001',
      order: '2',
      from: tomorrow,
      until: tomorrow + 1,
    }
    const { status: _, ...entry } = written
    expect(readTopicRow(written, now)).toEqual({
      ok: true,
      reminders: [],
      entry: {
        ...entry,
        ...{
          publishedAt: tomorrow,
          cover: 'cloud://a.b/c.jpg',
          stories: ['story00001', 'story00002'],
          order: 2,
        },
      },
    })
    expect(readTopicRow(topic, now)).toMatchObject({
      entry: { publishedAt: null, from: null, until: null, order: null, stories: [], cover: '', poll: '' },
    })
  })

  test.each([
    [{ title: ' ' }, '标题：还没有填写，请写上'],
    [{ publishedAt: '明天' }, '发布时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30'],
    [{ from: '明天', order: 1 }, '版位开始：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30'],
    [{ until: '2026-12-01', order: 1 }, '版位结束：只有日期，没有钟点，请写成北京时间，如 2026-11-20 09:30'],
    [{ order: 1, from: tomorrow, until: tomorrow }, '版位结束：要晚于版位开始，请改晚或清空'],
    [{ cover: 'cloud://a/b.jpg' }, '题图说明：有题图时要写上图里有什么'],
    [{ poll: 'a b' }, '云投：请写云投的编号（字母、数字、- 和 _）'],
    [{ stories: '鲸落' }, '文章：请写文章编号（8 到 12 位小写字母和数字），“鲸落”不是'],
    [{ stories: '鲸落、月面' }, '文章：请写文章编号（8 到 12 位小写字母和数字），“鲸落”不是，另有 1 个'],
    [
      { stories: 'story00001 鲸落 海 洋' },
      '文章：请写文章编号（8 到 12 位小写字母和数字），“鲸落”不是，另有 2 个',
    ],
    [{ order: 1.5 }, '版位次序：请写 1 到 8 的整数'],
    [{ order: 9 }, '版位次序：请写 1 到 8 的整数'],
  ])('is wrong in one way: %j', (changes, problem) => {
    expect(ofTopic(changes)).toEqual([problem])
  })

  test.each([
    [{ order: 1, from: tomorrow, until: tomorrow + 1 }, []],
    [{ from: tomorrow }, ['版位开始：没有写版位次序，没有用到']],
    [{ until: tomorrow }, ['版位结束：没有写版位次序，没有用到']],
    [{ lead: '<b>深</b>海' }, ['导语：去掉了HTML 标签，请看看文字对不对']],
    [{ title: '深\u200b海' }, ['标题：去掉了看不见的字符']],
    [{ editor: '`王`' }, ['责编：不认 Markdown 的标记，读者会原样看到，请删去']],
  ])('is told what readers will not see of %j', (changes, reminders) => {
    expect(readTopicRow({ ...topic, ...changes }, now)).toMatchObject({ ok: true, reminders })
  })

  test('with an error in a field is told one thing about it', () => {
    const long = '鸡'.repeat(41)
    expect(ofTopic({ poll: long })).toEqual(['云投：最多 40 个字，请改短'])
    expect(ofDraft({ poll: long })).toEqual(['云投：最多 40 个字，请改短'])
    const options = [
      { key: long, label: '甲' },
      { key: 'b', label: '乙' },
    ]
    expect(ofPoll({ options })).toEqual(['选项第 1 个的key：最多 40 个字，请改短'])
    expect(ofPoll({ choices: long })).toEqual(['可选几项：最多 40 个字，请改短'])
  })

  test('is the same with another status, unless that is asked for', () => {
    const changed = { ...topic, status: '待撤回', problems: ['x'] }
    expect(topicHash(changed, false)).toBe(topicHash(topic, false))
    expect(topicHash(changed, true)).not.toBe(topicHash(topic, true))
    expect(topicHash({ ...topic, lead: '别的' }, false)).not.toBe(topicHash(topic, false))
  })
})

describe('what a poll says', () => {
  test('is read field by field', () => {
    const options = [
      { key: 'yes', label: '见过', picture: { src: 'cloud://a/b.jpg', alt: '鲸' } },
      { key: 'no-1', label: '没有', picture: ['https://a.example/c.jpg'], alt: '海' },
      { key: 'x', label: '忘了', picture: { src: '', alt: '' } },
    ]
    expect(readPollRow({ ...poll, choices: '多选', options }, now)).toEqual({
      ok: true,
      reminders: [],
      entry: {
        question: '见过鲸吗？',
        choices: 'several',
        opensAt: Date.UTC(2026, 10, 20, 1, 30),
        closesAt: tomorrow,
        options: [
          { key: 'yes', label: '见过', picture: 'cloud://a/b.jpg', alt: '鲸' },
          { key: 'no-1', label: '没有', picture: 'https://a.example/c.jpg', alt: '海' },
          { key: 'x', label: '忘了', picture: '', alt: '' },
        ],
      },
    })
    for (const choices of ['', '单选', 'one', undefined])
      expect(readPollRow({ ...poll, choices }, now)).toMatchObject({ entry: { choices: 'one' } })
  })

  const option = (changes: object) => ({
    options: [
      { key: 'a', label: '见过' },
      { key: 'b', label: '没有', ...changes },
    ],
  })
  const many = (count: number) => ({
    options: Array.from({ length: count }, (_, at) => ({ key: `k${at}`, label: `第${at}个` })),
  })
  test.each<[Row, ...problems: string[]]>([
    [{ _id: '鲸' }, '编号（_id）：只能用字母、数字、- 和 _，最多 40 个，请另建一行'],
    [{ question: '' }, '题目：还没有填写，请写上'],
    [{ choices: '任选' }, '可选几项：没有这个选项，请从 单选、多选 中选'],
    [{ opensAt: null }, '开始时间：还没有填写，请写上'],
    [{ closesAt: 0 }, '结束时间：还没有填写，请写上'],
    [{ opensAt: '明天' }, '开始时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30'],
    [{ closesAt: '2026-11-20 09:30' }, '结束时间：要晚于开始时间'],
    [{ options: null }, '选项：请写 2 到 8 个'],
    [{ options: '见过' }, '选项：请写 2 到 8 个'],
    [many(1), '选项：请写 2 到 8 个'],
    [many(9), '选项：请写 2 到 8 个'],
    [{ options: ['见过', { key: 'b', label: '没有' }] }, '选项：第 1 个要有 key 和文字'],
    [option({ key: '' }), '选项第 2 个的key：还没有填写，请写上'],
    [
      option({ key: 'B' }),
      '选项第 2 个的key：只能用小写字母、数字和短横，最多 24 个，也不能是 constructor 或 prototype',
    ],
    [option({ label: 0 }), '选项第 2 个的文字：还没有填写，请写上'],
    [option({ label: '字'.repeat(61) }), '选项第 2 个的文字：最多 60 个字，请改短'],
    [
      option({ picture: 'cloud://a.b/real 图.jpg' }),
      '选项第 2 个的图片：图片地址里有空格，请给文件改名、重新上传，再写新的地址',
    ],
    [option({ picture: 'b.jpg' }), '选项第 2 个的图片：请写 cloud:// 或 https:// 开头的图片地址'],
    [option({ picture: 'cloud://a/b.jpg' }), '选项第 2 个的图片说明：有图片时要写上图里有什么'],
    [
      option({ picture: 'cloud://a/b.jpg', alt: '字'.repeat(201) }),
      '选项第 2 个的图片说明：最多 200 个字，请改短',
    ],
    [option({ key: 'a' }), '选项：有两个的 key 都是“a”，请改掉一个'],
    [option({ label: '见过' }), '选项：有两个的文字都是“见过”，请改掉一个'],
  ])('is wrong in one way: %j', (changes, ...problems) => {
    expect(ofPoll(changes)).toEqual(problems)
  })

  test.each<[Row]>([
    [many(2)],
    [many(8)],
    [option({ label: '字'.repeat(60) })],
    [{ closesAt: '2026-11-20 09:31' }],
  ])('is right: %j', changes => expect(ofPoll(changes)).toEqual([]))

  test.each<[Row, ...reminders: string[]]>([
    [{ closesAt: now }, '结束时间：已经过了，读者只能看结果，不能再回答'],
    [{ closesAt: now + 1 }],
    [{ question: '<b>见过</b>鲸吗' }, '题目：去掉了HTML 标签，请看看文字对不对'],
    [option({ label: '没\u200b有' }), '选项第 2 个的文字：去掉了看不见的字符'],
    [
      option({ picture: { src: 'cloud://a/b.jpg', alt: '**鲸**' } }),
      '选项第 2 个的图片说明：不认 Markdown 的标记，读者会原样看到，请删去',
    ],
    [
      option({ picture: 'cloud://a/b.jpg', alt: '`鲸`' }),
      '选项第 2 个的图片说明：不认 Markdown 的标记，读者会原样看到，请删去',
    ],
  ])('is told what readers will see of %j', (changes, ...reminders) => {
    expect(readPollRow({ ...poll, ...changes }, now)).toMatchObject({ ok: true, reminders })
  })

  test('is the same with another status, unless that is asked for', () => {
    const changed = { ...poll, status: '待撤回', result: 'x' }
    expect(pollHash(changed, false)).toBe(pollHash(poll, false))
    expect(pollHash(changed, true)).not.toBe(pollHash(poll, true))
    expect(pollHash({ ...poll, question: '别的' }, false)).not.toBe(pollHash(poll, false))
  })
})
