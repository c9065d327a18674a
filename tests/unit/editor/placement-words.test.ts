import type { HomeRows } from '#shared/reading/arrange-home'
import { placementLines, type WaitingStory } from '../../../cloudfunctions/editor/placement-lines'
import { withWaiting } from '../../../cloudfunctions/editor/waiting-drafts'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

/** 10:00 in Beijing. */
const at = Date.UTC(2026, 10, 27, 2)
const minute = 60_000
const hour = 60 * minute

const cover = (name: string) => ({ src: `/${name}.jpg`, width: 4, height: 3, alt: '' })
const story = (id: string, publishedAt: number, picture: string | null = id) => ({
  ...{ id, title: id, teaser: '', channel: '', column: '', publishedAt },
  ...(picture === null ? {} : { cover: cover(picture) }),
})
const placed = (
  id: string,
  order: number | null,
  {
    from = null,
    until = null,
    picture = id,
  }: { from?: number | null; until?: number | null; picture?: string | null } = {},
) => ({ story: story(id, at - hour, picture), order, from, until })
const topic = (id: string, order: number | null, more: object = {}) => ({
  ...{ card: { id, title: id, lead: '', cover: cover(`of-${id}`) }, publishedAt: at - hour },
  ...{ order, from: null, until: null, ...more },
})
const nothing: HomeRows = { placed: [], topics: [], newest: [] }

test('an empty home page says so, with the number of its places', () => {
  expect(placementLines(nothing, [], at)).toEqual([
    '首页　北京时间 2026-11-27 10:00',
    '视觉焦点（6 位）',
    '　　空着',
    '独家策划（8 位）',
    '　　空着',
  ])
})

test('each place says why its story or topic stands there, and whom it keeps out until when', () => {
  const rows = {
    placed: [
      placed('后来', 1, { from: at - minute, until: at + 30_000 }),
      placed('先来', 1, { from: at - hour }),
      placed('更早', 1, { from: at - 2 * hour }),
      placed('没写第几', null),
    ],
    topics: [
      topic('甲题', 2, { from: at - hour }),
      topic('乙题', 2, { until: at + hour, from: at - minute }),
      topic('丙题', null),
    ],
    newest: [story('最新', at - minute)],
  }
  expect(placementLines(rows, [], at)).toEqual([
    '首页　北京时间 2026-11-27 10:00',
    '视觉焦点（6 位）',
    '　　第 1 位　《后来》　责编排在这一位，到 2026-11-27 10:00:30 为止；开始得更早、让出这一位的：《先来》、《更早》',
    '　　第 2 位　《先来》　没有文章排在这一位，用写了 视觉焦点 的文章里最新的补上',
    '　　第 3 位　《更早》　没有文章排在这一位，用写了 视觉焦点 的文章里最新的补上',
    '　　第 4 位　《没写第几》　没有文章排在这一位，用写了 视觉焦点 的文章里最新的补上',
    '　　第 5 位　《最新》　没有文章排在这一位，用有封面的文章里最新的补上',
    '独家策划（8 位）',
    '　　第 1 位　《丙题》　没有专题排在这一位，按发布时间从新到旧补上',
    '　　第 2 位　《乙题》　责编排在这一位，到 2026-11-27 11:00 为止；开始得更早、让出这一位的：《甲题》',
    '　　第 3 位　《甲题》　没有专题排在这一位，按发布时间从新到旧补上',
  ])
  const alone = { ...nothing, placed: [placed('独自', 1)], topics: [topic('独自', 1)] }
  expect(placementLines(alone, [], at).filter(line => line.includes('《'))).toEqual(
    Array(2).fill('　　第 1 位　《独自》　责编排在这一位，没有写结束时间'),
  )
})

test('a story that waits is told with its place and the times that its editor wrote', () => {
  const waiting = (title: string, changes: Partial<WaitingStory>): WaitingStory => ({
    ...{ title, order: null, from: null, until: null, publishAt: null },
    ...changes,
  })
  const lines = placementLines(
    nothing,
    [
      waiting('全写', { order: 3, from: at + 2 * hour, until: at + 3 * hour, publishAt: at + hour }),
      waiting('只有发布', { publishAt: at + hour }),
      waiting('已经看得到', { order: 1, from: at + hour }),
    ],
    at,
  )
  expect(lines.slice(5)).toEqual([
    '等着的',
    '　　《全写》　视觉焦点第 3 位，2026-11-27 11:00 发布，从 2026-11-27 12:00 起，到 2026-11-27 13:00 为止',
    '　　《只有发布》　视觉焦点，没有写第几位，2026-11-27 11:00 发布',
    '　　《已经看得到》　视觉焦点第 1 位，从 2026-11-27 11:00 起',
  ])
})

test('a story that asked for 视觉焦点 and is not there is told why', () => {
  const full = Array.from({ length: 6 }, (_, n) => placed(`占${n + 1}`, n + 1, { from: at - minute }))
  const rows = {
    ...nothing,
    placed: [
      ...full,
      placed('没图', 2, { picture: null }),
      placed('让出', 2, { from: at - hour }),
      placed('轮不到', null, { from: at - hour }),
    ],
  }
  const lines = placementLines(rows, [], at)
  expect(lines.slice(lines.indexOf('写了 视觉焦点，没有出现') + 1)).toEqual([
    '　　《没图》　没有封面',
    '　　《让出》　视觉焦点第 2 位让给了《占2》',
    '　　《轮不到》　没有轮到：更新的文章已经补满，或者一个专题用着它的图',
  ])
})

describe('a draft that the clock will publish stands on the later home page', () => {
  const now = at
  const later = at + hour
  const draft = (_id: string, changes: object = {}) => ({
    ...{ _id, title: _id, cover: `/${_id}.jpg`, publishAt: later, placement: '视觉焦点' },
    ...changes,
  })
  const of = (drafts: { _id: string }[], when: number, rows: HomeRows = nothing) =>
    withWaiting(rows, drafts, { at: when, now })
  const outAt = (when: number, changes: object) => of([draft('稿', changes)], when).home.placed.length === 1

  test('from its time until its end; without a time from the next tick on', () => {
    expect([later - 1, later].map(when => outAt(when, {}))).toEqual([false, true])
    expect([now, now + 1].map(when => outAt(when, { publishAt: 0 }))).toEqual([false, true])
    const offlineAt = later + minute
    expect([offlineAt - 1, offlineAt].map(when => outAt(when, { offlineAt }))).toEqual([true, false])
  })

  test('with the picture, title, place and times of its row', () => {
    const shown = (changes: object) => of([draft('稿', changes)], later + hour).home.placed[0]
    const srcOf = (written: unknown) => shown({ cover: written })?.story.cover?.src
    expect(['/a.jpg#4x3', ' /a.jpg ', ['/a.jpg', '/b.jpg'], '', 7, []].map(srcOf)).toEqual([
      ...['/a.jpg', '/a.jpg', '/a.jpg'],
      ...[undefined, undefined, undefined],
    ])
    expect(shown({ title: 7 })?.story.title).toBe('稿')
    expect(shown({})).toMatchObject({
      story: { id: 'draft:稿', publishedAt: later },
      order: null,
      from: later,
      until: null,
    })
    expect(shown({ order: '２', from: later + minute, until: later + 2 * hour })).toMatchObject({
      ...{ order: 2, from: later + minute, until: later + 2 * hour },
    })
    expect(shown({ order: 99 })?.order).toBeNull()
    expect(shown({ publishAt: 0 })).toMatchObject({ story: { publishedAt: now }, from: now })
  })

  test('in 视觉焦点 only if its row says so, in any of its spellings', () => {
    const isPlaced = (placement: unknown) => outAt(later, { placement })
    expect(['视觉焦点', ' focus ', '', '别处', 7].map(isPlaced)).toEqual([true, true, false, false, false])
  })

  test('once: a new version takes the place of its story, a new story stands among the newest by its time', () => {
    const rows = {
      ...nothing,
      placed: [placed('旧版', 1), placed('别的', 2)],
      newest: [story('别的', later + 2 * hour), story('旧版', now)],
    }
    const drafts = [
      draft('新稿', { placement: '', publishAt: later + minute }),
      draft('新版', { storyId: '旧版' }),
      draft('没存', { storyId: '', placement: '' }),
      // The next version of a story that is too old to be among the newest.
      draft('旧文', { storyId: '更早的', placement: '' }),
    ]
    const { home } = of(drafts, later + hour, rows)
    expect(home.placed.map(one => one.story.title)).toEqual(['别的', '新版'])
    expect(home.newest.map(({ id }) => id)).toEqual(['别的', 'draft:新稿', 'draft:没存', '旧版'])
  })

  test('and waits until then with what its editor wrote; a row with problems does not', () => {
    const drafts = [
      draft('写了', { order: 2, from: later + minute, until: later + hour }),
      draft('同时', { from: later }),
      draft('下次', { publishAt: null, from: later }),
      draft('不在', { placement: '' }),
      draft('有错', { problems: ['标题：还没有填写，请写上'] }),
      draft('没错', { problems: [] }),
    ]
    expect(of(drafts, now).waiting).toEqual([
      { title: '写了', order: 2, from: later + minute, until: later + hour, publishAt: later },
      { title: '同时', order: null, from: null, until: null, publishAt: later },
      { title: '下次', order: null, from: later, until: null, publishAt: now },
      { title: '没错', order: null, from: null, until: null, publishAt: later },
    ])
  })
})
