import { openArticle } from '#contract/article'
import { setMood } from '#contract/mood'
import { answerPoll } from '#contract/poll'
import { rankingLength, rankingPageSize, readRanking } from '#contract/ranking'
import { forgetReader } from '#contract/reader'
import { dayOf, secondsToMidnight } from '#shared/beijing-time'
import {
  forgetAtOnce,
  got,
  putPolls,
  putRows,
  refused,
  rowsOf,
  startAppCloud,
  storyRow,
} from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'

let cloud: CloudProcess
let readers: Reader[]

const minute = 60_000
const hour = 60 * minute

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '3'] })
  readers = await Promise.all(Array.from({ length: 6 }, () => cloud.signIn()))
}, 60_000)
afterAll(() => cloud?.stop())
beforeEach(async () => {
  await cloud.control('reset')
  await cloud.control('kill-workers')
})

let revision = 0
const vote = (reader: Reader, articleId: string, mood: 'happy' | 'sad' | null) =>
  got(cloud, reader, setMood, { articleId, mood, wish: ++revision })

async function votes(articleId: string, happy: number, sad = 0): Promise<void> {
  for (const [n, reader] of readers.entries()) {
    if (n < happy) await vote(reader, articleId, 'happy')
    else if (n < happy + sad) await vote(reader, articleId, 'sad')
  }
}

const later = (ms: number) => cloud.control('clock', { move: ms })
async function tick(): Promise<void> {
  const { result } = await cloud.control<{ result: unknown }>('fire', { name: 'clock' })
  expect(result).toEqual({ ok: true })
  // Instances cache a ranking for some seconds.
  await later(21_000)
}
const ranking = async (span: '24h' | '7d' | '30d' | 'all' = '24h', mood: 'happy' | 'sad' = 'happy') =>
  (await got(cloud, readers[0] as Reader, readRanking, { mood, span })).items
const ids = async (span?: '24h' | '7d' | '30d' | 'all') => (await ranking(span)).map(({ id }) => id)

describe('the ranking', () => {
  test('orders by votes, then the newer story, with count and share, and omits stories with too few votes', async () => {
    await putRows(cloud, 'articles', [
      storyRow('rankolder1', 0),
      storyRow('ranknewer1', 60),
      storyRow('rankbest01', 30, { corrected: { at: { $date: '2026-11-22T01:00:00Z' }, reason: '单位' } }),
      storyRow('rankfew001', 90),
    ])
    await votes('rankolder1', 3)
    await votes('ranknewer1', 3, 1)
    await votes('rankbest01', 4, 2)
    await votes('rankfew001', 2)
    await tick()
    expect(await ranking()).toMatchObject([
      {
        ...{ rank: 1, id: 'rankbest01', title: '题目 rankbest01', count: 4, share: 4 / 6 },
        correctedAt: Date.UTC(2026, 10, 22, 1),
      },
      { rank: 2, id: 'ranknewer1', count: 3, share: 3 / 4 },
      { rank: 3, id: 'rankolder1', count: 3, share: 1 },
    ])
    expect(await ranking('all', 'sad')).toEqual([])
  })

  test('follows a changed vote, also one that is taken back', async () => {
    await putRows(cloud, 'articles', [storyRow('rankmind01', 0), storyRow('rankmind02', 0)])
    await votes('rankmind01', 4)
    await votes('rankmind02', 3)
    await tick()
    expect(await ids()).toEqual(['rankmind01', 'rankmind02'])
    await vote(readers[0] as Reader, 'rankmind01', 'sad')
    await vote(readers[1] as Reader, 'rankmind01', null)
    await tick()
    expect(await ids()).toEqual(['rankmind02'])
  })

  test('loses votes as they age out of each time span, without any new vote', async () => {
    await putRows(cloud, 'articles', [storyRow('rankages01', 0)])
    // At noon: the votes leave the last 24 hours at an hour of the next day that does not begin that day.
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    await later(secondsToMidnight(now) * 1_000 + 12 * hour)
    await votes('rankages01', 3)
    await tick()
    const shown = async () =>
      [await ids('24h'), await ids('7d'), await ids('30d'), await ids('all')].map(list => list.length)
    expect(await shown()).toEqual([1, 1, 1, 1])
    await later(13 * hour)
    await tick()
    expect(await shown()).toEqual([1, 1, 1, 1])
    await later(12 * hour)
    await tick()
    expect(await shown()).toEqual([0, 1, 1, 1])
    // A vote may still be changed: what it counted in is kept for two days and for 31 days.
    const kept = async () => {
      const [shard] = (await rowsOf(cloud, 'votes')).filter(row => row.kind === 'shard')
      return [shard?.hour, shard?.day].map(buckets => Object.keys(buckets as object).length)
    }
    expect(await kept()).toEqual([1, 1])
    await later(22 * hour)
    await tick()
    expect(await kept()).toEqual([1, 1])
    await later(6 * 24 * hour + 2 * hour)
    await tick()
    expect(await shown()).toEqual([0, 0, 1, 1])
    expect(await kept()).toEqual([0, 1])
    await later(24 * 24 * hour)
    await tick()
    expect(await shown()).toEqual([0, 0, 0, 1])
    const [shard] = (await rowsOf(cloud, 'votes')).filter(row => row.kind === 'shard')
    expect(shard).toMatchObject({ all: expect.anything() })
    expect([shard?.hour, shard?.day]).toEqual([{}, {}])
  })

  test('takes in all stories that changed since, also by a vote that was stored only after the last tick', async () => {
    const stories = Array.from({ length: 60 }, (_, n) => `rankmany${10 + n}`)
    await putRows(
      cloud,
      'articles',
      stories.map(id => storyRow(id, 0)),
    )
    const counted = (id: string, at: number) => ({
      ...{ _id: `mood:${id}:0`, kind: 'shard', subject: `mood:${id}`, rev: 3, all: { happy: 3 } },
      ...{ hour: { [Math.floor(at / hour)]: { happy: 3 } }, day: { [dayOf(at)]: { happy: 3 } } },
      changedAt: { $date: new Date(at).toISOString() },
    })
    const now = async () => (await cloud.control<{ now: number }>('clock', { move: 0 })).now
    const [first = '', ...others] = stories
    await putRows(cloud, 'votes', [counted(first, await now())])
    await tick()
    expect(await ids()).toEqual([first])
    const before = (await now()) - minute
    await putRows(
      cloud,
      'votes',
      others.map(id => counted(id, before)),
    )
    await tick()
    const board = (await rowsOf(cloud, 'rankings')).find(({ _id }) => _id === 'happy:24h')
    expect(board?.entries).toHaveLength(stories.length)
  })

  test('omits a withdrawn story within five seconds, also on a warm instance', async () => {
    await putRows(cloud, 'articles', [storyRow('rankgone01', 0), storyRow('rankstay01', 0)])
    await votes('rankgone01', 4)
    await votes('rankstay01', 3)
    await tick()
    expect(await ids()).toEqual(['rankgone01', 'rankstay01'])
    await putRows(cloud, 'articles', [storyRow('rankgone01', 0, { state: 'withdrawn' })])
    await later(5_000)
    expect(await ranking()).toMatchObject([{ rank: 1, id: 'rankstay01' }])
  })

  test('follows the votes also where a warm instance is asked for it every few seconds', async () => {
    await putRows(cloud, 'articles', [storyRow('ranksteady', 0), storyRow('rankrising', 1)])
    const store = (...ids: string[]) =>
      putRows(cloud, 'rankings', [
        {
          _id: 'happy:all',
          entries: ids.map((id, n) => ({ id, count: 9 - n, total: 9, publishedAt: n })),
          floor: null,
          updatedAt: { $date: new Date(0).toISOString() },
        },
      ])
    await store('ranksteady')
    expect(await ids('all')).toEqual(['ranksteady'])
    await store('rankrising', 'ranksteady')
    for (let n = 0; n < 6; n++) {
      await later(4_000)
      await ids('all')
    }
    expect(await ids('all')).toEqual(['rankrising', 'ranksteady'])
  })

  test('is paged and costs two operations at most', async () => {
    // More than readers see.
    const rows = Array.from({ length: rankingLength + 1 }, (_, n) =>
      storyRow(`rankpag${String(n).padStart(3, '0')}`, n),
    )
    await putRows(cloud, 'articles', rows)
    await putRows(cloud, 'rankings', [
      {
        _id: 'happy:all',
        // The first entry is damaged: it has more votes for one mood than votes.
        entries: rows.map(({ _id }, n) => ({ id: _id, count: 999 - n, total: n && 999, publishedAt: n })),
        floor: null,
        updatedAt: { $date: new Date(0).toISOString() },
      },
    ])
    await cloud.control('reset-counters')
    const seen: string[] = []
    const shares: number[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      pages += 1
      const page = await got(cloud, readers[0] as Reader, readRanking, { mood: 'happy', span: 'all', cursor })
      expect(page.updatedAt).toBe(0)
      shares.push(...page.items.map(({ share }) => share))
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(rows.slice(0, rankingLength).map(({ _id }) => _id))
    // A full last page is the last one.
    expect(pages).toBe(rankingLength / rankingPageSize)
    expect(shares.slice(0, 2)).toEqual([1, 998 / 999])
    const { operations } = await cloud.control<{ operations: { read: number } }>('counters')
    expect(operations.read).toBeLessThanOrEqual(2)
    const far = await got(cloud, readers[0] as Reader, readRanking, {
      mood: 'happy',
      span: 'all',
      cursor: '999',
    })
    expect(far).toMatchObject({ items: [], next: null })
  })
})

describe('the clock', () => {
  test('costs two requests when there is nothing to do, also when it fires twice', async () => {
    await putRows(cloud, 'articles', [storyRow('clockidle1', 0)])
    await votes('clockidle1', 3)
    // The test must not cross a full hour, because windows age then.
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    await later(hour - (now % hour) + minute)
    await tick()
    await later(12 * minute)
    await tick()
    await later(12 * minute)
    await tick()
    await cloud.control('reset-counters')
    await Promise.all([1, 2].map(() => cloud.control('fire', { name: 'clock', overlap: true })))
    const { operations } = await cloud.control<{ operations: Record<string, number> }>('counters')
    expect(operations).toMatchObject({ read: 4, write: 0, transaction: 0 })
    expect(await ids()).toEqual(['clockidle1'])
  })

  test('cannot be called by a client, a function or the console', async () => {
    await expect(cloud.call(readers[0] as Reader, 'clock', {})).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    for (const source of [null, 'wx_client', 'scf', 'wx_client,scf', 'wx_trigger,scf', 'wx_http']) {
      const { result } = await cloud.control<{ result: unknown }>('invoke', { name: 'clock', source })
      expect(result).toEqual({ ok: false })
    }
    expect(await rowsOf(cloud, 'rankings')).toEqual([])
  })
})

describe('a reader', () => {
  test('who deletes all votes leaves no ballot, and the counts go down', async () => {
    const [leaving, staying] = readers as [Reader, Reader]
    const stories = ['forget0001', 'forget0002', 'forget0003']
    await putRows(
      cloud,
      'articles',
      stories.map(id => storyRow(id, 0)),
    )
    const options = ['a', 'b'].map(key => ({ key, label: key }))
    const row = {
      _id: 'forget',
      question: '?',
      options,
      opensAt: '2020-01-01 00:00',
      closesAt: '2099-01-01 00:00',
    }
    await putPolls(cloud, [row])
    for (const id of stories) for (const reader of [leaving, staying]) await vote(reader, id, 'happy')
    for (const reader of [leaving, staying]) {
      await got(cloud, reader, answerPoll, { pollId: 'forget', options: ['a'], wish: 1 })
    }
    expect(await got(cloud, leaving, forgetReader, {})).toEqual({
      done: true,
      removed: 4,
      epoch: expect.any(Number),
    })
    expect(await got(cloud, leaving, forgetReader, {})).toMatchObject({ done: true, removed: 0 })
    const left = await rowsOf(cloud, 'votes')
    expect(left.filter(({ kind }) => kind === 'ballot')).toHaveLength(4)
    expect(new Set(left.filter(({ kind }) => kind === 'ballot').map(({ reader }) => reader)).size).toBe(1)
    const again = await got(cloud, leaving, setMood, {
      articleId: 'forget0001',
      mood: 'sad',
      wish: ++revision,
    })
    expect(again).toMatchObject({ counts: { happy: 1, sad: 1 }, own: 'sad' })
    const result = await got(cloud, staying, answerPoll, { pollId: 'forget', options: ['a'], wish: 1 })
    expect(result).toMatchObject({ result: { counts: { a: 1, b: 0 }, readers: 1 } })
  })

  test('with more ballots than one call can remove deletes them in several calls; the counts are right after each', async () => {
    const [leaving, staying] = readers as [Reader, Reader]
    await putRows(cloud, 'articles', [storyRow('forgetmany', 0)])
    for (const reader of [leaving, staying]) await vote(reader, 'forgetmany', 'happy')
    const rows = await rowsOf(cloud, 'votes')
    const shard = rows.find(({ kind }) => kind === 'shard')
    // The leaving reader votes last, because a new revision must be the highest.
    await vote(leaving, 'forgetmany', 'sad')
    const mine = (await rowsOf(cloud, 'votes')).find(
      ({ kind, options }) => kind === 'ballot' && (options as string[]).includes('sad'),
    )
    const others = Array.from({ length: 100 }, (_, n) => `mood:manystory${String(n).padStart(2, '0')}`)
    await putRows(
      cloud,
      'votes',
      others.flatMap(subject => [
        { ...mine, _id: `mine ${subject}`, subject },
        { ...shard, _id: `${subject}:0`, subject, all: { sad: 1 }, hour: {}, day: {} },
      ]),
    )
    const ballotsOf = (list: Record<string, unknown>[]) =>
      list.filter(({ kind, reader }) => kind === 'ballot' && reader === mine?.reader)
    const counted = (list: Record<string, unknown>[]) =>
      list.reduce((sum, { kind, subject, all }) => {
        const sad =
          kind === 'shard' && others.includes(String(subject)) ? (all as { sad?: object }).sad : undefined
        return sum + Number(Object.values(sad ?? { none: 0 })[0])
      }, 0)
    // A slow cloud: one call can remove only some of the ballots.
    await cloud.control('weather', { operations: { latency: { min: 60, max: 60 } } })
    let [calls, removed] = [0, 0]
    for (let done = false; !done; calls++) {
      const reply = await got(cloud, leaving, forgetReader, {})
      removed += reply.removed
      done = reply.done
      const now = await rowsOf(cloud, 'votes')
      const left = ballotsOf(now).filter(({ subject }) => others.includes(String(subject)))
      expect([calls, counted(now)]).toEqual([calls, left.length])
      expect(ballotsOf(now)).toHaveLength(101 - removed)
    }
    await cloud.control('weather', {})
    expect(calls).toBeGreaterThan(1)
    expect(removed).toBe(101)
    const { mood } = await got(cloud, staying, openArticle, { articleId: 'forgetmany' })
    expect(mood).toMatchObject({ own: 'happy', counts: { happy: 1, sad: 0 } })
  }, 60_000)

  test('who deleted all votes does not get one back by a late repeat of an older call', async () => {
    const reader = readers[0] as Reader
    await putRows(cloud, 'articles', [storyRow('forgetlate', 0)])
    const call = { articleId: 'forgetlate', mood: 'happy', wish: ++revision } as const
    await got(cloud, reader, setMood, call)
    await forgetAtOnce(cloud, reader)
    expect(await got(cloud, reader, setMood, call)).toMatchObject({ own: null, counts: { happy: 0 } })
    const ballots = (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'ballot')
    expect(ballots).toEqual([])
  })

  test('may start voting on three hundred stories a day; repeats and changed votes do not count', async () => {
    const reader = readers[0] as Reader
    const [first, second, third] = ['limit00001', 'limit00002', 'limit00003'] as const
    await putRows(
      cloud,
      'articles',
      [first, second, third].map(id => storyRow(id, 0)),
    )
    await vote(reader, first, 'happy')
    const [ballot] = (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'ballot')
    const { now } = await cloud.control<{ now: number }>('clock', { move: 24 * hour })
    // As if the reader had voted on 299 more stories on the next day.
    const others = Array.from({ length: 299 }, (_, n) => ({
      ...{ ...ballot, _id: `b${n}`, subject: `mood:x${n}` },
      firstAt: { $date: new Date(now).toISOString() },
    }))
    await putRows(cloud, 'votes', others)
    // The first vote on this story was of the day before.
    await vote(reader, first, 'sad')
    await vote(reader, second, 'happy')
    const over = { articleId: third, mood: 'happy', wish: ++revision } as const
    const error = await refused(cloud, reader, setMood, over)
    expect(error.code).toBe('too-many')
    expect(await vote(reader, first, 'happy')).toMatchObject({ own: 'happy' })
    await later((error.retryAfter ?? 0) * 1000)
    expect(await got(cloud, reader, setMood, over)).toMatchObject({ own: 'happy' })
  })
})
