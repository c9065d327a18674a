/// <reference path="../../../src/globals.d.ts" />
import { can, wayIn } from '#platform/abilities.h5'
import { useMark } from '#platform/mark.h5'
import * as pages from '#platform/navigate.h5'
import { onNetworkBack } from '#platform/network.h5'
import { forgetHead, headNow, usePageHead } from '#platform/page-head.h5'
import { pictureUrl } from '#platform/picture.h5'
import { scrolledTo, watchSight } from '#platform/sight.h5'
import { siteAddress } from '#platform/site-address.h5'
import { isWeChatBrowser, shareBySystem } from '#platform/system-share.h5'
import { enterPage } from '#platform/web-page'
import Taro from '../../../src/web/taro'
import { runHook } from '../../support/run-hook'

const page = new EventTarget()
const went: string[] = []
const shared: unknown[] = []
const copied: string[] = []
const share = (link: unknown) => Promise.resolve(shared.push(link))
const browser = {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  location: {
    search: '',
    origin: 'https://site.example',
    assign: (url: string) => went.push(url),
    replace: (url: string) => went.push(`instead: ${url}`),
  },
  document: { title: '', querySelectorAll: (): object[] => [], querySelector: (): object | null => null },
  navigator: {
    userAgent: '',
    clipboard: { writeText: async (text: string) => copied.push(text) },
  } as object,
  scrollY: 120,
  scrollTo: jest.fn(),
}
for (const [name, value] of Object.entries(browser))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })

beforeEach(() => {
  went.length = 0
  enterPage({ name: 'home', params: {}, preview: false })
})

const abilities = [
  'navigate',
  'bars',
  'shareButton',
  'storage',
  'identity',
  'fold',
  'invite',
  'enlarge',
] as const
test.each([
  ['a visitor of the site', {}, false, ['navigate', 'bars', 'storage', 'fold', 'invite', 'enlarge'], 'link'],
  [
    'a reader of the phone preview',
    {},
    true,
    ['navigate', 'bars', 'storage', 'identity', 'fold', 'invite', 'enlarge'],
    'link',
  ],
  ['a reader in Moments', { scene: '1154' }, true, ['enlarge'], 'moments'],
  [
    'a reader from elsewhere',
    { scene: '1007' },
    false,
    ['navigate', 'bars', 'storage', 'fold', 'invite', 'enlarge'],
    'link',
  ],
])('%s may do this much, and came this way', (_, params, preview, may, way) => {
  enterPage({ name: 'article', params: params as Record<string, string>, preview })
  expect([abilities.filter(can), wayIn()]).toEqual([may, way])
})

test.each([
  ['?mark=0123456789', '0123456789'],
  ['?from=a&mark=0123456789', '0123456789'],
  ['?mark=01234567890', ''],
  ['?mark=012345678', ''],
  ['?remark=0123456789', ''],
  ['', ''],
])('the address %j has the mark %j', (search, mark) => {
  browser.location.search = search
  expect(runHook(useMark).now()).toBe(mark)
})

test.each([
  [
    'cloud://kepu.bucket-1/封面 1.jpg',
    '/storage/%E5%B0%81%E9%9D%A2%201.jpg',
    'https://bucket-1.tcb.qcloud.la/%E5%B0%81%E9%9D%A2%201.jpg',
  ],
  ['cloud://kepu.bucket-1/a/b.jpg', '/storage/a/b.jpg', 'https://bucket-1.tcb.qcloud.la/a/b.jpg'],
  ['/pictures/a.jpg', '/pictures/a.jpg', '/pictures/a.jpg'],
  ['//host.example/a.jpg', 'https://host.example/a.jpg', 'https://host.example/a.jpg'],
  ['https://host.example/a.jpg', 'https://host.example/a.jpg', 'https://host.example/a.jpg'],
  ['http://host.example/a.jpg', 'http://host.example/a.jpg', 'http://host.example/a.jpg'],
  ['cloud://kepu/', '', ''],
  ['javascript:alert(1)', '', ''],
  ['data:image/png;base64,AA', '', ''],
  ['', '', ''],
])('the picture %j is loaded from %j, and where the cloud is elsewhere from %j', (src, here, there) => {
  Object.assign(globalThis, { CLOUD_URL: '' })
  expect(pictureUrl(src)).toBe(here)
  Object.assign(globalThis, { CLOUD_URL: 'https://cloud.example' })
  expect(pictureUrl(src)).toBe(there)
})

test('a page of the site has an address of its own, and a tap opens it', () => {
  expect([
    pages.tabs,
    pages.storyUrl('story00001'),
    pages.topicUrl('topic00001'),
    pages.channelUrl('earth', 'ocean'),
    pages.rankingUrl('sad', '30d'),
    pages.searchUrl,
    pages.aboutUrl,
    pages.principlesUrl,
    siteAddress(),
  ]).toEqual([
    { home: '/', ranking: '/ranking', shelf: '/shelf' },
    '/a/story00001',
    '/t/topic00001',
    '/c/earth/ocean',
    '/ranking?mood=sad&span=30d',
    '/search',
    '/about',
    '/principles',
    'https://site.example',
  ])
  pages.openPage('/about')
  void Taro.navigateTo({ url: '/a/1' })
  void Taro.switchTab({ url: '/shelf' })
  void Taro.redirectTo({ url: '/' })
  expect(went).toEqual(['/about', '/a/1', '/shelf', 'instead: /'])
})

test('a document keeps the title that the server wrote, and takes one that it did not know', () => {
  const named = (written: string, title: string | undefined) => {
    browser.document.title = written
    runHook(() => usePageHead({ title, words: '说明' }))
    return browser.document.title
  }
  expect(named('地球 - 科普云', '地球')).toBe('地球 - 科普云')
  expect(named('没有网络', '一篇')).toBe('一篇')
  expect(named('没有网络', undefined)).toBe('没有网络')
  expect(headNow()).toMatchObject({ words: '说明' })
  // A story that comes later names the document then.
  browser.document.title = '页面找不到了 - 科普云'
  const late = runHook(() => usePageHead({ title: undefined }))
  late.draw(() => usePageHead({ title: '一篇' }))
  expect(browser.document.title).toBe('一篇')
  late.draw(() => usePageHead({ title: '另一篇' }))
  expect(browser.document.title).toBe('另一篇')
  forgetHead()
  expect(headNow()).toBeUndefined()
})

describe('the browser’s own dialog', () => {
  const link = () => ({ title: '一篇', url: 'https://site.example/a/1' })
  const inBrowser = (userAgent: string, more: object = {}) => {
    shared.length = 0
    Object.assign(globalThis, { navigator: { userAgent, ...more } })
    return [isWeChatBrowser(), shareBySystem(link), [...shared]]
  }

  test('shares a link where there is one, but never in WeChat, whose menu does', () => {
    expect(inBrowser('Safari', { share })).toEqual([false, true, [link()]])
    expect(inBrowser('Chrome')).toEqual([false, false, []])
    expect(inBrowser('Safari micromessenger/8', { share })).toEqual([true, false, []])
    const closed = () => Promise.reject(new Error('AbortError'))
    expect(inBrowser('Safari', { share: closed })).toEqual([false, true, []])
  })
})

test('the browser says when the network is back, as long as somebody asks', () => {
  const back = jest.fn()
  const stop = onNetworkBack(back)
  page.dispatchEvent(new Event('online'))
  stop()
  page.dispatchEvent(new Event('online'))
  expect(back).toHaveBeenCalledTimes(1)
})

test('the browser copies a text', async () => {
  Object.assign(globalThis, { navigator: browser.navigator })
  await Taro.setClipboardData({ data: 'https://site.example/a/1' })
  expect(copied).toEqual(['https://site.example/a/1'])
})

test('a page scrolls to its top, to a place, and to a place where a part would be that it does not have', () => {
  browser.scrollTo.mockClear()
  void Taro.pageScrollTo({})
  void Taro.pageScrollTo({ scrollTop: 300 })
  void Taro.pageScrollTo({ selector: '.none', offsetTop: -48 })
  expect(browser.scrollTo.mock.calls).toEqual([
    [0, 0],
    [0, 300],
    [0, 0],
  ])
})

test('parts are watched in as many steps, as far below the window and as many of them as asked', async () => {
  const observers: {
    report: (entries: object[]) => void
    options: object
    parts: object[]
    isOver: boolean
  }[] = []
  class IntersectionObserver {
    readonly own
    constructor(report: (entries: object[]) => void, options: object) {
      this.own = { report, options, parts: [] as object[], isOver: false }
      observers.push(this.own)
    }
    observe = (part: object) => void this.own.parts.push(part)
    disconnect = () => {
      this.own.isOver = true
    }
  }
  Object.assign(globalThis, { IntersectionObserver })
  const parts = [{ n: 1 }, { n: 2 }]
  browser.document.querySelectorAll = () => parts
  const seen = jest.fn()
  const stop = watchSight('.part', seen)
  watchSight('.part', seen, { below: 300, all: true, steps: 4 })
  expect(observers.map(({ options, parts }) => [options, parts])).toEqual([
    [{ rootMargin: '0px 0px 0px 0px', threshold: [0] }, parts.slice(0, 1)],
    [{ rootMargin: '0px 0px 300px 0px', threshold: [0, 0.25, 0.5, 0.75, 1] }, parts],
  ])
  observers[0]?.report([{ intersectionRatio: 0.5, boundingClientRect: { top: -7 } }])
  expect(seen.mock.calls).toEqual([[{ seen: 0.5, top: -7 }]])
  stop()
  expect(observers.map(({ isOver }) => isOver)).toEqual([true, false])
  expect(await scrolledTo()).toBe(120)
})
