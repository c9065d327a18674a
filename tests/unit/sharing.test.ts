import fc from 'fast-check'
import * as v from 'valibot'
import { ShareMark } from '#contract/ids'
import { friendCard, momentsCard } from '#features/sharing/share-card'
import { newShareMark } from '#features/sharing/share-mark'
import { depthsOf } from '#shared/ledger/chains'
import { site } from '#site'

const story = { title: '一粒玉米是怎样炸成花的', cover: 'https://example.com/a.jpg' }

describe('a share card', () => {
  test('in a chat names the story, its page and its picture at once', () => {
    expect(friendCard('abcdef1234', story, '0123456789')).toEqual({
      title: story.title,
      path: '/pages/article/index?id=abcdef1234&mark=0123456789',
      imageUrl: story.cover,
    })
  })

  test('in Moments has a query and no path', () => {
    expect(momentsCard('abcdef1234', story, '0123456789')).toEqual({
      title: story.title,
      query: 'id=abcdef1234&mark=0123456789',
      imageUrl: story.cover,
    })
  })

  test('is complete while the story is still loading, and names no picture it does not have', () => {
    expect(friendCard('abcdef1234', undefined, '0123456789')).toEqual({
      title: site.name,
      path: '/pages/article/index?id=abcdef1234&mark=0123456789',
    })
    expect(momentsCard('abcdef1234', { title: '题' }, '0123456789')).toEqual({
      title: '题',
      query: 'id=abcdef1234&mark=0123456789',
    })
  })
})

test('a share mark always passes the contract', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.array(chance, { minLength: 10, maxLength: 10 }), draws => {
      const marks = newShareMark(() => draws.pop() ?? 0)
      expect(v.is(ShareMark, marks)).toBe(true)
    }),
  )
  expect(new Set(Array.from({ length: 1000 }, () => newShareMark())).size).toBe(1000)
})

describe('a chain of shares', () => {
  const share = (mark: string, parent?: string, articleId = 'abcdef1234') => ({
    _id: mark,
    articleId,
    at: 0,
    opened: 0,
    guests: 0,
    ways: {},
    parent,
  })
  const depths = (...rows: ReturnType<typeof share>[]) => [...depthsOf(rows).values()]

  test('is as deep as the number of shares that led to it', () => {
    expect(depths(share('a'), share('b', 'a'), share('c', 'b'), share('d', 'a'))).toEqual([1, 2, 3, 2])
  })

  test('begins anew at a parent that nobody knows, or that shared another story', () => {
    expect(depths(share('b', 'lost'), share('c', 'b'))).toEqual([1, 2])
    expect(depths(share('a', undefined, 'other00001'), share('b', 'a'))).toEqual([1, 1])
  })

  test('ends where forged parents form a circle', () => {
    expect(depths(share('a', 'b'), share('b', 'a'), share('c', 'c'))).toEqual([2, 2, 1])
  })
})
