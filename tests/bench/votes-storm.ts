import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { CloudProcess } from '../support/local-cloud'
import type { Figure } from './figure'
import {
  atOnce,
  type BenchBuild,
  importRows,
  inLanes,
  signInMany,
  storyRow,
  vote,
  voteMoods,
} from './votes-cloud'

const story = 'stormstory'
const subject = `mood:${story}`

interface VoteRow {
  _id: string
  kind: string
  subject: string
  reader: string
  options: string[]
  revision: { $numberInt?: string; $numberLong?: string } | number
  all?: Record<string, { $numberInt: string } | number>
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : Number(Object.values(value as Record<string, string>)[0])

/**
 * `readers` readers vote, 64 at a time. A third of the calls is sent twice, some of them late, after a newer revision.
 * A tenth of the replies is dropped after the commit. Workers are killed, and the gateway is killed and restarted once.
 * Like a phone, each reader repeats a call under the same revision until there is an answer.
 */
export async function storm(
  build: Pick<BenchBuild, 'folder' | 'start'>,
  readerCount: number,
): Promise<{
  answered: number
  lost: number
  double: number
  stale: number
  calls: number
}> {
  const dataFolder = mkdtempSync(path.join(build.folder, 'storm-'))
  let cloud: CloudProcess = await build.start({ dataFolder })
  let restarting: Promise<void> | null = null
  let calls = 0
  try {
    await importRows(cloud, 'articles', [storyRow(story)])
    const readers = await signInMany(cloud, readerCount)
    const badWeather = () =>
      cloud.control('weather', {
        calls: { faults: { repeated: 0.33, droppedAfter: 0.1 } },
        operations: { faults: { droppedAfter: 0.005 } },
      })
    await badWeather()

    const ask = async (n: number, mood: string | null, revision: number): Promise<void> => {
      const reader = readers[n]
      if (!reader) return
      for (let attempt = 1; attempt <= 200; attempt++) {
        await restarting
        calls++
        const reply = await vote(cloud, reader, story, mood, revision).catch(() => null)
        if (reply?.ok) return
        await new Promise(resolve => setTimeout(resolve, Math.random() * 50))
      }
      throw new Error('no answer after 200 attempts')
    }
    /** The last reply that each reader received. */
    const last = new Map<number, { revision: number; mood: string | null }>()
    const late: (() => Promise<unknown>)[] = []
    const person = (n: number) => async () => {
      // Every third reader also changes the vote, every seventh takes it back, the others vote once.
      const votes = [
        voteMoods[n % 4],
        ...(n % 3 === 0 ? [voteMoods[(n + 1) % 4]] : []),
        ...(n % 7 === 0 ? [null] : []),
      ]
      for (const [at, mood = null] of votes.entries()) {
        await ask(n, mood, at + 1)
        last.set(n, { revision: at + 1, mood })
        if (n % 5 === 0) late.push(() => ask(n, mood, at + 1))
      }
    }
    const killer = (async () => {
      for (const part of [0.2, 0.35, 0.65, 0.8]) {
        while (last.size < readerCount * part) await new Promise(resolve => setTimeout(resolve, 20))
        await restarting
        await cloud.control('kill-workers').catch(() => undefined)
      }
    })()
    const restart = (async () => {
      while (last.size < readerCount * 0.5) await new Promise(resolve => setTimeout(resolve, 20))
      restarting = (async () => {
        await cloud.kill9()
        cloud = await build.start({ dataFolder })
        await badWeather()
      })()
      await restarting
    })()
    await inLanes(atOnce, [...readers.keys()].map(person))
    await Promise.all([killer, restart])
    await inLanes(atOnce, late)
    await cloud.control('weather', {})
    // Repeats may still run after their caller was answered, so the counts are read only when no call is left.
    const until = Date.now() + 20_000
    while ((await cloud.control<{ busy: number }>('workers')).busy > 0 && Date.now() < until) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }

    const { lines } = await cloud.control<{ lines: string }>('export', { collection: 'votes' })
    const rows = lines.split('\n').map(line => JSON.parse(line) as VoteRow)
    return { answered: last.size, calls, ...judge(rows, [...last.values()]) }
  } finally {
    await cloud.kill9()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

/** Ballots contain hashes, not the readers' names, so the answers and the ballots are compared as sets. */
function judge(
  rows: readonly VoteRow[],
  answered: readonly { revision: number; mood: string | null }[],
): { lost: number; double: number; stale: number } {
  const ballots = rows.filter(row => row.kind === 'ballot' && row.subject === subject)
  const shards = rows.filter(row => row.kind === 'shard' && row.subject === subject)
  const tally = (entries: Iterable<string>): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1)
    return counts
  }
  const wanted = tally(answered.map(({ revision, mood }) => `${revision} ${mood ?? ''}`))
  const found = tally(ballots.map(({ revision, options }) => `${numberOf(revision)} ${options.join()}`))
  let stale = 0
  for (const [key, count] of wanted) stale += Math.max(0, count - (found.get(key) ?? 0))
  const byOption = tally(ballots.flatMap(({ options }) => options))
  const sums = new Map<string, number>()
  for (const { all = {} } of shards) {
    for (const [option, count] of Object.entries(all))
      sums.set(option, (sums.get(option) ?? 0) + numberOf(count))
  }
  let lost = Math.max(0, answered.length - ballots.length)
  let double = ballots.length - new Set(ballots.map(({ reader }) => reader)).size
  for (const option of voteMoods) {
    const difference = (sums.get(option) ?? 0) - (byOption.get(option) ?? 0)
    if (difference > 0) double += difference
    else lost -= difference
  }
  // A missing ballot counts as lost, not as stale.
  return { lost, double, stale: Math.max(0, stale - Math.max(0, answered.length - ballots.length)) }
}

export async function measureStorm(build: BenchBuild): Promise<Figure[]> {
  const readers = 2000
  const { answered, calls, lost, double, stale } = await storm(build, readers)
  const how = `${answered} readers, ${atOnce} at a time, ${calls} calls besides the repeated third, a tenth of replies dropped, workers killed four times, gateway killed and started again`
  return [
    { name: 'vote.lost', value: lost, unit: 'votes', how: `${how}: answered, but in no ballot or no count` },
    {
      name: 'vote.double',
      value: double,
      unit: 'votes',
      how: `${how}: second ballots, or counts above ballots`,
    },
    {
      name: 'vote.stale',
      value: stale,
      unit: 'votes',
      how: `${how}: ballots that hold another revision than the last answered`,
    },
  ]
}
