import { openArticle } from '#contract/article'
import { moodKeys, setMood } from '#contract/mood'
import { answerPoll, type PollPlace, readPoll } from '#contract/poll'
import { rankingSpanKeys, readRanking } from '#contract/ranking'
import { sampleVotes } from '../../../stories/build/sample-votes'
import { built, got, logsOf, putRows, rowsOf, startAppCloud } from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'
import { sampleLines, sampleStories, sampleTopics } from '../../support/sample-rows'

/** The sample stories have fixed dates: the week in which they were written. */
const now = Date.UTC(2026, 10, 25, 12)
const minute = 60_000

let cloud: CloudProcess
let reader: Reader
let guest: Reader
let polls: ({ _id: string } & Record<string, unknown>)[]

async function tick(): Promise<void> {
  const { result } = await cloud.control<{ result: unknown }>('fire', { name: 'clock' })
  expect(result).toEqual({ ok: true })
}

beforeAll(async () => {
  await built('functions', 'stories')
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '2'] })
  const { now: real } = await cloud.control<{ now: number }>('clock', { move: 0 })
  await cloud.control('clock', { move: now - real })
  const [articles, pollLines] = [sampleLines('articles'), sampleLines('polls')]
  polls = sampleLines('publishedPolls').map(line => JSON.parse(line))
  await putRows(cloud, 'articles', sampleStories())
  // A topic's poll is visible only where its topic is.
  await putRows(cloud, 'publishedTopics', sampleTopics())
  await putRows(cloud, 'publishedPolls', polls)
  await putRows(cloud, 'votes', sampleVotes(articles, pollLines, now))
  ;[reader, guest] = await Promise.all([cloud.signIn(), cloud.guest()])
  await tick()
}, 120_000)
afterAll(() => cloud?.stop())

const placeOf = (id: string): PollPlace => {
  const { articleId, topicId } = polls.find(({ _id }) => _id === id) ?? ({} as Record<string, unknown>)
  return articleId ? { articleId: String(articleId) } : { topicId: String(topicId) }
}

test('the preview’s counts match its ballots: the clock recounts all of them and corrects nothing', async () => {
  await cloud.control('clock', { move: 21 * minute })
  await tick()
  const [notes] = (await rowsOf(cloud, 'rankings')).filter(({ _id }) => _id === 'clock')
  expect(notes).toMatchObject({ busy: [], recounting: null })
  // Every subject was recounted: the newest sample vote is older than the point the recount has reached.
  const recounted = Number(Object.values(notes?.recountedUpTo as object)[0])
  const ids = (await rowsOf(cloud, 'votes')).map(({ _id }) => String(_id))
  expect(recounted).toBeGreaterThan(now)
  expect(ids.filter(id => id.endsWith(':correction'))).toEqual([])
  const said = (await logsOf(cloud)).flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n')
  expect(said).not.toMatch(/counts-corrected|broken-|failed/)
})

test('each ranking of the preview has rows, and no two time spans of a mood are equal', async () => {
  for (const mood of moodKeys) {
    const seen: string[] = []
    for (const span of rankingSpanKeys) {
      const { items } = await got(cloud, guest, readRanking, { mood, span })
      expect([mood, span, items.length > 2]).toEqual([mood, span, true])
      seen.push(items.map(({ id, count }) => `${id} ${count}`).join())
    }
    expect(new Set(seen).size).toBe(rankingSpanKeys.length)
  }
})

test('a reader’s own vote and answer are added to those of the preview', async () => {
  const { articleId } = placeOf('egg-doneness') as { articleId: string }
  const { mood: before } = await got(cloud, reader, openArticle, { articleId })
  const { counts } = await got(cloud, reader, setMood, { articleId, mood: 'happy', wish: 1 })
  expect(counts).toEqual({ ...before.counts, happy: (before.counts.happy ?? 0) + 1 })

  const { poll: asGuest } = await got(cloud, guest, readPoll, { articleId })
  const answered = await got(cloud, reader, answerPoll, {
    pollId: 'egg-doneness',
    options: ['soft'],
    wish: 1,
  })
  expect(answered.result?.readers).toBe((asGuest?.result?.readers ?? 0) + 1)
  expect(answered.result?.counts.soft).toBe((asGuest?.result?.counts.soft ?? 0) + 1)
})

test('the preview has a poll with pictures, a multiple-choice poll on a topic, a closed poll and a future one', async () => {
  const seen = async (id: string) => (await got(cloud, reader, readPoll, placeOf(id))).poll
  const pictured = await seen('colour-to-see')
  expect(pictured).toMatchObject({ choices: 'one', canVote: true, closed: false, result: null })
  expect(pictured?.options.every(({ picture }) => picture?.src.endsWith('.jpg'))).toBe(true)
  expect(placeOf('kitchen-questions')).toHaveProperty('topicId')
  expect(await seen('kitchen-questions')).toMatchObject({ choices: 'several', canVote: true })
  expect(await seen('count-thunder')).toMatchObject({ closed: true, canVote: false })
  expect((await seen('count-thunder'))?.result?.readers).toBeGreaterThan(10)
  const coming = await seen('annular-eclipse')
  expect(coming).toMatchObject({ closed: false, canVote: false, result: null })
  expect(coming?.opensAt).toBeGreaterThan(now)
})
