import { startOfDay } from '../beijing-time'
import { listChangedShards, type ShardPosition } from '../stores/votes'
import { type Counts, sumOf } from '../sums'

/**
 * The choices of moods that readers made on a Beijing day and have not changed since. Reads only the shards that have
 * changed since that day began, `pages` pages of 1,000 at most; `isWhole` says whether that was all of them. No ballot is
 * read.
 */
export async function sumVotesOf(day: number, pages: number): Promise<{ votes: Counts; isWhole: boolean }> {
  // A shard that changes while the pages are read comes again, at its new place in the order.
  const byShard = new Map<string, Counts>()
  let after: ShardPosition | null = null
  let isWhole = false
  for (let read = 0; read < pages && !isWhole; read++) {
    const page: Awaited<ReturnType<typeof listChangedShards>> = await listChangedShards(
      startOfDay(day),
      after,
      null,
      [`day.${day}`],
    )
    for (const shard of page.shards) byShard.set(shard._id, shard.day[day] ?? {})
    after = page.last
    isWhole = after === null
  }
  return { votes: sumOf([...byShard.values()]), isWhole }
}
