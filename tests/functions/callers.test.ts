import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { setMood } from '#contract/mood'
import { recordShare } from '#contract/sharing'
import { got, logsOf, putRows, refused, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'

let cloud: CloudProcess
let reader: Reader

const articleId = 'callers001'
const functions = ['content', 'reactions', 'sharing']

beforeAll(async () => {
  cloud = await startAppCloud()
  await putRows(cloud, 'articles', [storyRow(articleId, 0)])
  reader = await cloud.signIn()
}, 60_000)
afterAll(() => cloud?.stop())

/** Everything a caller could see: every collection as exported, and every line that a function logged. */
async function everythingKept(): Promise<string> {
  const collections = await cloud.control<(string | { name: string })[]>('collections')
  const names = collections.map(entry => (typeof entry === 'string' ? entry : entry.name))
  expect(names).toEqual(expect.arrayContaining(['articles', 'votes', 'shares', 'settings']))
  const rows = await Promise.all(names.map(name => rowsOf(cloud, name)))
  return JSON.stringify([rows, await logsOf(cloud)])
}

describe('a caller', () => {
  test('is identified by the platform, whatever the event claims', async () => {
    const victim = await cloud.signIn()
    await got(cloud, victim, setMood, { articleId, mood: 'happy', wish: 1 })
    const claims = {
      openid: victim.openid,
      OPENID: victim.openid,
      reader: victim.openid,
      userInfo: { openId: victim.openid, appId: 'wx0000000000000000' },
      WX_OPENID: victim.openid,
      source: 'wx_trigger',
    }
    const attacker = await cloud.signIn()
    for (const forger of [attacker, await cloud.guest()]) {
      await cloud.call(forger, 'reactions', {
        ...claims,
        action: 'setMood',
        data: { articleId, mood: null, wish: 99, ...claims },
      })
      const opened = await cloud.call(forger, 'content', {
        ...claims,
        action: 'openArticle',
        data: { articleId, ...claims },
      })
      expect(opened).toMatchObject({ ok: true, data: { mood: { own: null } } })
    }
    const { mood } = await got(cloud, victim, openArticle, { articleId })
    expect(mood).toMatchObject({ own: 'happy', wish: 1 })
    const { mood: theirs } = await got(cloud, attacker, openArticle, { articleId })
    expect(theirs).toMatchObject({ own: null, wish: 99 })
  })

  test('has no OPENID in any reply, collection or log', async () => {
    const someone = await cloud.signIn()
    const replies = [
      await cloud.call(someone, 'content', { action: 'openArticle', data: { articleId } }),
      await cloud.call(someone, 'content', { action: 'readFeed', data: {} }),
      await cloud.call(someone, 'reactions', {
        action: 'setMood',
        data: { articleId, mood: 'like', wish: 7 },
      }),
      await cloud.call(someone, 'reactions', {
        action: 'setMood',
        data: { articleId, mood: 'none', wish: 8 },
      }),
      await cloud.call(someone, 'reactions', {
        action: 'setMood',
        data: { articleId: 'absent0003', mood: null, wish: 9 },
      }),
      await cloud.call(someone, 'sharing', {
        action: 'recordShare',
        data: { articleId, channel: 'friend', mark: 'callers000' },
      }),
      await cloud.call(someone, 'sharing', {
        action: 'recordOpening',
        data: { articleId, mark: 'callers000', way: 'friend' },
      }),
    ]
    expect(someone.openid).toMatch(/^o.{27}$/)
    expect(JSON.stringify(replies)).not.toContain(someone.openid)
    expect(await everythingKept()).not.toContain(someone.openid)
  })

  test('without an identity may open a story, page through the feed and record a share', async () => {
    for (const caller of [await cloud.guest(), await cloud.visitor()]) {
      expect((await got(cloud, caller, openArticle, { articleId })).mood.canVote).toBe(false)
      expect((await got(cloud, caller, readFeed, {})).items).toHaveLength(1)
      await got(cloud, caller, recordShare, { articleId, channel: 'moments', mark: 'guest00000' })
    }
  })
})

describe('a share', () => {
  const shares = async () =>
    (await rowsOf(cloud, 'shares')).filter(row => String(row._id).startsWith('share'))

  test('counts once for each mark, however often it is sent', async () => {
    const share = { articleId, channel: 'friend', mark: 'share00001' } as const
    await Promise.all(Array.from({ length: 6 }, () => got(cloud, reader, recordShare, share)))
    await got(cloud, reader, recordShare, { ...share, channel: 'link' })
    const [only, ...more] = await shares()
    expect(more).toEqual([])
    expect(Object.keys(only ?? {}).sort()).toEqual(['_id', 'articleId', 'at', 'channel', 'guests', 'opened'])
    expect(only).toMatchObject({ _id: 'share00001', articleId, channel: 'friend' })
  })

  test('of a story that does not exist, by another channel or under a bad mark is refused', async () => {
    const before = await shares()
    const share = { articleId: 'absent0004', channel: 'friend', mark: 'share00002' } as const
    expect(await refused(cloud, reader, recordShare, share)).toMatchObject({ code: 'not-found' })
    for (const wrong of [
      { channel: 'fax' },
      { mark: 'short' },
      { mark: 'SHARE00003' },
      { mark: { $ne: 1 } },
    ]) {
      const data = { articleId, channel: 'friend', mark: 'share00003', ...wrong }
      const reply = await cloud.call(reader, 'sharing', { action: 'recordShare', data })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    expect(await shares()).toEqual(before)
  })
})

describe('an event', () => {
  const send = async (name: string, body: string) => {
    const response = await fetch(`${cloud.url}/v1/functions/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${reader.token}` },
      body,
    })
    return { status: response.status, reply: JSON.parse(await response.text()) as Record<string, unknown> }
  }

  test.each(functions)(
    'that is malformed, or names an action that %s does not have, is invalid and changes nothing',
    async name => {
      const before = await everythingKept().then(kept => kept.length)
      const wrong = [
        {},
        { action: null },
        { action: ['openArticle'] },
        { action: 'x'.repeat(100) },
        { action: 'dropEverything', data: {} },
        { action: 'toString', data: {} },
        { action: '__proto__', data: {} },
        { action: 'openArticle' },
        { action: 'setMood', data: 'text' },
        { action: 'recordShare', data: [] },
        { data: { articleId } },
      ]
      for (const event of wrong) {
        const { status, reply } = await send(name, JSON.stringify(event))
        expect(status).toBe(200)
        expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
        expect(JSON.stringify(reply)).not.toMatch(/\bat |\.[jt]s\b|node_modules/)
      }
      expect(await everythingKept().then(kept => kept.length)).toBeGreaterThanOrEqual(before)
      expect((await rowsOf(cloud, 'articles')).length).toBe(1)
    },
  )

  test('that is not a JSON object, or is larger than 100 KB, does not reach a function', async () => {
    await cloud.control('reset-counters')
    const data = { articleId, mood: 'happy', wish: 1, more: 'x'.repeat(100 * 1024) }
    const large = JSON.stringify({ action: 'setMood', data })
    expect(await send('reactions', large)).toMatchObject({
      status: 413,
      reply: { code: 'EXCEED_MAX_PAYLOAD_SIZE' },
    })
    for (const body of ['{"action":', '[]', '"setMood"', 'null', '\u0000']) {
      expect(await send('reactions', body)).toMatchObject({ status: 400, reply: { code: 'INVALID_PARAM' } })
    }
    expect(await cloud.control('counters')).toMatchObject({ invocations: 0 })
  })

  test('just under the size limit, from an identity that is far too long, gets the answer invalid', async () => {
    const { reply } = await send(
      'content',
      JSON.stringify({ action: 'openArticle', data: { articleId: 'a'.repeat(90_000) } }),
    )
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    expect(JSON.stringify(reply).length).toBeLessThan(1000)
  })
})

test('to a function that clients may not call, or that does not exist, gets no answer from it', async () => {
  for (const name of ['editor', 'clock', 'shared', 'rules']) {
    await expect(cloud.call(reader, name, {})).rejects.toMatchObject({
      code: expect.stringMatching(/^(FUNCTION_NOT_FOUND|PERMISSION_DENIED)$/),
    })
  }
})
