import type { CloudProcess, CloudProcessOptions, Reader } from '../support/local-cloud'

/** Number of concurrent calls, as in a burst. */
export const atOnce = 64
export const voteMoods = ['happy', 'sad', 'like', 'pass'] as const

/** Built functions and rules, in a folder that only the bench uses. */
export interface BenchBuild {
  folder: string
  start(options?: CloudProcessOptions): Promise<CloudProcess>
  remove(): void
}

/** Runs jobs, at most `lanes` of them at a time. */
export async function inLanes(lanes: number, jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  const queue = jobs.values()
  const lane = async (): Promise<void> => {
    for (const job of queue) await job()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

export async function signInMany(cloud: CloudProcess, count: number): Promise<Reader[]> {
  const readers: Reader[] = []
  await inLanes(
    16,
    Array.from({ length: count }, () => async () => {
      readers.push(await cloud.signIn())
    }),
  )
  return readers
}

export async function importRows(
  cloud: CloudProcess,
  collection: string,
  rows: readonly object[],
): Promise<void> {
  await cloud.control('import', {
    collection,
    lines: rows.map(row => JSON.stringify(row)).join('\n'),
    upsert: true,
  })
}

/** A published story with only the fields that voting reads. */
export const storyRow = (id: string, publishedAt = Date.UTC(2026, 0, 1)): object => ({
  _id: id,
  state: 'published',
  version: 1,
  title: `Story ${id}`,
  publishedAt: { $date: new Date(publishedAt).toISOString() },
})

export interface VoteReply {
  ok: boolean
  error?: { code: string }
}

export const voteEvent = (articleId: string, mood: string | null, revision: number) => ({
  action: 'setMood',
  data: { articleId, mood, wish: revision },
})

export const vote = (
  cloud: CloudProcess,
  reader: Reader,
  articleId: string,
  mood: string | null,
  revision: number,
): Promise<VoteReply> => cloud.call<VoteReply>(reader, 'reactions', voteEvent(articleId, mood, revision))

/** Number of requests that a function sent to the database since the counters were reset. */
export async function requestsSince(cloud: CloudProcess, name: string): Promise<number> {
  const { byFunction } = await cloud.control<{
    byFunction: Record<
      string,
      { operations: { read: number; write: number; transaction: number } } | undefined
    >
  }>('counters')
  const operations = byFunction[name]?.operations
  return operations ? operations.read + operations.write + operations.transaction : 0
}
