import { openArticle } from '#contract/article'
import { ask, putRows, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { draftRow, type Newsroom, pollRow, type Row, startNewsroom } from '../support/newsroom'
import { mayBeSeen, type OutsideInstance, startOutsideInstance } from '../support/outside-instance'

const minute = 60_000
const collections = [
  ...(['drafts', 'articles', 'versions', 'audit', 'rankings'] as const),
  ...(['topics', 'polls', 'publishedTopics', 'publishedPolls'] as const),
]

let newsroom: Newsroom
let cloud: CloudProcess
let clock: OutsideInstance
/** Another instance, which runs the ticks after a killed one. */
let next: OutsideInstance
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom({ args: ['--instances', '2'] })
  cloud = newsroom.cloud
  clock = await startOutsideInstance(cloud)
  next = await startOutsideInstance(cloud)
  reader = await cloud.signIn()
}, 120_000)
afterAll(async () => {
  clock?.close()
  next?.close()
  await cloud?.stop()
})
beforeEach(() => clock.letPass())

const tick = (offset: number) => clock.tick(offset)

/** The exported lines of all collections. */
type State = Record<string, string>

const stateNow = async (): Promise<State> => {
  const lines = collections.map(async collection => {
    return [collection, (await cloud.control<{ lines: string }>('export', { collection })).lines] as const
  })
  return Object.fromEntries(await Promise.all(lines))
}

async function putBack(state: State): Promise<void> {
  await cloud.control('reset')
  const filled = collections.filter(collection => state[collection])
  await Promise.all(
    filled.map(collection => cloud.control('import', { collection, lines: state[collection] })),
  )
}

/** Runs a tick and counts its changes. */
async function counted(): Promise<number> {
  let changes = 0
  clock.onRequest = body => {
    if (mayBeSeen(body)) changes++
    return true
  }
  expect(await tick(0)).toEqual({ ok: true })
  clock.letPass()
  return changes
}

/**
 * Runs a tick of an instance that dies after its k-th change. `seen` runs then, and the next tick after it. A transaction
 * that was not committed leaves nothing behind, because everything is put back: so only what others may see counts as a
 * change.
 */
async function killedAfter(k: number, before: State, seen: () => Promise<void>): Promise<void> {
  await putBack(before)
  let count = 0
  // Change k is done, but the caller is dead: it gets no reply and changes nothing more.
  clock.onRequest = body => {
    if (mayBeSeen(body)) count++
    return count <= k
  }
  let isDead = false
  clock.onReply = async () => {
    if (count < k) return true
    // Its remaining attempts are in vain. Their time is over at once.
    if (!isDead) await clock.pass(minute)
    isDead = true
    return false
  }
  await tick(0)
  clock.letPass()
  await seen()
  // A transaction whose instance died holds its documents for 30 seconds. Putting everything back ends it at once.
  await putBack(await stateNow())
  expect(await next.tick(2 * minute)).toEqual({ ok: true })
}

/** What a row says, without times. */
const saying = ({ _id, status, title, problems, reminders, version, link }: Row) => ({
  ...{ _id, status, title, problems, reminders, version, link },
})

/** What readers and editors see, without times. */
async function outcome() {
  const byId = (a: Row, b: Row) => (String(a._id) < String(b._id) ? -1 : 1)
  const shown = (row: Row) => [row.draft, row.state, row.version, row.title, row.reason ?? '']
  return {
    drafts: (await newsroom.rowsIn('drafts')).sort(byId).map(saying),
    articles: (await newsroom.rowsIn('articles')).sort(byId).map(shown),
    versions: (await newsroom.rowsIn('versions')).map(({ _id }) => _id).sort(),
  }
}

/** Every story is what one of its versions says. */
async function expectWhole(): Promise<void> {
  const versions = new Map((await newsroom.rowsIn('versions')).map(row => [row._id, row.content as Row]))
  for (const { _id, state, version, draft, reason, fresh, ...row } of await newsroom.rowsIn('articles')) {
    // 相关阅读 also changes with other stories.
    const { related, ...content } = row
    const { related: _, ...published } = versions.get(`${_id}-${version}`) ?? {}
    expect({ draft, content }).toEqual({ draft, content: published })
  }
}

test('the clock, killed after its k-th change, for every k, leaves no story incomplete, and the next tick finishes', async () => {
  const at = Date.now()
  const live = draftRow('live', { status: '待发布', title: '第一版' })
  await putRows(cloud, 'drafts', [live, draftRow('wrong', { status: '待发布', title: '要撤回的' })])
  for (const offset of [-10 * minute, -8 * minute]) expect(await tick(offset)).toEqual({ ok: true })
  await putRows(cloud, 'drafts', [
    { ...live, title: '第二版', editor: '李编辑' },
    draftRow('fresh', { status: '待发布', title: '新的' }),
    draftRow('timed', { status: '待发布', title: '定时的', publishAt: at + 300 * minute }),
    draftRow('faulty', { status: '待发布', title: '' }),
    draftRow('wrong', { status: '待撤回', title: '要撤回的', reason: '数据有误' }),
  ])
  const before = await stateNow()
  const articleId = String((await newsroom.rowsIn('articles')).find(({ draft }) => draft === 'live')?._id)

  const uninterrupted = await counted()
  const expected = await outcome()
  await expectWhole()
  expect(expected.drafts.map(({ _id, status }) => [_id, status])).toEqual([
    ['faulty', '待发布'],
    ['fresh', '已发布'],
    ['live', '已发布'],
    ['timed', '已定时'],
    ['wrong', '已撤回'],
  ])
  expect(uninterrupted).toBeGreaterThanOrEqual(expected.drafts.length)

  for (let k = 1; k <= uninterrupted; k++) {
    await killedAfter(k, before, async () => {
      await expectWhole()
      const opened = await ask(cloud, reader, openArticle, { articleId })
      expect({ k, title: opened.ok && opened.data.article.title }).toEqual({
        k,
        title: expect.stringMatching(/^第[一二]版$/),
      })
    })
    expect({ k, ...(await outcome()) }).toEqual({ k, ...expected })
  }
}, 300_000)

/** Topics and polls as editors and readers see them, and the topics that stories show; without times. */
async function entriesNow() {
  const plain = async (collection: string) =>
    (await newsroom.rowsIn(collection)).map(({ at, checked, result, ...row }) => row)
  const [topics, polls, publishedTopics, publishedPolls, articles] = await Promise.all(
    [...(['topics', 'polls', 'publishedTopics', 'publishedPolls'] as const), 'articles'].map(plain),
  )
  const stories = articles?.map(({ _id, topic, version }) => ({ _id, topic, version }))
  return { topics, polls, publishedTopics, publishedPolls, stories }
}

test('killed after its k-th change, for every k, it leaves every topic and poll whole, and the next tick finishes', async () => {
  await cloud.control('reset')
  const [live, gone] = ['toplive001', 'topgone001']
  const topic = (_id: string, n: number, changes = {}) => ({
    ...{ _id, title: `第${n}版的专题`, lead: `第${n}版的导语`, status: '待发布', ...changes },
  })
  const poll = (_id: string, n: number) => pollRow(_id, { question: `第${n}版的题目`, status: '待发布' })
  await putRows(cloud, 'polls', [poll('live', 1)])
  await putRows(cloud, 'topics', [topic(live, 1), topic(gone, 1)])
  await putRows(cloud, 'drafts', [
    draftRow('naming', { status: '待发布', topic: live }),
    draftRow('left', { status: '待发布', topic: gone }),
  ])
  // Two more join the stories.
  for (const offset of [-10, -8, -6]) expect(await tick(offset * minute)).toEqual({ ok: true })
  await putRows(cloud, 'polls', [poll('live', 2)])
  await putRows(cloud, 'topics', [topic(live, 2, { poll: 'live' }), topic(gone, 1, { status: '待撤回' })])
  const before = await stateNow()
  const uninterrupted = await counted()
  expect(uninterrupted).toBeGreaterThan(8)
  const expected = await entriesNow()
  expect([...(expected.topics ?? []), ...(expected.polls ?? [])].map(({ status }) => status)).toEqual([
    '已发布',
    '已撤回',
    '已发布',
  ])
  expect(expected.stories?.map(({ topic: shown }) => shown)).toEqual(
    expect.arrayContaining([
      { id: live, title: '第2版的专题' },
      { id: gone, title: '第1版的专题', hidden: true },
    ]),
  )

  for (let k = 1; k <= uninterrupted; k++) {
    await killedAfter(k, before, async () => {
      const { publishedTopics = [], publishedPolls = [] } = await entriesNow()
      for (const { _id, version, title, lead } of publishedTopics)
        expect({ k, _id, title, lead }).toEqual({
          ...{ k, _id, title: `第${version}版的专题`, lead: `第${version}版的导语` },
        })
      for (const { _id, version, question, articleId, topicId, options } of publishedPolls) {
        expect({ k, _id, question, articleId, options }).toMatchObject({
          ...{
            k,
            _id,
            question: `第${version}版的题目`,
            articleId: '',
            options: [{ key: 'a' }, { key: 'b' }],
          },
        })
        // A poll stands in a topic exactly when that names it.
        const owner = publishedTopics.find(one => one.poll === _id)
        expect({ k, _id, topicId }).toEqual({ k, _id, topicId: owner?._id ?? '' })
      }
    })
    expect({ k, ...(await entriesNow()) }).toEqual({ k, ...expected })
  }
}, 300_000)

test('a row saved after the k-th request of a tick, for every k, keeps the editor’s text, which is published next', async () => {
  const first = draftRow('typed', { status: '待发布', title: '先写的' })
  const second = draftRow('typed', { status: '待发布', title: '后写的', teaser: '又改了一句。' })
  await cloud.control('reset')
  await tick(0)
  await putRows(cloud, 'drafts', [first])
  const before = await stateNow()
  let requests = 0
  clock.onRequest = () => {
    requests++
    return true
  }
  await tick(0)
  const uninterrupted = requests
  expect(uninterrupted).toBeGreaterThan(8)

  for (let k = 1; k <= uninterrupted; k++) {
    await putBack(before)
    let seen = 0
    let saved: Promise<void> | undefined
    // The console waits while a transaction holds the row.
    const save = async (): Promise<void> => {
      for (;;) {
        try {
          return await putRows(cloud, 'drafts', [second])
        } catch (error) {
          if (!String(error).includes('holds one of these')) throw error
        }
      }
    }
    clock.onReply = async () => {
      if (++seen !== k) return true
      saved = save()
      await Promise.race([saved, new Promise(done => setTimeout(done, 50))])
      return true
    }
    await tick(0)
    clock.letPass()
    await saved
    expect({ k, ...(await newsroom.draftOf('typed')) }).toMatchObject({
      k,
      title: '后写的',
      teaser: '又改了一句。',
    })
    await next.tick(2 * minute)
    await expectWhole()
    const row = await newsroom.draftOf('typed')
    expect({ k, ...row }).toMatchObject({ k, title: '后写的', teaser: '又改了一句。', status: '已发布' })
    const [story] = await newsroom.rowsIn('articles')
    expect(story).toMatchObject({ title: '后写的', teaser: '又改了一句。', version: row.version })
  }
}, 120_000)

test('a row that becomes 草稿 after a tick has listed it is not published', async () => {
  await cloud.control('reset')
  await tick(0)
  await putRows(cloud, 'drafts', [draftRow('hesitant', { status: '待发布' })])
  let isListed = false
  clock.onReply = async (_, reply) => {
    if (isListed || !reply.includes('hesitant')) return true
    isListed = true
    await putRows(cloud, 'drafts', [draftRow('hesitant', { status: '草稿' })])
    return true
  }
  await tick(0)
  clock.letPass()
  expect(isListed).toBe(true)
  expect(await newsroom.draftOf('hesitant')).toMatchObject({ status: '草稿' })
  expect(await newsroom.rowsIn('articles')).toEqual([])
})

test('a story that is published while a tick joins it keeps its 相关阅读, and is joined again', async () => {
  await cloud.control('reset')
  const title = '深海热泉旁的管虫怎样吃饭'
  const near = { title, teaser: title, tags: ['深海热泉', '管虫'], related: [] }
  const rows = (version: number, related: string[] = []) => [
    storyRow('joinolder1', 0, { ...near, version, related }),
    storyRow('joinnewer1', 1, { ...near, version, related, fresh: true }),
  ]
  await putRows(cloud, 'articles', rows(1))
  /** The stories as the tick's first change of this field has left them. */
  const after = new Map<string, Row[]>()
  const fieldOf = (body: string) =>
    body.includes('database.modifyDocument') && body.includes('"articles"')
      ? ['related', 'fresh'].find(field => body.includes(field))
      : undefined
  clock.onRequest = async body => {
    if (fieldOf(body) === 'related' && after.size === 0)
      await putRows(cloud, 'articles', rows(2, ['kept000001']))
    return true
  }
  clock.onReply = async body => {
    const field = fieldOf(body)
    if (field && !after.has(field)) after.set(field, await newsroom.rowsIn('articles'))
    return true
  }
  await tick(0)
  expect(after.get('related')?.map(({ related }) => related)).toEqual([['kept000001'], ['kept000001']])
  expect(after.get('fresh')?.find(({ _id }) => _id === 'joinnewer1')).toMatchObject({ fresh: true })
})
