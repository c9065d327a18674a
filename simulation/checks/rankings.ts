import { moodKeys } from '#contract/mood'
import { rankingMinimum, rankingSpanKeys } from '#contract/ranking'
import { dayOf } from '../../cloudfunctions/shared/beijing-time'
import { hourOf } from '../../cloudfunctions/shared/buckets'
import type { World } from '../world'
import type { Checker } from './checker'

type Span = (typeof rankingSpanKeys)[number]

function isWithin(span: Span, castAt: number, now: number): boolean {
  if (span === 'all') return true
  if (span === '24h') return hourOf(castAt) > hourOf(now) - 24
  return dayOf(castAt) > dayOf(now) - (span === '7d' ? 7 : 30)
}

/** Rankings equal a recount of all ballots, once the clock has had time; and two ticks never write at once. */
export function watchRankings(world: World): Checker {
  /** The tick that has written, until it ends. */
  let writing: string | null = null
  return {
    changed(changes, by) {
      if (world.calls.get(by)?.functionName !== 'clock') return
      const isWork = changes.some(({ collection, id }) => collection !== 'rankings' || id !== 'clock')
      if (!isWork) return
      if (writing !== null && writing !== by && world.calls.get(writing)?.isRunning)
        world.problem('two ticks write at the same time')
      writing = by
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
