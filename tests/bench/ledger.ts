import type { CloudProcess, Reader } from '../support/local-cloud'
import type { Figure } from './figure'
import { buildForBench } from './votes-build'
import { atOnce, type BenchBuild, importRows, inLanes, signInMany, storyRow } from './votes-cloud'

const story = 'ledgerbook'
const readerCount = 2_000
const readersOfMark = 250
/** Every tenth reader opens a second mark, as one who meets a story in two chats. */
const everyNthTwice = 10

const markOf = (n: number): string => `bench${String(n).padStart(5, '0')}`

interface Reply {
  ok: boolean
  error?: { code: string }
}

const send = (cloud: CloudProcess, reader: Reader, action: string, data: object): Promise<Reply> =>
  cloud.call<Reply>(reader, 'sharing', { action, data: { articleId: story, ...data } })

/** Like a phone, repeats a call until there is an answer. */
async function insist(work: () => Promise<Reply>): Promise<number> {
  for (let attempt = 1; attempt <= 200; attempt++) {
    const reply = await work().catch(() => null)
    if (reply?.ok) return attempt
    const code = reply?.error?.code
    if (code && code !== 'unavailable' && code !== 'internal') throw new Error(`refused: ${code}`)
    await new Promise(resolve => setTimeout(resolve, Math.random() * 50))
  }
  throw new Error('no answer after 200 attempts')
}

interface Row {
  _id: string
  opened: unknown
  ways?: Record<string, unknown>
  openings?: Record<string, unknown>
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : Number(Object.values(value as Record<string, string>)[0])

/**
 * Readers open shared stories under faults: a third of the calls is sent twice, a tenth of the replies is dropped after
 * the commit, instances are killed. A mark's share is recorded before, after or while it is opened, or never.
 */
export async function openUnderFaults(
  build: Pick<BenchBuild, 'start'>,
): Promise<{ answered: number; lost: number; double: number; calls: number }> {
  const cloud = await build.start({ args: ['--memory'] })
  try {
    await importRows(cloud, 'articles', [storyRow(story)])
    const readers = await signInMany(cloud, readerCount)
    await cloud.control('weather', {
      calls: { faults: { repeated: 0.33, droppedAfter: 0.1 } },
      operations: { faults: { droppedAfter: 0.005 } },
    })
    const answered = new Map<string, number>()
    let calls = 0
    let done = 0
    const open = (reader: Reader, mark: string) => async () => {
      const sent = await insist(() => send(cloud, reader, 'recordOpening', { mark, way: 'group' }))
      calls += sent
      answered.set(mark, (answered.get(mark) ?? 0) + 1)
      done++
    }
    const share = (reader: Reader, mark: string) => () =>
      insist(() => send(cloud, reader, 'recordShare', { mark, channel: 'friend' }))
    const jobs = readers.flatMap((reader, n) => {
      const mark = markOf(Math.floor(n / readersOfMark))
      const second = n % everyNthTwice === 0 ? [open(reader, markOf(readerCount + (n % 7)))] : []
      // The first, middle or last reader of a mark is the one after whom its share arrives.
      const late =
        n % readersOfMark === (Math.floor(n / readersOfMark) % 3) * 120 ? [share(reader, mark)] : []
      return [open(reader, mark), ...late, ...second]
    })
    const killer = (async () => {
      for (const part of [0.2, 0.5, 0.8]) {
        while (done < readerCount * part) await new Promise(resolve => setTimeout(resolve, 20))
        await cloud.control('kill-workers').catch(() => undefined)
      }
    })()
    await inLanes(atOnce, jobs)
    await killer
    await cloud.control('weather', {})
    // Repeats may still run after their caller was answered.
    const until = Date.now() + 20_000
    while ((await cloud.control<{ busy: number }>('workers')).busy > 0 && Date.now() < until) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    const { lines } = await cloud.control<{ lines: string }>('export', { collection: 'shares' })
    const rows = new Map(
      lines
        .split('\n')
        .map(line => JSON.parse(line) as Row)
        .map(row => [row._id, row]),
    )
    let lost = 0
    let double = 0
    for (const [mark, count] of answered) {
      const row = rows.get(mark)
      const kept = Object.keys(row?.openings ?? {}).length
      const counted = numberOf(row?.opened ?? 0)
      const byWay = Object.values(row?.ways ?? {}).reduce<number>((sum, ways) => sum + numberOf(ways), 0)
      lost += Math.max(0, count - Math.min(kept, counted, byWay))
      double += Math.max(0, Math.max(kept, counted, byWay) - count)
    }
    return { answered: [...answered.values()].reduce((sum, count) => sum + count, 0), lost, double, calls }
  } finally {
    await cloud.kill9()
  }
}

/** Database writes of an opening, as the average of readers who each open their first mark. */
async function measureWrites(build: BenchBuild): Promise<Figure> {
  const count = 300
  const cloud = await build.start({ args: ['--memory'] })
  try {
    await importRows(cloud, 'articles', [storyRow(story)])
    const [first, ...readers] = await signInMany(cloud, count + 1)
    if (!first) throw new Error('no reader')
    await insist(() => send(cloud, first, 'recordShare', { mark: markOf(0), channel: 'friend' }))
    // Also makes the salt, once per deployment, and one of the day's quotas.
    await insist(() => send(cloud, first, 'recordOpening', { mark: markOf(0), way: 'friend' }))
    await cloud.control('reset-counters')
    for (const reader of readers) {
      await insist(() => send(cloud, reader, 'recordOpening', { mark: markOf(0), way: 'friend' }))
    }
    const { operations } = await cloud.control<{ operations: { write: number; transaction: number } }>(
      'counters',
    )
    const written = operations.write + operations.transaction
    // A day's quota is created by the first reader who needs it: one more write, for 64 openings of a day.
    const { lines } = await cloud.control<{ lines: string }>('export', { collection: 'quotas' })
    const created = lines.split('\n').filter(line => line.includes('"open:')).length - 1
    return {
      name: 'share.openWrites',
      value: (written - created) / count,
      unit: 'writes',
      how: `${count} readers open one mark; without the ${created} writes that create the day’s quotas (64 a day at most)`,
    }
  } finally {
    await cloud.kill9()
  }
}

export async function measureLedger(): Promise<Figure[]> {
  const build = await buildForBench()
  try {
    const writes = await measureWrites(build)
    const { answered, lost, double, calls } = await openUnderFaults(build)
    const how = `${answered} openings of ${readerCount} readers, ${atOnce} at a time, ${calls} calls besides the repeated third, a tenth of replies dropped, workers killed three times`
    return [
      writes,
      { name: 'ledger.lost', value: lost, unit: 'openings', how: `${how}: answered, but not counted` },
      { name: 'ledger.double', value: double, unit: 'openings', how: `${how}: counted above those answered` },
    ]
  } finally {
    build.remove()
  }
}
