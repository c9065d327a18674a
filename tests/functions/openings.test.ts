import { setMood } from '#contract/mood'
import { drawCode } from '#contract/poster'
import { recordOpening, recordShare } from '#contract/sharing'
import { dayOf, secondsToMidnight, startOfDay } from '#shared/beijing-time'
import { hashOf } from '#shared/hash'
import { ask, got, putRows, refused, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { draftRow } from '../support/newsroom'
import { type OutsideInstance, startOutsideInstance } from '../support/outside-instance'

const articleId = 'opened0001'
const other = 'opened0002'
const day = 86_400_000

let cloud: CloudProcess
let clock: OutsideInstance
let reader: Reader
let guest: Reader
/** A Beijing day that does not end during the tests. */
let today: number

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers'] })
  clock = await startOutsideInstance(cloud)
  await putRows(cloud, 'articles', [storyRow(articleId, 0), storyRow(other, 1)])
  reader = await cloud.signIn()
  guest = await cloud.guest()
  const moveClock = (move: number) => cloud.control<{ now: number }>('clock', { move })
  const { now } = await moveClock(0)
  const left = secondsToMidnight(now) * 1000
  // Not a day ahead just after midnight: what readers do would then be later than the ticks below.
  const { now: present } = await moveClock(left < 3_600_000 ? left + 3_600_000 : 0)
  today = dayOf(present)
}, 60_000)
afterAll(async () => {
  clock?.close()
  await cloud?.stop()
})

let marks = 0
const newMark = (): string => `mark${String(marks++).padStart(6, '0')}`

async function shared(story = articleId): Promise<string> {
  const mark = newMark()
  await got(cloud, reader, recordShare, { articleId: story, channel: 'friend', mark })
  return mark
}

const opened = (who: Reader, mark: string, more: { guest?: string; way?: 'group' | 'moments' } = {}) =>
  got(cloud, who, recordOpening, { articleId, mark, way: 'friend', ...more })

const numbers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(numbers)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === '$numberInt') return Number(only[1])
  return Object.fromEntries(entries.map(([key, one]) => [key, numbers(one)]))
}
const rowOf = async (collection: string, id: string) =>
  numbers((await rowsOf(cloud, collection)).find(row => row._id === id)) as
    | Record<string, unknown>
    | undefined

describe('an opening by a mark', () => {
  test('counts once for each reader, however often and with whatever channel it is sent', async () => {
    const mark = await shared()
    await Promise.all(Array.from({ length: 6 }, () => opened(reader, mark)))
    await opened(reader, mark, { way: 'group' })
    expect(await rowOf('shares', mark)).toMatchObject({ opened: 1, guests: 0, ways: { friend: 1 } })
    await opened(await cloud.signIn(), mark, { way: 'group' })
    expect(await rowOf('shares', mark)).toMatchObject({ opened: 2, ways: { friend: 1, group: 1 } })
  })

  test('is stored so that two openings of one reader cannot be joined', async () => {
    const [one, two] = [await shared(), await shared()]
    await opened(reader, one)
    await opened(reader, two)
    const keys = await Promise.all(
      [one, two].map(async mark => Object.keys((await rowOf('shares', mark))?.openings as object)),
    )
    expect(keys.map(({ length }) => length)).toEqual([1, 1])
    expect(keys[0]).not.toEqual(keys[1])
    // The day's quota knows neither the mark nor the key under which the reader's votes are stored.
    await got(cloud, reader, setMood, { articleId, mood: 'happy', wish: 1 })
    const ballot = (await rowsOf(cloud, 'votes')).find(({ kind }) => kind === 'ballot')
    expect(ballot?.reader).toMatch(/^[\w-]{22}$/)
    const quotas = JSON.stringify(await rowsOf(cloud, 'quotas'))
    for (const mark of [one, two]) expect(quotas).not.toContain(mark)
    for (const [key = ''] of keys) expect(quotas).not.toContain(key)
    expect(quotas).not.toContain(ballot?.reader)
    // A quota is one of 64 for readers, so that it stays small and its limit holds for many together.
    for (const { _id } of await rowsOf(cloud, 'quotas')) expect(_id).toMatch(/^(share|open:[\w-]):\d+$/)
    const row = await rowOf('shares', one)
    expect(Object.keys(row ?? {}).sort()).toEqual(
      ['_id', 'articleId', 'at', 'channel', 'guests', 'opened', 'openings', 'ways'].sort(),
    )
  })

  test('needs two writes, and no read while the story and the salt are cached', async () => {
    const marks = [await shared(), await shared(), await shared(), await shared()]
    const counted: Record<string, number>[] = []
    for (const mark of marks) {
      await cloud.control('reset-counters')
      await opened(reader, mark)
      const { operations } = await cloud.control<{ operations: Record<string, number> }>('counters')
      counted.push(operations)
    }
    for (const operations of counted) expect(operations).toMatchObject({ write: 2, transaction: 0 })
    // A cached value is read again after a few seconds, so one of these openings may have read it.
    expect(Math.min(...counted.map(({ read = 0 }) => read))).toBe(0)
  })

  test('of another story is refused, and counts for neither', async () => {
    const mark = await shared(other)
    expect(await refused(cloud, reader, recordOpening, { articleId, mark, way: 'friend' })).toMatchObject({
      code: 'conflict',
    })
    expect(await rowOf('shares', mark)).toMatchObject({ articleId: other, opened: 0 })
  })

  test('counts before the share itself has arrived; the share then adds its channel', async () => {
    const mark = newMark()
    const others = await Promise.all(Array.from({ length: 9 }, () => cloud.signIn()))
    // Several marks, because only some of them have an opening that creates the row between another's two requests.
    for (const one of [mark, ...Array.from({ length: 9 }, newMark)]) {
      await Promise.all([reader, ...others].map(each => opened(each, one)))
      expect(await rowOf('shares', one)).toMatchObject({ articleId, opened: 10 })
    }
    const byGuest = newMark()
    await opened(guest, byGuest, { guest: 'early00001' })
    expect(await rowOf('shares', byGuest)).toMatchObject({ opened: 1, guests: 1 })
    const share = { channel: 'moments', mark, parent: newMark() } as const
    await got(cloud, reader, recordShare, { articleId: other, ...share })
    expect(await rowOf('shares', mark)).not.toHaveProperty('channel')
    await got(cloud, reader, recordShare, { articleId, ...share })
    expect(await rowOf('shares', mark)).toMatchObject({
      opened: 10,
      channel: 'moments',
      parent: share.parent,
    })
  })

  test('is not the origin of its own mark, whatever the share says', async () => {
    const mark = newMark()
    await got(cloud, reader, recordShare, { articleId, channel: 'friend', mark, parent: mark })
    expect(await rowOf('shares', mark)).not.toHaveProperty('parent')
  })

  test('with an invalid story, channel or mark is refused and changes nothing', async () => {
    const before = await rowsOf(cloud, 'shares')
    const opening = { articleId: 'absent0009', mark: newMark(), way: 'friend' } as const
    expect(await refused(cloud, reader, recordOpening, opening)).toMatchObject({ code: 'not-found' })
    for (const wrong of [
      { way: 'fax' },
      { mark: 'short' },
      { mark: '%2561' },
      { mark: { $ne: 1 } },
      { guest: '../../x' },
      { articleId: 'openings.x' },
    ]) {
      const data = { ...opening, articleId, ...wrong }
      const reply = await cloud.call(reader, 'sharing', { action: 'recordOpening', data })
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    }
    expect(await rowsOf(cloud, 'shares')).toEqual(before)
  })
})

describe('a guest', () => {
  test('counts once for each random id, as not signed in, and must send one', async () => {
    const mark = await shared()
    for (let n = 0; n < 3; n++) await opened(guest, mark, { guest: 'guest00001', way: 'moments' })
    await opened(guest, mark, { guest: 'guest00002', way: 'moments' })
    expect(await rowOf('shares', mark)).toMatchObject({ opened: 2, guests: 2, ways: { moments: 2 } })
    const without = await refused(cloud, guest, recordOpening, { articleId, mark, way: 'moments' })
    expect(without).toMatchObject({ code: 'invalid' })
  })

  test('cannot be invented by a reader who has an identity', async () => {
    const mark = await shared()
    for (let n = 0; n < 3; n++) await opened(reader, mark, { guest: `invented0${n}` })
    expect(await rowOf('shares', mark)).toMatchObject({ opened: 1, guests: 0 })
  })
})

describe('a limit', () => {
  test('holds for the guests and for the readers of one mark', async () => {
    const [guests, all] = [newMark(), newMark()]
    const base = { articleId, at: { $date: new Date().toISOString() }, ways: {}, openings: {} }
    await putRows(cloud, 'shares', [
      { _id: guests, ...base, opened: 49, guests: 49 },
      { _id: all, ...base, opened: 499, guests: 0 },
    ])
    await opened(guest, guests, { guest: 'another001' })
    const one = { articleId, mark: guests, way: 'moments', guest: 'another002' } as const
    expect(await refused(cloud, guest, recordOpening, one)).toMatchObject({ code: 'conflict' })
    await opened(reader, guests)
    await opened(reader, all)
    const next = await cloud.signIn()
    const late = await refused(cloud, next, recordOpening, { articleId, mark: all, way: 'friend' })
    expect(late).toMatchObject({ code: 'conflict' })
    expect(await rowOf('shares', guests)).toMatchObject({ opened: 51, guests: 50 })
    expect(await rowOf('shares', all)).toMatchObject({ opened: 500 })
  })

  test('holds for the openings of one reader in a day, also under forged marks and for a new instance', async () => {
    const eager = await cloud.signIn()
    const attempt = () => ask(cloud, eager, recordOpening, { articleId, mark: newMark(), way: 'friend' })
    const results = []
    for (let n = 0; n < 52; n++) results.push(await attempt())
    expect(results.filter(({ ok }) => ok)).toHaveLength(50)
    expect(results.at(-1)).toMatchObject({ ok: false, error: { code: 'too-many' } })
    await cloud.control('kill-workers')
    expect(await attempt()).toMatchObject({ ok: false, error: { code: 'too-many' } })
    await cloud.control('reset-counters')
    await attempt()
    const { operations } = await cloud.control<{ operations: Record<string, number> }>('counters')
    expect(operations).toMatchObject({ write: 0, transaction: 0 })
    // Another reader with the same quota is not affected.
    const salt = String((await rowsOf(cloud, 'settings')).find(({ _id }) => _id === 'identity')?.salt)
    const quotaOf = (openid: string | null) => hashOf(salt, 'quota', hashOf(salt, openid ?? '')).slice(0, 1)
    const names = Array.from({ length: 2_000 }, (_, n) => `namesake${n}`)
    const fellow = await cloud.signIn(names.find(name => quotaOf(name) === quotaOf(eager.openid)))
    await opened(fellow, newMark())
    // Nor is anything else that this reader does with the story.
    await got(cloud, eager, drawCode, { articleId, mark: newMark() })
    await got(cloud, eager, recordShare, { articleId, channel: 'link', mark: newMark() })

    // All readers of the quota together have a limit too, for each story and for all.
    const attempts = async (...stories: string[]) => {
      const codes: string[] = []
      for (const story of stories) {
        const opening = { articleId: story, mark: newMark(), way: 'friend' } as const
        const reply = await ask(cloud, fellow, recordOpening, opening)
        codes.push(reply.ok ? 'ok' : reply.error.code)
      }
      return codes
    }
    const id = `open:${quotaOf(eager.openid)}:${today}`
    const fill = async (all: number, story: number) => {
      await putRows(cloud, 'quotas', [{ _id: id, day: today, all, stories: { [articleId]: story } }])
      await cloud.control('kill-workers')
    }
    await fill(250, 199)
    expect(await attempts(articleId, articleId, other)).toEqual(['ok', 'too-many', 'ok'])
    await fill(399, 0)
    expect(await attempts(articleId, other)).toEqual(['ok', 'too-many'])
  })

  test('holds for the openings by guests of one story and of all in a day', async () => {
    const id = `open:guests:${today}`
    const fill = async (all: number, story: number) => {
      await putRows(cloud, 'quotas', [{ _id: id, day: today, all, stories: { [articleId]: story } }])
      await cloud.control('kill-workers')
    }
    const attempt = (story: string) =>
      ask(cloud, guest, recordOpening, {
        articleId: story,
        mark: newMark(),
        way: 'other',
        guest: 'guest00003',
      })
    await fill(2_000, 999)
    expect((await attempt(articleId)).ok).toBe(true)
    expect(await attempt(articleId)).toMatchObject({ ok: false, error: { code: 'too-many' } })
    expect((await attempt(other)).ok).toBe(true)
    // Guests may still share the story: that has a quota of its own.
    await got(cloud, guest, recordShare, { articleId, channel: 'link', mark: newMark() })
    await fill(5_000, 0)
    expect(await attempt(other)).toMatchObject({ ok: false, error: { code: 'too-many' } })
  })
})

describe('the clock', () => {
  const ago = (days: number) => ({ $date: new Date(Date.now() - days * day).toISOString() })
  const old = (days: number, more: object) => ({
    _id: newMark(),
    articleId,
    at: ago(days),
    opened: 3,
    guests: 1,
    ways: { friend: 2, moments: 1 },
    openings: { a: 1, b: 1, c: 1 },
    ...more,
  })
  const idOf = (days: number) => String(dayOf(Date.now() - days * day)).padStart(6, '0')
  const sums = (shares: object, times: number) => ({
    shares,
    openings: { friend: 2 * times, moments: times },
    guests: times,
  })

  test('sums shares older than 90 days into daily figures once, and keeps the others', async () => {
    const kept = old(90, { channel: 'friend' })
    const rows = [
      old(91, { channel: 'poster' }),
      old(100, { channel: 'friend' }),
      old(100, { articleId: other, channel: 'link' }),
      old(100, {}),
      old(95, { channel: 'moments' }),
      kept,
    ]
    await putRows(cloud, 'shares', rows)
    // More shares of one moment than a query returns.
    const many = Array.from({ length: 1_001 }, () => ({ ...old(110, { channel: 'link' }), at: ago(110) }))
    const [{ at } = { at: ago(110) }] = many
    await putRows(
      cloud,
      'shares',
      many.map(row => ({ ...row, at })),
    )
    const thisDay = { _id: 'share:now', day: dayOf(Date.now()), all: 5 }
    await putRows(cloud, 'quotas', [{ _id: 'share:1', day: 1, all: 5 }, thisDay])
    await clock.tick(0)
    // An environment's first tick has no day before it to sum up.
    expect(await rowsOf(cloud, 'summaries')).toEqual([])
    expect(numbers(await rowOf('shareDays', idOf(100)))).toEqual({
      _id: idOf(100),
      all: sums({ friend: 1, link: 1, unknown: 1 }, 3),
      stories: { [articleId]: sums({ friend: 1, unknown: 1 }, 2), [other]: sums({ link: 1 }, 1) },
    })
    expect(await rowOf('shareDays', idOf(110))).toMatchObject({ all: sums({ link: 1_001 }, 1_001) })
    expect(await rowOf('shareDays', idOf(95))).toMatchObject({ all: sums({ moments: 1 }, 1) })
    expect(await rowOf('shareDays', idOf(91))).toMatchObject({ all: sums({ poster: 1 }, 1) })
    const left = (await rowsOf(cloud, 'shares')).map(row => row._id)
    expect(left).toContain(kept._id)
    for (const row of rows.slice(0, 5)) expect(left).not.toContain(row._id)
    expect(await rowOf('quotas', 'share:1')).toBeUndefined()
    expect(await rowOf('quotas', 'share:now')).toEqual(thisDay)
  })

  test('that was killed after the figures were written neither loses nor adds any', async () => {
    // Of two shares one is removed already.
    const written = { all: sums({ friend: 2 }, 2), stories: { [articleId]: sums({ friend: 2 }, 2) } }
    const row = old(120, { channel: 'friend' })
    await putRows(cloud, 'shareDays', [{ _id: idOf(120), ...written }])
    await putRows(cloud, 'shares', [row])
    await clock.tick(day)
    expect(await rowOf('shareDays', idOf(120))).toEqual({ _id: idOf(120), ...written })
    expect((await rowsOf(cloud, 'shares')).map(({ _id }) => _id)).not.toContain(row._id)
  })

  test('makes two requests on the other ticks of a day', async () => {
    // Both ticks just after the full hour: the first one of an hour rebuilds rankings.
    const hour = 3_600_000
    const moment = Math.ceil((Date.now() + day) / hour) * hour + 120_000
    await clock.tick(moment - Date.now())
    let requests = 0
    clock.onRequest = () => {
      requests++
      return true
    }
    await clock.tick(moment - Date.now())
    clock.letPass()
    expect(requests).toBe(2)
  })

  test('that is killed after it removed the shares of a day has written their figures', async () => {
    await putRows(cloud, 'shares', [old(130, { channel: 'friend' })])
    let isRemoved = false
    clock.onRequest = body => {
      const passes = !isRemoved
      isRemoved ||= body.includes('database.removeDocument') && body.includes('"shares"')
      return passes
    }
    await clock.tick(3 * day)
    clock.letPass()
    expect(isRemoved).toBe(true)
    await clock.tick(3 * day + 120_000, true)
    expect(await rowOf('shareDays', idOf(130))).toMatchObject({ all: sums({ friend: 1 }, 1) })
  })

  test('writes a summary of the day before once, which a second or late tick leaves as it is', async () => {
    // Later than every other test has moved the clock.
    const start = Date.now() + secondsToMidnight(Date.now()) * 1000 + 10 * day
    const summed = dayOf(start + day)
    const noon = (days: number) => start + days * day + day / 2
    const ofDay = (days: number) => new Date(noon(days) + 8 * 3_600_000).toISOString().slice(0, 10)
    const at = (days: number) => ({ $date: new Date(noon(days)).toISOString() })
    const startAt = (number: number) => ({ $date: new Date(startOfDay(number)).toISOString() })
    const version = (number: number, made: number) => ({
      _id: `${articleId}-${number}-${made}`,
      articleId,
      draft: 'summed',
      version: number,
      at: at(made),
      editor: '编辑',
      key: 'clock',
      content: { title: '题目' },
    })
    await putRows(cloud, 'versions', [
      ...[version(1, 0), version(1, 1), version(2, 1), version(3, 2)],
      { ...version(2, 1), _id: 'first', at: startAt(summed) },
      { ...version(2, 1), _id: 'after', at: startAt(summed + 1) },
    ])
    const audited = (action: string, subject: string, result: string, made = 1) => ({
      _id: `${action}${subject}${made}`,
      at: at(made),
      key: 'clock',
      action,
      subject,
      result,
    })
    await putRows(cloud, 'audit', [
      audited('withdraw', 'one', '写错了'),
      audited('offline', 'two', articleId),
      ...['cancelled', 'missing', 'not-published', 'settled'].map(result =>
        audited('withdraw', `not-${result}`, result),
      ),
      ...['topics:four', 'polls:four'].map(subject => audited('withdraw', subject, 'withdrawn')),
      ...[0, 2].map(made => audited('withdraw', 'five', '写错了', made)),
      // The first moment of the day belongs to it, the first of the next one does not.
      { ...audited('withdraw', 'first', '写错了'), _id: 'first', at: startAt(summed) },
      { ...audited('withdraw', 'after', '写错了'), _id: 'after', at: startAt(summed + 1) },
      audited('publish', 'six', 'version 1'),
    ])
    const shard = (n: number, days: Record<string, Record<string, number>>, changed: number) => ({
      _id: `mood:${articleId}:${n}`,
      kind: 'shard',
      subject: `mood:${articleId}`,
      all: {},
      day: days,
      rev: 1,
      changedAt: at(changed),
    })
    await putRows(cloud, 'votes', [
      shard(0, { [summed - 1]: { happy: 50 }, [summed]: { happy: 3, sad: 1 } }, 1),
      shard(1, { [summed]: { happy: -1 }, [summed + 1]: { like: 9 } }, 2),
      shard(2, { [summed - 1]: { sad: 8 } }, 0),
    ])
    await putRows(cloud, 'shares', [
      { ...old(0, { channel: 'friend' }), at: at(1) },
      { ...old(0, { channel: 'moments' }), at: at(0) },
      { ...old(0, { channel: 'link' }), at: startAt(summed) },
      { ...old(0, { channel: 'poster' }), at: startAt(summed + 1) },
    ])
    await putRows(cloud, 'drafts', [
      ...['summed', 'summed-too'].map(_id => ({ _id, status: '待发布', problems: ['正文：没有填写'] })),
      draftRow('without-problems', { status: '已定时', publishAt: '2090-01-02 09:30' }),
    ])
    await putRows(cloud, 'topics', [{ _id: 'faulty0001', status: '待发布', problems: ['标题：没有填写'] }])
    await clock.tick(noon(1) - Date.now())
    const earlier = (await rowsOf(cloud, 'summaries')).length
    const newRows = async () => (await rowsOf(cloud, 'summaries')).slice(earlier)
    const expected = {
      day: ofDay(1),
      published: 1,
      revised: 2,
      withdrawn: 3,
      votes: { happy: 2, sad: 1 },
      shares: { friend: 1, link: 1 },
      openings: { friend: 4, moments: 2 },
      guests: 2,
      problems: 3,
      isPartial: false,
      lines: [
        '发布 1 篇　新版 2 次　撤回 3 篇',
        '心情　开心 2　难过 1　点赞 0　飘过 0',
        '发起分享　微信好友 1　朋友圈 0　链接 1　海报 0　收藏 0',
        '打开分享　好友 4　群 0　朋友圈 2　海报 0　链接 0　收藏 0　其他 0　其中未登录 2',
        '有问题、还在等编辑的　3 行',
      ],
    }
    // A tick that is killed after it wrote the row leaves it to the next one, which finds it written.
    let isWritten = false
    clock.onRequest = body => {
      const passes = !isWritten
      isWritten ||= body.includes('"summaries"')
      return passes
    }
    await clock.tick(noon(2) - Date.now())
    clock.letPass()
    expect(isWritten).toBe(true)
    const first = await newRows()
    expect(first.map(numbers)).toEqual([expect.objectContaining(expected)])
    await putRows(cloud, 'versions', [version(4, 1)])
    await clock.tick(noon(2) + 120_000 - Date.now(), true)
    await clock.tick(noon(2) + 240_000 - Date.now())
    expect(await newRows()).toEqual(first)
    // The other ticks of the day sum nothing up.
    const asked = new Set<unknown>()
    clock.onRequest = body => {
      asked.add(JSON.parse(body).collectionName)
      return true
    }
    await clock.tick(noon(2) + 242_000 - Date.now())
    clock.letPass()
    expect(asked).toContain('rankings')
    for (const collection of ['versions', 'audit', 'shares', 'summaries'])
      expect(asked).not.toContain(collection)
    // A call that began before midnight may still be on its way just after it.
    await clock.tick(start + 3 * day + 240_000 - Date.now(), true)
    expect(await newRows()).toEqual(first)
    // After a longer stop it makes up for every day, and says of which it could not count everything.
    await putRows(
      cloud,
      'versions',
      Array.from({ length: 999 }, (_, n) => ({ ...version(1, 3), _id: `many-${n}` })),
    )
    await clock.tick(noon(4) - Date.now())
    const made = (await newRows()).map(numbers) as {
      day: string
      published: number
      isPartial: boolean
      lines: string[]
    }[]
    expect(made.map(row => [row.day, row.published, row.isPartial])).toEqual([
      [ofDay(1), 1, false],
      [ofDay(2), 0, false],
      [ofDay(3), 999, false],
    ])
    expect(made[2]?.lines).toHaveLength(5)
    await putRows(cloud, 'versions', [
      ...Array.from({ length: 1_000 }, (_, n) => ({ ...version(2, 4), _id: `more-${n}` })),
    ])
    await clock.tick(noon(5) - Date.now())
    const last = (await newRows()).map(numbers).at(-1)
    expect(last).toMatchObject({ day: ofDay(4), revised: 1_000, isPartial: true })
    expect((last as { lines: string[] }).lines.at(-1)).toBe('这一天的太多，没有数完：上面的数字偏少')
    // Of a stop of weeks it makes up for the last seven days.
    await clock.tick(noon(20) - Date.now())
    expect((await newRows()).slice(4).map(row => row.day)).toEqual([13, 14, 15, 16, 17, 18, 19].map(ofDay))
  })
})
