import { answerPoll, type PollState, readPoll } from '#contract/poll'
import { writtenTime } from '#shared/publishing/written-time'
import {
  got,
  logsOf,
  putPolls,
  putRows,
  refused,
  rowsOf,
  startAppCloud,
  storyRow,
} from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'
import { startOutsideInstance } from '../../support/outside-instance'

let cloud: CloudProcess
let guest: Reader
let number = 0

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '3'] })
  guest = await cloud.guest()
}, 60_000)
afterAll(() => cloud?.stop())

const minute = 60_000

/** A row as the editors' table stores it; open from a day ago until a day from now unless `changes` says otherwise. */
async function putPoll(changes: object = {}, id = `poll${++number}`): Promise<string> {
  await putPolls(cloud, [
    {
      _id: id,
      question: '您家用哪种锅？',
      options: [
        { key: 'iron', label: '铁锅' },
        { key: 'steel', label: '不锈钢锅' },
        { key: 'clay', label: '砂锅' },
      ],
      choices: 'one',
      opensAt: writtenTime(Date.now() - 1440 * minute),
      closesAt: writtenTime(Date.now() + 1440 * minute),
      ...changes,
    },
  ])
  return id
}

const seen = async (reader: Reader, pollId: string) => (await got(cloud, reader, readPoll, { pollId })).poll
const answer = (reader: Reader, pollId: string, options: string[], revision: number): Promise<PollState> =>
  got(cloud, reader, answerPoll, { pollId, options, wish: revision })

/** Instances cache the rows they have read for three seconds. */
const laterOn = (ms = 4_000) => cloud.control('clock', { move: ms })

describe('a poll', () => {
  test('shows its result to a reader who has answered, and hides it again when the reader takes the answer back', async () => {
    const pollId = await putPoll()
    const [one, two] = [await cloud.signIn(), await cloud.signIn()]
    expect(await seen(one, pollId)).toMatchObject({ own: [], canVote: true, closed: false, result: null })
    await answer(one, pollId, ['iron'], 1)
    expect(await answer(two, pollId, ['clay'], 1)).toMatchObject({
      own: ['clay'],
      result: { counts: { iron: 1, steel: 0, clay: 1 }, readers: 2 },
    })
    expect(await answer(two, pollId, ['iron'], 2)).toMatchObject({
      result: { counts: { iron: 2, steel: 0, clay: 0 }, readers: 2 },
    })
    expect(await answer(two, pollId, [], 3)).toMatchObject({ own: [], result: null })
    expect(await seen(one, pollId)).toMatchObject({ result: { counts: { iron: 1 }, readers: 1 } })
  })

  test('shows its result to callers without an identity, who cannot answer', async () => {
    const pollId = await putPoll()
    await answer(await cloud.signIn(), pollId, ['iron'], 1)
    expect(await seen(guest, pollId)).toMatchObject({
      canVote: false,
      own: [],
      result: { counts: { iron: 1, steel: 0, clay: 0 }, readers: 1 },
    })
    expect(await refused(cloud, guest, answerPoll, { pollId, options: ['iron'], wish: 1 })).toMatchObject({
      code: 'unauthenticated',
    })
  })

  test('with several choices counts each choice, and the reader once', async () => {
    const pollId = await putPoll({ choices: 'several' })
    const reader = await cloud.signIn()
    await answer(await cloud.signIn(), pollId, ['iron', 'clay'], 1)
    expect(await answer(reader, pollId, ['clay', 'steel', 'iron'], 1)).toMatchObject({
      result: { counts: { iron: 2, steel: 1, clay: 2 }, readers: 2 },
    })
    expect(await answer(reader, pollId, ['clay'], 2)).toMatchObject({
      result: { counts: { iron: 1, steel: 0, clay: 2 }, readers: 2 },
    })
  })

  test('is found by its story or topic: the open one, else the last one, else the next one', async () => {
    const articleId = 'pollstory1'
    await putRows(cloud, 'articles', [storyRow(articleId, 0)])
    const past = {
      opensAt: writtenTime(Date.now() - 9999 * minute),
      closesAt: writtenTime(Date.now() - 999 * minute),
    }
    const coming = {
      opensAt: writtenTime(Date.now() + 999 * minute),
      closesAt: writtenTime(Date.now() + 9999 * minute),
    }
    const found = async () => (await got(cloud, guest, readPoll, { articleId })).poll?.id
    const next = await putPoll({ ...coming, articleId })
    await putPoll({ ...coming, opensAt: writtenTime(Date.now() + 1999 * minute), articleId })
    expect(await found()).toBe(next)
    const last = await putPoll({ ...past, articleId })
    await laterOn()
    expect(await found()).toBe(last)
    const open = await putPoll({ articleId })
    // It closes last, but was withdrawn.
    await putPoll({ articleId, state: 'withdrawn', closesAt: coming.closesAt })
    await laterOn()
    const ofTopic = await putPoll({ topicId: 'polltopic1', articleId: '' })
    const publishedAt = { $date: new Date(0).toISOString() }
    await putRows(cloud, 'publishedTopics', [
      { _id: 'polltopic1', state: 'published', title: '锅', publishedAt },
    ])
    expect(await got(cloud, guest, readPoll, { articleId })).toMatchObject({ poll: { id: open } })
    expect(await got(cloud, guest, readPoll, { topicId: 'polltopic1' })).toMatchObject({
      poll: { id: ofTopic },
    })
    expect(await got(cloud, guest, readPoll, { articleId: 'pollstory2' })).toEqual({ poll: null })
  })

  test('disappears when its story is withdrawn', async () => {
    const articleId = 'pollstory3'
    const pollId = await putPoll({ articleId })
    await putRows(cloud, 'articles', [storyRow(articleId, 0)])
    expect(await seen(guest, pollId)).toMatchObject({ id: pollId })
    await putRows(cloud, 'articles', [storyRow(articleId, 0, { state: 'withdrawn' })])
    await laterOn()
    expect(await seen(guest, pollId)).toBeNull()
    const reader = await cloud.signIn()
    expect(await refused(cloud, reader, answerPoll, { pollId, options: ['iron'], wish: 1 })).toMatchObject({
      code: 'not-found',
    })
  })

  test('disappears when its topic is withdrawn', async () => {
    const topic = (state: string) => ({
      ...{ _id: 'polltopic2', state, title: '锅' },
      publishedAt: { $date: new Date(0).toISOString() },
    })
    const pollId = await putPoll({ topicId: 'polltopic2' })
    await putRows(cloud, 'publishedTopics', [topic('published')])
    expect(await seen(guest, pollId)).toMatchObject({ id: pollId })
    await putRows(cloud, 'publishedTopics', [topic('withdrawn')])
    await laterOn()
    expect(await seen(guest, pollId)).toBeNull()
  })

  test('that cannot be read is left out of its topic, which is shown all the same', async () => {
    const topicId = 'polltopic3'
    await putRows(cloud, 'publishedTopics', [
      {
        _id: topicId,
        state: 'published',
        title: '锅',
        poll: 'stands',
        publishedAt: { $date: new Date(0).toISOString() },
      },
    ])
    await putPoll({ topicId }, 'stands')
    const outside = await startOutsideInstance(cloud)
    const event = { action: 'readTopic', data: { topicId } }
    const call = () => outside.call({ name: 'content', source: 'wx_client', event, fresh: true })
    try {
      expect(await call()).toMatchObject({
        ok: true,
        data: { topic: { title: '锅' }, poll: { id: 'stands' } },
      })
      outside.onReply = body =>
        body.includes('"votes"') ? '{"code":"DATABASE_COLLECTION_NOT_EXIST","message":"gone"}' : true
      const reply = await call()
      expect(reply).toMatchObject({ ok: true, data: { topic: { title: '锅' }, items: [] } })
      expect(reply).not.toHaveProperty('data.poll')
      // An environment from before topics has no such collection: the home page works without them.
      outside.onReply = body =>
        body.includes('"publishedTopics"')
          ? '{"code":"DATABASE_COLLECTION_NOT_EXIST","message":"gone"}'
          : true
      const home = {
        name: 'content',
        source: 'wx_client',
        event: { action: 'readHome', data: {} },
        fresh: true,
      }
      expect(await outside.call(home)).toMatchObject({ ok: true, data: { topics: [] } })
    } finally {
      outside.close()
    }
  })

  test('opens and closes at the Beijing times that its editor typed', async () => {
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    const start = Math.ceil(now / minute) * minute
    const pollId = await putPoll({
      opensAt: writtenTime(start + 10 * minute),
      closesAt: writtenTime(start + 20 * minute),
    })
    const reader = await cloud.signIn()
    const early = await refused(cloud, reader, answerPoll, { pollId, options: ['iron'], wish: 1 })
    expect(early.code).toBe('conflict')
    for (const who of [reader, guest]) {
      expect(await seen(who, pollId)).toMatchObject({ closed: false, canVote: false, own: [], result: null })
    }
    expect((await rowsOf(cloud, 'votes')).filter(row => row.subject === `poll:${pollId}`)).toEqual([])
    await laterOn(11 * minute)
    await answer(reader, pollId, ['iron'], 1)
    await laterOn(10 * minute)
    const late = await refused(cloud, reader, answerPoll, { pollId, options: ['clay'], wish: 2 })
    expect(late.code).toBe('conflict')
    expect(await seen(reader, pollId)).toMatchObject({ closed: true, canVote: false, own: ['iron'] })
    expect(await seen(await cloud.signIn(), pollId)).toMatchObject({ closed: true, result: { readers: 1 } })
  })

  test('refuses unknown options, two options where one is allowed, and repeated options; nothing is written', async () => {
    const pollId = await putPoll()
    const reader = await cloud.signIn()
    for (const options of [
      ['wood'],
      ['iron', 'clay'],
      ['iron', 'iron'],
      ['_'],
      ['all.iron'],
      ['__proto__'],
      'iron',
      null,
    ]) {
      const reply = await cloud.call(reader, 'reactions', {
        action: 'answerPoll',
        data: { pollId, options, wish: 1 },
      })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    // One that exists does not let the other pass.
    const several = await putPoll({ choices: 'several' })
    expect(
      await refused(cloud, reader, answerPoll, { pollId: several, options: ['iron', 'wood'], wish: 1 }),
    ).toMatchObject({ code: 'invalid' })
    for (const bad of [`${pollId}\u0000`, 'x'.repeat(5000), { $gt: '' }, 7]) {
      const data = { pollId: bad, options: ['iron'], wish: 1 }
      const reply = await cloud.call(reader, 'reactions', { action: 'answerPoll', data })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    expect((await rowsOf(cloud, 'votes')).filter(row => row.subject === `poll:${pollId}`)).toEqual([])
  })
})

describe('an editor', () => {
  test('may correct the wording of a poll that has answers, but not its keys or the number of choices', async () => {
    const pollId = await putPoll()
    const reader = await cloud.signIn()
    await answer(reader, pollId, ['iron'], 1)
    const options = [
      { key: 'clay', label: '陶锅' },
      { key: 'iron', label: '生铁锅' },
      { key: 'steel', label: '钢锅' },
    ]
    await putPoll({ options }, pollId)
    await laterOn()
    expect(await seen(reader, pollId)).toMatchObject({ options, own: ['iron'] })
    for (const change of [{ choices: 'several' }, { options: options.slice(0, 2) }]) {
      await putPoll({ options, ...change }, pollId)
      await laterOn()
      expect(await seen(reader, pollId)).toBeNull()
      for (const who of [reader, await cloud.signIn()]) {
        const error = await refused(cloud, who, answerPoll, { pollId, options: ['clay'], wish: 9 })
        expect(error.code).toBe('not-found')
      }
    }
    await putPoll({ options }, pollId)
    await laterOn()
    expect(await seen(reader, pollId)).toMatchObject({ own: ['iron'], result: { readers: 1 } })
  })

  test.each([
    ['no question', { question: ' ' }, 'question'],
    ['one option', { options: [{ key: 'a', label: 'A' }] }, 'options'],
    ['two options of one key', { options: ['A', 'B'].map(label => ({ key: 'a', label })) }, 'options'],
    [
      'a key that could be a path',
      { options: ['a.b', '$c'].map(key => ({ key, label: 'A' })) },
      'options.0.key',
    ],
    ['an empty time of a form', { closesAt: 0 }, 'closesAt'],
    ['a time that is none', { closesAt: '2026-02-30 10:00' }, 'closesAt'],
    ['an end before its beginning', { closesAt: '2020-01-01 00:00' }, null],
    ['a story that cannot be one', { articleId: 'X' }, 'articleId'],
  ])(
    'whose row has %s finds the reason in the log, and readers do not see the poll',
    async (_what, changes, path) => {
      const pollId = await putPoll(changes)
      expect(await seen(guest, pollId)).toBeNull()
      const lines = (await logsOf(cloud)).flatMap(record => record.lines.map(({ text }) => text))
      const said = lines
        .map(text => JSON.parse(text) as Record<string, unknown>)
        .find(({ id }) => id === pollId)
      expect(said).toMatchObject({ event: 'broken-poll', path, problem: expect.any(String) })
    },
  )
})
