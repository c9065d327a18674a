import { moodKeys } from '#contract/mood'
import { rankingMinimum } from '#contract/ranking'
import { dayOf, isoTime, secondsToMidnight, startOfDay } from '#shared/beijing-time'
import { hourOf } from '#shared/buckets'
import { countWords } from '#shared/count-words'
import { isDuplicate, isMissingCollection, isTransient } from '#shared/failures'
import { hashOf } from '#shared/hash'
import type { Poll } from '#shared/stores/polls'
import type { SubjectVotes } from '#shared/stores/votes'
import { addBallot, liveSums, noSums, sameSums, sumOf, totalOf } from '#shared/sums'
import { countBegun } from '#shared/voting/cast-ballot'
import { moodStateOf, moodSubject } from '#shared/voting/mood'
import { fixFormOf, pollStateOf, pollSubject } from '#shared/voting/poll'
import { ballotIdOf, countedAs, isRanked, storyOf } from '#shared/voting/subject'
import { entriesOf } from '../../../cloudfunctions/clock/roll-boards'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const hour = 3_600_000
const day = 24 * hour
/** 00:30 in Beijing. */
const now = Date.UTC(2026, 10, 26, 16, 30)

test('a reader keeps the ballots of earlier releases: their ids never change', () => {
  expect(hashOf('salt', 'openid')).toBe('SbO-IIp1-Q3-yetP0YlfTa')
  expect(hashOf('a', 'bc')).not.toBe(hashOf('ab', 'c'))
  expect(ballotIdOf('reader', moodSubject('story00001'))).toBe(hashOf('ballot', 'reader', 'mood:story00001'))
  expect([moodSubject('story00001'), pollSubject('pans')]).toEqual(['mood:story00001', 'poll:pans'])
})

test('moods are ranked under their story; polls are not, and count a reader once beside the options', () => {
  expect([isRanked('mood:a'), isRanked('poll:mood:a'), storyOf('mood:a'), storyOf('poll:a')]).toEqual([
    ...[true, false],
    ...['a', null],
  ])
  expect(countedAs('mood:a', ['happy'])).toEqual(['happy'])
  expect(countedAs('mood:a', [])).toEqual([])
  expect(countedAs('poll:a', ['x', 'y'])).toEqual(['x', 'y', '_'])
  expect(countedAs('poll:a', [])).toEqual([])
})

test('readers see the sum of all shards, and 0 where damage left less', () => {
  expect(sumOf([{ happy: 3, sad: -2 }, { happy: -1, sad: 1, like: 2 }, {}])).toEqual({
    happy: 2,
    sad: 0,
    like: 2,
  })
  expect(
    totalOf([
      { ...noSums(), all: { a: 1 } },
      { all: { a: 2 }, hour: { 5: { a: 1 } }, day: { 6: { a: 4 } } },
    ]),
  ).toEqual({
    ...{ all: { a: 3 }, hour: { 5: { a: 1 } }, day: { 6: { a: 4 } } },
  })
})

describe('a recount', () => {
  test('counts a ballot in its hour and day only while they are kept, and for polls in the totals only', () => {
    const counted = (castAt: number, isRankedSubject: boolean) => {
      const sums = noSums()
      addBallot(sums, ['a', 'b'], castAt, now, isRankedSubject)
      return sums
    }
    const all = { a: 1, b: 1 }
    expect(counted(now, true)).toEqual({ all, hour: { [hourOf(now)]: all }, day: { [dayOf(now)]: all } })
    expect(counted(now - 47 * hour, true).hour).toEqual({ [hourOf(now) - 47]: all })
    expect(counted(now - 48 * hour, true)).toEqual({ all, hour: {}, day: { [dayOf(now) - 2]: all } })
    expect(counted(now - 30 * day, true)).toEqual({ all, hour: {}, day: { [dayOf(now) - 30]: all } })
    expect(counted(now - 31 * day, true)).toEqual({ all, hour: {}, day: {} })
    expect(counted(now, false)).toEqual({ all, hour: {}, day: {} })
  })

  test('compares what counts now: neither zeros nor what has expired', () => {
    const [oldHour, oldDay] = [hourOf(now) - 48, dayOf(now) - 31]
    const sums = {
      all: { a: 1, b: 0 },
      hour: { [oldHour]: { a: 5 }, [oldHour + 1]: { a: 2 }, [hourOf(now)]: { a: 0 } },
      day: { [oldDay]: { a: 5 }, [oldDay + 1]: { a: -3 }, [dayOf(now)]: {} },
    }
    const live = { all: { a: 1 }, hour: { [oldHour + 1]: { a: 2 } }, day: { [oldDay + 1]: { a: -3 } } }
    expect(liveSums(sums, now)).toEqual(live)
    expect(sameSums(sums, live, now)).toBe(true)
    for (const part of ['all', 'hour', 'day'] as const)
      expect([
        sameSums({ ...live, [part]: {} }, live, now),
        sameSums(live, { ...live, [part]: {} }, now),
      ]).toEqual([...[false, false]])
  })
})

test('a story is ranked for each mood and span with enough votes, beside all its votes of that span', () => {
  const counts = { '24h': {}, '7d': { happy: rankingMinimum - 1, sad: 9 }, '30d': { happy: 4 }, all: {} }
  const [least, sad] = [
    { happy: rankingMinimum, sad: -2, like: 5 },
    { other: 50, pass: rankingMinimum },
  ]
  const title = { id: 'x', title: 'x', publishedAt: 7, version: 1 }
  const entries = (within: Record<string, Record<string, number>>) =>
    entriesOf('story00001', title, span => within[span] ?? {})
  expect(entries(counts)).toEqual([
    ['sad:7d', { id: 'story00001', count: 9, total: 9 + rankingMinimum - 1, publishedAt: 7 }],
    ['happy:30d', { id: 'story00001', count: 4, total: 4, publishedAt: 7 }],
  ])
  expect(entries({ '24h': least, all: sad })).toEqual([
    // A negative count is damage and takes nothing from the others.
    ['happy:24h', { id: 'story00001', count: rankingMinimum, total: rankingMinimum + 5, publishedAt: 7 }],
    ['like:24h', { id: 'story00001', count: 5, total: rankingMinimum + 5, publishedAt: 7 }],
    ['pass:all', { id: 'story00001', count: rankingMinimum, total: rankingMinimum, publishedAt: 7 }],
  ])
})

test('the subjects that a reader began today include those that a deletion of today removed', () => {
  const note = { at: 5, revision: 0, begun: 7, begunDay: 100 }
  expect(countBegun(null, [0, 0, 5], 100)).toBe(3)
  expect(countBegun(note, [5, 0, 5], 100)).toBe(9)
  expect(countBegun(note, [5, 0, 5], 101)).toBe(3)
})

test('a reader’s moods: every mood has a count; the reply to a vote that lost says what it lost to', () => {
  const zeros = Object.fromEntries(moodKeys.map(mood => [mood, 0]))
  const votes: SubjectVotes = { counts: { sad: 2 }, ballot: { options: ['sad'], revision: 9 }, form: null }
  expect(moodStateOf(votes, true)).toEqual({
    counts: { ...zeros, sad: 2 },
    own: 'sad',
    canVote: true,
    wish: 9,
  })
  const deletion = { epoch: 4, sinceDeletion: 1 }
  expect(moodStateOf({ ...votes, ballot: { options: [], revision: -3 }, deletion }, false)).toEqual({
    ...{ counts: { ...zeros, sad: 2 }, own: null, canVote: false, wish: 0 },
    ...deletion,
  })
  expect(moodStateOf({ ...votes, ballot: null }, true)).toMatchObject({ own: null, wish: 0 })
})

describe('a poll', () => {
  const poll: Poll = {
    ...{
      id: 'pans',
      question: '用哪种锅？',
      choices: 'one',
      opensAt: 1_000,
      closesAt: 2_000,
      articleId: 'story00001',
    },
    options: ['iron', 'clay'].map(key => ({ key, label: key })),
  }
  const votes = (more: object = {}) => ({
    ...{ counts: { iron: 3, _: 3, gone: 1 }, ballot: null, form: null },
    ...more,
  })
  const own = (options: string[], revision = 6) => ({ ballot: { options, revision } })

  test('shows its counts to those who have answered, who cannot answer, and after its end; never before its beginning', () => {
    const result = { counts: { iron: 3, clay: 0 }, readers: 3 }
    const resultFor = (more: object, isKnown: boolean, at: number) =>
      pollStateOf(poll, votes(more), isKnown, at).result
    expect(resultFor({}, true, 1_000)).toBeNull()
    expect(resultFor(own([]), true, 1_000)).toBeNull()
    expect(resultFor(own(['iron']), true, 1_000)).toEqual(result)
    expect(resultFor({}, false, 1_000)).toEqual(result)
    expect(resultFor({}, true, 2_000)).toEqual(result)
    expect([resultFor({}, false, 999), resultFor(own(['iron']), true, 999)]).toEqual([null, null])
  })

  test('as a reader sees it holds neither its place nor a negative revision', () => {
    const deletion = { epoch: 4, sinceDeletion: 1 }
    expect(pollStateOf(poll, votes({ ...own(['clay'], -2), deletion }), true, 1_500)).toEqual({
      ...{
        id: 'pans',
        question: '用哪种锅？',
        choices: 'one',
        opensAt: 1_000,
        closesAt: 2_000,
        options: poll.options,
      },
      ...{ closed: false, own: ['clay'], canVote: true, wish: 0, ...deletion },
      result: { counts: { iron: 3, clay: 0 }, readers: 3 },
    })
    expect(pollStateOf(poll, votes(own(['clay'])), true, 1_500)).toMatchObject({ wish: 6 })
    expect(pollStateOf(poll, { counts: {}, ballot: null, form: null }, false, 1_500).result).toEqual({
      ...{ counts: { iron: 0, clay: 0 }, readers: 0 },
    })
  })

  test('that was changed after the first answer is not found, in whatever order its options stand', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const shown = (form: object) => pollStateOf(poll, votes({ form }), true, 1_500).id
    expect(shown({ options: ['iron', 'clay'], choices: 'one' })).toBe('pans')
    expect(shown({ options: ['clay', 'iron'], choices: 'one' })).toBe('pans')
    for (const form of [
      { options: ['clay', 'iron'], choices: 'several' },
      { options: ['clay', 'iron', 'wok'], choices: 'one' },
      { options: ['clay', 'wok'], choices: 'one' },
    ] as const) {
      expect(() => shown(form)).toThrow(expect.objectContaining({ code: 'not-found' }))
      // Nor does it take an answer.
      const answer = fixFormOf(poll, ['iron'])({} as never, { ...form, options: [...form.options] })
      await expect(answer).rejects.toMatchObject({ code: 'not-found' })
    }
    expect(JSON.parse(String(error.mock.calls[0]?.[0]))).toMatchObject({
      ...{ event: 'broken-poll', id: 'pans', path: 'options' },
      problem: 'answered already: its keys stay clay, iron, its choices several',
    })
    await fixFormOf(poll, ['iron'])({} as never, { options: ['clay', 'iron'], choices: 'one' })
    error.mockRestore()
  })
})

test.each([
  ['ECONNRESET', true],
  ['ECONNREFUSED', true],
  ['EPIPE', true],
  ['ETIMEDOUT', true],
  ['ESOCKETTIMEDOUT', true],
  ['EAI_AGAIN', true],
  ['ENOTFOUND', true],
  ['DATABASE_TRANSACTION_FAIL', true],
  ['DATABASE_TRANSACTION_CONFLICT', true],
  ['DATABASE_REQUEST_FAILED', false],
  [7, false],
])('a failure with the code %s may pass: %j', (code, mayPass) => {
  expect(isTransient(Object.assign(new Error('failed'), { code }))).toBe(mayPass)
})

test('the SDK’s numbers of failures are told apart', () => {
  const of = (errCode: unknown) => [
    isTransient({ errCode }),
    isDuplicate({ errCode }),
    isMissingCollection({ errCode }),
  ]
  expect([-501001, -502001, -502005, -1, undefined, '-502001'].map(of)).toEqual([
    [true, false, false],
    [true, true, false],
    [false, false, true],
    ...Array(3).fill([false, false, false]),
  ])
  for (const none of [null, undefined, 'text', 5])
    expect([isTransient(none), isDuplicate(none), isMissingCollection(none)]).toEqual([false, false, false])
})

test('a Beijing day begins and ends at midnight there', () => {
  const midnight = Date.UTC(2026, 10, 26, 16)
  expect([midnight - 1, midnight, midnight + day - 1].map(dayOf)).toEqual([20_783, 20_784, 20_784])
  expect(startOfDay(20_784)).toBe(midnight)
  expect([midnight, midnight + 1, midnight + day - 1_000, midnight + day - 1].map(secondsToMidnight)).toEqual(
    [...[86_400, 86_400, 1, 1]],
  )
  expect(isoTime(Date.UTC(2026, 10, 20, 1, 30, 5, 999))).toBe('2026-11-20T09:30:05+08:00')
  expect(isoTime(midnight)).toBe('2026-11-27T00:00:00+08:00')
})

test('counts are told under all their names, in the order of the names', () => {
  expect(countWords({ a: '甲', b: '乙' }, { b: 2 })).toBe('甲 0　乙 2')
})
