import { setMood } from '#contract/mood'
import { answerPoll } from '#contract/poll'
import { readTopic } from '#contract/topic'
import { got, putPolls, putRows, rowsOf, startAppCloud, storyRow } from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'

let cloud: CloudProcess
let reader: Reader
let before: string

const story = 'badinput01'
const options = ['iron', 'clay'].map(key => ({ key, label: key }))
const year = 366 * 86_400_000

const poll = (_id: string, changes: object = {}) => ({
  _id,
  question: '?',
  options,
  opensAt: '2020-01-01 00:00',
  closesAt: '2099-01-01 00:00',
  ...changes,
})

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '2'] })
  reader = await cloud.signIn()
  const publishedAt = { $date: new Date(0).toISOString() }
  await putRows(cloud, 'articles', [
    storyRow(story, 0),
    storyRow('draftstory', 0, { state: 'draft' }),
    storyRow('goneaway01', 0, { state: 'withdrawn' }),
  ])
  await putRows(cloud, 'publishedTopics', [
    { _id: 'drafttopic', state: 'draft', title: '稿', publishedAt, poll: 'ontopic' },
    { _id: 'opentopic1', state: 'published', title: '专题', publishedAt, poll: 'shown' },
  ])
  await putPolls(cloud, [
    poll('open'),
    poll('shown', { topicId: 'opentopic1' }),
    poll('closed', { closesAt: '2020-01-02 00:00' }),
    poll('coming', { opensAt: '2098-01-01 00:00' }),
    poll('ondraft', { articleId: 'draftstory' }),
    poll('ongone', { articleId: 'goneaway01' }),
    poll('ontopic', { topicId: 'drafttopic' }),
  ])
  // Some readers have voted: none of their data may change.
  await got(cloud, reader, setMood, { articleId: story, mood: 'happy', wish: 1 })
  await got(cloud, reader, answerPoll, { pollId: 'open', options: ['iron'], wish: 1 })
  before = await everything()
}, 60_000)
afterAll(() => cloud?.stop())
afterEach(async () => expect(await everything()).toBe(before))

const collections = ['articles', 'publishedTopics', 'publishedPolls', 'votes', 'rankings', 'settings']
/** All rows except the record of the forger's own deletion. */
const everything = async (): Promise<string> => {
  const rows = await Promise.all(collections.map(name => rowsOf(cloud, name)))
  const voters = new Set(rows.flat().flatMap(({ kind, reader }) => (kind === 'ballot' ? [reader] : [])))
  const isForgers = (row: Record<string, unknown>) => row.kind === 'forgotten' && !voters.has(row.reader)
  return JSON.stringify(rows.map(list => list.filter(row => !isForgers(row))))
}

const send = (action: string, data: unknown, more: object = {}, who = reader): Promise<unknown> =>
  cloud.call(who, 'reactions', { ...more, action, data })

async function expectCode(code: string, action: string, data: unknown): Promise<void> {
  const reply = (await send(action, data)) as { ok: boolean; error?: { code: string; message: string } }
  const shown = `${action} ${JSON.stringify(data)?.slice(0, 80)}`
  expect([shown, reply.ok, reply.error?.code]).toEqual([shown, false, code])
  expect(JSON.stringify(reply).length).toBeLessThan(1_000)
}

/** Values given as an id that are not valid ids. */
const noIds = [
  ...['', 'x', `${story}\u0000`, `\u0000${story}`, ` ${story}`, `${story}/../`, 'a.b.c.d.e.f', '$where12345'],
  ...['x'.repeat(41), 'x'.repeat(90_000), '题目题目题目题目题目', '__proto__!'],
  ...[null, undefined, 7, true, {}, [], [story], { $ne: null }, { $gt: '' }, { _id: story }],
]
const noRevisions = [
  ...[0, -1, 1.5, Number.MAX_SAFE_INTEGER + 2, 1e300, null, undefined],
  ...['1', '', 'now', true, {}, [1], { $inc: 1 }],
]
const farRevisions = [2, 50, 1_000].map(years => Date.now() + years * year)

describe('refused as invalid, with nothing written: ', () => {
  test('a story, a poll or a topic by an invalid id', async () => {
    for (const id of noIds) {
      await expectCode('invalid', 'setMood', { articleId: id, mood: 'sad', wish: 9 })
      await expectCode('invalid', 'readPoll', { articleId: id })
      await expectCode('invalid', 'readPoll', { topicId: id })
      // A poll's id may be short: an editor types it.
      if (id === 'x') continue
      await expectCode('invalid', 'answerPoll', { pollId: id, options: ['clay'], wish: 9 })
      await expectCode('invalid', 'readPoll', { pollId: id })
    }
  })

  test('a mood that is not on the list', async () => {
    for (const mood of [
      'angry',
      'HAPPY',
      'happy\u0000',
      '',
      'constructor',
      '__proto__',
      'all.happy',
      '$inc',
    ]) {
      await expectCode('invalid', 'setMood', { articleId: story, mood, wish: 9 })
    }
    for (const mood of [0, 1, true, [], ['happy'], {}, { $inc: 1 }, 'x'.repeat(50_000)]) {
      await expectCode('invalid', 'setMood', { articleId: story, mood, wish: 9 })
    }
  })

  test('options that the poll does not have, too many options, or malformed options', async () => {
    const nine = Array.from({ length: 9 }, (_, n) => `k${n}`)
    const none = ['iron', 7, null, {}, { $each: ['iron'] }, [null], [7], [['iron']], [{ key: 'iron' }]]
    const unknown = [['wood'], ['_'], ['iron\u0000'], ['all.iron'], ['__proto__'], ['x'.repeat(25)], ['']]
    const tooMany = [['iron', 'clay'], ['iron', 'iron'], nine, Array.from({ length: 5_000 }, () => 'iron')]
    for (const chosen of [...none, ...unknown, ...tooMany]) {
      await expectCode('invalid', 'answerPoll', { pollId: 'open', options: chosen, wish: 9 })
    }
  })

  test('a revision that is not a valid number, or lies years ahead', async () => {
    for (const revision of [...noRevisions, ...farRevisions]) {
      await expectCode('invalid', 'setMood', { articleId: story, mood: 'sad', wish: revision })
      await expectCode('invalid', 'answerPoll', { pollId: 'open', options: ['clay'], wish: revision })
    }
  })

  test('a ranking that does not exist, and a page that it cannot have', async () => {
    for (const wrong of [{ mood: 'angry' }, { span: '8d' }, { span: 'toString' }, { mood: undefined }]) {
      await expectCode('invalid', 'readRanking', { mood: 'happy', span: '7d', ...wrong })
    }
    for (const cursor of ['', '-1', '1.5', 'x', '9999', '1\u0000', 20, {}, null]) {
      await expectCode('invalid', 'readRanking', { mood: 'happy', span: '7d', cursor })
    }
  })
})

describe('refused with a specific error code, with nothing written: ', () => {
  test('a story, and the poll of a story or topic, that readers cannot see', async () => {
    for (const articleId of ['draftstory', 'goneaway01', 'absent0001']) {
      await expectCode('not-found', 'setMood', { articleId, mood: 'sad', wish: 9 })
    }
    for (const pollId of ['ondraft', 'ongone', 'ontopic', 'absent']) {
      await expectCode('not-found', 'answerPoll', { pollId, options: ['clay'], wish: 9 })
      expect(await send('readPoll', { pollId })).toEqual({ ok: true, data: { poll: null } })
    }
    for (const place of [{ articleId: 'draftstory' }, { topicId: 'drafttopic' }]) {
      expect(await send('readPoll', place)).toEqual({ ok: true, data: { poll: null } })
    }
    // Polls of visible topics are shown, so the refusals above have the right reason.
    const { poll: shown } = await got(cloud, reader, readTopic, { topicId: 'opentopic1' })
    expect(shown).toMatchObject({ id: 'shown', canVote: true })
  })

  test('an answer to a poll before it opens and after it closed', async () => {
    for (const pollId of ['coming', 'closed']) {
      for (const chosen of [['clay'], []]) {
        await expectCode('conflict', 'answerPoll', { pollId, options: chosen, wish: 9 })
      }
    }
  })
})

test('a call counts as its caller’s, whatever the event claims: no other reader’s ballot is read, changed or removed', async () => {
  const forger = await cloud.signIn()
  const [ballot] = (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'ballot')
  const claims = {
    openid: reader.openid,
    OPENID: reader.openid,
    _openid: reader.openid,
    reader: ballot?.reader,
    userInfo: { openId: reader.openid, appId: 'wx0000000000000000' },
  }
  for (const who of [forger, await cloud.guest()]) {
    const seen = await send('readPoll', { pollId: 'open', ...claims }, claims, who)
    expect(seen).toMatchObject({ ok: true, data: { poll: { own: [], wish: 0 } } })
  }
  const forgotten = await send('forgetReader', claims, claims, forger)
  expect(forgotten).toEqual({ ok: true, data: { done: true, removed: 0, epoch: expect.any(Number) } })
  const guest = await cloud.guest()
  for (const [action, data] of [
    ['forgetReader', claims],
    ['answerPoll', { pollId: 'open', options: [], wish: 99, ...claims }],
    ['setMood', { articleId: story, mood: null, wish: 99, ...claims }],
  ] as const) {
    expect(await send(action, data, claims, guest)).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    })
  }
})
