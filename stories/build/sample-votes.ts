import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { moodKeys } from '#contract/mood'
import { OptionKey, PollId } from '#contract/poll'
import { dayOf, parseBeijingTime } from '#shared/beijing-time'
import { hashOf } from '#shared/hash'
import { storyIdOf } from '#shared/publishing/story-id-of'
import { addBallot, noSums } from '#shared/sums'
import { ballotIdOf, countedAs, isRanked, type Subject } from '#shared/voting/subject'

/**
 * Sample votes for the preview, so that counts, rankings and results have something to show. They consist of ballots of
 * invented readers, and of shards computed with the voting core's own arithmetic. The result is the same for the same
 * stories and time.
 */

const StoryRow = v.object({
  _id: ArticleId,
  publishedAt: v.object({
    $date: v.pipe(
      v.string(),
      v.isoTimestamp(),
      v.transform(text => Date.parse(text)),
    ),
  }),
})
type StoryRow = v.InferOutput<typeof StoryRow>

const Time = v.pipe(v.string(), v.transform(parseBeijingTime), v.number())
const PollRow = v.object({
  _id: PollId,
  options: v.pipe(
    v.array(v.object({ key: OptionKey })),
    v.transform(options => options.map(({ key }) => key)),
  ),
  choices: v.picklist(['one', 'several']),
  opensAt: Time,
  closesAt: Time,
})
type PollRow = v.InferOutput<typeof PollRow>

interface Answer {
  options: string[]
  castAt: number
}

const hour = 3_600_000
const day = 24 * hour

/** Number of sample readers. Each votes on some of the stories. */
const readers = 900
const fewest = 8
const most = 240

/**
 * Distribution of a story's votes over the last 24 hours, 7 days, 30 days, and before. Each story uses one of these
 * rows.
 */
const seasons: readonly (readonly number[])[] = [
  [0.5, 0.3, 0.15, 0.05],
  [0.12, 0.6, 0.2, 0.08],
  [0.02, 0.1, 0.68, 0.2],
  [0.01, 0.04, 0.15, 0.8],
]
const reaches = [0, 20 * hour, 6 * day, 28 * day, 75 * day]

/** Distribution of moods on a story, in the order of `moodKeys`. */
const tempers: readonly (readonly number[])[] = [
  [0.55, 0.03, 0.32, 0.1],
  [0.24, 0.05, 0.61, 0.1],
  [0.2, 0.06, 0.34, 0.4],
]
const wistful: readonly number[] = [0.08, 0.5, 0.34, 0.08]
const wistfulStories = new Set(
  [
    'whale-fall',
    'moon-drifting-away',
    'red-blood-cell-120-days',
    'why-onions-make-us-cry',
    'seconds-before-the-shaking',
    'emperor-penguin-huddle',
  ].map(slug => storyIdOf(slug)),
)

/** A deterministic random generator: numbers from 0 to 1, derived from a name. */
function luckOf(name: string): () => number {
  let drawn = 0
  let pool = Buffer.alloc(0)
  return () => {
    if (drawn % 8 === 0) pool = createHash('sha256').update(`${name} ${drawn}`).digest()
    return pool.readUInt32LE((drawn++ % 8) * 4) / 2 ** 32
  }
}

/** The index that a random number selects among weights. */
function draw(weights: readonly number[], luck: number): number {
  let left = luck * weights.reduce((sum, weight) => sum + weight, 0)
  const at = weights.findIndex(weight => {
    left -= weight
    return left < 0
  })
  return at < 0 ? weights.length - 1 : at
}

const date = (instant: number) => ({ $date: new Date(instant).toISOString() })

/**
 * The rows of a subject: a ballot for each answer, and one shard with the counts that the voting core would have
 * stored.
 */
function rowsOf(subject: Subject, answers: readonly Answer[], now: number): object[] {
  if (answers.length === 0) return []
  const sums = noSums()
  for (const { options, castAt } of answers) {
    addBallot(sums, countedAs(subject, options), castAt, now, isRanked(subject))
  }
  const { all, ...buckets } = sums
  const first = Math.floor(luckOf(subject)() * readers)
  const ballots = answers.map(({ options, castAt }, n) => {
    const reader = hashOf('sample reader', String((first + n) % readers))
    return {
      _id: ballotIdOf(reader, subject),
      kind: 'ballot',
      subject,
      reader,
      options,
      revision: Math.floor(castAt),
      firstAt: date(castAt),
      castAt: date(castAt),
      changes: 1,
      changesDay: dayOf(castAt),
    }
  })
  return [
    ...ballots,
    {
      _id: `${subject}:0`,
      kind: 'shard',
      subject,
      all,
      ...(isRanked(subject) ? buckets : {}),
      rev: answers.length,
      changedAt: date(Math.max(...answers.map(({ castAt }) => castAt))),
    },
  ]
}

function moodsOf({ _id, publishedAt }: StoryRow, now: number): Answer[] {
  const luck = luckOf(_id)
  const count = Math.round(fewest + (most - fewest) * luck() ** 2)
  const season = seasons[Math.floor(luck() * seasons.length)] ?? []
  const temper = wistfulStories.has(_id) ? wistful : (tempers[Math.floor(luck() * tempers.length)] ?? [])
  // No vote is older than its story.
  const oldest = Math.max(hour, now - publishedAt.$date)
  return Array.from({ length: count }, () => {
    const within = draw(season, luck())
    const [from = 0, to = 0] = reaches.slice(within, within + 2)
    const age = from + (to - from) * luck()
    const castAt = Math.floor(now - (age < oldest ? age : oldest * luck()))
    return { options: [moodKeys[draw(temper, luck())] ?? 'like'], castAt }
  })
}

function answersOf({ _id, options, choices, opensAt, closesAt }: PollRow, now: number): Answer[] {
  const until = Math.min(now, closesAt)
  if (until <= opensAt) return []
  const luck = luckOf(_id)
  const weights = options.map(() => 0.2 + luck())
  const one = () => [options[draw(weights, luck())] ?? '']
  const some = () => options.filter((_, n) => luck() < (weights[n] ?? 0) / 1.4)
  return Array.from({ length: Math.round(90 + 260 * luck()) }, () => {
    const castAt = Math.floor(opensAt + (until - opensAt) * luck())
    const chosen = choices === 'several' ? some() : []
    return { options: chosen.length > 0 ? chosen : one(), castAt }
  })
}

/**
 * Rows for the collection `votes`, as if these readers had voted until `now` (ms since 1970). Takes the lines that are
 * imported as `articles` and `polls`.
 */
export function sampleVotes(articles: readonly string[], polls: readonly string[], now: number): object[] {
  const read = <Row>(schema: v.GenericSchema<unknown, Row>, lines: readonly string[]): Row[] =>
    lines.map(line => v.parse(schema, JSON.parse(line)))
  return [
    ...read(StoryRow, articles).flatMap(story => rowsOf(`mood:${story._id}`, moodsOf(story, now), now)),
    ...read(PollRow, polls).flatMap(poll => {
      const subject: Subject = `poll:${poll._id}`
      const rows = rowsOf(subject, answersOf(poll, now), now)
      if (rows.length === 0) return []
      // The first answer fixes the poll's form: see shared/stores/votes.ts.
      const form = { options: [...poll.options].sort(), choices: poll.choices }
      return [...rows, { _id: `${subject}:form`, kind: 'form', subject, ...form }]
    }),
  ]
}
