import { openArticle } from '#contract/article'
import { readHome } from '#contract/home'
import { answerPoll, readPoll } from '#contract/poll'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import { got, logsOf, putRows, refused, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { draftRow, type Newsroom, pollRow, type Row, startNewsroom } from '../support/newsroom'
import { startOutsideInstance } from '../support/outside-instance'

let newsroom: Newsroom
let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom()
  cloud = newsroom.cloud
  reader = await cloud.signIn()
}, 120_000)
afterAll(() => cloud?.stop())

type Table = 'topics' | 'polls' | 'drafts'

/** Saves a row as a console does: the whole row, with what it held. */
async function save(table: Table, changes: Row & { _id: string }): Promise<void> {
  await putRows(cloud, table, [{ ...(await rowOf(table, changes._id)), ...changes }])
}
const rowOf = async (table: Table, id: string): Promise<Row> =>
  (await newsroom.rowsIn(table)).find(({ _id }) => _id === id) ?? {}
const minute = 60_000
/** Lets instances forget what they have read. */
const later = (ms = 4_000) => cloud.control('clock', { move: ms })
const tick = async () => expect(await newsroom.tick()).toEqual({ ok: true })
const now = async (): Promise<number> => (await cloud.control<{ now: number }>('clock', { move: 0 })).now

describe('a topic', () => {
  const topicId = 'deepsea001'
  const open = () => got(cloud, reader, readTopic, { topicId })

  test('is out at the next tick; a fault in its row is told, and readers keep the last version', async () => {
    await save('topics', {
      ...{ _id: topicId, title: '深海', lead: '阳光<b>到不了</b>的地方。', status: '待发布' },
    })
    expect(await refused(cloud, reader, readTopic, { topicId })).toMatchObject({ code: 'not-found' })
    await tick()
    expect(await open()).toMatchObject({ topic: { title: '深海', lead: '阳光到不了的地方。' } })
    expect(await rowOf('topics', topicId)).toMatchObject({
      status: '已发布',
      problems: [],
      reminders: ['导语：去掉了HTML 标签，请看看文字对不对'],
      version: 1,
      link: `/t/${topicId}`,
      topicId,
      result: expect.stringMatching(/^第 1 版，北京时间 .+ 发布$/),
    })

    await save('topics', { _id: topicId, title: '', status: '待发布', cover: 'x', order: 99 })
    await tick()
    expect(await rowOf('topics', topicId)).toMatchObject({
      status: '待发布',
      problems: [
        '标题：还没有填写，请写上',
        '题图：请写 cloud:// 或 https:// 开头的图片地址',
        '版位次序：请写 1 到 8 的整数',
      ],
      result: expect.stringMatching(/^北京时间 .{16} 没有发布：请按“问题”修改，保存后会自动发布$/),
    })
    expect(await open()).toMatchObject({ topic: { title: '深海' } })

    await save('topics', { _id: topicId, title: '深海之下', cover: '', order: 0 })
    await tick()
    expect(await rowOf('topics', topicId)).toMatchObject({ status: '已发布', problems: [], version: 2 })
    expect(await open()).toMatchObject({ topic: { title: '深海之下' } })
  })

  test('gives its stories its present title; they hide it when it is withdrawn, and show it again', async () => {
    await putRows(cloud, 'drafts', [draftRow('whale', { status: '待发布', topic: topicId })])
    await tick()
    const articleId = await newsroom.storyOf('whale')
    const topicOf = async () => (await got(cloud, reader, openArticle, { articleId })).article.topic
    expect(await topicOf()).toEqual({ id: topicId, title: '深海之下' })
    await save('topics', { _id: topicId, title: '深海里', status: '待发布' })
    await tick()
    await later()
    expect(await topicOf()).toEqual({ id: topicId, title: '深海里' })
    expect((await open()).items.map(({ id }) => id)).toEqual([articleId])
    // An instance that has just found it does not find it for long once it is withdrawn.
    expect((await got(cloud, reader, search, { query: '深海里' })).topics).toMatchObject([{ id: topicId }])
    expect((await got(cloud, reader, readHome, {})).topics).toMatchObject([{ id: topicId }])

    await save('topics', { _id: topicId, status: '待撤回' })
    await tick()
    await later()
    expect(await topicOf()).toBeUndefined()
    expect(await refused(cloud, reader, readTopic, { topicId })).toMatchObject({ code: 'not-found' })
    expect((await got(cloud, reader, readHome, {})).topics).toEqual([])
    expect((await got(cloud, reader, search, { query: '深海里' })).topics).toEqual([])
    expect(await rowOf('topics', topicId)).toMatchObject({ status: '已撤回', link: '' })
    await putRows(cloud, 'drafts', [draftRow('shark', { status: '待发布', topic: topicId })])
    await tick()
    expect((await newsroom.draftOf('shark')).problems).toEqual([
      `专题：专题 ${topicId} 现在没有发布，请先发布它`,
    ])

    await save('topics', { _id: topicId, status: '待发布' })
    await tick()
    await later()
    expect(await topicOf()).toEqual({ id: topicId, title: '深海里' })
  })

  test('whose withdrawal is lost on its way is withdrawn all the same', async () => {
    await save('topics', { _id: 'lostaway01', title: '要撤回的', status: '待发布' })
    await tick()
    await save('topics', { _id: 'lostaway01', status: '待撤回' })
    const outside = await startOutsideInstance(cloud)
    let isLost = false
    outside.onRequest = body => {
      const isIt = !isLost && body.includes('publishedTopics') && body.includes('withdrawn')
      isLost ||= isIt
      return !isIt
    }
    try {
      await outside.tick((await now()) - Date.now())
      expect(isLost).toBe(true)
      await tick()
      await later()
      expect(await rowOf('topics', 'lostaway01')).toMatchObject({ status: '已撤回' })
      expect(await refused(cloud, reader, readTopic, { topicId: 'lostaway01' })).toMatchObject({
        code: 'not-found',
      })
    } finally {
      outside.close()
    }
  })

  test("of the console's form gets a short id, its picture’s size, and is seen from its time on", async () => {
    const _id = 'c0ffee00c0ffee00c0ffee00c0ffee00'
    const at = (await now()) + 60 * minute
    await save('topics', {
      _id,
      title: '表单里写的专题',
      status: 'ready',
      publishedAt: at,
      lead: '',
      cover: '/pictures/moon.jpg#1200x900',
      coverAlt: '月面',
      credit: '',
      poll: '',
      stories: [],
      order: 0,
      from: 0,
      until: 0,
      createdAt: 1,
    })
    await tick()
    const row = await rowOf('topics', _id)
    expect(row).toMatchObject({
      status: '已发布',
      createdAt: 1,
      result: expect.stringContaining('起读者看得到'),
    })
    const id = String(row.topicId)
    expect(id).toMatch(/^[0-9a-z]{8,12}$/)
    expect(await refused(cloud, reader, readTopic, { topicId: id })).toMatchObject({ code: 'not-found' })
    expect(JSON.stringify(await got(cloud, reader, readHome, {}))).not.toContain(id)
    await later(61 * minute)
    const cover = {
      src: '/pictures/moon.jpg',
      width: 1200,
      height: 900,
      alt: '月面',
      thumb: '/pictures/moon-s.jpg',
    }
    expect((await got(cloud, reader, readTopic, { topicId: id })).topic).toEqual({
      id,
      title: '表单里写的专题',
      lead: '',
      cover,
      publishedAt: at,
    })
    expect((await got(cloud, reader, readHome, {})).topics[0]).toMatchObject({ id, cover })
  })

  test('and its stories agree, whichever of them names the other', async () => {
    const other = 'listing001'
    const page = async () => {
      const { items } = await got(cloud, reader, readTopic, { topicId: other })
      return items.map(({ id }) => id)
    }
    const shownIn = async (draft: string) => {
      await later()
      const articleId = await newsroom.storyOf(draft)
      return (await got(cloud, reader, openArticle, { articleId })).article.topic
    }
    // The ticks after a publication join the story, one each.
    const joined = async () => {
      for (let n = 0; n < 6; n++) await tick()
    }
    await putRows(cloud, 'drafts', [
      draftRow('listed', { status: '待发布', title: '列出的' }),
      draftRow('coming', { title: '后来的' }),
      draftRow('naming', { status: '待发布', title: '自己写的', topic: topicId }),
    ])
    await tick()
    // Where a story that is not out yet will be.
    await newsroom.panel({ action: 'publish', draft: 'coming' })
    const [listed, naming, coming] = await Promise.all(
      ['listed', 'naming', 'coming'].map(id => newsroom.storyOf(id)),
    )
    await newsroom.panel({ action: 'withdraw', draft: 'coming', reason: '还早' })
    await save('topics', { _id: other, title: '清单', status: '待发布', stories: [listed, naming, coming] })
    await tick()
    expect((await rowOf('topics', other)).reminders).toEqual([
      `文章：读者现在看不到 ${coming}，专题里就没有`,
      '文章：《自己写的》自己属于专题《深海里》，文章里显示的是那个专题',
    ])
    expect(await shownIn('listed')).toEqual({ id: other, title: '清单' })
    expect((await shownIn('naming'))?.id).toBe(topicId)

    await putRows(cloud, 'drafts', [
      draftRow('listed', { status: '待发布', title: '列出的，第二版' }),
      draftRow('coming', { status: '待发布', title: '后来的' }),
      draftRow('joining', { status: '待发布', title: '后来写的', topic: other }),
    ])
    await tick()
    // A new version does not wait for being joined again.
    expect(await shownIn('listed')).toEqual({ id: other, title: '清单' })
    await joined()
    expect(await shownIn('listed')).toEqual({ id: other, title: '清单' })
    expect(await shownIn('coming')).toEqual({ id: other, title: '清单' })
    const joining = await newsroom.storyOf('joining')
    expect(await page()).toEqual([listed, naming, coming, joining])

    await save('topics', { _id: other, title: '新清单', status: '待发布', stories: [naming] })
    await tick()
    expect(await shownIn('listed')).toBeUndefined()
    expect(await shownIn('joining')).toEqual({ id: other, title: '新清单' })
    expect(await page()).toEqual([naming, joining])

    // A version from before the topic had this title.
    await putRows(cloud, 'drafts', [
      draftRow('joining', { status: '待发布', title: '后来写的，第二版', topic: '' }),
      draftRow('naming', { status: '待发布', title: '自己写的', topic: '' }),
    ])
    await tick()
    await joined()
    // A story that no longer names its topic shows the one that lists it.
    expect(await shownIn('naming')).toEqual({ id: other, title: '新清单' })
    expect(await page()).toEqual([naming])
    expect(await shownIn('joining')).toBeUndefined()
    await newsroom.panel({ action: 'restore', draft: 'joining', version: 1 })
    expect(await shownIn('joining')).toEqual({ id: other, title: '新清单' })
    await joined()
    expect(await page()).toEqual([naming, joining])

    // Restored while its topic is withdrawn, a story shows none, and shows it again together with the topic.
    await putRows(cloud, 'drafts', [draftRow('joining', { status: '待发布', title: '第三版', topic: '' })])
    await save('topics', { _id: other, status: '待撤回' })
    await tick()
    await newsroom.panel({ action: 'restore', draft: 'joining', version: 1 })
    expect(await shownIn('joining')).toBeUndefined()
    await save('topics', { _id: other, status: '待发布' })
    await tick()
    expect(await shownIn('joining')).toEqual({ id: other, title: '新清单' })
  }, 60_000)

  test('names its poll once: the poll stands in it, and moves when the topic names another', async () => {
    await save('polls', { ...pollRow('in-topic'), _id: 'in-topic', status: '待发布' })
    await save('polls', { ...pollRow('next-one'), _id: 'next-one', status: '待发布' })
    await save('topics', { _id: topicId, poll: 'in-topic', status: '待发布' })
    await tick()
    expect((await open()).poll?.id).toBe('in-topic')
    expect(await rowOf('polls', 'in-topic')).toMatchObject({ link: `/t/${topicId}` })
    // Published again, it stays where it stands.
    await save('polls', { _id: 'in-topic', question: '换过的题目？', status: '待发布' })
    await tick()
    await later()
    expect((await open()).poll?.id).toBe('in-topic')
    expect(await rowOf('polls', 'in-topic')).toMatchObject({ version: 2, link: `/t/${topicId}` })
    await putRows(cloud, 'drafts', [draftRow('squid', { status: '待发布', poll: 'in-topic' })])
    await tick()
    expect((await newsroom.draftOf('squid')).problems).toEqual([
      '云投：已经用在专题《深海里》里，请换一个云投',
    ])
    await save('topics', { _id: topicId, poll: 'next-one', status: '待发布' })
    await tick()
    await later()
    expect((await open()).poll?.id).toBe('next-one')
    await putRows(cloud, 'drafts', [draftRow('squid', { status: '待发布', poll: 'in-topic', title: '乌贼' })])
    await tick()
    const articleId = await newsroom.storyOf('squid')
    expect((await got(cloud, reader, readPoll, { articleId })).poll?.id).toBe('in-topic')
    await save('polls', { _id: 'in-topic', question: '又换了题目？', status: '待发布' })
    await tick()
    await later()
    expect((await got(cloud, reader, readPoll, { articleId })).poll?.question).toBe('又换了题目？')
    expect(await rowOf('polls', 'in-topic')).toMatchObject({ link: `/a/${articleId}` })
    // The topic takes it again while the story is withdrawn: the story, back without a poll, leaves it there.
    await save('drafts', { ...draftRow('squid'), status: '待撤回', reason: '重写' })
    await tick()
    await save('topics', { _id: topicId, poll: 'in-topic', status: '待发布' })
    await tick()
    await save('drafts', { ...draftRow('squid'), status: '待发布', poll: '' })
    await tick()
    await later()
    expect((await open()).poll?.id).toBe('in-topic')
    expect(await rowOf('polls', 'in-topic')).toMatchObject({ link: `/t/${topicId}` })
    await save('topics', { _id: topicId, poll: 'next-one', status: '待发布' })
    await tick()
  })

  test('pinned to a place of the home page stands there from its beginning until its end', async () => {
    const order = async () => (await got(cloud, reader, readHome, {})).topics.map(({ id }) => id)
    await save('topics', {
      _id: 'pinnedold1',
      title: '旧的',
      status: '待发布',
      publishedAt: '2026-01-01 09:30',
    })
    await tick()
    await later()
    expect((await order()).at(-1)).toBe('pinnedold1')
    const from = (await now()) + 60 * minute
    const pin = { order: '１', from, until: from + 60 * minute }
    await save('topics', { _id: 'pinnedold1', status: '待发布', ...pin })
    await tick()
    await later()
    expect((await order()).at(-1)).toBe('pinnedold1')
    await later(60 * minute)
    expect((await order())[0]).toBe('pinnedold1')
    await later(60 * minute)
    expect((await order()).at(-1)).toBe('pinnedold1')
  })

  test('that wants the place of another one is told so, and so is the other, until they differ', async () => {
    // Its time in the place is over.
    const past = { _id: 'wantedonce', title: '丙题', order: 7, until: (await now()) + minute }
    await save('topics', { ...past, status: '待发布' })
    await tick()
    await later(2 * minute)
    const from = (await now()) + 24 * 60 * minute
    const remindersOf = async (id: string) => (await rowOf('topics', id)).reminders
    await save('topics', { _id: 'wantsnone1', title: '甲题', status: '待发布', order: 7, lead: '**' })
    await tick()
    await save('topics', {
      _id: 'wantstoo01',
      title: '乙题',
      status: '待发布',
      order: 7,
      from,
      until: from + minute,
    })
    await tick()
    const place = '版位次序：独家策划第 7 位'
    expect(await remindersOf('wantstoo01')).toEqual([
      expect.stringMatching(`^${place}专题《甲题》也要，从北京时间 .{16} 起由这一个占$`),
    ])
    const told = expect.stringMatching(`^${place}从北京时间 .{16} 起由专题《乙题》占，到 .{16} 为止$`)
    expect(await remindersOf('wantsnone1')).toEqual([told])
    const { ok, lines } = await newsroom.panel({
      ...{ action: 'check', collection: 'topics', draft: 'wantsnone1' },
    })
    // A reminder is no problem.
    expect([ok, ...lines.slice(0, 2)]).toEqual([
      ...[true, '查了 1 个专题，没有问题', '《甲题》wantsnone1（已发布）'],
    ])
    expect(lines).toContainEqual(expect.stringMatching(`提醒　${place}从北京时间 .{16} 起由专题《乙题》占`))
    await save('topics', { _id: 'wantstoo01', status: '待发布', order: 8 })
    await tick()
    expect([await remindersOf('wantsnone1'), await remindersOf('wantstoo01')]).toEqual([[], []])
    for (const _id of ['wantsnone1', 'wantstoo01']) await save('topics', { _id, status: '待撤回' })
    await tick()
  })

  test('with a poll or stories that are not out is told so', async () => {
    await save('topics', { _id: 'namesmuch1', title: '点名', status: '待发布', poll: 'nowhere' })
    await save('topics', { _id: 'namesmuch2', title: '点名', status: '待发布', stories: ['nosuchone1'] })
    // It names the topic, and was withdrawn.
    const topic = { id: 'namesmuch2', title: '点名' }
    await putRows(cloud, 'articles', [storyRow('goneone001', 0, { state: 'withdrawn', topic })])
    await save('topics', { _id: 'namesmuch3', title: '点名', status: '待发布', stories: ['不是编号'] })
    await tick()
    expect((await rowOf('topics', 'namesmuch1')).problems).toEqual([
      '云投：没有编号为 nowhere 的云投，请核对',
    ])
    expect(await rowOf('topics', 'namesmuch2')).toMatchObject({
      status: '已发布',
      reminders: [
        '文章：读者现在看不到 nosuchone1，专题里就没有',
        '文章：发布的时候还没有一篇读者看得到，专题打开是空的',
      ],
    })
    expect((await rowOf('topics', 'namesmuch3')).problems).toEqual([
      '文章：请写文章编号（8 到 12 位小写字母和数字），“不是编号”不是',
    ])
  })
})

describe('视觉焦点 of the home page', () => {
  const cover = { cover: '/pictures/whale-fall.jpg#1200x900', coverAlt: '鲸' }
  /** Saves the draft of a title in 视觉焦点. */
  const place = async (title: string, changes: object) => {
    const id = idOf(title)
    const row = { ...(await newsroom.draftOf(id)), ...draftRow(id, { title, ...cover, ...changes }) }
    await putRows(cloud, 'drafts', [{ ...row, status: '待发布', placement: '视觉焦点' }])
  }
  const idOf = (title: string): string => `focus-${title.charCodeAt(0).toString(16)}`
  const draftOf = (title: string) => newsroom.draftOf(idOf(title))
  const focus = async () => {
    await later()
    return (await got(cloud, reader, readHome, {})).focus.map(({ title }) => title)
  }
  /** The titles that the panel names in 视觉焦点. */
  const focusOf = ({ lines }: { lines: string[] }) =>
    lines
      .slice(2, lines.indexOf('独家策划（8 位）'))
      .map(line => line.replace(/^　　第 \d 位　《(.+?)》.*$/, '$1'))

  test('shows a story in its place during its time, and fills the gaps', async () => {
    const from = (await now()) + 60 * minute
    await place('甲', { publishAt: '2026-01-03 09:30' })
    await place('乙', { publishAt: '2026-01-02 09:30' })
    await place('丙', { publishAt: '2026-01-01 09:30', order: '１', from, until: from + 30 * minute })
    // A story without a place fills what is left, if it has a picture.
    const plain = { status: '待发布', publishAt: '2026-01-04 09:30' }
    await putRows(cloud, 'drafts', [draftRow(idOf('丁'), { title: '丁', ...cover, ...plain })])
    await tick()
    expect(await focus()).toEqual(['甲', '乙', '丁', '丙'])
    const before = await newsroom.panel({ action: 'placement' })
    expect(focusOf(before)).toEqual(['甲', '乙', '丁', '丙'])
    expect(before.lines).toContainEqual(
      expect.stringMatching(/^　　《丙》　视觉焦点第 1 位，从 20.+ 起，到 20.+ 为止$/),
    )
    const then = await newsroom.panel({ action: 'placement', at: from })
    expect(then.lines[0]).toMatch(/^首页　北京时间 20/)
    expect(focusOf(then)).toEqual(['丙', '甲', '乙', '丁'])
    expect(then.lines[2]).toMatch(/^　　第 1 位　《丙》　责编排在这一位，到 20\d\d-.+ 为止$/)
    expect(then.lines[3]).toBe('　　第 2 位　《甲》　没有文章排在这一位，用写了 视觉焦点 的文章里最新的补上')
    expect(then.lines[5]).toBe('　　第 4 位　《丁》　没有文章排在这一位，用有封面的文章里最新的补上')

    await later(from - (await now()) - 30_000)
    expect(await focus()).toEqual(['甲', '乙', '丁', '丙'])
    await later(30_000)
    expect(await focus()).toEqual(['丙', '甲', '乙', '丁'])
    await later(30 * minute)
    expect(await focus()).toEqual(['甲', '乙', '丁', '丙'])
    // The next tick takes it out of the index of placed stories.
    await tick()
    const ended = (await newsroom.rowsIn('articles')).find(({ title }) => title === '丙')
    expect(ended).toMatchObject({ focusOrder: 1 })
    expect(ended).not.toHaveProperty('focus')
  })

  test('a change of place alone makes no version; two stories for one place are told of each other', async () => {
    const at = { publishAt: '2026-01-02 09:30' }
    await place('乙', { ...at, order: 1 })
    await tick()
    expect(await draftOf('乙')).toMatchObject({
      version: 1,
      result: '内容没有变化，仍是第 1 版，首页的位置改了',
    })
    expect(await focus()).toEqual(['乙', '甲', '丁', '丙'])

    await place('戊', { publishAt: '2026-01-01 08:00', order: 1, until: (await now()) + 60 * minute })
    const checked = await newsroom.panel({ action: 'check', draft: idOf('戊') })
    const replaces = /^版位次序：视觉焦点第 1 位原来是《乙》，从北京时间 20.+ 起由这一篇占$/
    expect(checked.lines.at(-1)).toMatch(/^ {2}提醒　版位次序：视觉焦点第 1 位原来是《乙》/)
    await tick()
    expect((await draftOf('戊')).reminders).toEqual([expect.stringMatching(replaces)])
    expect((await draftOf('乙')).reminders).toEqual([
      expect.stringMatching(/^版位次序：视觉焦点第 1 位从北京时间 20.+ 起由《戊》占，到 20.+ 为止$/),
    ])
    expect(await focus()).toEqual(['戊', '甲', '乙', '丁', '丙'])
    const { lines } = await newsroom.panel({ action: 'placement' })
    expect(lines[2]).toMatch(
      /^　　第 1 位　《戊》　责编排在这一位，到 20.+ 为止；开始得更早、让出这一位的：《乙》$/,
    )

    await putRows(cloud, 'drafts', [{ ...(await draftOf('戊')), status: '待撤回' }])
    await tick()
    expect((await draftOf('戊')).reminders).toContain('版位次序：视觉焦点第 1 位不再是这一篇，由别的文章补上')
    expect((await draftOf('乙')).reminders).toEqual([])
    expect(await focus()).toEqual(['乙', '甲', '丁', '丙'])
    // What was said of a story is taken back when its time is over, or when it moves.
    const others = /^版位次序：视觉焦点第 1 位从北京时间 20.+ 起由《戊》占/
    for (const isMoved of [false, true]) {
      await place('戊', { publishAt: '2026-01-01 08:00', order: 1, until: (await now()) + 60 * minute })
      await tick()
      expect((await draftOf('乙')).reminders).toEqual([expect.stringMatching(others)])
      if (isMoved) await place('戊', { publishAt: '2026-01-01 08:00', order: 2 })
      else await later(61 * minute)
      await tick()
      expect((await draftOf('乙')).reminders).toEqual([])
    }
    await putRows(cloud, 'drafts', [{ ...(await draftOf('戊')), status: '待撤回' }])
    await tick()
    // A correction keeps the place, and a restored version too.
    await place('乙', { ...at, order: 1, title: '乙改' })
    await tick()
    await newsroom.panel({ action: 'restore', draft: idOf('乙'), version: 1 })
    expect(await focus()).toEqual(['乙', '甲', '丁', '丙'])
    await place('乙', { ...at, order: 0 })
    await tick()
    expect(await focus()).toEqual(['甲', '乙', '丁', '丙'])
    // A check of a story that lost its place for good tells that, not that publishing it again would take it back.
    for (const title of ['乙', '甲']) {
      await place(title, { ...at, order: 1 })
      await tick()
    }
    const { lines: lost } = await newsroom.panel({ action: 'check', draft: idOf('乙') })
    expect(lost.at(-1)).toMatch(/^ {2}提醒　版位次序：视觉焦点第 1 位从北京时间 20.+ 起由《甲》占$/)
  })

  test('the panel refuses a time that it cannot read or that is over', async () => {
    const lines = async (at: unknown) => (await newsroom.panel({ action: 'placement', at })).lines
    for (const at of ['明天', true, {}])
      expect(await lines(at)).toEqual([
        'at：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30；不写就是现在',
      ])
    expect(await lines('2026-01-01 9:30')).toEqual(['at：已经过去了，只能看现在和以后'])
    expect(await lines('2090-01-01 9:30')).toContain('首页　北京时间 2090-01-01 09:30')
  })
})

describe('a poll', () => {
  const pollId = 'pans'
  const seen = async (who = reader) => (await got(cloud, who, readPoll, { pollId })).poll
  const options = [
    { key: 'iron', label: '铁锅' },
    { key: 'clay', label: '砂锅' },
  ]

  test('keeps its votes when it is published again with other words, or withdrawn for a while', async () => {
    await save('polls', { ...pollRow(pollId), _id: pollId, options, status: '待发布', choices: '单选' })
    await tick()
    await got(cloud, reader, answerPoll, { pollId, options: ['iron'], wish: 1 })
    await save('polls', {
      _id: pollId,
      question: '您家用哪种锅？',
      options: [{ key: 'clay', label: '陶锅' }, ...options.slice(0, 1)],
      status: '待发布',
    })
    await tick()
    await later()
    expect(await seen()).toMatchObject({
      question: '您家用哪种锅？',
      options: [{ label: '陶锅' }, { label: '铁锅' }],
      own: ['iron'],
      result: { counts: { iron: 1, clay: 0 }, readers: 1 },
    })
    await save('polls', { _id: pollId, status: '待撤回' })
    await tick()
    await later()
    expect(await seen()).toBeNull()
    expect(await refused(cloud, reader, answerPoll, { pollId, options: ['clay'], wish: 2 })).toMatchObject({
      code: 'not-found',
    })
    await save('polls', { _id: pollId, status: '待发布' })
    await tick()
    await later()
    expect(await seen()).toMatchObject({ own: ['iron'], result: { readers: 1 } })
  })

  test('that readers have answered keeps its keys and choices: a change is a problem, readers see the last version', async () => {
    const before = await seen()
    await save('polls', {
      _id: pollId,
      options: [...options.slice(0, 1), { key: 'steel', label: '钢锅' }],
      choices: '多选',
      status: '待发布',
    })
    await tick()
    await later()
    expect(await rowOf('polls', pollId)).toMatchObject({
      status: '待发布',
      problems: [
        '选项：已经有人回答，不能删去或改名 key 为 “clay” 的选项，请放回来',
        '选项：已经有人回答，不能再加 key 为 “steel” 的选项，请删去，或另建一个云投',
        '可选几项：已经有人回答，要一直是 单选',
      ],
    })
    expect(await seen()).toEqual(before)
    await save('polls', { _id: pollId, options, choices: '单选' })
    await tick()
    expect(await rowOf('polls', pollId)).toMatchObject({ status: '已发布', problems: [] })
  })

  test('that nobody has answered may get other options', async () => {
    await save('polls', { ...pollRow('fresh'), _id: 'fresh', options, status: '待发布' })
    await tick()
    expect((await got(cloud, reader, readPoll, { pollId: 'fresh' })).poll?.options).toEqual(options)
    // An answer that chooses nothing, taken back before it was given.
    for (const wish of [1, 1])
      expect(await got(cloud, reader, answerPoll, { pollId: 'fresh', options: [], wish })).toMatchObject({
        own: [],
        wish: 1,
      })
    await save('polls', {
      _id: 'fresh',
      options: [...options, { key: 'wok', label: '炒锅' }],
      status: '待发布',
    })
    await tick()
    // This instance knows the old options for three seconds. A first vote finds out.
    await refused(cloud, reader, answerPoll, { pollId: 'fresh', options: ['iron'], wish: 2 })
    expect(
      await got(cloud, reader, answerPoll, { pollId: 'fresh', options: ['wok'], wish: 3 }),
    ).toMatchObject({
      own: ['wok'],
    })
  })

  test('that nobody has answered takes no first answer once it is withdrawn, also where an instance still knows it', async () => {
    const pollId = 'withdrawn-late'
    await save('polls', { ...pollRow(pollId), _id: pollId, options, status: '待发布' })
    await tick()
    expect((await got(cloud, reader, readPoll, { pollId })).poll?.id).toBe(pollId)
    await newsroom.panel({ action: 'withdraw', collection: 'polls', draft: pollId })
    const call = { pollId, options: ['iron'], wish: 1 }
    expect(await refused(cloud, reader, answerPoll, call)).toMatchObject({ code: 'not-found' })
  })

  test('of a 草稿 loses the problems that the panel told when they are mended; an end that has passed is told', async () => {
    const equal = options.map(option => ({ ...option, label: '铁锅' }))
    await save('polls', { ...pollRow('asked'), _id: 'asked', options: equal, status: '草稿' })
    await newsroom.panel({ action: 'publish', collection: 'polls', draft: 'asked' })
    const problems = ['选项：有两个的文字都是“铁锅”，请改掉一个']
    expect(await rowOf('polls', 'asked')).toMatchObject({ status: '草稿', problems })
    await save('polls', { _id: 'asked', options, closesAt: '2026-11-21 09:30', updatedAt: await now() })
    await tick()
    expect(await rowOf('polls', 'asked')).toMatchObject({
      ...{ status: '草稿', problems: [] },
      result: expect.stringMatching(/^北京时间 .{16} 改过了，还没有发布：要发布，就把状态设为 待发布$/),
    })
    const marked = options.map((option, at) => (at === 0 ? { ...option, label: '**铁锅**' } : option))
    await save('polls', { _id: 'asked', status: '待发布', question: '用<b>什么</b>锅？', options: marked })
    await tick()
    expect(await rowOf('polls', 'asked')).toMatchObject({
      status: '已发布',
      reminders: [
        '题目：去掉了HTML 标签，请看看文字对不对',
        '选项第 1 个的文字：不认 Markdown 的标记，读者会原样看到，请删去',
        '结束时间：已经过了，读者只能看结果，不能再回答',
      ],
    })
  })

  test('with faults gets one problem for each, which names the field and its place', async () => {
    await save('polls', {
      _id: 'faulty',
      status: '待发布',
      question: '长'.repeat(201),
      opensAt: '明天',
      closesAt: '',
      choices: '三选',
      options: [
        { key: 'A B', label: '' },
        { key: 'a' },
        'b',
        { key: 'a', label: '甲', picture: { src: 'cloud://x/y.jpg', alt: '' } },
      ],
    })
    await tick()
    const { lines } = await newsroom.panel({ action: 'check', collection: 'polls', draft: 'faulty' })
    expect(lines.slice(0, 2)).toEqual(['查了 1 个云投，1 个有问题', `《${'长'.repeat(40)}》faulty（待发布）`])
    expect((await rowOf('polls', 'faulty')).problems).toEqual([
      '题目：最多 200 个字，请改短',
      '可选几项：没有这个选项，请从 单选、多选 中选',
      '开始时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30',
      '结束时间：还没有填写，请写上',
      '选项第 1 个的key：只能用小写字母、数字和短横，最多 24 个，也不能是 constructor 或 prototype',
      '选项第 1 个的文字：还没有填写，请写上',
      '选项第 2 个的文字：还没有填写，请写上',
      '选项：第 3 个要有 key 和文字',
      '选项第 4 个的图片说明：有图片时要写上图里有什么',
    ])
  })
})

describe('the clock', () => {
  test('tells of a status that nobody reads, and of 已发布 in a row that was never published', async () => {
    await save('topics', { _id: 'misstated1', title: '甲', status: '发布' })
    await save('topics', { _id: 'misstated2', title: '乙', status: '已发布' })
    await save('topics', { _id: 'misstated3', title: '丙', status: ' 待发布' })
    await save('topics', { _id: 'misstated4', title: '丁' })
    await tick()
    expect((await rowOf('topics', 'misstated1')).problems).toEqual([
      '状态：没有这个选项，请从 草稿、待发布、待撤回 中选',
    ])
    expect((await rowOf('topics', 'misstated2')).problems).toEqual([
      '状态：已发布 由系统写上，这一行还没有发布；要发布，请写 待发布',
    ])
    expect((await rowOf('topics', 'misstated3')).problems).toEqual([
      '状态：前后有空格或看不见的字符，请删去重写',
    ])
    expect(await rowOf('topics', 'misstated4')).not.toHaveProperty('problems')
    for (const topicId of ['misstated1', 'misstated2', 'misstated3', 'misstated4'])
      expect(await refused(cloud, reader, readTopic, { topicId })).toMatchObject({ code: 'not-found' })
  })

  test('takes back what a row said when its editor changes the status by hand; the row and `check` tell the same', async () => {
    const ids = ['byhand0001', 'byhand0002', 'byhand0003', 'byhand0004']
    const change = async (...changes: object[]) => {
      for (const [n, one] of changes.entries()) await save('topics', { _id: ids[n] ?? '', ...one })
      await tick()
    }
    const told = async () =>
      Promise.all(
        ids.map(async draft => {
          const { problems } = await rowOf('topics', draft)
          const { lines } = await newsroom.panel({ action: 'check', collection: 'topics', draft })
          expect(lines.filter(line => line.includes('问题　'))).toEqual(
            (problems as string[]).map(problem => `  问题　${problem}`),
          )
          return (problems as string[]).map(problem => problem.slice(0, 7))
        }),
      )
    const ready = { title: '手写状态', status: '待发布' }
    await change(ready, ready, ready, { ...ready, title: '' })
    await change({ ...ready, title: '' }, { status: '待撤回' }, {})
    expect((await rowOf('topics', 'byhand0001')).problems).toHaveLength(1)
    await change(
      { title: '改好的', status: '已发布' },
      ...[{ status: '已发布' }, { status: '已撤回' }, { title: '改好的', status: '草稿' }],
    )
    expect(await told()).toEqual([[], ['状态：已发布 '], ['状态：已撤回 '], []])
    expect((await rowOf('topics', 'byhand0004')).result).toMatch(/^北京时间 .{16} 停止发布：状态是 草稿$/)
    await change({}, { status: '草稿' }, { status: '已发布' })
    expect(await told()).toEqual([[], [], [], []])
    for (const _id of ids) await save('topics', { _id, status: '待撤回' })
    await tick()
  })

  test('publishes mended rows at its next tick, however many others have problems', async () => {
    const time = async () => ({ updatedAt: { $date: new Date(await now()).toISOString() } })
    const ids = Array.from({ length: 24 }, (_, n) => `faulty${String(n).padStart(4, '0')}`)
    const faulty = { title: '', status: '待发布', ...(await time()) }
    await putRows(
      cloud,
      'topics',
      ids.map(_id => ({ _id, ...faulty })),
    )
    for (let n = 0; n < 4; n++) await tick()
    await later(2 * minute)
    const mended = ids.filter((_, n) => n % 3 === 2)
    const saved = await time()
    for (const _id of mended) await save('topics', { _id, title: `改好的 ${_id}`, ...saved })
    await save('topics', { _id: ids[0] ?? '', lead: '还是没有标题', ...saved })
    await tick()
    const published = (await newsroom.rowsIn('topics')).filter(({ status }) => status === '已发布')
    expect(published.map(({ _id }) => _id)).toEqual(expect.arrayContaining(mended))
    await later(2 * minute)
    await tick()
    for (const _id of ids) await save('topics', { _id, status: mended.includes(_id) ? '待撤回' : '草稿' })
    for (let n = 0; n < 3; n++) await tick()
  }, 60_000)

  test('keeps the text of an editor who saves between its read and its write', async () => {
    await save('topics', { _id: 'savedtwice', title: '第一次', status: '待发布' })
    const [done] = await Promise.all([
      newsroom.tick(),
      save('topics', { _id: 'savedtwice', title: '第二次', status: '待发布' }),
    ])
    expect(done.ok).toBe(true)
    await tick()
    expect(await rowOf('topics', 'savedtwice')).toMatchObject({ title: '第二次', status: '已发布' })
    expect((await got(cloud, reader, readTopic, { topicId: 'savedtwice' })).topic.title).toBe('第二次')
  })

  test('with published topics and polls makes two reads', async () => {
    for (const table of ['topics', 'polls'] as const)
      for (const { _id, version } of await newsroom.rowsIn(table))
        if (version === undefined) await save(table, { _id: String(_id), status: '草稿' })
    for (const { _id, status } of await newsroom.rowsIn('drafts'))
      if (status !== '已发布') await putRows(cloud, 'drafts', [draftRow(String(_id))])
    // At half past, so that no hour ends while it is measured: then the rankings would be rebuilt.
    await later(90 * minute - ((await now()) % (60 * minute)))
    // Each tick joins one of the stories above to the others.
    for (let n = 0; n < 12; n++) await tick()
    // The votes above are counted again by the first ticks.
    for (const _ of [1, 2, 3]) {
      await tick()
      await later(5 * minute)
    }
    await tick()
    const [last] = (await logsOf(cloud)).filter(({ functionName }) => functionName === 'clock').slice(-1)
    expect(last?.operations).toMatchObject({ read: 2, write: 0, transaction: 0 })
  })
})

describe('the panel', () => {
  const panel: Newsroom['panel'] = event => newsroom.panel(event)

  test('checks, publishes and withdraws topics and polls', async () => {
    await save('topics', { _id: 'bypanel001', title: '', lead: '面板' })
    const of = { collection: 'topics', draft: 'bypanel001' }
    expect(await panel({ action: 'check', ...of })).toEqual({
      ok: false,
      lines: [
        '查了 1 个专题，1 个有问题',
        '（无标题）bypanel001（草稿）',
        '  问题　标题：还没有填写，请写上',
      ],
    })
    expect(await panel({ action: 'publish', ...of })).toEqual({
      ok: false,
      lines: ['没有发布，读者看到的没有变化', '问题　标题：还没有填写，请写上'],
    })
    await save('topics', { _id: 'bypanel001', title: '面板' })
    expect(await panel({ action: 'publish', ...of })).toEqual({
      ok: true,
      lines: ['已发布：第 1 版，地址 /t/bypanel001'],
    })
    expect((await panel({ action: 'publish', ...of })).lines).toEqual([
      '内容没有变化，没有产生新版本：第 1 版，地址 /t/bypanel001',
    ])
    expect(await panel({ action: 'withdraw', ...of })).toEqual({
      ok: true,
      lines: ['已撤回，五秒之内所有读者都看不到了'],
    })
    expect((await panel({ action: 'withdraw', ...of })).lines).toEqual(['这个专题现在没有发布，不用撤回'])
    // A poll that stands nowhere yet has no address.
    await save('polls', { ...pollRow('nowhere-yet'), _id: 'nowhere-yet' })
    expect((await panel({ action: 'publish', collection: 'polls', draft: 'nowhere-yet' })).lines).toEqual([
      '已发布：第 1 版',
    ])
    expect((await panel({ action: 'publish', collection: 'polls', draft: 'none' })).lines).toEqual([
      '没有这个云投：none',
    ])
    const audited = (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === 'topics:bypanel001')
    expect(audited.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'check 王编辑',
      'publish 王编辑',
      'publish 王编辑',
      'publish 王编辑',
      'withdraw 王编辑',
      'withdraw 王编辑',
    ])
  })

  test('does not publish a row that waits for its withdrawal', async () => {
    await save('topics', { _id: 'leaving001', title: '要撤回的', status: '待撤回' })
    expect(await panel({ action: 'publish', collection: 'topics', draft: 'leaving001' })).toEqual({
      ok: false,
      lines: [
        '没有发布，读者看到的没有变化',
        '问题　状态：这一行是 待撤回，定时任务会撤回它；要发布，请先把状态设为 待发布；要马上撤回，请用 withdraw',
      ],
    })
    expect((await rowOf('topics', 'leaving001')).status).toBe('待撤回')
    const audited = (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === 'topics:leaving001')
    expect(audited.map(({ action, result }) => [action, result])).toEqual([
      ['publish', 'waits for withdrawal'],
    ])
  })

  test('asks for the reason of a story’s withdrawal only', async () => {
    expect((await panel({ action: 'withdraw', draft: 'whale' })).lines).toEqual([
      'reason：请写撤回原因，读者会看到，最多 500 个字',
    ])
  })
})
