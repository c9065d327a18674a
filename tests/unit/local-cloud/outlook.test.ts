import { linkedStories } from '../../../cloudfunctions/shared/publishing/linked-stories'
import { linksOf, type Outlook, outlookOf } from '../../../local-cloud/console/outlook'

const now = Date.UTC(2026, 10, 27, 4)
const hour = 3_600_000
const [earlier, later, muchLater] = [now - hour, now + 5 * hour, now + 48 * hour]
const [atLater, atMuchLater] = ['北京时间 2026-11-27 17:00 ', '北京时间 2026-11-29 12:00 ']

type Row = Record<string, unknown>
const known = {
  stories: new Map([['story00001', { state: 'withdrawn', draft: 'gone-story' }]]),
  drafts: new Map([['md-story', '已发布']]),
}
const desk = { now, isStored: (fileId: string) => fileId === 'cloud://local/there.jpg' }
const say = (collection: string, row: Row, published: Row | null = null): Outlook => {
  const linked = linkedStories(linksOf(row as never), known)
  const outlook = outlookOf(collection, row as never, { ...desk, linked, published: published as never })
  if (!outlook) throw new Error('no outlook')
  return outlook
}

const story = { _id: 'a', title: '题', teaser: '导语', channel: '地球', column: '海洋', body: '正文。' }
const [live, ahead, gone, over] = [
  { state: 'published', version: 3, publishAt: new Date(earlier) },
  { state: 'published', version: 1, publishAt: new Date(later) },
  { state: 'withdrawn', version: 2, publishAt: null },
  { state: 'published', version: 3, publishAt: null, offlineAt: new Date(now) },
] as const
const undated = { state: 'published', version: 3, publishAt: null }
const unseen = '读者看不到这篇文章。'
const refused = '保存以后不会发布，请先照下面改。'
const soon = '保存以后，两分钟之内'
const cancels = `保存以后，原定${atLater}的发布会取消。`

test.each<[row: Row, published: Row | null, step: Outlook['step'], says: string]>([
  [{}, null, 'nothing', `状态是 草稿，保存以后不会发布。${unseen}写好了，把状态写成 待发布。`],
  [
    { status: '待审' },
    undated,
    'nothing',
    '状态是 待审，保存以后不会发布。读者看到的还是第 3 版。要换成现在的文字，把状态写成 待发布。',
  ],
  [
    { status: '已发布' },
    live,
    'nothing',
    '状态是 已发布，保存以后不会发布。读者看到的还是第 3 版。要换成现在的文字，把状态写成 待发布。',
  ],
  [{ status: '草稿' }, live, 'withdraw', `文章刚刚发布，${soon}撤下来。`],
  [{ status: '草稿' }, ahead, 'withdraw', cancels],
  [{ status: '已撤回' }, gone, 'nothing', `${unseen}要再发布，把状态写成 待发布。`],
  [{ status: '已撤回' }, live, 'refuse', `${refused}读者看到的还是第 3 版。`],
  [{ status: '已发布' }, over, 'refuse', `${refused}${unseen}`],
  [{ status: '发布' }, null, 'refuse', `${refused}${unseen}`],
  [{ status: '待撤回', reason: '图片没有许可。' }, live, 'withdraw', `${soon}从读者那里撤下。`],
  [
    { status: '待撤回', reason: ' ' },
    live,
    'withdraw',
    `${soon}从读者那里撤下。还没有写“撤回原因”，读者看不到原因。`,
  ],
  [{ status: '待撤回' }, ahead, 'withdraw', cancels],
  [{ status: '待撤回' }, null, 'withdraw', '读者本来就看不到这篇文章：状态会变成 已撤回，别的不变。'],
  [{ status: '待发布' }, null, 'publish', `${soon}发布。`],
  [{ status: '待发布' }, gone, 'publish', `${soon}发布。`],
  [
    { status: '待发布', publishAt: now },
    null,
    'publish',
    `${soon}发布。文章上写的时间是北京时间 2026-11-27 12:00。`,
  ],
  [{ status: '待发布', offlineAt: later }, live, 'publish', `${soon}读者看到改好的文字。${atLater}下线。`],
  [{ status: '待发布', publishAt: later }, null, 'schedule', `${soon}状态变成 已定时，${atLater}发布。`],
  [
    { status: '待发布', publishAt: later, offlineAt: muchLater },
    live,
    'schedule',
    `${soon}状态变成 已定时，${atLater}发布。在此之前读者看到的是第 3 版。${atMuchLater}下线。`,
  ],
  [{ status: '待发布', title: '' }, null, 'refuse', `${refused}${unseen}`],
  [{ status: '待发布', title: '' }, live, 'refuse', `${refused}读者看到的还是第 3 版。`],
  [{ status: '待发布', body: '![图](cloud://local/none.jpg)' }, null, 'refuse', `${refused}${unseen}`],
  [
    { status: '已定时', title: '', publishAt: later },
    ahead,
    'refuse',
    `${refused}到${atLater}，读者看到改动之前的文字。`,
  ],
  [
    { status: '已定时', title: '', publishAt: muchLater },
    ahead,
    'refuse',
    `${refused}原定${atLater}的发布会取消。`,
  ],
])('of a draft %j beside %j: %s', (row, published, step, says) => {
  expect(say('drafts', { ...story, ...row }, published)).toMatchObject({ step, says })
})

test('problems and reminders are those of the fields, the text and its pictures; a withdrawal needs none', () => {
  const rough = { ...story, title: '**题**', teaser: '', body: '![图](cloud://local/none.jpg)' }
  const { problems, reminders } = say('drafts', rough)
  expect(problems).toEqual([
    '导语：还没有填写，请写上',
    expect.stringContaining('在云存储里找不到，请核对地址'),
  ])
  expect(reminders).toContain('标题：不认 Markdown 的标记，读者会原样看到，请删去')
  expect(say('drafts', { ...rough, status: '待撤回' })).toMatchObject({ problems: [], reminders: [] })
  const seen = { ...story, body: '正文。\n\n![图](cloud://local/there.jpg "鲸骨｜图：海洋所")' }
  expect(say('drafts', seen)).toMatchObject({ problems: [], reminders: [] })
  // What stands behind `#` is no part of the file's id.
  expect(say('drafts', { ...seen, body: seen.body.replace('.jpg', '.jpg#4x3') }).problems).toEqual([])
  // A picture elsewhere is not looked up.
  expect(
    say('drafts', { ...seen, body: seen.body.replace('cloud://local', 'https://a.example') }),
  ).toMatchObject({
    problems: [],
  })
  expect(say('drafts', { ...story, status: '已撤回', title: '' }, live).problems).toEqual([
    '状态：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回',
    '标题：还没有填写，请写上',
  ])
  // A link may name a story, or the draft that it comes from.
  const linking = (name: string) => say('drafts', { ...story, body: `见[那](story:${name})。` })
  expect(linking('md-story')).toMatchObject({ problems: [], reminders: [] })
  expect(linking('story00001').reminders).toEqual(['正文：链接指向的文章读者现在看不到，请核对：story00001'])
  for (const unknown of ['nothing', 'nosuch1234'])
    expect(linking(unknown).problems).toEqual([expect.stringContaining(`没有找到：${unknown}`)])
  // As an import may bring it.
  expect(say('drafts', { ...story, body: 7 }).problems).toHaveLength(1)
  expect(say('drafts', { ...story, body: ' ' }).problems).toEqual(['正文：还没有填写，请写上'])
})

const topic = { _id: 't', title: '题' }
const poll = {
  ...{ question: '问', opensAt: Date.UTC(2026, 0, 1), closesAt: Date.UTC(2099, 0, 1) },
  options: [
    { key: 'a', label: '甲' },
    { key: 'b', label: '乙' },
  ],
}
const out = { state: 'published', version: 4 }
const noPicture = {
  ...poll,
  options: [...poll.options, { key: 'c', label: '丙', picture: 'cloud://local/none.jpg' }],
}

test.each<[collection: string, row: Row, published: Row | null, step: Outlook['step'], says: string]>([
  [
    'topics',
    topic,
    null,
    'nothing',
    '状态是 草稿，保存以后不会发布。读者看不到这个专题。写好了，把状态写成 待发布。',
  ],
  [
    'polls',
    poll,
    out,
    'nothing',
    '状态是 草稿，保存以后不会发布。读者看到的还是第 4 版。要换成现在的样子，把状态写成 待发布。',
  ],
  ['topics', { ...topic, status: '待撤回' }, out, 'withdraw', `${soon}从读者那里撤下。`],
  [
    'polls',
    { ...poll, status: '待撤回' },
    { ...out, state: 'withdrawn' },
    'withdraw',
    '读者本来就看不到这个云投：状态会变成 已撤回，别的不变。',
  ],
  ['topics', { ...topic, status: '待发布' }, null, 'publish', `${soon}发布。`],
  [
    'topics',
    { ...topic, status: '待发布', publishedAt: later },
    out,
    'publish',
    `${soon}读者看到改好的一版。${atLater}起读者看得到。`,
  ],
  ['topics', { ...topic, status: '待发布', publishedAt: now }, null, 'publish', `${soon}发布。`],
  ['topics', { ...topic, status: '待发布', title: '' }, out, 'refuse', `${refused}读者看到的还是第 4 版。`],
  [
    'topics',
    { ...topic, status: '待发布', cover: 'cloud://local/none.jpg' },
    null,
    'refuse',
    `${refused}读者看不到这个专题。`,
  ],
  ['polls', { ...poll, status: '待发布' }, null, 'publish', `${soon}发布。`],
  ['polls', { ...noPicture, status: '待发布' }, null, 'refuse', `${refused}读者看不到这个云投。`],
  ['polls', { ...poll, status: '已发布' }, null, 'refuse', `${refused}读者看不到这个云投。`],
  [
    'polls',
    { ...poll, status: '已发布', version: 4 },
    out,
    'nothing',
    '状态是 已发布，保存以后不会发布。读者看到的还是第 4 版。要换成现在的样子，把状态写成 待发布。',
  ],
])('of %s %j beside %j: %s', (collection, row, published, step, says) => {
  expect(say(collection, row, published)).toMatchObject({ step, says })
})

test('a row that was refused before is told so only while publishing is promised', () => {
  const before = '上一次没有发布，原因在“问题”里。如果已经改好：'
  const row = { ...story, status: '待发布', problems: ['云投：没有编号为 x 的云投，请核对'] }
  expect(say('drafts', row).says).toBe(`${before}${soon}发布。`)
  expect(say('drafts', { ...row, publishAt: later }).says).toMatch(before)
  expect(say('topics', { ...topic, status: '待发布', problems: ['x'] }).says).toMatch(before)
  for (const more of [{ problems: [] }, { problems: '没有' }, { status: '草稿' }, { title: '' }])
    expect(say('drafts', { ...row, ...more }).says).not.toMatch(before)
})

test('nothing is said of a collection that nobody publishes', () => {
  expect(outlookOf('audit', { _id: 'a' }, { ...desk, linked: new Map(), published: null })).toBeNull()
})
