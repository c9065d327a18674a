import { dayOf } from './beijing-time'
import { hourOf, isLiveDay, isLiveHour } from './buckets'

/** Counts by option. */
export type Counts = Record<string, number>

/** What a shard holds, or several together: totals, and totals by hour and by Beijing day. */
export interface Sums {
  all: Counts
  hour: Record<string, Counts>
  day: Record<string, Counts>
}

/** Amounts to add to a shard, by field path (`all.happy`, `hour.495123.happy`, `day.20780.happy`). */
export type Delta = Record<string, number>

export const noSums = (): Sums => ({ all: {}, hour: {}, day: {} })

function addCounts(to: Counts, from: Counts, times: number): void {
  for (const [option, count] of Object.entries(from)) to[option] = (to[option] ?? 0) + count * times
}

function addBuckets(to: Record<string, Counts>, from: Record<string, Counts>, times: number): void {
  for (const [bucket, counts] of Object.entries(from)) {
    to[bucket] ??= {}
    addCounts(to[bucket], counts, times)
  }
}

/** Adds a shard to a sum, in place. With `times` -1 it subtracts it. */
export function addSums(to: Sums, from: Sums, times = 1): void {
  addCounts(to.all, from.all, times)
  addBuckets(to.hour, from.hour, times)
  addBuckets(to.day, from.day, times)
}

/** The sum of shards, with its hours and days. */
export function totalOf(shards: readonly Sums[]): Sums {
  const total = noSums()
  for (const shard of shards) addSums(total, shard)
  return total
}

/** The sum of shards' totals as readers see it. A count below 0 can only be damage, and is shown as 0. */
export function sumOf(shards: readonly Counts[]): Counts {
  const total: Counts = {}
  for (const shard of shards) addCounts(total, shard, 1)
  return Object.fromEntries(Object.entries(total).map(([option, count]) => [option, Math.max(0, count)]))
}

/** Adds one ballot to a sum, in place. The sum of all ballots of a subject must equal the sum of its shards. */
export function addBallot(
  to: Sums,
  options: readonly string[],
  castAt: number,
  now: number,
  ranked: boolean,
): void {
  for (const option of options) {
    addCounts(to.all, { [option]: 1 }, 1)
    if (!ranked) continue
    const hour = hourOf(castAt)
    const day = dayOf(castAt)
    if (isLiveHour(hour, now)) addBuckets(to.hour, { [hour]: { [option]: 1 } }, 1)
    if (isLiveDay(day, now)) addBuckets(to.day, { [day]: { [option]: 1 } }, 1)
  }
}

const withoutZeros = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))

function liveBuckets(
  buckets: Record<string, Counts>,
  isLive: (bucket: number) => boolean,
): Record<string, Counts> {
  return Object.fromEntries(
    Object.entries(buckets)
      .filter(([bucket]) => isLive(Number(bucket)))
      .map(([bucket, counts]) => [bucket, withoutZeros(counts)] as const)
      .filter(([, counts]) => Object.keys(counts).length > 0),
  )
}

/** The same sums without zeros and without expired buckets, so that equal sums compare as equal. */
export function liveSums(sums: Sums, now: number): Sums {
  return {
    all: withoutZeros(sums.all),
    hour: liveBuckets(sums.hour, bucket => isLiveHour(bucket, now)),
    day: liveBuckets(sums.day, bucket => isLiveDay(bucket, now)),
  }
}

/** Whether two sums count the same now. */
export function sameSums(a: Sums, b: Sums, now: number): boolean {
  const difference = noSums()
  addSums(difference, a)
  addSums(difference, b, -1)
  const { all, hour, day } = liveSums(difference, now)
  return [all, hour, day].every(part => Object.keys(part).length === 0)
}
