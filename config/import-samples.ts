import { sampleVotes } from '../stories/build/sample-votes'

/** What the samples need of a local cloud. */
export interface SampleCloud {
  command(name: 'invoke', body: unknown): Promise<unknown>
  database: {
    exportLines(collection: string): Iterable<string>
    importLines(collection: string, lines: readonly string[], mode: 'insert'): { inserted: number }
  }
}

/** How many samples are published at once. */
const lanes = 4

type Collection = 'drafts' | 'topics' | 'polls'

/** Publishes sample rows of a collection as an editor does, in the given order. Returns how many were published. */
async function publishRows(
  cloud: SampleCloud,
  key: string,
  collection: Collection,
  ids: readonly string[],
): Promise<number> {
  const queue = [...ids]
  let published = 0
  const lane = async (): Promise<void> => {
    for (let draft = queue.shift(); draft !== undefined; draft = queue.shift()) {
      const event = { action: 'publish', collection, draft, key }
      const { result } = (await cloud.command('invoke', { name: 'editor', event, source: null })) as {
        result: { ok: boolean; lines: string[] }
      }
      if (result.ok) published += 1
      else console.error(`${draft}: ${result.lines.join('\n')}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return published
}

/**
 * Inserts the samples into empty collections only, so that a developer's own changes survive. `samples` gives the lines
 * of a collection. Returns whether it published the sample stories.
 */
export async function importSamples(
  cloud: SampleCloud,
  key: string,
  samples: (name: string) => string[],
  now: number,
): Promise<boolean> {
  const isEmpty = (collection: string): boolean =>
    cloud.database.exportLines(collection)[Symbol.iterator]().next().done === true
  const fill = (collection: string, lines: readonly string[]): void => {
    if (!isEmpty(collection)) return
    const { inserted } = cloud.database.importLines(collection, lines, 'insert')
    console.log(`  imported ${inserted} sample ${collection}`)
  }
  const rows = (collection: Collection): { _id: string; publishAt?: string }[] =>
    samples(collection).map(line => JSON.parse(line) as { _id: string; publishAt?: string })
  const idsOf = (collection: Collection): string[] => rows(collection).map(({ _id }) => _id)
  // Topics name polls, and drafts name both.
  for (const [collection, published] of [
    ['polls', 'publishedPolls'],
    ['topics', 'publishedTopics'],
  ] as const) {
    fill(collection, samples(collection))
    if (isEmpty(published)) await publishRows(cloud, key, collection, idsOf(collection))
  }
  const isFirst = isEmpty('articles') && isEmpty('drafts')
  if (isFirst) {
    fill('drafts', samples('drafts'))
    const oldestFirst = rows('drafts').sort((a, b) => ((a.publishAt ?? '') < (b.publishAt ?? '') ? -1 : 1))
    const ids = oldestFirst.map(({ _id }) => _id)
    console.log(`  published ${await publishRows(cloud, key, 'drafts', ids)} sample stories`)
    // Once more, now that the stories which they list are there.
    await publishRows(cloud, key, 'topics', idsOf('topics'))
  }
  const votes = sampleVotes(samples('articles'), samples('polls'), now)
  fill(
    'votes',
    votes.map(row => JSON.stringify(row)),
  )
  return isFirst
}
