import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { setMood } from '#contract/mood'
import { ask, built, got, logsOf, putRows, refused, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { sampleStories } from '../support/sample-rows'

let cloud: CloudProcess
let reader: Reader
let sample: ReturnType<typeof storyRow>[]

beforeAll(async () => {
  await built('stories')
  // The clock function's requests would count as those of an opening.
  cloud = await startAppCloud({ args: ['--no-timers'] })
  sample = sampleStories()
  await putRows(cloud, 'articles', sample)
  reader = await cloud.signIn()
}, 90_000)
afterAll(() => cloud?.stop())

/** The broken rows that functions logged: the row's id and the path of the bad field. */
async function loggedBroken(cloud: CloudProcess): Promise<{ id: unknown; path: unknown }[]> {
  const lines = (await logsOf(cloud)).flatMap(record => record.lines.map(({ text }) => JSON.parse(text)))
  return lines.filter(({ event }) => event === 'broken-article').map(({ id, path }) => ({ id, path }))
}

async function operationsOf(work: () => Promise<unknown>): Promise<number> {
  await cloud.control('reset-counters')
  await work()
  const { operations } = await cloud.control<{ operations: Record<string, number> }>('counters')
  return (operations.read ?? 0) + (operations.write ?? 0) + (operations.transaction ?? 0)
}

describe('opening a story', () => {
  test('returns all of it in one call: text, moods, related titles', async () => {
    for (const row of sample) {
      const { article, mood, related } = await got(cloud, reader, openArticle, { articleId: row._id })
      expect(article).toMatchObject({
        id: row._id,
        title: row.title,
        channel: row.channel,
        blocks: row.blocks,
      })
      const { $date } = row.publishedAt as { $date: string }
      expect(article.publishedAt).toBe(Date.parse($date))
      expect(mood).toEqual({
        counts: { happy: 0, sad: 0, like: 0, pass: 0 },
        own: null,
        canVote: true,
        wish: 0,
      })
      expect(related.length).toBeGreaterThanOrEqual(3)
      expect(related.map(({ id }) => id)).not.toContain(row._id)
    }
  })

  test('shows the counts of all readers and only the caller’s own mood', async () => {
    const articleId = sample[0]?._id ?? ''
    const [one, two, guest] = [await cloud.signIn(), await cloud.signIn(), await cloud.guest()]
    await got(cloud, one, setMood, { articleId, mood: 'happy', wish: 1 })
    await got(cloud, two, setMood, { articleId, mood: 'sad', wish: 9 })
    const moodFor = async (who: Reader) => (await got(cloud, who, openArticle, { articleId })).mood
    const counts = { happy: 1, sad: 1, like: 0, pass: 0 }
    expect(await moodFor(one)).toEqual({ counts, own: 'happy', canVote: true, wish: 1 })
    expect(await moodFor(two)).toEqual({ counts, own: 'sad', canVote: true, wish: 9 })
    expect(await moodFor(reader)).toEqual({ counts, own: null, canVote: true, wish: 0 })
    expect(await moodFor(guest)).toEqual({ counts, own: null, canVote: false, wish: 0 })
  })

  test('answers not-found for a story that is absent, withdrawn, a draft or broken', async () => {
    await putRows(cloud, 'articles', [
      storyRow('withdrawn1', 0, { state: 'withdrawn' }),
      storyRow('draft00001', 0, { state: 'draft' }),
      storyRow('stateless1', 0, { state: null }),
      storyRow('brokenrow1', 0, { blocks: 'text' }),
    ])
    for (const articleId of ['absent0001', 'withdrawn1', 'draft00001', 'stateless1', 'brokenrow1']) {
      expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    }
    expect(await loggedBroken(cloud)).toContainEqual({ id: 'brokenrow1', path: 'blocks' })
  })

  test('refuses a malformed id as invalid without any database request', async () => {
    const odd = [
      7,
      null,
      {},
      ['abcdefgh'],
      '',
      'short',
      'UPPERCASE',
      'thirteen-long',
      { $ne: 1 },
      'a'.repeat(5000),
    ]
    const operations = await operationsOf(async () => {
      for (const articleId of odd) {
        const reply = await cloud.call(reader, 'content', { action: 'openArticle', data: { articleId } })
        expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
      }
    })
    expect(operations).toBe(0)
  })

  test('costs at most three database operations cold and two warm', async () => {
    const quiet = await startAppCloud({ args: ['--instances', '1', '--no-timers'] })
    try {
      await putRows(quiet, 'articles', [storyRow('costs00001', 0), storyRow('costs00002', 0)])
      const someone = await quiet.signIn()
      const open = async (articleId: string) => {
        await got(quiet, someone, openArticle, { articleId })
        const operations = (await logsOf(quiet)).at(-1)?.operations
        return (operations?.read ?? 0) + (operations?.write ?? 0) + (operations?.transaction ?? 0)
      }
      // Timers are off: the clock function would take the only instance. A deployment draws its salt once.
      await open('costs00001')
      await quiet.control('kill-workers')
      expect(await open('costs00002')).toBeLessThanOrEqual(3)
      expect(await open('costs00002')).toBeLessThanOrEqual(2)
      await quiet.control('clock', { move: 4_000 })
      expect(await open('costs00002')).toBeLessThanOrEqual(2)
    } finally {
      await quiet.stop()
    }
  })

  test('returns the same from a cold instance, which uses another query, with the reader’s own mood', async () => {
    const solo = await startAppCloud({ args: ['--instances', '1', '--no-timers'] })
    try {
      const corrected = { at: { $date: '2026-11-22T01:00:00Z' }, reason: '单位写错' }
      await putRows(solo, 'articles', [
        storyRow('newplace01', 3, { corrected, version: 2, related: ['newplace02'] }),
        storyRow('newplace02', 5),
      ])
      const someone = await solo.signIn()
      await got(solo, someone, setMood, { articleId: 'newplace01', mood: 'like', wish: 1 })
      const event = { action: 'openArticle', data: { articleId: 'newplace01' } }
      const replyTo = async (reader: Reader) => {
        await solo.control('kill-workers')
        return (await solo.call(reader, 'content', event)) as { data: Record<string, object> }
      }
      const { data: plain } = await replyTo(await solo.guest())
      const { data: combined } = await replyTo(someone)
      expect(JSON.stringify(combined.article)).toBe(JSON.stringify(plain.article))
      expect(JSON.stringify(combined.related)).toBe(JSON.stringify(plain.related))
      expect(combined.mood).toMatchObject({ own: 'like', wish: 1 })
    } finally {
      await solo.stop()
    }
  })

  test('has tables whose columns line up, also where an imported row has too few or too many cells', async () => {
    const table = { type: 'table', head: ['行星', '卫星'], rows: [['水星'], ['火星', '2', '小'], []] }
    await putRows(cloud, 'articles', [storyRow('ragged0001', 0, { blocks: [table] })])
    const { article } = await got(cloud, reader, openArticle, { articleId: 'ragged0001' })
    expect(article.blocks).toEqual([
      {
        type: 'table',
        head: ['行星', '卫星', ''],
        rows: [
          ['水星', '', ''],
          ['火星', '2', '小'],
          ['', '', ''],
        ],
      },
    ])
  })

  test('offers the related stories stored with it, except those withdrawn since', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `neighbour${n}`)
    await putRows(cloud, 'articles', [
      storyRow('offers0001', 0, { related: ids }),
      ...ids.map((id, n) => storyRow(id, n, n === 1 ? { state: 'withdrawn' } : {})),
    ])
    const corrected = { at: { $date: '2026-11-22T01:00:00Z' }, reason: '单位写错' }
    await putRows(cloud, 'articles', [storyRow('neighbour4', 4, { corrected })])
    const shown = async () => {
      const { related } = await got(cloud, reader, openArticle, { articleId: 'offers0001' })
      return related.map(({ id }) => id)
    }
    expect(await shown()).toEqual([0, 2, 3, 4, 5].map(n => ids[n]))
    const opened = await got(cloud, reader, openArticle, { articleId: 'offers0001' })
    expect(opened.related.filter(({ correctedAt }) => correctedAt)).toEqual([
      expect.objectContaining({ id: 'neighbour4', correctedAt: Date.UTC(2026, 10, 22, 1) }),
    ])
    await putRows(cloud, 'articles', [storyRow('neighbour3', 3, { state: 'withdrawn' })])
    const withdrawnAt = Date.now()
    let related = await shown()
    while (related.includes('neighbour3') && Date.now() - withdrawnAt < 5_000) related = await shown()
    expect(related).toEqual([0, 2, 4, 5, 6].map(n => ids[n]))
  })

  test('offers the newest stories of its column if its row has no stored related stories', async () => {
    await putRows(cloud, 'articles', [
      storyRow('older00001', 900, { column: 'geology', channel: 'earth' }),
      storyRow('newest0001', 90_000_000, { column: 'geology', channel: 'earth' }),
      storyRow('newest0002', 90_000_001, { column: 'ocean', channel: 'earth' }),
    ])
    const { related } = await got(cloud, reader, openArticle, { articleId: 'older00001' })
    expect(related[0]?.id).toBe('newest0001')
    expect(related.map(({ id }) => id)).not.toContain('older00001')
    // Its own place in the list is none that is lost. A story without a column gets those of its channel.
    const ids = Array.from({ length: 6 }, (_, n) => `fewcolumn${n}`)
    await putRows(cloud, 'articles', [
      ...ids.map((id, n) => storyRow(id, n, { channel: 'rare', column: 'few' })),
      storyRow('nocolumn01', 9, { channel: 'rare', column: '' }),
    ])
    const relatedTo = async (articleId: string) =>
      (await got(cloud, reader, openArticle, { articleId })).related.map(({ id }) => id)
    const newestFirst = [...ids].reverse()
    expect(await relatedTo('fewcolumn5')).toEqual(newestFirst.slice(1))
    expect(await relatedTo('nocolumn01')).toEqual(newestFirst.slice(0, 5))
  })

  test('fails within five seconds after the story is withdrawn, also on a warm instance', async () => {
    await putRows(cloud, 'articles', [storyRow('goingaway1', 0)])
    await got(cloud, reader, openArticle, { articleId: 'goingaway1' })
    await putRows(cloud, 'articles', [storyRow('goingaway1', 0, { state: 'withdrawn' })])
    await cloud.control('clock', { move: 5_000 })
    expect(await refused(cloud, reader, openArticle, { articleId: 'goingaway1' })).toMatchObject({
      code: 'not-found',
    })
    expect(
      await refused(cloud, reader, setMood, { articleId: 'goingaway1', mood: 'happy', wish: 1 }),
    ).toMatchObject({ code: 'not-found' })
  })

  test('shows a new version within five seconds', async () => {
    await putRows(cloud, 'articles', [storyRow('corrected1', 0)])
    await got(cloud, reader, openArticle, { articleId: 'corrected1' })
    const corrected = { at: { $date: '2026-11-22T01:00:00Z' }, reason: '单位写错' }
    await putRows(cloud, 'articles', [storyRow('corrected1', 0, { version: 2, title: '更正后', corrected })])
    await cloud.control('clock', { move: 5_000 })
    const { article } = await got(cloud, reader, openArticle, { articleId: 'corrected1' })
    expect(article).toMatchObject({
      version: 2,
      title: '更正后',
      corrected: { at: Date.UTC(2026, 10, 22, 1), reason: '单位写错' },
    })
  })
})

describe('the feed', () => {
  let feed: CloudProcess
  let guest: Reader

  beforeAll(async () => {
    feed = await startAppCloud()
    guest = await feed.guest()
  })
  beforeEach(() => feed.control('reset'))
  afterAll(() => feed?.stop())

  const idOf = (n: number): string => `story${String(n).padStart(5, '0')}`

  async function readAll(
    between: (page: number) => Promise<void> = async () => undefined,
    scope: { channel?: string; column?: string } = {},
  ): Promise<string[][]> {
    const pages: string[][] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await got(feed, guest, readFeed, { ...scope, ...(cursor ? { cursor } : {}) })
      pages.push(page.items.map(({ id }) => id))
      cursor = page.next
      if (pages.length > 50) throw new Error('the feed does not end')
      await between(pages.length)
    }
    return pages
  }

  test('ends without gap or repeat when read by cursor, while stories are published in between', async () => {
    const rows = Array.from({ length: 70 }, (_, n) => storyRow(idOf(n), n))
    await putRows(feed, 'articles', rows)
    const pages = await readAll(page =>
      putRows(feed, 'articles', [
        storyRow(`fresh0000${page}`, 1000 + page),
        storyRow(`fresh1000${page}`, 69.5),
      ]),
    )
    expect(pages.map(page => page.length)).toEqual([20, 20, 20, 10])
    expect(pages.flat()).toEqual(rows.map(({ _id }) => _id).reverse())
  })

  test('orders stories of the same minute by id', async () => {
    await putRows(
      feed,
      'articles',
      Array.from({ length: 45 }, (_, n) => storyRow(idOf(n), 7)),
    )
    const pages = await readAll()
    expect(pages.flat()).toEqual(Array.from({ length: 45 }, (_, n) => idOf(44 - n)))
    // The same page by page within their channel and column.
    expect(await readAll(undefined, { channel: 'earth' })).toEqual(pages)
    expect(await readAll(undefined, { channel: 'earth', column: 'ocean' })).toEqual(pages)
  })

  test('ends correctly with exactly one page, with no story, and within a channel', async () => {
    expect(await readAll()).toEqual([[]])
    await putRows(
      feed,
      'articles',
      Array.from({ length: 20 }, (_, n) =>
        storyRow(idOf(n), n, n % 2 ? { channel: 'life', column: 'body' } : {}),
      ),
    )
    expect((await readAll()).map(page => page.length)).toEqual([20])
    const life = (await readAll(undefined, { channel: 'life', column: 'body' })).flat()
    expect(life).toEqual(Array.from({ length: 10 }, (_, n) => idOf(19 - 2 * n)))
    expect((await readAll(undefined, { channel: 'life', column: 'plants' })).flat()).toEqual([])
  })

  test('shows published stories only', async () => {
    await putRows(feed, 'articles', [
      storyRow(idOf(1), 1),
      storyRow(idOf(2), 2, { state: 'draft' }),
      storyRow(idOf(3), 3, { state: 'withdrawn' }),
      storyRow(idOf(4), 4, { state: undefined }),
    ])
    expect(await readAll()).toEqual([[idOf(1)]])
  })

  test('refuses a cursor that was changed or that belongs to another list', async () => {
    await putRows(
      feed,
      'articles',
      Array.from({ length: 45 }, (_, n) => storyRow(idOf(n), n)),
    )
    const { next } = await got(feed, guest, readFeed, {})
    const cursor = next ?? ''
    const swap = (at: number) => cursor.slice(0, at) + (cursor[at] === 'a' ? 'b' : 'a') + cursor.slice(at + 1)
    const wrong: unknown[] = [...cursor].map((_, at) => swap(at))
    wrong.push('', 'x', `${cursor}0`, 7, null, { $gt: '' }, 'x'.repeat(2000))
    for (const cursor of wrong) {
      const reply = await feed.call(guest, 'content', { action: 'readFeed', data: { cursor } })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    expect(await refused(feed, guest, readFeed, { cursor, channel: 'earth' })).toMatchObject({
      code: 'invalid',
    })
    expect(await ask(feed, guest, readFeed, { cursor })).toMatchObject({ ok: true })
  })

  test('skips and logs broken rows, and returns the others', async () => {
    const broken = {
      [idOf(25)]: { title: 7 },
      [idOf(24)]: { cover: 'a.jpg' },
      [idOf(23)]: { publishedAt: '2026-01-01 08:00' },
      [idOf(22)]: { publishedAt: null },
      [idOf(21)]: { channel: 'Nowhere at all' },
      [idOf(20)]: { publishedAt: { $date: '1931-01-01T00:00:00Z' } },
    }
    await putRows(
      feed,
      'articles',
      Array.from({ length: 45 }, (_, n) => storyRow(idOf(n), n, broken[idOf(n)])),
    )
    await feed.control('reset-counters')
    const shown = (await readAll()).flat()
    const good = Array.from({ length: 45 }, (_, n) => idOf(44 - n)).filter(id => !(id in broken))
    expect(shown).toEqual(good)
    const logged = await loggedBroken(feed)
    expect(logged).toContainEqual({ id: idOf(25), path: 'title' })
    // A row whose time is not a date is not even among the rows a cursor leads to.
    expect(logged.map(({ id }) => id)).toEqual(expect.arrayContaining([24, 21, 20].map(idOf)))
  })

  test('continues after a page whose last row is broken, and after a page with only broken rows', async () => {
    // Ids made by the console are longer than ours, so a cursor cannot hold the position of such a row.
    const consoleId = (n: number) => `${'f'.repeat(28)}${String(n).padStart(4, '0')}`
    await putRows(feed, 'articles', [
      ...Array.from({ length: 30 }, (_, n) => storyRow(idOf(n), n)),
      storyRow(consoleId(0), 10.5),
      ...Array.from({ length: 47 }, (_, n) => storyRow(consoleId(n + 1), 4.5)),
    ])
    expect((await readAll()).flat()).toEqual(Array.from({ length: 30 }, (_, n) => idOf(29 - n)))
  })
})
