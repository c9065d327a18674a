import sharp from 'sharp'
import { drawCode } from '#contract/poster'
import { recordShare } from '#contract/sharing'
import { dayOf, secondsToMidnight } from '#shared/beijing-time'
import { got, putRows, refused, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { startOutsideInstance } from '../support/outside-instance'
import { readCode } from '../support/qr-code'

const articleId = 'shared0001'
const other = 'shared0002'
let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  // The clock function's writes would count as those of a share.
  cloud = await startAppCloud({ args: ['--no-timers'] })
  await putRows(cloud, 'articles', [storyRow(articleId, 0), storyRow(other, 1)])
  reader = await cloud.guest()
}, 60_000)
afterAll(() => cloud?.stop())

describe('a share above a day’s limit', () => {
  const limit = { story: 2_000, all: 10_000 }
  let marks = 0
  const newShare = (story: string) => {
    const mark = `limit${String(marks++).padStart(5, '0')}`
    return { articleId: story, channel: 'link', mark } as const
  }
  const accepts = (story: string) => got(cloud, reader, recordShare, newShare(story))
  const refuses = async (story: string) => {
    const error = await refused(cloud, reader, recordShare, newShare(story))
    // Until midnight in Beijing: the tests begin at one o'clock.
    expect(error).toMatchObject({ code: 'too-many', retryAfter: expect.any(Number) })
    expect(error.retryAfter).toBeLessThanOrEqual(23 * 3_600)
    expect(error.retryAfter).toBeGreaterThan(22 * 3_600)
  }
  const draw = (story: string) => ({ articleId: story, mark: newShare(story).mark })
  const moveClock = (move: number) => cloud.control<{ now: number }>('clock', { move })
  let countId: string

  beforeAll(async () => {
    // One o'clock in Beijing: the day does not end during the tests.
    const { now } = await moveClock(0)
    const { now: morning } = await moveClock(secondsToMidnight(now) * 1000 + 3_600_000)
    countId = `share:${dayOf(morning)}`
  })

  test('is refused for that story, by a new instance too', async () => {
    const full = { [articleId]: limit.story - 1 }
    await putRows(cloud, 'quotas', [{ _id: countId, all: 3_000, stories: full }])
    await accepts(articleId)
    await refuses(articleId)
    await cloud.control('kill-workers')
    await refuses(articleId)
    await accepts(other)
    const marked = (await rowsOf(cloud, 'shares')).filter(row => String(row._id).startsWith('limit'))
    expect(marked).toHaveLength(2)
  })

  test('is refused for every story once all stories together have reached their limit', async () => {
    await putRows(cloud, 'quotas', [{ _id: countId, all: limit.all - 1, stories: {} }])
    await cloud.control('kill-workers')
    await accepts(other)
    await refuses(other)
    await refuses(articleId)
  })

  test('writes nothing once the instance knows that the limit is reached', async () => {
    await refuses(articleId)
    await cloud.control('reset-counters')
    await refuses(articleId)
    const { operations } = await cloud.control<{ operations: Record<string, number> }>('counters')
    expect(operations).toMatchObject({ write: 0, transaction: 0 })
    expect(operations.read).toBeLessThanOrEqual(1)
  })

  test('is told to a reader who asks for more mini-codes than a day’s, and guests get none', async () => {
    expect(await refused(cloud, reader, drawCode, draw(articleId))).toMatchObject({ code: 'unauthenticated' })
    const mine = await cloud.signIn()
    const first = draw(articleId)
    const { code } = await got(cloud, mine, drawCode, first)
    const [kind, data = ''] = code.split(',')
    expect(kind).toBe('data:image/png;base64')
    const picture = Buffer.from(data, 'base64')
    expect((await sharp(picture).metadata()).width).toBeGreaterThanOrEqual(280)
    const { pathname, searchParams } = new URL((await readCode(picture)) ?? '')
    // Without env_version: the released mini-program, which every reader has.
    expect([pathname, Object.fromEntries(searchParams)]).toEqual([
      '/pages/article/index',
      { scene: `${articleId}-${first.mark}` },
    ])
    expect(await refused(cloud, mine, drawCode, draw('nothere123'))).toMatchObject({ code: 'not-found' })

    const quota = (await rowsOf(cloud, 'quotas')).find(({ _id }) => String(_id).startsWith('code:'))
    // One of 64, so that the limit of all holds for many readers together.
    expect(quota?._id).toMatch(/^code:[\w-]:\d+$/)
    const [name = ''] = Object.keys(Object(quota?.readers))
    const lefts = [
      { all: 99, stories: {}, readers: {} },
      { all: 1, stories: { [articleId]: 39 }, readers: {} },
      { all: 1, stories: {}, readers: { [name]: 19 } },
    ]
    for (const left of lefts) {
      await cloud.control('kill-workers')
      await putRows(cloud, 'quotas', [{ _id: quota?._id, day: Number(countId.split(':')[1]), ...left }])
      const last = draw(articleId)
      const drawn = await got(cloud, mine, drawCode, last)
      expect(await refused(cloud, mine, drawCode, draw(articleId))).toMatchObject({ code: 'too-many' })
      // The limit of one story is not that of the others.
      if ('stories' in left && articleId in left.stories) await got(cloud, mine, drawCode, draw(other))
      // The same code again is no other code.
      expect(await got(cloud, mine, drawCode, last)).toEqual(drawn)
    }
  })

  test('holds for no mini-code that WeChat did not draw: the reader is told to come back, and it is drawn then', async () => {
    const outside = await startOutsideInstance(cloud)
    const data = draw(other)
    const call = {
      name: 'sharing',
      source: 'wx_client',
      openId: 'somebody',
      event: { action: 'drawCode', data },
    }
    try {
      // A quota that another instance begins at the same moment is counted as well.
      await cloud.control('remove', { collection: 'quotas', ids: [countId] })
      const full = {
        _id: countId,
        day: Number(countId.split(':')[1]),
        all: 3_000,
        stories: { [articleId]: limit.story, [other]: limit.story },
      }
      outside.onRequest = async body => {
        if (body.includes('database.insertDocument') && body.includes('"quotas"'))
          await putRows(cloud, 'quotas', [full])
        return true
      }
      const { now } = await moveClock(0)
      const share = { action: 'recordShare', data: newShare(other) }
      expect(await outside.call({ ...call, event: share, offset: now - Date.now() })).toMatchObject({
        ok: false,
        error: { code: 'too-many' },
      })
      outside.letPass()
      outside.onReply = body => !body.includes('getUnlimited')
      expect(await outside.call(call)).toEqual({
        ok: false,
        error: { code: 'unavailable', message: 'no mini-code now' },
      })
    } finally {
      outside.close()
    }
    const { code } = await got(cloud, await cloud.signIn('somebody'), drawCode, data)
    expect(code).toMatch(/^data:image\/png;base64,/)
  })

  test('is recorded again on the next Beijing day, by the instance that refused it too', async () => {
    await refuses(articleId)
    await moveClock(86_400_000)
    await accepts(articleId)
    const day = Number(countId.split(':')[1]) + 1
    expect((await rowsOf(cloud, 'quotas')).find(({ _id }) => _id === `share:${day}`)).toMatchObject({
      all: { $numberInt: '1' },
      stories: { [articleId]: { $numberInt: '1' } },
    })
  })
})
