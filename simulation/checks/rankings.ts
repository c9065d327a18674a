import { moodKeys } from '#contract/mood'
import { rankingMinimum, rankingSpanKeys } from '#contract/ranking'
import { dayOf } from '../../cloudfunctions/shared/beijing-time'
import { hourOf } from '../../cloudfunctions/shared/buckets'
import type { Row } from '../rows'
import type { World } from '../world'
import type { Checker } from './checker'

/** How far the clocks of the cloud may differ (ms). */
const clockSkew = 50

type Span = (typeof rankingSpanKeys)[number]

function isWithin(span: Span, castAt: number, now: number): boolean {
  if (span === 'all') return true
  if (span === '24h') return hourOf(castAt) > hourOf(now) - 24
  return dayOf(castAt) > dayOf(now) - (span === '7d' ? 7 : 30)
}

/** What only the tick that holds the lease may write. */
const leased = ['rankings', 'drafts', 'articles', 'versions', 'votes']

/** Rankings equal a recount of all ballots, once the clock has had time; and only the tick with the lease writes. */
export function watchRankings(world: World): Checker {
  /** The tick that holds the lease, until when (ms). */
  let lease: { holder: string; until: number } | null = null

  /** Follows the clock's row. Returns whether the change is one that any tick may make. */
  function followLease(before: Row | null, after: Row | null, by: string): boolean {
    const now = world.schedule.now()
    const until = Number(after?.leasedUntil ?? 0)
    // The first tick creates the row.
    if (!before && until <= now) return true
    if (until > Number(before?.leasedUntil ?? 0) && until > now) {
      if (lease && lease.holder !== by && lease.until > now + clockSkew)
        world.problem('a tick takes the lease of another one')
      lease = { holder: by, until }
      return true
    }
    if (until < Number(before?.leasedUntil ?? 0) && lease?.holder === by) {
      lease = null
      return true
    }
    return false
  }

  return {
    changed(changes, by) {
      if (world.calls.get(by)?.functionName !== 'clock') return
      for (const { collection, id, before, after } of changes) {
        if (collection === 'rankings' && id === 'clock' && followLease(before, after, by)) continue
        if (leased.includes(collection) && lease?.holder !== by)
          world.problem('a tick writes without the lease')
      }
    },
    restarted() {
      const row = world.rows.in('rankings').find(({ _id }) => _id === 'clock')
      if (Number(row?.leasedUntil ?? 0) <= world.schedule.now()) lease = null
    },
    end() {
      const now = world.schedule.now()
      const stories = world.rows.in('articles').filter(({ state }) => state === 'published')
      const ballots = world.rows.in('votes').filter(({ kind }) => kind === 'ballot')
      const boards = new Map(world.rows.in('rankings').map(row => [row._id, row]))
      for (const span of rankingSpanKeys) {
        for (const mood of moodKeys) {
          const counts = stories
            .map(({ _id }) => {
              const own = ballots.filter(
                ({ subject, options, castAt }) =>
                  subject === `mood:${_id}` &&
                  (options as string[]).length > 0 &&
                  isWithin(span, Number(castAt), now),
              )
              return {
                id: _id,
                count: own.filter(({ options }) => (options as string[])[0] === mood).length,
                total: own.length,
              }
            })
            .filter(({ count }) => count >= rankingMinimum)
          const shown = ((boards.get(`${mood}:${span}`)?.entries ?? []) as typeof counts)
            .map(({ id, count, total }) => ({ id, count, total }))
            .filter(({ id }) => stories.some(({ _id }) => _id === id))
          const inOrder = (entries: typeof counts): string =>
            JSON.stringify([...entries].sort((a, b) => (a.id < b.id ? -1 : 1)))
          if (inOrder(counts) !== inOrder(shown))
            world.problem(`ranking ${mood}:${span} has ${inOrder(shown)}, a recount ${inOrder(counts)}`)
        }
      }
    },
  }
}
