import fc from 'fast-check'
import { parseBody } from '#shared/publishing/body/read-body'
import { composeStory } from '#shared/publishing/compose-story'
import { ownPicture } from '#shared/publishing/pictures/own-picture'
import { readDraft } from '#shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '#shared/publishing/read-draft-body'
import { countPairs } from '#shared/publishing/story-terms'
import { channels } from '#site'
import { hostileMarkup } from '../../support/hostile-markup'

const now = Date.UTC(2026, 10, 27, 4)

/** What an editor is told of a row, and what readers would be given. */
function made(row: Record<string, unknown>) {
  const read = readDraft(row, now)
  if (!read.ok) return read
  const { draft } = read
  const parsed = parseBody(draft.body)
  const pictures = new Map(
    [draft.cover, ...picturesOf(parsed)].flatMap(address => {
      const picture = ownPicture(address)
      return picture ? [[address, { ...picture, bytes: 90_000 }] as const] : []
    }),
  )
  const body = readDraftBody(parsed, pictures)
  const cover = pictures.get(draft.cover) ?? null
  const story = composeStory({ draft, body, cover, topic: null }, countPairs([]))
  return { ...story, reminders: [...read.reminders, ...story.reminders] }
}

const sections = Object.entries(channels).flatMap(([channel, { label, columns }]) =>
  Object.entries(columns).flatMap(([column, name]) => [
    { channel, column },
    { channel: label, column: name },
  ]),
)

const parts = [
  '一头鲸沉到海底，**三批**居民先后住进来。',
  '## 第一批',
  '> 它是一座绿洲。',
  '- 睡鲨\n- 盲鳗\n- 螃蟹',
  '1、软组织\n2、骨头\n3、礁石',
  '| 阶段 | 时间 |\n| --- | --- |\n| 一 | 2年 |',
  '![海底的鲸骨](/pictures/a.jpg#1200x800 "鲸骨｜图：某所")',
  '见[另一篇](story:abcdefgh12)，或 https://example.org/whale。',
  'CO₂、10~20℃、2*3*4、H<sub>2</sub>O',
  '```\nE = mc²\n```',
]

const pasted = '<section><p>网页里<strong>粘贴</strong>来的一段</p><ul><li>一</li></ul></section>'

const rightRow = fc
  .record({
    title: fc.constantFrom('鲸落', '“55 亿光年”：一张照片', 'COVID-19 与 1/2 #8'),
    teaser: fc.constant('一头鲸沉到海底，会变成一片绿洲。'),
    section: fc.constantFrom(...sections),
    tags: fc.constantFrom('深海、鲸落', ['深海'], '', null, 0, '深海 鲸落，海洋'),
    body: fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .shuffledSubarray(parts, { minLength: 1 })
          .filter(chosen => chosen.some(part => !part.startsWith('#')))
          .map(chosen => chosen.join('\n\n')),
      },
      { weight: 1, arbitrary: fc.constant(pasted) },
    ),
    facts: fc.constantFrom('某书第三章\n《海洋学》', ['某书，a < b'], null, 0),
    aiNotice: fc.constantFrom('无', 'picture', '', 0, undefined),
    status: fc.constantFrom('待发布', 'ready', '草稿', '', undefined),
    publishAt: fc.constantFrom(
      '2026-11-20 09:30',
      0,
      '',
      new Date(now),
      now,
      { $date: now },
      '11月20日 9:30',
    ),
    cover: fc.constantFrom('', 0, [], '/pictures/a.jpg#1200x675', ['/pictures/a.jpg#1000x1000']),
    coverAlt: fc.constant('一头鲸'),
    source: fc.constantFrom('某所', '', null, 0),
    placement: fc.constantFrom('视觉焦点', '', 0, []),
    order: fc.constantFrom(1, '６', 0, '', null),
    from: fc.constantFrom(0, '', '2026-11-20 10:00'),
    until: fc.constantFrom(0, null, '2090-12-01 9:30'),
    createdAt: fc.constant(now),
    owner: fc.constant('x'),
  })
  .map(({ section, ...row }) => ({ ...row, ...section }))
  // A place on the home page needs a cover, and its order and times need a place.
  .map(row => {
    const isPlaced = row.placement === '视觉焦点' && String(row.cover).length > 1
    return isPlaced ? row : { ...row, placement: '', order: 0, from: 0, until: 0 }
  })

test('200 right rows give neither a problem nor a reminder', () => {
  fc.assert(
    fc.property(rightRow, row => {
      expect(made(row)).toMatchObject({ ok: true, reminders: [] })
    }),
    { numRuns: 200 },
  )
})

test('no markup reaches the texts of a story and the sources under it', () => {
  const row = { title: '题', teaser: '导语', channel: 'earth', column: 'ocean', body: '正文。' }
  for (const attack of hostileMarkup) {
    const texts = ['title', 'teaser', 'author', 'editor', 'source', 'correction', 'tags'] as const
    const short = Object.fromEntries(texts.map(field => [field, `字${attack}`.slice(0, 20)]))
    const long = { title: `字${attack}`.slice(0, 120), teaser: `字${attack}`.slice(0, 200) }
    const cover = { cover: '/pictures/a.jpg#1200x900', coverAlt: `字${attack}`.slice(0, 200) }
    const story = made({ ...row, ...short, ...long, ...cover, facts: [attack.slice(0, 300)] })
    expect(story.ok).toBe(true)
    expect(JSON.stringify(story)).not.toMatch(/<[a-z/!?]/i)
  }
  expect(made({ ...row, facts: '<b>某书</b>' }).reminders).toEqual([
    '资料来源：去掉了HTML 标签，请看看文字对不对',
  ])
})

test.each([
  ['2,001 paragraphs', Array.from({ length: 2_001 }, () => '一段。').join('\n\n')],
  ['one long paragraph', '甲'.repeat(310_000)],
  ['many long paragraphs', Array.from({ length: 1_200 }, () => '甲'.repeat(300)).join('\n\n')],
  ['both at once', Array.from({ length: 2_100 }, () => '甲'.repeat(200)).join('\n\n')],
  ['HTML', `<p>${'甲'.repeat(310_000)}</p>`],
  ['a wide table', `|${' 甲 |'.repeat(5_000)}\n|${' - |'.repeat(5_000)}`],
])('a body that is too long is told once: %s', (_, body) => {
  const row = { title: '题', teaser: '导语', channel: 'earth', column: 'ocean', body }
  const story = made(row)
  expect(story.ok ? [] : story.problems).toEqual([expect.stringMatching('^正文：.*最多')])
})

test.each([
  ['# 标题', '正文：只有小标题，没有正文，请写上'],
  [
    '---\ntitle: 鲸落\n---\n\n一头鲸。',
    '正文：第 1 行：开头是文件的信息（两行 --- 之间），请写进各栏，再从正文里删去',
  ],
  [':::tip\n鲸落\n:::', '正文：第 1 段有没写对的标记「:::」，请改正或删去'],
])('a body that is no text of a story is one problem: %j', (body, problem) => {
  const story = made({ title: '题', teaser: '导语', channel: 'earth', column: 'ocean', body })
  expect(story).toMatchObject({ ok: false, problems: [problem] })
})

test('a line of --- that no other one follows is no beginning of a file’s information', () => {
  const body = '---\nwater: 一种液体。\n\n一头鲸。'
  expect(made({ title: '题', teaser: '导语', channel: 'earth', column: 'ocean', body })).toMatchObject({
    ok: true,
  })
})
