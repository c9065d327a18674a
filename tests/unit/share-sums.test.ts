import { depthsOf } from '#shared/ledger/chains'
import { addCounts, addShares, countsOf, noCounts } from '#shared/ledger/share-counts'
import { openingsLine, sharesLine } from '#shared/ledger/share-words'
import type { ShareRow } from '#shared/stores/shares'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const share = (_id: string, changes: Partial<ShareRow> = {}): ShareRow => ({
  ...{ _id, articleId: 'story00001', at: 0, channel: 'friend', opened: 0, guests: 0, ways: {} },
  ...changes,
})

test('the figures of a day are those of its shares, together and by story; a share known from openings alone has no channel', () => {
  const day = { all: noCounts(), stories: {} }
  addShares(day, [
    share('a', { ways: { friend: 2, group: 1 }, guests: 1 }),
    share('b', { channel: undefined, ways: { friend: 1 }, guests: 2 }),
    share('c', { articleId: 'story00002', channel: 'link' }),
  ])
  addShares(day, [share('d')])
  expect(day).toEqual({
    all: { shares: { friend: 2, unknown: 1, link: 1 }, openings: { friend: 3, group: 1 }, guests: 3 },
    stories: {
      story00001: { shares: { friend: 2, unknown: 1 }, openings: { friend: 3, group: 1 }, guests: 3 },
      story00002: { shares: { link: 1 }, openings: {}, guests: 0 },
    },
  })
  const sum = noCounts()
  addCounts(sum, countsOf(share('e', { ways: { moments: 4 }, guests: 4 })))
  addCounts(sum, day.all)
  expect(sum).toMatchObject({ shares: { friend: 3 }, openings: { moments: 4, friend: 3 }, guests: 7 })
})

test('editors read every channel and way in, and shares without a channel only where there are any', () => {
  const counts = { shares: { friend: 3, poster: 1 }, openings: { group: 2, other: 1 }, guests: 5 }
  expect(sharesLine(counts)).toBe('发起分享　微信好友 3　朋友圈 0　链接 0　海报 1　收藏 0')
  expect(sharesLine({ ...counts, shares: { unknown: 1 } })).toBe(
    '发起分享　微信好友 0　朋友圈 0　链接 0　海报 0　收藏 0　没有记到 1',
  )
  expect(openingsLine(counts)).toBe(
    '打开分享　好友 0　群 2　朋友圈 0　海报 0　链接 0　收藏 0　其他 1　其中未登录 5',
  )
})

test('a chain ends where it meets itself, another story, or a share that is not known', () => {
  const depths = depthsOf([
    share('a', { parent: 'c' }),
    share('b', { parent: 'a' }),
    share('c', { parent: 'b' }),
    share('d', { parent: 'd' }),
    share('e', { parent: 'other' }),
    share('other', { articleId: 'story00002', parent: 'a' }),
    share('f', { parent: 'gone' }),
    share('g', { parent: 'f' }),
  ])
  expect(Object.fromEntries(depths)).toEqual({ a: 3, b: 3, c: 3, d: 1, e: 1, other: 1, f: 1, g: 2 })
})

test('a chain is followed a hundred shares deep, which no chain of readers reaches', () => {
  const chain = Array.from({ length: 120 }, (_, n) => share(`m${n}`, n > 0 ? { parent: `m${n - 1}` } : {}))
  const depths = depthsOf(chain)
  expect([depths.get('m98'), depths.get('m99'), depths.get('m119')]).toEqual([99, 100, 100])
})
