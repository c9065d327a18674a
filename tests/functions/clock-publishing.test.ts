import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { setMood } from '#contract/mood'
import { readPoll } from '#contract/poll'
import { search } from '#contract/search'
import { got, logsOf, putPolls, putRows, refused, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { draftRow, type Newsroom, pollRow, type Row, startNewsroom } from '../support/newsroom'

const minute = 60_000
const hour = 60 * minute

let newsroom: Newsroom
let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom()
  cloud = newsroom.cloud
  reader = await cloud.signIn()
}, 120_000)
afterAll(() => cloud?.stop())

const now = async () => (await cloud.control<{ now: number }>('clock', { move: 0 })).now
const pass = (ms: number) => cloud.control('clock', { move: ms })
const save = (id: string, changes: object) => putRows(cloud, 'drafts', [draftRow(id, changes)])
/** Saves in the console: the row keeps what the clock wrote into it. */
const edit = async (id: string, changes: object) =>
  putRows(cloud, 'drafts', [{ ...(await raw(id)), ...changes }])
const raw = async (id: string, collection = 'drafts'): Promise<Row> => {
  const { lines } = await cloud.control<{ lines: string }>('export', { collection })
  return lines
    .split('\n')
    .map(line => JSON.parse(line) as Row)
    .find(({ _id }) => _id === id) as Row
}
const tick = async () => expect(await newsroom.tick()).toEqual({ ok: true })
const beijing = (instant: number) => new Date(instant + 8 * hour).toISOString().slice(0, 16).replace('T', ' ')
const versionsOf = async (id: string) =>
  (await newsroom.rowsIn('versions')).filter(({ draft }) => draft === id).map(({ version }) => version)
const open = async (articleId: string) => (await got(cloud, reader, openArticle, { articleId })).article
const storyRowOf = async (id: string) => (await newsroom.rowsIn('articles')).find(({ draft }) => draft === id)

describe('the clock publishes', () => {
  test('a row with 待发布 is published at the next tick, and its result says so', async () => {
    await save('out', { status: '待发布' })
    await save('in-english', { status: 'ready', title: '英文状态也可以' })
    await save('kept', { status: '草稿' })
    await tick()
    expect(await newsroom.draftOf('out')).toMatchObject({
      status: '已发布',
      problems: [],
      reminders: [],
      version: 1,
      link: `/a/${await newsroom.storyOf('out')}`,
      result: expect.stringMatching(/^第 1 版，北京时间 \d{4}-\d\d-\d\d \d\d:\d\d 发布$/),
    })
    expect((await open(await newsroom.storyOf('out'))).title).toBe('鲸落为什么能养活深海')
    expect(await newsroom.draftOf('in-english')).toMatchObject({ status: '已发布' })
    expect(await newsroom.draftOf('kept')).not.toHaveProperty('result')
    const audit = await newsroom.rowsIn('audit')
    expect(audit.find(({ subject }) => subject === 'out')).toMatchObject({ key: 'clock', action: 'publish' })
  })

  test('a row with an error gets a problem in Chinese, and is published once it is corrected', async () => {
    await save('faulty', { status: '待发布', title: '', column: '天文' })
    await tick()
    const problems = ['标题：还没有填写，请写上', '栏目：频道“地球”没有这个栏目，请从 海洋、气象、地质 中选']
    expect(await newsroom.draftOf('faulty')).toMatchObject({ status: '待发布', problems })
    await tick()
    // A tick that reads rows with problems again has nothing new to say.
    await pass(10 * minute - ((await now()) % (10 * minute)))
    await tick()
    const told = (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === 'faulty')
    expect(told).toHaveLength(1)
    await edit('faulty', { title: '改好了', column: '海洋' })
    await tick()
    expect(await newsroom.draftOf('faulty')).toMatchObject({ status: '已发布', problems: [] })
    expect((await open(await newsroom.storyOf('faulty'))).title).toBe('改好了')
  })

  test('if a new version has an error, readers keep the last valid one', async () => {
    await edit('out', { status: '待发布', body: '' })
    await tick()
    expect(await newsroom.draftOf('out')).toMatchObject({ problems: ['正文：还没有填写，请写上'] })
    expect((await open(await newsroom.storyOf('out'))).version).toBe(1)
  })

  test('equal content creates no version; a different 责编 is reminded whose text was replaced', async () => {
    await save('out', { status: '待发布' })
    await tick()
    expect(await versionsOf('out')).toEqual([1])
    expect(await newsroom.draftOf('out')).toMatchObject({ status: '已发布', version: 1, reminders: [] })
    await save('out', { status: '待发布', title: '换了标题', editor: '李编辑' })
    await tick()
    expect(await versionsOf('out')).toEqual([1, 2])
    expect(await newsroom.draftOf('out')).toMatchObject({
      version: 2,
      reminders: ['责编：上一版由 王编辑 发布，这一版由 李编辑 发布'],
    })
  })

  test('a row with 待撤回 withdraws its story, with or without a reason', async () => {
    const articleId = await newsroom.storyOf('out')
    await edit('out', { status: '待撤回', reason: ' 数据有误 ' })
    await tick()
    await pass(4_000)
    // The clock never changes what an editor wrote.
    expect((await newsroom.draftOf('out')).reason).toBe(' 数据有误 ')
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    expect(await newsroom.draftOf('out')).toMatchObject({ status: '已撤回', link: '', reminders: [] })
    expect(await storyRowOf('out')).toMatchObject({ state: 'withdrawn', reason: '数据有误' })
    await edit('in-english', { status: 'withdraw', reason: 5 })
    await save('never-out', { status: '待撤回' })
    await tick()
    expect(await newsroom.draftOf('in-english')).toMatchObject({
      status: '已撤回',
      reminders: ['撤回原因：没有填写，读者看不到原因'],
    })
    expect(await newsroom.draftOf('never-out')).toMatchObject({
      status: '已撤回',
      reminders: ['这篇稿件没有发布，或者已经撤回，读者看到的没有变化'],
    })
    await edit('out', { status: '待发布' })
    await tick()
    expect((await newsroom.draftOf('out')).reminders).toEqual(['撤回：这篇文章曾被撤回，现在重新发布了'])
    await pass(4_000)
    expect((await open(articleId)).version).toBe(3)
  })
})

describe('times', () => {
  test('a new story appears in every list at its time to the second, before the next tick', async () => {
    const at = Math.ceil(((await now()) + 30 * minute) / minute) * minute
    await save('timed', { status: '待发布', publishAt: beijing(at), title: '定时的鲸落', tags: ['定时'] })
    await tick()
    expect(await newsroom.draftOf('timed')).toMatchObject({
      status: '已定时',
      problems: [],
      link: '',
      result: `定于北京时间 ${beijing(at)} 发布`,
    })
    const articleId = String((await storyRowOf('timed'))?._id)
    const lists = async () => {
      const feed = (await got(cloud, reader, readFeed, {})).items
      const column = (await got(cloud, reader, readFeed, { channel: 'earth', column: 'ocean' })).items
      const found = (await got(cloud, reader, search, { query: '定时的鲸落' })).items
      const home = (await got(cloud, reader, readHome, {})).feed.items
      return [feed, column, found, home].map(items => items.some(({ id }) => id === articleId))
    }
    await pass(at - (await now()) - 2_000)
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    expect(await lists()).toEqual([false, false, false, false])
    await pass(Math.max(0, at - (await now())))
    expect((await open(articleId)).publishedAt).toBe(at)
    await pass(4_000)
    expect(await lists()).toEqual([true, true, true, true])
    await tick()
    expect(await newsroom.draftOf('timed')).toMatchObject({
      status: '已发布',
      version: 1,
      link: `/a/${articleId}`,
      result: `第 1 版，北京时间 ${beijing(at)} 发布`,
    })
    expect(await versionsOf('timed')).toEqual([1])
  })

  test('a scheduled new version appears with the tick after its time, and the story keeps its place in the lists', async () => {
    const articleId = await newsroom.storyOf('timed')
    const before = await open(articleId)
    const at = (await now()) + 10 * minute
    await edit('timed', { status: '待发布', publishAt: at, title: '第二版' })
    await tick()
    expect(await newsroom.draftOf('timed')).toMatchObject({
      status: '已定时',
      link: `/a/${articleId}`,
      result: `定于北京时间 ${beijing(at)} 发布，在此之前读者看到的是第 1 版`,
    })
    await pass(at - (await now()) + 1_000)
    expect((await open(articleId)).title).toBe('定时的鲸落')
    await tick()
    await pass(4_000)
    expect(await open(articleId)).toMatchObject({ title: '第二版', publishedAt: before.publishedAt })
    // Saved again with the same times, for example to mend a word.
    await edit('timed', { status: '待发布', title: '第三版' })
    await tick()
    await pass(4_000)
    expect(await open(articleId)).toMatchObject({ title: '第三版', publishedAt: before.publishedAt })
  })

  test('changes of text and time that are saved while a row is 已定时 take effect', async () => {
    const first = (await now()) + 20 * minute
    await save('moved', { status: '待发布', publishAt: first })
    await tick()
    const articleId = String((await storyRowOf('moved'))?._id)
    const later = first + 20 * minute
    await edit('moved', { publishAt: later })
    await pass(16 * minute)
    await tick()
    await pass(5 * minute)
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    await edit('moved', { title: '最后一刻的标题' })
    await pass(later - (await now()) - 3 * minute)
    await tick()
    await pass(3 * minute)
    expect(await open(articleId)).toMatchObject({ title: '最后一刻的标题', publishedAt: later })
  })

  test('a story that went out before its row got a problem stays when the row becomes 草稿', async () => {
    const at = (await now()) + 10 * minute
    await save('slipped', { status: '待发布', publishAt: at })
    await tick()
    await pass(11 * minute)
    await edit('slipped', { title: '' })
    await tick()
    expect(await newsroom.draftOf('slipped')).toMatchObject({
      problems: ['标题：还没有填写，请写上'],
      version: 1,
    })
    await edit('slipped', { status: '草稿' })
    await tick()
    expect(await storyRowOf('slipped')).toMatchObject({ state: 'published' })
  })

  test('a row that is no longer 已定时 is not published', async () => {
    const at = (await now()) + 20 * minute
    await save('cancelled', { status: '待发布', publishAt: at })
    await tick()
    const articleId = String((await storyRowOf('cancelled'))?._id)
    await edit('cancelled', { status: '草稿' })
    // A story without a draft, which an adopter has imported, waits for its time whatever the drafts are.
    const publishAt = { $date: new Date(at).toISOString() }
    await putRows(cloud, 'articles', [storyRow('imported01', 0, { publishAt })])
    await tick()
    expect(await raw('imported01', 'articles')).toMatchObject({ state: 'published' })
    expect(await newsroom.draftOf('cancelled')).toMatchObject({
      status: '草稿',
      result: expect.stringMatching(/^北京时间 .{16} 取消了定时发布$/),
    })
    await pass(30 * minute)
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    await edit('cancelled', { status: '待发布' })
    await tick()
    expect(await open(articleId)).toMatchObject({ publishedAt: at })
  })

  test('a row with 已定时 and without a time is published only after its status is 待发布', async () => {
    await save('hurried', { status: '待发布', publishAt: (await now()) + hour })
    await tick()
    await edit('hurried', { publishAt: null })
    await tick()
    expect((await newsroom.draftOf('hurried')).problems).toEqual([
      '发布时间：状态是 已定时，却没有时间，请写上；要马上发布，请把状态改成 待发布',
    ])
    expect(await storyRowOf('hurried')).toMatchObject({ state: 'cancelled' })
    await edit('hurried', { status: '待发布' })
    await tick()
    const { publishedAt } = await open(await newsroom.storyOf('hurried'))
    expect((await now()) - publishedAt).toBeLessThan(minute)
  })

  test('a story disappears at its 下线时间 to the second, and its row says so', async () => {
    const offlineAt = (await now()) + 10 * minute
    await save('brief', { status: '待发布', offlineAt, title: '十分钟的公告' })
    await save('unread', { status: '待发布', offlineAt, title: '没人打开过的公告' })
    await tick()
    const articleId = await newsroom.storyOf('brief')
    const unread = { articleId: await newsroom.storyOf('unread') }
    await pass(offlineAt - (await now()) - 2_000)
    await open(articleId)
    await pass(Math.max(0, offlineAt - (await now())))
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    expect(await refused(cloud, reader, openArticle, unread)).toMatchObject({ code: 'not-found' })
    expect(await refused(cloud, reader, setMood, { ...unread, mood: 'like', wish: 1 })).toMatchObject({
      code: 'not-found',
    })
    expect((await got(cloud, reader, search, { query: '十分钟的公告' })).items).toEqual([])
    await pass(4_000)
    const feed = await got(cloud, reader, readFeed, {})
    expect(feed.items.map(({ id }) => id)).not.toContain(articleId)
    await tick()
    expect(await newsroom.draftOf('brief')).toMatchObject({
      status: '已撤回',
      link: '',
      result: `北京时间 ${beijing(offlineAt)} 按下线时间撤下`,
    })
    await edit('brief', { status: '待发布' })
    await tick()
    expect((await newsroom.draftOf('brief')).problems).toEqual([
      '下线时间：要晚于现在和发布时间，请改晚或清空',
    ])
    await edit('brief', { offlineAt: 0 })
    await tick()
    await open(articleId)
  })

  test('a row that waits keeps its status when its story disappears; a restored version has no time that is over', async () => {
    const offlineAt = (await now()) + 10 * minute
    await save('waits', { status: '待发布', offlineAt })
    await tick()
    const articleId = await newsroom.storyOf('waits')
    await edit('waits', { status: '待发布', title: '' })
    await pass(10 * minute)
    await tick()
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    expect(await newsroom.draftOf('waits')).toMatchObject({ status: '待发布', link: '' })
    await newsroom.panel({ action: 'restore', draft: 'waits', version: 1 })
    expect((await open(articleId)).version).toBe(2)
  })

  test('a version that was cancelled before its time is restored as one of now', async () => {
    await save('sooner', { status: '待发布', publishAt: (await now()) + 20 * hour })
    await tick()
    await edit('sooner', { status: '草稿' })
    await tick()
    await edit('sooner', { status: '待发布', publishAt: 0, title: '提前发布' })
    await tick()
    const { version } = await open(await newsroom.storyOf('sooner'))
    expect(version).toBeGreaterThan(1)
    await newsroom.panel({ action: 'restore', draft: 'sooner', version: 1 })
    await pass(4_000)
    const restored = await open(await newsroom.storyOf('sooner'))
    expect(restored.version).toBe(version + 1)
    expect(restored.publishedAt).toBeLessThanOrEqual(await now())
  })

  test('a story that is scheduled more than a day ahead is not stored before the last day', async () => {
    const at = (await now()) + 50 * hour
    await save('far', { status: '待发布', publishAt: at })
    await tick()
    expect(await newsroom.draftOf('far')).toMatchObject({ status: '已定时' })
    expect(await storyRowOf('far')).toBeUndefined()
    await pass(30 * hour)
    await tick()
    expect(await storyRowOf('far')).toMatchObject({ version: 1 })
    await pass(at - (await now()))
    expect((await open(String((await storyRowOf('far'))?._id))).publishedAt).toBe(at)
  })
})

describe('a story’s poll', () => {
  const shownAt = async (articleId: string) => (await got(cloud, reader, readPoll, { articleId })).poll?.id

  test('is shown in the story whose draft names it; the poll’s own row need not name the story', async () => {
    await putPolls(cloud, [
      pollRow('whales'),
      pollRow('sharks'),
      pollRow('of-topic', { topicId: 'deepsea001' }),
    ])
    await putRows(cloud, 'publishedTopics', [
      { _id: 'deepsea001', state: 'published', title: '深海', poll: 'of-topic' },
    ])
    await save('polled', { status: '待发布', poll: 'whales' })
    await tick()
    const articleId = await newsroom.storyOf('polled')
    expect(await shownAt(articleId)).toBe('whales')
    await edit('polled', { status: '待发布', poll: 'sharks' })
    await tick()
    await pass(4_000)
    expect(await shownAt(articleId)).toBe('sharks')
    await edit('polled', { status: '待发布', poll: '' })
    await tick()
    await pass(4_000)
    expect(await shownAt(articleId)).toBeUndefined()
  })

  test('is shown in one story only: the draft of a second one gets a problem', async () => {
    await edit('polled', { status: '待发布', poll: 'whales' })
    await tick()
    await save('second', { status: '待发布', poll: 'whales' })
    await save('third', { status: '待发布', poll: 'of-topic' })
    await tick()
    expect(await newsroom.draftOf('second')).toMatchObject({
      status: '待发布',
      problems: ['云投：已经用在文章《鲸落为什么能养活深海》里，请换一个云投'],
    })
    expect((await newsroom.draftOf('third')).problems).toEqual(['云投：已经用在专题《深海》里，请换一个云投'])
    expect(await storyRowOf('second')).toBeUndefined()
    const taken = '云投：已经用在文章《鲸落为什么能养活深海》里，请换一个云投'
    for (const action of ['check', 'preview'])
      expect((await newsroom.panel({ action, draft: 'second' })).lines.map(line => line.trim())).toContain(
        `问题　${taken}`,
      )
    expect(await newsroom.panel({ action: 'check', draft: 'polled' })).toMatchObject({ ok: true })
    await edit('polled', { status: '待撤回', reason: '换到另一篇' })
    await edit('second', { title: '接着用这个云投' })
    await edit('third', { status: '草稿' })
    await tick()
    await tick()
    expect(await newsroom.draftOf('second')).toMatchObject({ status: '已发布' })
    expect(await shownAt(await newsroom.storyOf('second'))).toBe('whales')
  })
})

test('an older story offers newer ones that are near to it, behind those that its editor chose', async () => {
  const near = { status: '待发布', tags: ['鲸落', '深海热泉'], body: '**深海热泉**旁的**管虫**。' }
  const relatedTo = async (id: string) => (await storyRowOf(id))?.related as string[]
  await save('older', { ...near, title: '深海热泉旁的管虫' })
  await save('chosen', { ...near, title: '深海热泉旁的管虫怎样吃饭', related: ['older'] })
  await tick()
  const chosen = await newsroom.storyOf('older')
  expect((await relatedTo('chosen'))[0]).toBe(chosen)
  await save('newer', { ...near, title: '深海热泉旁的管虫没有嘴' })
  await tick()
  const newer = await newsroom.storyOf('newer')
  const articleId = await newsroom.storyOf('older')
  const offered = async () =>
    (await got(cloud, reader, openArticle, { articleId })).related.map(({ id }) => id)
  expect(await offered()).not.toContain(newer)
  const versions = await newsroom.rowsIn('versions')
  const costs: number[] = []
  for (let n = 0; n < 12; n++) {
    await tick()
    const [last] = (await logsOf(cloud)).filter(({ functionName }) => functionName === 'clock').slice(-1)
    const { read = 0, write = 0 } = last?.operations ?? {}
    costs.push(read + write)
  }
  // Five stories are joined in a tick.
  expect(Math.max(...costs)).toBeLessThanOrEqual(5 * 15)
  await pass(11 * minute)
  expect((await offered())[0]).toBe(newer)
  expect(await relatedTo('chosen')).toEqual([chosen, newer, ...(await relatedTo('chosen')).slice(2)])
  expect(await newsroom.rowsIn('versions')).toEqual(versions)
  // As if it had been published before all others.
  await putRows(cloud, 'articles', [{ ...(await raw(articleId, 'articles')), related: [], fresh: true }])
  // What an editor waits for comes first: a tick that publishes leaves it to the next one.
  await save('urgent', { status: '待发布', title: '急着发布的' })
  await tick()
  expect(await newsroom.draftOf('urgent')).toMatchObject({ status: '已发布' })
  expect(await relatedTo('older')).toEqual([])
  await tick()
  expect(await relatedTo('older')).toContain(newer)
})

describe('what a tick costs', () => {
  const requests = async () => {
    const [last] = (await logsOf(cloud)).filter(({ functionName }) => functionName === 'clock').slice(-1)
    return last?.operations
  }

  test('an idle tick makes two reads, also while scheduled rows wait', async () => {
    // At half past, so that no hour ends while it is measured: then the rankings would be rebuilt.
    await pass(hour + 30 * minute - ((await now()) % hour))
    await save('later', { status: '待发布', publishAt: (await now()) + 90 * hour })
    for (const _ of [1, 2, 3]) {
      await tick()
      await pass(2 * minute)
    }
    await tick()
    expect(await requests()).toMatchObject({ read: 2, write: 0, transaction: 0 })
  })

  test('many rows are published over several ticks, and rows with problems do not stop the others', async () => {
    const many = Array.from({ length: 25 }, (_, n) => draftRow(`many-${n}`, { status: '待发布', title: '' }))
    // One that its editor saved last does not wait for those that were saved before it.
    const saved = draftRow('saved-last', { status: '待发布', updatedAt: await now() })
    await putRows(cloud, 'drafts', [...many, saved])
    await tick()
    expect(await newsroom.draftOf('saved-last')).toMatchObject({ status: '已发布' })
    await tick()
    const good = draftRow('after-many', { status: '待发布', title: '后来的稿件' })
    await putRows(cloud, 'drafts', [good])
    await tick()
    expect(await newsroom.draftOf('after-many')).toMatchObject({ status: '已发布' })
    const rows = (await newsroom.rowsIn('drafts')).filter(({ _id }) => String(_id).startsWith('many-'))
    expect(rows.every(({ problems }) => (problems as string[]).length === 1)).toBe(true)
  })

  test('mended rows are published at the next tick, however many others have problems', async () => {
    const time = (instant: number) => ({ $date: new Date(instant).toISOString() })
    const ids = Array.from({ length: 40 }, (_, n) => `faulty-${String(n).padStart(2, '0')}`)
    const faulty = { status: '待发布', title: '', updatedAt: time(await now()) }
    await putRows(
      cloud,
      'drafts',
      ids.map(id => draftRow(id, faulty)),
    )
    for (let n = 0; n < 6; n++) await tick()
    const told = new Map((await newsroom.rowsIn('drafts')).map(row => [row._id, row]))
    expect(ids.filter(id => (told.get(id)?.problems as string[])?.length === 1)).toEqual(ids)
    await pass(2 * minute)
    const mended = ids.filter((_, n) => n % 4 === 3)
    const saved = { updatedAt: time(await now()) }
    for (const id of mended) await edit(id, { ...saved, title: `改好的 ${id}` })
    // One that its editor has saved without mending it does not come first again and again.
    await edit('faulty-00', { ...saved, body: '还是没有标题' })
    await tick()
    const rows = (await newsroom.rowsIn('drafts')).filter(({ _id }) => ids.includes(String(_id)))
    expect(rows.filter(({ status }) => status === '已发布').map(({ _id }) => _id)).toEqual(mended)
    await pass(2 * minute)
    await tick()
    await putRows(
      cloud,
      'drafts',
      ids.map(id => draftRow(id)),
    )
    await tick()
  }, 60_000)

  test('rows with problems that nobody changes for a day become 草稿', async () => {
    await pass(25 * hour)
    for (let n = 0; n < 30; n++) {
      await tick()
      await pass(2 * minute)
    }
    const rows = (await newsroom.rowsIn('drafts')).filter(({ _id }) => String(_id).startsWith('many-'))
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['草稿']))
  })
})

test('a text far beyond the limit is refused, and does not stop the rows after it', async () => {
  await save('a-huge', { status: '待发布', body: `<p>${'甲'.repeat(2_000_000)}</p>` })
  await save('b-small', { status: '待发布', title: '排在后面的稿件' })
  await tick()
  expect((await newsroom.draftOf('a-huge')).problems).toEqual(['正文：正文太长：最多 900 KB，约 30 万字'])
  expect(await newsroom.draftOf('b-small')).toMatchObject({ status: '已发布' })
})
