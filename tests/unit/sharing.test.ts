import fc from 'fast-check'
import * as v from 'valibot'
import { ShareMark } from '#contract/ids'
import { friendCard, momentsCard, siteCard } from '#features/sharing/share-card'
import { newShareMark } from '#features/sharing/share-mark'
import { depthsOf } from '#shared/ledger/chains'
import { site } from '#site'

// The build replaces it.
Object.assign(globalThis, { SITE_URL: 'https://site.example' })

const picture = (src: string) => ({ src, width: 500, height: 400, alt: '' })
const story = { title: '一粒玉米是怎样炸成花的', cover: picture('https://example.com/a.jpg') }

describe('a share card', () => {
  test('in a chat names the story with its source, its page and its picture at once', () => {
    expect(friendCard('abcdef1234', { ...story, source: '科普云' }, '0123456789')).toEqual({
      title: `${story.title}（科普云）`,
      path: '/pages/article/index?id=abcdef1234&mark=0123456789',
      imageUrl: story.cover.src,
    })
  })

  test('in Moments has a query and no path', () => {
    expect(momentsCard('abcdef1234', story, '0123456789')).toEqual({
      title: story.title,
      query: 'id=abcdef1234&mark=0123456789',
      imageUrl: story.cover.src,
    })
  })

  test('shows 分享图, else the cover, else the site’s picture', () => {
    const shareCover = picture('https://example.com/share.jpg')
    expect(friendCard('abcdef1234', { ...story, shareCover }, '0123456789').imageUrl).toBe(shareCover.src)
    expect(momentsCard('abcdef1234', { title: '题' }, '0123456789')).toEqual({
      title: '题',
      query: 'id=abcdef1234&mark=0123456789',
      imageUrl: expect.stringContaining(site.picture),
    })
  })

  test('is complete while the story is still loading: the site’s words on the story’s path', () => {
    expect(friendCard('abcdef1234', undefined, '0123456789')).toEqual({
      title: site.name,
      path: '/pages/article/index?id=abcdef1234&mark=0123456789',
      imageUrl: expect.stringContaining(site.picture),
    })
  })

  test('leaves its picture to WeChat where it has no address', () => {
    Object.assign(globalThis, { SITE_URL: '' })
    const words = siteCard('/more/about/index', '关于')
    const own = friendCard('abcdef1234', story, '0123456789')
    Object.assign(globalThis, { SITE_URL: 'https://site.example' })
    expect(words).toEqual({ title: '关于', path: '/more/about/index' })
    expect(own.imageUrl).toBe(story.cover.src)
  })

  test('of a page that is no story has that page’s words', () => {
    expect(siteCard('/more/about/index', '关于')).toEqual({
      title: '关于',
      path: '/more/about/index',
      imageUrl: expect.stringContaining(site.picture),
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
