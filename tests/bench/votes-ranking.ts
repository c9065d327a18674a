import type { CloudProcess } from '../support/local-cloud'
import type { Figure } from './figure'
import {
  type BenchBuild,
  importRows,
  inLanes,
  requestsSince,
  signInMany,
  storyRow,
  vote,
  voteMoods,
} from './votes-cloud'

const oldVotes = 500_000
const stories = 2_000
const newVotes = 1_000
const votedOn = 200
const shardsEach = 3

const hour = 3_600_000
const storyId = (n: number): string => `rank${String(n).padStart(6, '0')}`
const date = (time: number) => ({ $date: new Date(time).toISOString() })

/** Half a million ballots of the last months, and the shards that count them. */
async function importOldVotes(cloud: CloudProcess, now: number): Promise<void> {
  const each = oldVotes / stories
  const batch = 100
  for (let from = 0; from < stories; from += batch) {
    const rows: object[] = []
    for (let n = from; n < from + batch; n++) {
      const subject = `mood:${storyId(n)}`
      const all: Record<string, number> = {}
      for (let reader = 0; reader < each; reader++) {
        const mood = voteMoods[(reader + n) % (2 + (n % 3))] ?? 'happy'
        all[mood] = (all[mood] ?? 0) + 1
        const at = date(now - 60 * 24 * hour - ((reader * 7919) % 5000) * hour)
        rows.push({
          _id: `old-${n}-${reader}`,
          kind: 'ballot',
          subject,
          reader: `reader-${reader}`,
          options: [mood],
          wish: 1,
          firstAt: at,
          castAt: at,
          changes: 1,
          changesDay: 1,
        })
      }
      for (let shard = 0; shard < shardsEach; shard++) {
        rows.push({
          _id: `${subject}:${shard}`,
          kind: 'shard',
          subject,
          all: shard === 0 ? all : {},
          rev: 1,
          changedAt: date(now - 40 * 24 * hour - n * 1000),
        })
      }
    }
    await importRows(cloud, 'votes', rows)
  }
}

interface Tick {
  requests: number
  examined: number
}

async function tick(cloud: CloudProcess): Promise<Tick> {
  await cloud.control('reset-counters')
  const { result } = await cloud.control<{ result: { ok: boolean } }>('fire', { name: 'clock' })
  if (!result.ok) throw new Error('the clock failed')
  const { operations } = await cloud.control<{ operations: { examined: number } }>('counters')
  return { requests: await requestsSince(cloud, 'clock'), examined: operations.examined }
}

/**
 * Fires the clock until a tick has nothing to do, so that the measurement contains only the effect of the new votes.
 */
async function settle(cloud: CloudProcess): Promise<Tick> {
  for (let run = 0; run < 60; run++) {
    const done = await tick(cloud)
    if (done.requests <= 2) return done
    await cloud.control('clock', { move: 3 * 60_000 })
  }
  throw new Error('the clock never came to rest')
}

export async function measureRanking(build: BenchBuild): Promise<Figure[]> {
  const cloud = await build.start({ args: ['--memory'] })
  try {
    // Begins just after the full hour, so that no hour ends during the measurement.
    await cloud.control('clock', { move: hour - (Date.now() % hour) + 1000 })
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    await importRows(
      cloud,
      'articles',
      Array.from({ length: stories }, (_, n) => storyRow(storyId(n), now - n * hour)),
    )
    await importOldVotes(cloud, now)
    await importRows(cloud, 'rankings', [
      {
        _id: 'clock',
        leasedUntil: date(0),
        rolledUpTo: now - 60_000,
        lastChange: now - 30 * 24 * hour,
        recountedUpTo: now - 20 * 60_000,
      },
    ])
    await settle(cloud)
    const readers = await signInMany(cloud, newVotes / votedOn)
    await inLanes(
      16,
      Array.from({ length: newVotes }, (_, n) => async () => {
        const reader = readers[Math.floor(n / votedOn)]
        if (!reader) return
        const reply = await vote(cloud, reader, storyId(n % votedOn), 'happy', 1)
        if (!reply.ok) throw new Error('a vote was refused')
      }),
    )
    const ran = await tick(cloud)
    const idle = await settle(cloud)
    return [
      {
        name: 'ranking.examined',
        value: ran.examined,
        unit: 'documents',
        how: `one tick after ${newVotes} new votes on ${votedOn} of ${stories} stories with ${oldVotes} older votes; ${ran.requests} requests`,
      },
      {
        name: 'clock.idle.requests',
        value: idle.requests,
        unit: 'requests',
        how: `a tick with nothing changed, aged or to be recounted, over the same ${oldVotes} votes`,
      },
    ]
  } finally {
    await cloud.kill9()
  }
}
