/// <reference path="../../../src/globals.d.ts" />
import { invoke } from '#cloud/transport'
import { fetchStory, openStory, openStoryById, teaserOf } from '#features/reading/open-story'
import { cachedStoryIds } from '#features/reading/story-cache'
import { joinStory } from '#features/reading/use-story'

jest.mock('#cloud/transport', () => ({ invoke: jest.fn() }))
const asked = jest.mocked(invoke)

const phone = new Map<string, unknown>()
const opened: string[] = []
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
    removeStorageSync: (key: string) => phone.delete(key),
    getEnterOptionsSync: () => ({ scene: 1001 }),
    getCurrentPages: () => [],
    navigateTo: ({ url }: { url: string }) => Promise.resolve(opened.push(url)),
  },
}))

const teaser = (id: string) => ({
  id,
  title: `标题 ${id}`,
  teaser: '',
  channel: 'earth',
  column: 'ocean' as const,
  publishedAt: 0,
})
const story = (id: string, version = 1) => ({
  article: { ...teaser(id), version, source: '', author: '', editor: '', tags: [], blocks: [] },
  mood: { counts: {}, own: null, canVote: true, wish: 0 },
  related: [],
})

beforeEach(() => {
  jest.useFakeTimers({ now: 1_800_000_000_000 })
  phone.clear()
  opened.length = 0
  asked.mockReset()
  asked.mockImplementation((_name, event) => {
    const { articleId } = (event as { data: { articleId: string } }).data
    return Promise.resolve({ ok: true, data: story(articleId) })
  })
})
afterEach(() => jest.useRealTimers())

test('a tap requests the story before its page opens, and the page makes no request of its own', async () => {
  openStory(teaser('tapped01'))
  openStory(teaser('tapped01'))
  await jest.advanceTimersByTimeAsync(0)
  expect(opened).toContain('/pages/article/index?id=tapped01')
  expect(teaserOf('tapped01')?.title).toBe('标题 tapped01')
  expect((await fetchStory('tapped01')).article.id).toBe('tapped01')
  expect(asked).toHaveBeenCalledTimes(1)
})

test('a reply serves one page, and only the page of its own story', async () => {
  openStoryById('tapped02')
  await fetchStory('tapped02')
  await fetchStory('tapped02')
  openStoryById('tapped03')
  expect((await fetchStory('tapped04')).article.id).toBe('tapped04')
  expect(asked).toHaveBeenCalledTimes(4)
})

test('the reply to an old tap is not shown as new', async () => {
  openStoryById('tapped05')
  jest.advanceTimersByTime(15_000)
  await fetchStory('tapped05')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('a later tap requests the story again before its page opens', () => {
  openStoryById('tapped06')
  jest.advanceTimersByTime(15_000)
  openStoryById('tapped06')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('only the forty teasers tapped last are remembered', () => {
  for (let i = 10; i < 51; i++) openStory(teaser(`teaser${i}`))
  expect(teaserOf('teaser10')).toBeUndefined()
  expect(teaserOf('teaser11')).toBeDefined()
})

test('a story that was read is cached, and a withdrawn one leaves the cache', async () => {
  await fetchStory('cached01')
  // Writing holds up the page, so it is drawn first.
  expect([...cachedStoryIds()]).toEqual([])
  jest.advanceTimersByTime(1_000)
  expect([...cachedStoryIds()]).toEqual(['cached01'])
  asked.mockResolvedValue({ ok: false, error: { code: 'unavailable', message: '' } })
  await expect(fetchStory('cached01')).rejects.toMatchObject({ code: 'unavailable' })
  expect([...cachedStoryIds()]).toEqual(['cached01'])
  asked.mockResolvedValue({ ok: false, error: { code: 'not-found', message: '' } })
  await expect(fetchStory('cached01')).rejects.toMatchObject({ code: 'not-found' })
  expect([...cachedStoryIds()]).toEqual([])
})

test('a fresh reply replaces only the parts that changed', () => {
  const shown = story('joined01')
  const same = joinStory(shown, story('joined01'))
  expect(same.article).toBe(shown.article)
  expect(same.mood).toBe(shown.mood)
  const voted = { ...story('joined01', 2), mood: { ...shown.mood, counts: { happy: 1 } } }
  const joined = joinStory(shown, voted)
  expect(joined.article.version).toBe(2)
  expect(joined.mood.counts).toEqual({ happy: 1 })
  expect(joined.related).toBe(shown.related)
  const related = [{ id: 'other001', title: '另一篇', publishedAt: 0 }]
  expect(joinStory(shown, { ...story('joined01'), related }).related).toEqual(related)
})
