import { openArticle } from '#contract/article'
import { ask, putRows } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { draftRow, type Newsroom, type Row, startNewsroom } from '../support/newsroom'
import { type OutsideInstance, startOutsideInstance } from '../support/outside-instance'

const minute = 60_000
const collections = ['drafts', 'articles', 'versions', 'audit', 'rankings'] as const

let newsroom: Newsroom
let cloud: CloudProcess
let clock: OutsideInstance
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom({ args: ['--instances', '2'] })
  cloud = newsroom.cloud
  clock = await startOutsideInstance(cloud)
  reader = await cloud.signIn()
}, 120_000)
afterAll(async () => {
  clock?.close()
  await cloud?.stop()
})
beforeEach(() => clock.letPass())

const tick: OutsideInstance['tick'] = (offset, fresh) => clock.tick(offset, fresh)

/** The exported lines of all collections. */
type State = Record<string, string>

const stateNow = async (): Promise<State> => {
  const state: State = {}
  for (const collection of collections)
    state[collection] = (await cloud.control<{ lines: string }>('export', { collection })).lines
  return state
}

async function putBack(state: State): Promise<void> {
  await cloud.control('reset')
  for (const collection of collections)
    if (state[collection]) await cloud.control('import', { collection, lines: state[collection] })
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

test('the clock, killed after its k-th request, for every k, leaves no story incomplete, and the next tick finishes', async () => {
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

  let requests = 0
  clock.onRequest = () => {
    requests++
    return true
  }
  expect(await tick(0)).toEqual({ ok: true })
  const uninterrupted = requests
  clock.onRequest = () => true
  const expected = await outcome()
  await expectWhole()
  expect(expected.drafts.map(({ _id, status }) => [_id, status])).toEqual([
    ['faulty', '待发布'],
    ['fresh', '已发布'],
    ['live', '已发布'],
    ['timed', '已定时'],
    ['wrong', '已撤回'],
  ])
  expect(uninterrupted).toBeGreaterThan(30)

  for (let k = 1; k <= uninterrupted; k++) {
    await putBack(before)
    let seen = 0
    // Request k is done, but the caller is dead: it gets no reply and sends nothing more.
    clock.onRequest = () => ++seen <= k
    clock.onReply = () => seen < k
    await tick(0, true)
    clock.onRequest = () => true
    clock.onReply = () => true
    await expectWhole()
    const opened = await ask(cloud, reader, openArticle, { articleId })
    expect({ k, title: opened.ok && opened.data.article.title }).toEqual({
      k,
      title: expect.stringMatching(/^第[一二]版$/),
    })
    // A transaction whose instance died holds its documents for 30 seconds. Putting everything back ends it at once.
    await putBack(await stateNow())
    expect(await tick(2 * minute, true)).toEqual({ ok: true })
    expect({ k, ...(await outcome()) }).toEqual({ k, ...expected })
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
    await tick(0, true)
    clock.onReply = () => true
    await saved
    expect({ k, ...(await newsroom.draftOf('typed')) }).toMatchObject({
      k,
      title: '后写的',
      teaser: '又改了一句。',
    })
    await tick(2 * minute, true)
    await expectWhole()
    const row = await newsroom.draftOf('typed')
    expect({ k, ...row }).toMatchObject({ k, title: '后写的', teaser: '又改了一句。', status: '已发布' })
    const [story] = await newsroom.rowsIn('articles')
    expect(story).toMatchObject({ title: '后写的', teaser: '又改了一句。', version: row.version })
  }
}, 120_000)
