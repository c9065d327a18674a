import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openArticle } from '#contract/article'
import { setMood } from '#contract/mood'
import { ask, got, putRows, refused, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'

let cloud: CloudProcess
let story = 0
let articleId: string

beforeAll(async () => {
  cloud = await startAppCloud()
}, 60_000)
beforeEach(async () => {
  articleId = `moods${String(++story).padStart(5, '0')}`
  await putRows(cloud, 'articles', [storyRow(articleId, 0)])
})
afterAll(() => cloud?.stop())

const none = { happy: 0, sad: 0, like: 0, pass: 0 }
const set = (reader: Reader, mood: 'happy' | 'sad' | 'like' | 'pass' | null, revision: number) =>
  got(cloud, reader, setMood, { articleId, mood, wish: revision })
const seenBy = async (reader: Reader) => (await got(cloud, reader, openArticle, { articleId })).mood

/** Ballots and shards of this test's story, as the database stores them. */
async function votes() {
  const rows = (await rowsOf(cloud, 'votes')).filter(row => row.subject === `mood:${articleId}`)
  return {
    ballots: rows.filter(row => row.kind === 'ballot'),
    shards: rows.filter(row => row.kind === 'shard'),
  }
}

describe('a mood', () => {
  test('can be set, changed and taken back, and the counts follow', async () => {
    const reader = await cloud.signIn()
    const state = (own: string | null, revision: number) => ({
      counts: own === null ? none : { ...none, [own]: 1 },
      own,
      canVote: true,
      wish: revision,
    })
    expect(await set(reader, 'happy', 10)).toEqual(state('happy', 10))
    expect(await seenBy(reader)).toEqual(state('happy', 10))
    expect(await set(reader, 'pass', 11)).toEqual(state('pass', 11))
    expect(await set(reader, null, 12)).toEqual(state(null, 12))
    expect(await seenBy(reader)).toEqual(state(null, 12))
    expect(await set(reader, 'sad', 13)).toEqual(state('sad', 13))
  })

  test('counts also from a phone whose clock is a year ahead', async () => {
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    const wish = now + 365 * 86_400_000
    expect(await set(await cloud.signIn(), 'happy', wish)).toMatchObject({ own: 'happy', wish })
  })

  test('that is set again under a newer revision stays in the hour of the first, and is taken back from there', async () => {
    const reader = await cloud.signIn()
    await set(reader, 'happy', 1)
    await cloud.control('clock', { move: 2 * 3_600_000 })
    await set(reader, 'happy', 2)
    await set(reader, null, 3)
    const { shards } = await votes()
    for (const { all, hour, day } of shards)
      for (const counts of [all, ...Object.values({ ...(hour as object), ...(day as object) })])
        expect(counts).toEqual({ happy: { $numberInt: '0' } })
  })

  test('of one reader counts once when the same revision repeats, also concurrently', async () => {
    const reader = await cloud.signIn()
    const stories = Array.from({ length: 5 }, (_, n) => `${articleId.slice(0, 9)}${n}x`)
    await putRows(
      cloud,
      'articles',
      stories.map(id => storyRow(id, 0)),
    )
    // Several rounds, because the calls collide only by chance. None is refused: the later call reads again and finds
    // the vote committed.
    for (const id of [...stories, articleId]) {
      const call = { articleId: id, mood: 'like', wish: 5 } as const
      const replies = await Promise.all(Array.from({ length: 8 }, () => ask(cloud, reader, setMood, call)))
      for (const reply of replies) {
        expect(reply).toMatchObject({ ok: true, data: { own: 'like', counts: { ...none, like: 1 } } })
      }
    }
    expect(await set(reader, 'like', 5)).toMatchObject({ counts: { ...none, like: 1 } })
    expect((await votes()).ballots).toHaveLength(1)
  })

  test('is not undone by an older revision that arrives late, and the reply carries the current state', async () => {
    const reader = await cloud.signIn()
    await set(reader, 'happy', 20)
    await set(reader, 'sad', 30)
    const late = await set(reader, 'happy', 20)
    expect(late).toEqual({ counts: { ...none, sad: 1 }, own: 'sad', canVote: true, wish: 30 })
    expect(await set(reader, null, 29)).toMatchObject({ own: 'sad' })
    expect(await set(reader, 'like', 30)).toMatchObject({ own: 'sad' })
  })

  test('with the highest revision wins, in whatever order the revisions arrive', async () => {
    const reader = await cloud.signIn()
    const moods = ['happy', 'sad', 'like', 'pass', null] as const
    await Promise.all([3, 1, 5, 2, 4].map(revision => set(reader, moods[revision - 1] ?? null, revision)))
    expect(await seenBy(reader)).toEqual({ counts: none, own: null, canVote: true, wish: 5 })
  })

  test('that collides with another of the same reader reads again before it commits', async () => {
    const reader = await cloud.signIn()
    const moods = ['happy', 'sad', 'like', 'pass'] as const
    // Several rounds, because the calls collide only by chance.
    for (let round = 0; round < 5; round++) {
      const revisions = Array.from({ length: 8 }, (_, n) => round * 8 + n + 1)
      await Promise.all(
        revisions.map(revision => set(reader, moods[(revision + round) % 4] ?? null, revision)),
      )
      const newest = moods[(round * 8 + 8 + round) % 4] ?? ''
      expect(await seenBy(reader)).toMatchObject({ own: newest, counts: { ...none, [newest]: 1 } })
    }
  }, 60_000)

  test('of each of many concurrent readers is counted', async () => {
    const readers = await Promise.all(Array.from({ length: 24 }, () => cloud.signIn()))
    await Promise.all(readers.map((reader, n) => set(reader, n % 3 ? 'happy' : 'sad', 1)))
    expect((await seenBy(await cloud.guest())).counts).toEqual({ ...none, happy: 16, sad: 8 })
  })

  test('changed more than fifty times a day is refused as too many until the next Beijing day', async () => {
    const reader = await cloud.signIn()
    // The same mood under a newer revision is no change.
    for (const revision of [1, 2, 3]) await set(reader, 'happy', revision)
    for (let revision = 4; revision <= 52; revision++)
      await set(reader, revision % 2 ? 'happy' : 'sad', revision)
    const error = await refused(cloud, reader, setMood, { articleId, mood: 'happy', wish: 53 })
    expect(error).toMatchObject({ code: 'too-many' })
    expect(error.retryAfter).toBeGreaterThan(0)
    expect(error.retryAfter).toBeLessThanOrEqual(86_400)
    expect(await seenBy(reader)).toMatchObject({ own: 'sad', counts: { ...none, sad: 1 } })
    await cloud.control('clock', { move: (error.retryAfter ?? 0) * 1000 })
    expect(await set(reader, 'happy', 54)).toMatchObject({ own: 'happy' })
  })
})

describe('a mood is refused, and nothing is changed,', () => {
  afterEach(async () => expect(await votes()).toEqual({ ballots: [], shards: [] }))

  test('without an OPENID', async () => {
    for (const caller of [await cloud.guest(), await cloud.visitor()]) {
      const error = await refused(cloud, caller, setMood, { articleId, mood: 'happy', wish: 1 })
      expect(error).toEqual({ code: 'unauthenticated', message: 'this needs an identity' })
    }
    // A call from the console has no OPENID either; that makes nobody an administrator.
    const { result } = await cloud.control<{ result: unknown }>('invoke', {
      name: 'reactions',
      event: { action: 'setMood', data: { articleId, mood: 'happy', wish: 1 } },
    })
    expect(result).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
  })

  test('if no such mood exists', async () => {
    const reader = await cloud.signIn()
    for (const mood of [
      'angry',
      '',
      'constructor',
      '__proto__',
      'all.happy',
      7,
      ['happy'],
      { $inc: 1 },
      undefined,
    ]) {
      const reply = await cloud.call(reader, 'reactions', {
        action: 'setMood',
        data: { articleId, mood, wish: 1 },
      })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
  })

  test('with a revision that lies years ahead or is malformed', async () => {
    const reader = await cloud.signIn()
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    const ahead = now + 367 * 86_400_000
    for (const revision of [ahead, Number.MAX_SAFE_INTEGER, 0, -1, 1.5, '1', null, undefined]) {
      const reply = await cloud.call(reader, 'reactions', {
        action: 'setMood',
        data: { articleId, mood: 'happy', wish: revision },
      })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
  })

  test('on a story that is absent, withdrawn or a draft', async () => {
    const reader = await cloud.signIn()
    await putRows(cloud, 'articles', [
      storyRow('withdrawn2', 0, { state: 'withdrawn' }),
      storyRow('draft00002', 0, { state: 'draft' }),
    ])
    const before = (await rowsOf(cloud, 'votes')).length
    for (const id of ['absent0002', 'withdrawn2', 'draft00002']) {
      const error = await refused(cloud, reader, setMood, { articleId: id, mood: 'happy', wish: 1 })
      expect(error).toMatchObject({ code: 'not-found' })
    }
    expect((await rowsOf(cloud, 'votes')).length).toBe(before)
  })
})

test('a vote is refused three seconds after its story is withdrawn, also by an instance that had cached the story', async () => {
  const reader = await cloud.signIn()
  await set(reader, 'happy', 1)
  await putRows(cloud, 'articles', [storyRow(articleId, 0, { state: 'withdrawn' })])
  await cloud.control('clock', { move: 3_001 })
  expect(await refused(cloud, reader, setMood, { articleId, mood: 'sad', wish: 2 })).toMatchObject({
    code: 'not-found',
  })
  expect((await votes()).ballots).toMatchObject([{ options: ['happy'] }])
})

test('a cloud whose salt is lost takes no votes until it is put back, because a new one would make every reader another', async () => {
  const reader = await cloud.signIn()
  await set(reader, 'happy', 1)
  const [identity] = (await rowsOf(cloud, 'settings')).filter(({ _id }) => _id === 'identity')
  await putRows(cloud, 'settings', [{ _id: 'identity' }])
  await cloud.control('kill-workers')
  expect(await refused(cloud, reader, setMood, { articleId, mood: 'sad', wish: 2 })).toMatchObject({
    code: 'internal',
  })
  expect((await rowsOf(cloud, 'settings')).find(({ _id }) => _id === 'identity')).toEqual({ _id: 'identity' })
  await putRows(cloud, 'settings', [identity as object])
  expect(await set(reader, 'sad', 3)).toMatchObject({ own: 'sad', counts: { ...none, sad: 1 } })
})

test('a vote that was answered survives kill -9 and a restart, and its reader stays the same', async () => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'moods-'))
  let other = await startAppCloud({ dataFolder })
  try {
    await putRows(other, 'articles', [storyRow('survives01', 0)])
    const reader = await other.signIn()
    await got(other, reader, setMood, { articleId: 'survives01', mood: 'like', wish: 4 })
    await other.kill9()
    other = await startAppCloud({ dataFolder })
    const { mood } = await got(other, reader, openArticle, { articleId: 'survives01' })
    expect(mood).toEqual({ counts: { ...none, like: 1 }, own: 'like', canVote: true, wish: 4 })
    const changed = await got(other, reader, setMood, { articleId: 'survives01', mood: 'sad', wish: 5 })
    expect(changed.counts).toEqual({ ...none, sad: 1 })
  } finally {
    await other.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}, 60_000)
