import type { Block } from '#contract/article'
import { parseBody } from '#shared/publishing/body/read-body'
import { composePoll, composeTopic, entryDigest } from '#shared/publishing/compose-entry'
import { composeStory, type StoryParts, storyDigest, storyRow } from '#shared/publishing/compose-story'
import { editorsRelated } from '#shared/publishing/editors-related'
import { nameOfStory } from '#shared/publishing/name-of-story'
import { judgeCover } from '#shared/publishing/pictures/judge-cover'
import { ownPicture } from '#shared/publishing/pictures/own-picture'
import { isPlacedSo, placeStory, stillTrue } from '#shared/publishing/place-story'
import type { Draft } from '#shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '#shared/publishing/read-draft-body'
import type { PollDraft } from '#shared/publishing/read-poll'
import type { TopicDraft } from '#shared/publishing/read-topic'
import { sourcesOf } from '#shared/publishing/story-sources'
import { countPairs } from '#shared/publishing/story-terms'
import type { FocusClaim } from '#shared/stores/focus-claims'
import type { PublishedRow } from '#shared/stores/published'

const now = Date.UTC(2026, 10, 27, 4)
const hour = 3_600_000
const nothing = countPairs([])
const picture = { src: 'cloud://a.b/c.jpg', width: 1200, height: 800, bytes: 90_000 }

const draft = (changes: Partial<Draft> = {}): Draft => ({
  title: '鲸落',
  teaser: '一头鲸沉到海底。',
  channel: 'earth',
  column: 'ocean',
  source: '某所',
  author: '林海',
  editor: '王编辑',
  tags: ['深海'],
  body: '正文。',
  facts: [],
  aiNotice: '',
  status: '待发布',
  cover: '',
  coverAlt: '鲸骨',
  credit: '某馆',
  topic: '',
  poll: '',
  correction: '',
  reason: '',
  shareCover: '',
  related: [],
  inFocus: false,
  order: null,
  from: null,
  until: null,
  publishAt: null,
  offlineAt: null,
  ...changes,
})
const bodyOf = (body: string) => readDraftBody(parseBody(body), new Map())
const made = (changes: Partial<Draft> = {}, parts: Partial<StoryParts> = {}) => {
  const one = draft(changes)
  return composeStory({ draft: one, body: bodyOf(one.body), cover: null, topic: null, ...parts }, nothing)
}
const contentOf = (changes?: Partial<Draft>, parts?: Partial<StoryParts>) => {
  const one = made(changes, parts)
  if (!one.ok) throw new Error(one.problems.join())
  return one.content
}

describe('a story', () => {
  test('holds what its draft says, and its sources and the notice on AI at its end', () => {
    const story = made(
      {
        ...{ poll: 'whales', facts: ['某书，a < b', '<b>某文</b>', '某书，a < b'], aiNotice: '图片' },
        body: '见[站](https://a.example/x)。',
      },
      {
        cover: picture,
        shareCover: { ...picture, src: 'cloud://a.b/d.jpg' },
        topic: { id: 't1', title: '深海' },
      },
    )
    expect(story).toEqual({
      ok: true,
      reminders: [],
      content: {
        title: '鲸落',
        teaser: '一头鲸沉到海底。',
        channel: 'earth',
        column: 'ocean',
        source: '某所',
        author: '林海',
        editor: '王编辑',
        tags: ['深海'],
        cover: { src: 'cloud://a.b/c.jpg', width: 1200, height: 800, alt: '鲸骨' },
        shareCover: { src: 'cloud://a.b/d.jpg', width: 1200, height: 800, alt: '鲸落' },
        credit: '某馆',
        topic: { id: 't1', title: '深海' },
        poll: 'whales',
        blocks: [
          { type: 'paragraph', spans: ['见站。'] },
          { type: 'heading', text: '资料来源' },
          { type: 'list', ordered: false, items: [['某书，a < b'], ['某文'], ['站 https://a.example/x']] },
          { type: 'paragraph', spans: [expect.stringMatching(/AI|人工智能/)] },
        ],
        terms: ['见站'],
        tokens: expect.arrayContaining(['鲸落', '深海', '一头']),
      },
    })
  })

  test('leaves out what its draft does not have', () => {
    const content = contentOf()
    for (const field of ['cover', 'shareCover', 'credit', 'topic', 'poll'])
      expect(content).not.toHaveProperty(field)
    expect(content.blocks).toEqual([{ type: 'paragraph', spans: ['正文。'] }])
    // A picture of its own site has a small version for lists.
    const own = { ...picture, src: '/pictures/a.jpg' }
    expect(contentOf({}, { cover: own }).cover).toMatchObject({ thumb: '/pictures/a-s.jpg' })
  })

  test('is refused where its pictures or its body have problems, and says which', () => {
    const fault = { fault: '打不开' }
    expect(made({ body: '没有**成对' }, { cover: fault, shareCover: fault })).toEqual({
      ok: false,
      problems: [
        ...['封面：图片打不开', '分享图：图片打不开'],
        '正文：第 1 段有没写对的标记「**」，请改正或删去',
      ],
      reminders: [],
    })
    const small = { ...picture, width: 400, height: 300 }
    expect(made({ body: '一\n\n---' }, { cover: small, shareCover: small }).reminders).toEqual([
      expect.stringMatching('^封面：只有 400×300'),
      expect.stringMatching('^分享图：只有 400×300'),
      '正文：去掉了分隔线 1 处（第 2 段）',
    ])
  })

  test('has the limits of a body also with its sources', () => {
    const paragraphs = (count: number) => Array(count).fill('一').join('\n\n')
    const facts = (count: number, length: number) =>
      Array.from({ length: count }, (_, at) => `${at}`.padEnd(length, '甲'))
    const problems = (changes: Partial<Draft>) => {
      const one = made(changes)
      return one.ok ? [] : one.problems
    }
    expect(problems({ body: paragraphs(1_998), facts: ['某书'] })).toEqual([])
    expect(problems({ body: paragraphs(1_999), facts: ['某书'] })).toEqual([
      '正文：连同资料来源有 2001 段，最多 2000 段，请分成几篇',
    ])
    const long = `${'甲'.repeat(29_500)}\n\n`.repeat(10)
    expect(problems({ body: long })).toEqual([])
    expect(problems({ body: long, facts: facts(20, 300) })).toEqual([
      '正文：连同资料来源有 904 KB，最多 900 KB，请分成几篇',
    ])
    const links = Array.from(
      { length: 40 },
      (_, at) => `[甲](https://a.example/${at}/${'x'.repeat(1_600)})`,
    ).join('\n\n')
    expect(problems({ body: links })).toEqual(['资料来源：一共最多 6 万字，请删去一些'])
    expect(problems({ body: links.slice(0, links.lastIndexOf('\n\n[', 58_000)) })).toEqual([])
  })
})

describe('the row of a story', () => {
  const rowOf = (changes: Partial<Draft>, before: Partial<PublishedRow> | null = null) =>
    storyRow(
      { title: '鲸落', editor: '王编辑', terms: [] },
      draft(changes),
      before as PublishedRow | null,
      now,
    )
  const earlier = new Date(now - hour)

  test('keeps the time of a correction as long as its reason stays', () => {
    const before = { corrected: { at: earlier, reason: '改了数字' } }
    expect(rowOf({ correction: '改了数字' }, before).corrected).toEqual(before.corrected)
    expect(rowOf({ correction: '改了图' }, before).corrected).toEqual({ at: new Date(now), reason: '改了图' })
    expect(rowOf({ correction: '改了图' }).corrected).toEqual({ at: new Date(now), reason: '改了图' })
    expect(rowOf({}, before)).not.toHaveProperty('corrected')
  })

  test('names a time only where readers have to wait for it, or until it', () => {
    const later = now + hour
    expect(rowOf({ publishAt: later, offlineAt: later + 1 })).toMatchObject({
      ...{ publishedAt: new Date(later), publishAt: new Date(later), offlineAt: new Date(later + 1) },
    })
    for (const row of [rowOf({}), rowOf({ publishAt: now })]) {
      expect(row.publishedAt).toEqual(new Date(now))
      expect(row).not.toHaveProperty('publishAt')
      expect(row).not.toHaveProperty('offlineAt')
    }
  })

  test('keeps the topic whose editor listed the story, unless its own editor writes one', () => {
    const listed = { id: 't1', title: '深海', listed: true }
    expect(rowOf({}, { topic: listed } as unknown as PublishedRow).topic).toEqual(listed)
    expect(rowOf({ topic: 'topic00001' }, { topic: listed } as unknown as PublishedRow)).not.toHaveProperty(
      'topic',
    )
    const own = { topic: { id: 't1', title: '深海' } } as unknown as PublishedRow
    expect(rowOf({}, own)).not.toHaveProperty('topic')
  })

  test('is a new version only when readers see something new', () => {
    const content = contentOf()
    const at = new Date(now)
    const digest = storyDigest(content, draft(), at)
    expect(storyDigest({ ...content, terms: ['x'], tokens: ['y'], related: ['z'] }, draft(), at)).toBe(digest)
    expect(storyDigest(content, draft({ order: 3, inFocus: true, status: '草稿', reason: 'x' }), at)).toBe(
      digest,
    )
    for (const other of [
      storyDigest({ ...content, title: '别的' }, draft(), at),
      storyDigest(content, draft(), earlier),
      storyDigest(content, draft({ offlineAt: now }), at),
      storyDigest(content, draft({ correction: '改了' }), at),
    ])
      expect(other).not.toBe(digest)
  })
})

describe('a topic or poll as readers get it', () => {
  const topic: TopicDraft = {
    ...{
      title: '深海',
      lead: '导语',
      cover: '',
      coverAlt: '图',
      credit: '某馆',
      editor: '王编辑',
      poll: 'whales',
    },
    ...{ stories: ['story00001'], order: 2, publishedAt: now, from: null, until: now + hour },
  }

  test('a topic has its picture, and only what its editor wrote', () => {
    const rest = { title: '深海', lead: '导语', stories: ['story00001'], order: 2 }
    const times = { publishedAt: new Date(now), from: null, until: new Date(now + hour) }
    expect(composeTopic(topic, picture)).toEqual({
      content: {
        ...rest,
        ...times,
        cover: { src: 'cloud://a.b/c.jpg', width: 1200, height: 800, alt: '图' },
        ...{ credit: '某馆', editor: '王编辑', poll: 'whales' },
      },
      problems: [],
      reminders: [],
    })
    expect(composeTopic({ ...topic, editor: '', poll: '' }, null).content).toEqual({ ...rest, ...times })
    expect(composeTopic(topic, { ...picture, width: 9_000 })).toMatchObject({
      ...{ content: null, problems: [expect.stringMatching('^题图：太宽')] },
    })
    expect(composeTopic(topic, { fault: '打不开' })).toEqual({
      ...{ content: null, problems: ['题图：图片打不开'], reminders: [] },
    })
    expect(composeTopic(topic, { ...picture, width: 400, height: 300 }).reminders).toHaveLength(1)
  })

  test('a poll has the pictures of its options', () => {
    const option = (key: string, address = '') => ({
      key,
      label: key,
      picture: address,
      alt: address && '图',
    })
    const poll: PollDraft = {
      ...{ question: '见过吗？', choices: 'one', opensAt: now, closesAt: now + hour },
      options: [option('a', 'cloud://a'), option('b'), option('c', 'cloud://c')],
    }
    const times = { opensAt: new Date(now), closesAt: new Date(now + hour) }
    const { src, width, height } = picture
    expect(
      composePoll(
        poll,
        new Map([
          ['cloud://a', picture],
          ['cloud://c', picture],
        ]),
      ),
    ).toEqual({
      content: {
        ...{ question: '见过吗？', choices: 'one', ...times },
        options: [
          { key: 'a', label: 'a', picture: { src, width, height, alt: '图' } },
          { key: 'b', label: 'b' },
          { key: 'c', label: 'c', picture: { src, width, height, alt: '图' } },
        ],
      },
      problems: [],
      reminders: [],
    })
    expect(composePoll(poll, new Map([['cloud://c', { fault: '打不开' }]]))).toMatchObject({
      ...{ content: null, problems: ['选项第 3 个的图片：图片打不开'] },
    })
    const digest = entryDigest({ question: 'x' })
    expect(entryDigest({ question: 'x', articleId: 'a', topicId: 't', answered: true })).toBe(digest)
    expect(entryDigest({ question: 'y' })).not.toBe(digest)
  })
})

describe('the body of a draft', () => {
  test('names its pictures and its links once, wherever they stand', () => {
    const body = parseBody(
      [
        '![窗](a.jpg)\n\n> ![门](b.jpg)\n\n- ![灯](c.jpg)\n\n![窗](a.jpg)',
        '![海][p]\n\n[p]: d.jpg\n\n[q]: e.jpg\n\n[文][r]\n\n[r]: f.jpg',
        '<p><img src="g.jpg"></p>\n\n文<img src="h.jpg">字\n\n![本机](file:///i.jpg)',
        '[甲](story:whale-fall)、[乙](/a/abcdefgh12)、[甲](story:whale-fall)、[站](https://a.example/)',
      ].join('\n\n'),
    )
    expect([...body.pictures].sort()).toEqual('abcdgh'.split('').map(name => `${name}.jpg`))
    expect(body.stories()).toEqual(['whale-fall', 'abcdefgh12'])
    expect(parseBody('没有链接').stories()).toEqual([])
    expect(parseBody('![窗](a.jpg "见[甲](story:whale-fall)")').stories()).toEqual(['whale-fall'])
    expect(parseBody('<p><img src="a.jpg"></p>').pictures).toEqual(['a.jpg'])
  })

  test('may have a hundred pictures; more are one problem', () => {
    const body = (count: number) =>
      parseBody(Array.from({ length: count }, (_, at) => `![图](https://a.example/${at}.jpg)`).join('\n\n'))
    expect(picturesOf(body(101))).toHaveLength(100)
    expect(picturesOf(parseBody('![图](a.jpg)\n\n![图](/pictures/a.jpg)'))).toEqual(['/pictures/a.jpg'])
    const pictures = new Map(picturesOf(body(100)).map(address => [address, picture]))
    expect(readDraftBody(body(100), pictures)).toMatchObject({ problems: [] })
    expect(readDraftBody(body(101), pictures).problems).toEqual([
      { line: 1, message: '正文：有 101 张图片，最多 100 张' },
    ])
  })

  test('tells its editor of links to stories that readers do not see, and of those to none', () => {
    const parsed = parseBody('[甲](story:whale-fall)和[乙](story:gone)和[丙](story:nothing)')
    const stories = new Map([
      ['whale-fall', { id: 'story00001', isLost: false }],
      ['gone', { id: 'story00002', isLost: true }],
      ['nothing', null],
    ])
    expect(readDraftBody(parsed, new Map(), stories)).toMatchObject({
      blocks: [
        {
          spans: [{ text: '甲', story: 'story00001' }, '和', { text: '乙', story: 'story00002' }, '和丙'],
        },
      ],
      problems: [{ line: 1, message: expect.stringContaining('没有找到：nothing') }],
      reminders: [{ line: 1, message: '正文：链接指向的文章读者现在看不到，请核对：gone' }],
    })
    expect(readDraftBody(parseBody('[甲](story:abcdefgh12)'), new Map()).problems).toEqual([])
    expect(readDraftBody(parseBody('[甲](story:whale-fall)'), new Map()).problems).toHaveLength(1)
    // Words that are the address itself are not said twice.
    const { links } = readDraftBody(
      parseBody('见[某站](https://b.example/y)和 https://a.example/x 。'),
      new Map(),
    )
    expect(links).toEqual(['某站 https://b.example/y', 'https://a.example/x'])
  })

  test('needs more than headings', () => {
    const told = (body: string) => bodyOf(body).problems.map(({ message }) => message)
    expect(told('# 一\n\n## 二')).toEqual(['正文：只有小标题，没有正文，请写上'])
    expect(told('# 一\n\n文')).toEqual([])
    expect(told('# 一**')).toEqual(['正文：第 1 段有没写对的标记「**」，请改正或删去'])
  })
})

test('the stories that an editor chose keep their order; those that readers do not see are told', () => {
  const stories = new Map([
    ['a', { id: 'story0000a', isLost: false }],
    ['b', { id: 'story0000b', isLost: true }],
    ['c', { id: 'story0000a', isLost: false }],
    ['own', { id: 'own', isLost: true }],
    ['x', null],
  ])
  expect(editorsRelated(['b', 'own', 'a', 'c', 'x', 'y'], stories, 'own')).toEqual({
    ids: ['story0000b', 'story0000a'],
    problems: ['相关阅读：第 5 条没有找到文章 x，请核对', '相关阅读：第 6 条没有找到文章 y，请核对'],
    reminders: ['相关阅读：读者现在看不到 b，暂时不列出，请核对', '相关阅读：写了这篇文章自己，没有列出'],
  })
  expect(editorsRelated(['a'], stories, 'own').reminders).toEqual([])
})

test.each([
  ['abcdefgh12', 'abcdefgh12'],
  ['a_B-1', 'a_B-1'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), null],
  ['鲸落', null],
  ['/a/abcdefgh12', 'abcdefgh12'],
  ['http://127.0.0.1:8787/a/abcdefgh12', 'abcdefgh12'],
  ['https://a.example/a/abcdefgh12', null],
])('an editor names a story by %s', (written, name) => expect(nameOfStory(written)).toBe(name))

test('the sources of a story stand below its last heading of that name', () => {
  const heading: Block = { type: 'heading', text: '资料来源' }
  const list = (...items: string[]): Block => ({
    type: 'list',
    ordered: false,
    items: items.map(item => [item]),
  })
  const text: Block = { type: 'paragraph', spans: ['文'] }
  const marked: Block = { type: 'list', ordered: false, items: [['某', { text: '书', bold: true }]] }
  expect(sourcesOf([heading, list('旧'), text, heading, list('某书', '某文')])).toEqual(['某书', '某文'])
  expect(sourcesOf([heading, marked])).toEqual(['某书'])
  for (const blocks of [
    [],
    [text, list('某书')],
    [{ ...heading, text: '别的' }, list('某书')],
    [heading, text],
    [heading],
  ])
    expect(sourcesOf(blocks as Block[])).toEqual([])
})

describe('a place in 视觉焦点', () => {
  const claim = (
    id: string,
    from: number,
    until: number | null,
    changes: Partial<FocusClaim> = {},
  ): FocusClaim => ({
    ...{ id, draft: id, title: id, publishedAt: from, order: 1, from, until },
    ...changes,
  })
  const place = (changes: Partial<Draft>, claims: FocusClaim[] = [], more: object = {}) =>
    placeStory(draft({ inFocus: true, order: 1, cover: 'cloud://local/whale.jpg', ...changes }), {
      ...{ id: 'own', before: null, claims, publishedAt: now, now },
      ...more,
    })
  const name = '版位次序：视觉焦点第 1 位'

  test.each<[string, ReturnType<typeof place>, object]>([
    ['is nowhere for a draft that does not ask for it', place({ inFocus: false }), {}],
    ['is nowhere when its time is over', place({ until: now }), {}],
    [
      'is any, for its time, when no number is asked for',
      place({ order: null, from: now + 1, until: now + 2 }),
      { focus: true, focusFrom: new Date(now + 1), focusUntil: new Date(now + 2) },
    ],
    // Home does not show it. It stands where it may appear as soon as it has a cover.
    ['is any without a cover', place({ cover: '' }), { focus: true }],
    ['begins now', place({}), { focus: true, focusOrder: 1, focusFrom: new Date(now) }],
    [
      'begins when it is asked to',
      place({ from: now - hour }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now - hour) },
    ],
    [
      'does not begin before the story is published',
      place({ from: now }, [], { publishedAt: now + hour }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now + hour) },
    ],
    [
      'begins with the story',
      place({}, [], { publishedAt: now + hour }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now + hour) },
    ],
    [
      'does not begin again for a story that has it',
      place({}, [], { before: { _id: 'own', focusOrder: 1, focusFrom: new Date(now - hour) } }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now - hour) },
    ],
    [
      'begins now for a story that had another one, or was to have it later',
      place({}, [], { before: { _id: 'own', focusOrder: 2, focusFrom: new Date(now - hour) } }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now) },
    ],
    [
      'begins now for a story that was to have it later',
      place({}, [], { before: { _id: 'own', focusOrder: 1, focusFrom: new Date(now + hour) } }),
      { focus: true, focusOrder: 1, focusFrom: new Date(now) },
    ],
    [
      'ends when the next story without an end begins',
      place({}, [claim('later', now + hour, null), claim('latest', now + 2 * hour, null)]),
      { focus: true, focusOrder: 1, focusFrom: new Date(now), focusUntil: new Date(now + hour) },
    ],
  ])('%s', (_what, placed, fields) => expect(placed.fields).toEqual(fields))

  test('is told with all who take it, in the order of their times', () => {
    const { reminders } = place({}, [
      claim('二', now + 2 * hour, now + 3 * hour),
      claim('一', now + hour, now + 2 * hour),
      claim('前', now - 2 * hour, now - hour),
      claim('别位', now + hour, null, { order: 2 }),
      claim('自己', now + hour, null, { draft: 'own' }),
    ])
    expect(reminders).toEqual([
      `${name}从北京时间 2026-11-27 13:00 起由《一》占，到 2026-11-27 14:00 为止`,
      `${name}从北京时间 2026-11-27 14:00 起由《二》占，到 2026-11-27 15:00 为止`,
    ])
  })

  test('is not taken by a story without a cover', () => {
    const holder = claim('甲', now - hour, null)
    expect(place({ cover: '' }, [holder])).toMatchObject({ reminders: [], displaced: [] })
    expect(place({}, [holder]).displaced).toHaveLength(1)
  })

  test('is not taken from a story that loses it to another one at that time', () => {
    const holder = claim('甲', now - 2 * hour, now + 9 * hour)
    const winner = claim('乙', now, now + 9 * hour, { publishedAt: now + 1 })
    expect(place({}, [holder, winner])).toMatchObject({
      displaced: [],
      reminders: [expect.stringContaining('《乙》')],
    })
    expect(place({}, [holder]).displaced).toMatchObject([{ claim: holder, endsAt: null }])
  })

  test('what is told of it stays as long as it is true', () => {
    const own = claim('own', now, null)
    const taken = `${name}从北京时间 2026-11-27 13:00 起由《甲》占，到 2026-11-27 14:00 为止`
    const told = [
      '标题：去掉了看不见的字符',
      taken,
      `${name}原来是《乙》，从北京时间 2026-11-27 12:00 起由这一篇占`,
      `${name}同时已经有 9 篇要`,
    ]
    const [title, , before, many] = told
    const first = claim('甲', now + hour, now + 3 * hour)
    expect(stillTrue(told, own, [claim('乙', now - hour, null)], [first])).toEqual(told)
    expect(stillTrue(told, own, [], [])).toEqual([title, many])
    expect(
      stillTrue(told, own, [claim('乙', now - hour, null)], [claim('甲', now + 2 * hour, null)]),
    ).toEqual([title, before, many])
    // The other one began before this story did.
    const late = claim('own', now + hour, null)
    expect(stillTrue([taken], late, [], [claim('甲', now, now + 3 * hour)])).toEqual([taken])
    expect(stillTrue(['版位次序：视觉焦点第 2 位原来是《丙》'], own, [], [])).toHaveLength(1)
  })

  test('is the same only with the same number and times', () => {
    const at = new Date(now)
    const row = (changes: object) =>
      ({
        focus: false,
        focusOrder: null,
        focusFrom: null,
        focusUntil: null,
        ...changes,
      }) as unknown as PublishedRow
    const placed = { focus: true as const, focusOrder: 1, focusFrom: at, focusUntil: at }
    expect(isPlacedSo(row({}), {})).toBe(true)
    expect(isPlacedSo(row(placed), placed)).toBe(true)
    for (const change of [
      { focus: false },
      { focusOrder: 2 },
      { focusFrom: null },
      { focusUntil: new Date(now + 1) },
    ])
      expect(isPlacedSo(row({ ...placed, ...change }), placed)).toBe(false)
  })
})

test.each<[width: number, height: number, bytes: number | null, problem: string | null, reminders: string[]]>(
  [
    [1500, 500, null, null, ['里会裁去一半以上']],
    [1501, 500, null, '太宽', []],
    [500, 1500, null, null, ['里会裁去一半以上']],
    [500, 1501, null, '太高', []],
    [1200, 600, null, null, []],
    [1201, 600, null, null, ['在朋友圈（1:1）里会裁去']],
    [500, 1000, null, null, ['在聊天卡片（5:4）里会裁去']],
    [480, 480, null, null, []],
    [479, 479, null, null, ['只有 479×479 像素']],
    [1600, 1600, 500_000, null, []],
    [1601, 1600, 500_001, null, ['有 1601×1600 像素', '有 501 KB']],
  ],
)('a cover of %d × %d and %j bytes', (width, height, bytes, problem, reminders) => {
  expect(judgeCover({ src: 'a', width, height, bytes })).toEqual({
    problems: problem === null ? [] : [expect.stringContaining(problem)],
    reminders: reminders.map(words => expect.stringContaining(words)),
  })
})

test.each([
  ['1x1', true],
  ['30000x30000', true],
  ['30001x1', false],
  ['1x30001', false],
  ['0x1', false],
  ['1x0', false],
])('the site’s own picture of %s pixels', (size, isPossible) => {
  const [width, height] = size.split('x').map(Number)
  expect(ownPicture(`/pictures/a.jpg#${size}`)).toEqual(
    isPossible ? { src: '/pictures/a.jpg', width, height } : null,
  )
})
