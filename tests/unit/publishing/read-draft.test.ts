import { draftHash, readDraft, textHash } from '#shared/publishing/read-draft'
import { readTime } from '#shared/publishing/read-time'

const now = Date.UTC(2026, 10, 27, 4)
const row = {
  title: '标题',
  teaser: '导语。',
  channel: 'earth',
  column: 'ocean',
  body: '正文。',
  tags: '深海、鲸落，海洋 生命',
  status: '待发布',
}
const problemsOf = (changes: object) => {
  const read = readDraft({ ...row, ...changes }, now)
  return read.ok ? [] : read.problems
}

describe('accepted forms of a time', () => {
  const instant = Date.UTC(2026, 10, 20, 1, 30)
  test.each([
    [new Date(instant)],
    [{ $date: '2026-11-20T01:30:00Z' }],
    [{ $date: instant }],
    [{ $date: { $numberLong: String(instant) } }],
    [instant],
    [String(instant)],
    ['2026-11-20T01:30:00.000Z'],
    ['2026-11-20T09:30:00+08:00'],
    ['2026-11-20T09:30'],
    ['2026-11-20 09:30'],
    ['2026/11/20 9:30'],
    ['２０２６-11-20 09：30'],
    ['2026年11月20日 9:30'],
    ['11月20日 9:30'],
    ['11月20号9:30'],
    ['2026-11-20 9时30分'],
    ['2026年11月20日上午9点30分'],
    ['11月20日9点30'],
    ['11月20日 9点半'],
    ['2026/11/20 上午 9:30:00'],
    ['2026-11-20 9:30 AM'],
    ['２０２６年１１月２０日　９时３０分'],
  ])('%j', written => expect(readTime(written, now)).toBe(instant))

  test.each([[0], [''], [null], [undefined], ['0'], [' ']])('%j is empty', written => {
    expect(readTime(written, now)).toBeNull()
  })

  test.each([
    ['明天'],
    [1_763_600_000],
    ['2026-02-30 09:30'],
    ['2026-02-30T10:00:00Z'],
    ['202611200930'],
    [202_611_200_930],
    ['2026-11-20 25:00'],
    ['2026-11-20 09:30:61'],
    ['2026-11-20T09:30:61'],
    ['2026-11-20T09:30:61Z'],
    ['11月20日 9:30:60'],
    ['11月20日上午12点'],
    ['11月20日晚上12点'],
    ['11月20日凌晨8点'],
    ['11月20日 13:00 PM'],
    ['11月20日礼拜9点'],
    ['11月20日9点65分'],
    ['2026-11-20'],
    ['11月20日'],
    ['9点30'],
    ['下午3:00'],
    [true],
    [{}],
    [Number.NaN],
  ])('%j is not a time', written => expect(readTime(written, now)).toBeUndefined())

  test('seconds count', () => expect(readTime('2026-11-20 09:30:07', now)).toBe(instant + 7_000))

  test.each([
    ['1999-01-01 09:30', '读出来是 1999 年，只能写 2002 到 2099 年'],
    ['2150年1月1日 9:30', '读出来是 2150 年，只能写 2002 到 2099 年'],
    [1_763_600_000, '读出来是 1970 年，只能写 2002 到 2099 年'],
    ['2026-11-20 09:30:61', '看不懂这个时间'],
    ['明天', '看不懂这个时间'],
    ['2026-11-20', '只有日期，没有钟点'],
    ['11月20日', '只有日期，没有钟点'],
    ['下午3:00', '只有钟点，没有日期'],
    ['9点30', '只有钟点，没有日期'],
    ['11月20日晚上12点', '12 点分不清是中午还是半夜'],
  ])('the problem for %j shows how it was read', (publishAt, said) => {
    expect(problemsOf({ publishAt })).toEqual([`发布时间：${said}，请写成北京时间，如 2026-11-20 09:30`])
  })

  test.each([
    ['11月20日下午3点', 15],
    ['11月20日 下午15:00', 15],
    ['11月20日中午12点', 12],
    ['11月20日中午1点', 13],
    ['11月20日晚上8点', 20],
    ['11月20日凌晨0点', 0],
    ['2026/11/20 12:00 am', 0],
    ['2026/11/20 3:00PM', 15],
    ['2026年11月20日 15时', 15],
  ])('%s is %d o’clock in Beijing', (written, hour) =>
    expect(readTime(written, now)).toBe(Date.UTC(2026, 10, 20, hour - 8)),
  )

  test('without a year the nearest date is meant', () => {
    const december = Date.UTC(2026, 11, 30)
    expect(readTime('1月2日 8:00', december)).toBe(Date.UTC(2027, 0, 2))
  })
})

describe('invisible characters', () => {
  test('do not reach a headline, and do not fill a required field', () => {
    const read = readDraft({ ...row, title: '标\u0000题\u202E一\n二', tags: ['深\u200B海'] }, now)
    expect(read).toMatchObject({ ok: true, draft: { title: '标题一 二', tags: ['深海'] } })
    expect(problemsOf({ title: '\u200B\u200B' })).toEqual(['标题：还没有填写，请写上'])
    const cover = 'cloud://b/a.jpg#12x8'
    expect(problemsOf({ cover, coverAlt: ' \u2060' })).toEqual(['封面说明：有封面时要写上图里有什么'])
  })
})

describe('an error in a row is one problem that names its field', () => {
  const long = '长'.repeat(600)
  test.each([
    ['title', '标题', [undefined, null, '', '  ', 7, long]],
    ['teaser', '导语', [undefined, '', [], long]],
    ['channel', '频道', [undefined, 3, long, '体育', 'constructor']],
    ['column', '栏目', [undefined, 3, long, '天文', 'toString']],
    ['body', '正文', [undefined, '', 5, {}]],
    ['source', '来源', [1, long]],
    ['author', '作者', [{}, long]],
    ['editor', '责编', [{}, long]],
    ['tags', '标签', [5, [1], '一 二 三 四 五 六 七 八 九', long]],
    ['facts', '资料来源', [5, [{}], long]],
    ['aiNotice', '含AI生成内容', [5, '视频', long]],
    ['status', '状态', [5, '发布了', long, '待发布 ', '待撤回\n', '待发布\u200b']],
    ['publishAt', '发布时间', ['明天', true]],
    ['cover', '封面', [5, 'javascript:alert(1)', 'http://a/b.jpg', 'cloud://', '/other/b.jpg', ['a', 'b']]],
    ['topic', '专题', [5, '深海', long]],
    ['poll', '云投', [5, '鸡蛋', 'a b', long]],
    ['placement', '版位', [5, '独家策划', '头条', long]],
    ['order', '版位次序', [-1, 7, 1.5, '0', '一', '第一', '第 1 位', {}, [1]]],
    ['from', '版位开始', ['明天', true, '2150-01-01 9:30']],
    ['until', '版位结束', ['明天', {}, '1999-01-01 9:30']],
    ['correction', '更正说明', [5, long]],
    ['reason', '撤回原因', [5, long]],
    ['shareCover', '分享图', [5, 'http://a/b.jpg', ['a', 'b']]],
    ['related', '相关阅读', [5, [{}], '那篇 鲸落', 'https://else.example/a/b', 'a b c d e f', long]],
  ])('%s', (field, label, values) => {
    for (const value of values) {
      const problems = problemsOf({ [field]: value })
      expect(problems).toHaveLength(1)
      expect(problems[0]?.startsWith(`${label}：`)).toBe(true)
    }
  })

  test('a cover needs a description', () => {
    const cover = 'cloud://env/a.jpg#1200x800'
    expect(problemsOf({ cover })).toEqual(['封面说明：有封面时要写上图里有什么'])
    expect(problemsOf({ cover: [cover], coverAlt: '一头鲸' })).toEqual([])
  })
})

test('valid rows in every form have no problem', () => {
  const forms: object[] = [
    {},
    { channel: '地球', column: '海洋' },
    { tags: ['深海', '深海'] },
    { tags: null, facts: null, publishAt: 0, cover: '', topic: '', aiNotice: null, status: null },
    { status: 'ready', aiNotice: 'picture' },
  ]
  for (const form of forms) expect(problemsOf(form)).toEqual([])
  const read = readDraft(row, now)
  expect(read.ok && read.draft.tags).toEqual(['深海', '鲸落', '海洋', '生命'])
  const loose = readDraft({ ...row, tags: ['深海', ' ', ''], facts: '一本书\n\n \n一篇论文' }, now)
  expect(loose).toMatchObject({ ok: true, draft: { tags: ['深海'], facts: ['一本书', '一篇论文'] } })
})

test('a story cannot go offline before it is published', () => {
  const [before, after] = ['2026-12-01 09:29', '2026-12-01 09:31']
  const publishAt = '2026-12-01 09:30'
  expect(problemsOf({ publishAt, offlineAt: before })).toEqual([expect.stringMatching('^下线时间：')])
  expect(problemsOf({ publishAt, offlineAt: after })).toEqual([])
})

describe('a place in 视觉焦点', () => {
  const placed = {
    ...row,
    ...{ placement: '视觉焦点', cover: 'cloud://b/a.jpg#1200x800', coverAlt: '鲸' },
  }
  const read = (changes: object) => readDraft({ ...placed, ...changes }, now)
  const told = (changes: object) => read(changes).reminders

  test('is read in the forms that consoles write', () => {
    const window = { order: '３', from: '2026-12-01 09:30', until: { $date: '2026-12-01T01:30:01Z' } }
    const from = Date.UTC(2026, 11, 1, 1, 30)
    expect(read(window)).toMatchObject({
      ok: true,
      draft: { inFocus: true, order: 3, from, until: from + 1_000 },
      reminders: [],
    })
    expect(read({ order: 0, from: 0, until: '0' })).toMatchObject({
      ok: true,
      draft: { order: null, from: null, until: null },
      reminders: [],
    })
  })

  test('must end after it begins', () => {
    const end = (until: string) => read({ from: '2026-12-01 09:30', until })
    for (const until of ['2026-12-01 09:30', '2026-12-01 09:29'])
      expect(end(until)).toMatchObject({ ok: false, problems: ['版位结束：要晚于版位开始，请改晚或清空'] })
    expect(end('2026-12-01 09:31')).toMatchObject({ ok: true, reminders: [] })
  })

  test('that no reader will see is told', () => {
    const unseen = '这篇文章不会出现在视觉焦点'
    expect(told({ cover: '', coverAlt: '' })).toEqual([`版位：没有封面，${unseen}`])
    expect(told({ until: now })).toEqual([`版位结束：已经过了，${unseen}`])
    expect(told({ until: now + 1 })).toEqual([])
    const publishAt = '2026-12-02 09:30'
    expect(told({ until: '2026-12-02 09:30', publishAt })).toEqual([`版位结束：早于发布时间，${unseen}`])
    expect(told({ from: '2026-12-03 9:30', offlineAt: '2026-12-03 9:30' })).toEqual([
      `版位开始：晚于下线时间，${unseen}`,
    ])
    expect(told({ placement: '', order: 2 })).toEqual(['版位次序：没有写版位，没有使用'])
    expect(told({ placement: '', until: '2026-12-03 9:30' })).toEqual(['版位结束：没有写版位，没有使用'])
  })
})

test.each([
  'source',
  'author',
  'editor',
  'tags',
  'facts',
  'aiNotice',
  'status',
  'publishAt',
  'offlineAt',
  'cover',
  'coverAlt',
  'credit',
  'topic',
  'poll',
  'placement',
  'order',
  'from',
  'until',
  'correction',
  'reason',
  'related',
  'shareCover',
])('whatever a form writes for an empty %s is empty', field => {
  const empty = readDraft({ ...row, [field]: undefined }, now)
  expect(empty).toMatchObject({ ok: true, reminders: [] })
  for (const written of [null, '', 0, []]) expect(readDraft({ ...row, [field]: written }, now)).toEqual(empty)
})

test.each(['title', 'teaser', 'channel', 'column', 'body'])(
  'an empty %s is one problem, whatever a form writes',
  field => {
    for (const written of [undefined, null, '', ' ', 0, []])
      expect(problemsOf({ [field]: written })).toEqual([expect.stringMatching('：还没有填写，请写上$')])
  },
)

test('相关阅读 takes ids of stories and drafts and links to our stories, in every form', () => {
  const names = ['abcdefgh12', 'whale-fall', 'ijklmnop34']
  const local = 'http://127.0.0.1:8787/a/abcdefgh12'
  expect(readDraft({ ...row, related: local }, now)).toMatchObject({
    draft: { related: ['abcdefgh12'] },
  })
  expect(readDraft({ ...row, related: local.replace('127.0.0.1', 'example.com') }, now).ok).toBe(false)
  const links = ['/a/abcdefgh12?from=list', 'story:whale-fall', 'pages/article/index?id=ijklmnop34']
  for (const related of [names, names.join('、'), links, links.join('\n'), [...names, ...links.slice(1)]])
    expect(readDraft({ ...row, related }, now)).toMatchObject({ ok: true, draft: { related: names } })
})

test('only what an editor writes changes the hash', () => {
  const hash = draftHash(row)
  expect(draftHash({ ...row, updatedAt: 5, owner: 'x', _openid: 'y', problems: ['a'], version: 3 })).toBe(
    hash,
  )
  expect(draftHash({ ...row, body: '别的。' })).not.toBe(hash)
  expect(draftHash({ ...row, status: '待撤回' })).not.toBe(hash)
  // Publishing writes the status too, so the text alone says whether a row was looked at already.
  expect(textHash({ ...row, status: '待撤回' })).toBe(textHash(row))
  expect(textHash({ ...row, body: '别的。' })).not.toBe(textHash(row))
})

test('characters that nobody sees do not spoil a time, a place or the address of a picture', () => {
  const [cover, order] = ['cloud://a.1/b.jpg', '1']
  const seen = { publishAt: '2026-12-20 09:30', from: '2026-12-21 09:30', cover, order }
  const unseen = Object.entries({ ...seen, placement: '视觉焦点', coverAlt: '图' }).map(([field, value]) => [
    ...[field, `\u200b${value}\u202c`],
  ])
  expect(readDraft({ ...row, ...Object.fromEntries(unseen) }, now)).toMatchObject({
    ...{ ok: true, draft: { cover, order: 1, publishAt: Date.UTC(2026, 11, 20, 1, 30) } },
  })
})

test.each([
  ['title', '标题'],
  ['teaser', '导语'],
  ['source', '来源'],
  ['author', '作者'],
  ['editor', '责编'],
  ['tags', '标签'],
  ['facts', '资料来源'],
  ['coverAlt', '封面说明'],
  ['credit', '封面出处'],
  ['correction', '更正说明'],
  ['reason', '撤回原因'],
])('markup in %s is removed with a reminder or is a problem', (field, label) => {
  const told = (written: unknown) => {
    const read = readDraft({ ...row, [field]: written }, now)
    return { reminders: read.reminders, kept: read.ok && read.draft[field as 'title'] }
  }
  const kept = (text: string) => (field === 'tags' || field === 'facts' ? [text] : text)
  const list = field === 'tags' || field === 'facts'
  expect(told(list ? ['<b>鲸</b>落'] : '<b>鲸</b>落')).toEqual({
    reminders: [`${label}：去掉了HTML 标签，请看看文字对不对`],
    kept: kept('鲸落'),
  })
  expect(told('鲸\u200b落').reminders).toEqual([`${label}：去掉了看不见的字符`])
  for (const mark of ['**鲸落**', '`鲸落`', '[鲸](落)', '# 鲸落'])
    expect(told(list ? [mark] : mark).reminders).toEqual([
      `${label}：不认 Markdown 的标记，读者会原样看到，请删去`,
    ])
  for (const plain of ['C++ 与 #8', '2*3*4', '5<x<6', 'a_b_c'])
    expect(told([plain][list ? 0 : 0]).reminders).toEqual([])
})
