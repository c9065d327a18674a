import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Libsql from 'libsql'
import { openArticle } from '#contract/article'
import { type MoodState, moodKeys, setMood } from '#contract/mood'
import { ask, got, putRows, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'

const readers = 200
const atOnce = 32
const stories = ['hotstory01', 'coolstory1'] as const

interface WantedMood {
  articleId: string
  mood: (typeof moodKeys)[number]
}

/** Most readers read the same story, which makes its counters hot. */
const moodOf = (n: number): WantedMood => ({
  articleId: n % 8 === 0 ? stories[1] : stories[0],
  mood: moodKeys[n % 3] ?? 'happy',
})

/** Repeats the request under the same revision until there is an answer, as a phone does on a bad network. */
async function vote(
  cloud: CloudProcess,
  reader: Reader,
  { articleId, mood }: WantedMood,
): Promise<MoodState> {
  for (let attempt = 1; attempt <= 30; attempt++) {
    // A broken connection rejects. Both that and `unavailable` are temporary: ask again.
    const reply = await ask(cloud, reader, setMood, { articleId, mood, wish: 1 }).catch(() => null)
    if (reply?.ok) return reply.data
    if (reply && reply.error.code !== 'unavailable')
      throw new Error(`${reply.error.code} ${reply.error.message}`)
  }
  throw new Error('no answer after thirty attempts')
}

/** Runs jobs, at most `lanes` of them at a time. */
async function inLanes<T>(jobs: readonly (() => Promise<T>)[], lanes: number): Promise<T[]> {
  const results: T[] = []
  const queue = jobs.entries()
  const lane = async () => {
    for (const [index, job] of queue) results[index] = await job()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

/** Ballots and sums of shards by story and mood, read from the database file by this test's own code only. */
function recount(file: string): {
  ballots: Record<string, number>
  shards: Record<string, number>
  rows: number
} {
  const db = new Libsql(file, { readonly: true })
  const rows = db
    .prepare(
      "SELECT d.body AS body FROM documents d JOIN collections c ON c.id = d.collection WHERE c.name = 'votes'",
    )
    .all() as { body: string }[]
  db.close()
  const ballots: Record<string, number> = {}
  const shards: Record<string, number> = {}
  const add = (to: Record<string, number>, key: string, by: number) => {
    to[key] = (to[key] ?? 0) + by
  }
  // Numbers are written as canonical EJSON: {"$numberInt": "1"}.
  const number = (value: unknown): number =>
    typeof value === 'number' ? value : Number(Object.values(value as Record<string, string>)[0])
  let count = 0
  for (const { body } of rows) {
    const row = JSON.parse(body) as {
      kind: string
      subject: string
      options: string[]
      all: Record<string, unknown>
    }
    if (row.kind === 'ballot') {
      count++
      for (const option of row.options) add(ballots, `${row.subject} ${option}`, 1)
    }
    if (row.kind === 'shard') {
      for (const [option, value] of Object.entries(row.all))
        add(shards, `${row.subject} ${option}`, number(value))
    }
  }
  return { ballots, shards, rows: count }
}

test('two hundred readers, 32 at a time, with repeats and dropped calls: every count equals its ballots', async () => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'readers-'))
  const cloud = await startAppCloud({ dataFolder, args: ['--instances', '8'] })
  try {
    await putRows(
      cloud,
      'articles',
      stories.map(id => storyRow(id, 0)),
    )
    const people = await Promise.all(Array.from({ length: readers }, () => cloud.signIn()))
    await cloud.control('weather', {
      calls: { faults: { repeated: 0.33, droppedAfter: 0.1 } },
      operations: { faults: { droppedAfter: 0.01 } },
      seed: 7,
    })
    const replies = await inLanes(
      people.map((reader, n) => () => vote(cloud, reader, moodOf(n))),
      atOnce,
    )
    await cloud.control('weather', {})

    for (const [n, reply] of replies.entries()) expect(reply.own).toBe(moodOf(n).mood)
    const { invocations } = await cloud.control<{ invocations: number }>('counters')
    // The faults happened at the configured rate: a third repeated, a tenth retried.
    expect(invocations).toBeGreaterThan(readers * 1.3)
    // Repeats may still run after their reader was answered, so the counts are read only when no call is left.
    const until = Date.now() + 15_000
    while ((await cloud.control<{ busy: number }>('workers')).busy > 0 && Date.now() < until);

    const expected: Record<string, number> = {}
    for (let n = 0; n < readers; n++) {
      const { articleId, mood } = moodOf(n)
      const key = `mood:${articleId} ${mood}`
      expected[key] = (expected[key] ?? 0) + 1
    }
    const guest = await cloud.guest()
    for (const articleId of stories) {
      const { mood } = await got(cloud, guest, openArticle, { articleId })
      for (const key of moodKeys) expect(mood.counts[key]).toBe(expected[`mood:${articleId} ${key}`] ?? 0)
    }

    await cloud.stop()
    const counted = recount(path.join(dataFolder, 'database.sqlite'))
    expect(counted.rows).toBe(readers)
    expect(counted.ballots).toEqual(expected)
    expect(Object.fromEntries(Object.entries(counted.shards).filter(([, count]) => count !== 0))).toEqual(
      expected,
    )
  } finally {
    await cloud.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}, 120_000)
