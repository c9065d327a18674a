/// <reference path="../../../src/globals.d.ts" />
import * as v from 'valibot'
import { confirm } from '#platform/confirm'
import { copyText } from '#platform/copy-text'
import { systemFontScale } from '#platform/font-scale'
import { useMark } from '#platform/mark'
import { channelUrl, openPage, rankingUrl, storyUrl, topicUrl } from '#platform/navigate'
import { onNetworkBack } from '#platform/network'
import { openPoster } from '#platform/open-poster'
import { usePageHead } from '#platform/page-head'
import { pictureUrl } from '#platform/picture'
import { useIdParameter, useParameter } from '#platform/query'
import { scrollPage } from '#platform/scroll-page'
import { scrolledTo, watchSight } from '#platform/sight'
import { readStored, readStoredRows, removeStored, writeStored } from '#platform/storage'
import { tell } from '#platform/tell'
import { onSystemTheme, paintBars, systemTheme } from '#platform/theme'
import { watchApp } from '#platform/watch-app'
import theme from '../../../src/theme.json'
import { drawnAfter, runHook } from '../../support/run-hook'

/** What the phone was asked to do, in order. */
let asked: [api: string, ...given: unknown[]][] = []
/** APIs that fail, as they do on a phone that lacks them or refuses them. */
let refused: string[] = []
let pages: object[] = []
let scene = 1001
let info: object = {}
let params: Record<string, string> = {}
let confirmed = true
let scrollTop: number | undefined = 340
const heard = new Map<string, (told?: unknown) => void>()
const storage = new Map<string, unknown>()

/** An API that answers with a promise, as most of WeChat's do. */
function later(api: string, answer?: () => unknown) {
  return async (...given: unknown[]) => {
    asked.push([api, ...given])
    if (refused.includes(api)) throw new Error(`${api}:fail`)
    return answer?.()
  }
}
function atOnce(api: string, answer?: (...given: never[]) => unknown) {
  return (...given: never[]) => {
    if (refused.includes(api)) throw new Error(`${api}:fail`)
    return answer?.(...given)
  }
}

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  useRouter: () => ({ params }),
  useDidHide: () => undefined,
  default: {
    getEnterOptionsSync: () => ({ scene }),
    getAppBaseInfo: atOnce('getAppBaseInfo', () => info),
    getCurrentPages: () => pages,
    getCurrentInstance: () => ({ page: {} }),
    nextTick: (run: () => void) => run(),
    navigateTo: later('navigateTo'),
    redirectTo: later('redirectTo'),
    switchTab: later('switchTab'),
    setNavigationBarTitle: later('setNavigationBarTitle'),
    setNavigationBarColor: later('setNavigationBarColor'),
    setBackgroundColor: later('setBackgroundColor'),
    setBackgroundTextStyle: later('setBackgroundTextStyle'),
    setTabBarStyle: later('setTabBarStyle'),
    setTabBarItem: later('setTabBarItem'),
    showToast: later('showToast'),
    pageScrollTo: later('pageScrollTo'),
    setClipboardData: later('setClipboardData'),
    showModal: later('showModal', () => ({ confirm: confirmed })),
    getStorageSync: atOnce('storage', (key: string) => storage.get(key) ?? ''),
    setStorageSync: atOnce('storage', (key: string, value: unknown) => storage.set(key, value)),
    removeStorageSync: atOnce('storage', (key: string) => storage.delete(key)),
    onNetworkStatusChange: (listener: () => void) => heard.set('network', listener),
    offNetworkStatusChange: (listener: () => void) => {
      if (heard.get('network') === listener) heard.delete('network')
    },
    onThemeChange: (listener: () => void) => heard.set('theme', listener),
    offThemeChange: (listener: () => void) => {
      if (heard.get('theme') === listener) heard.delete('theme')
    },
    onPageNotFound: (listener: () => void) => heard.set('lost', listener),
    getUpdateManager: () => ({ onUpdateReady: () => undefined, applyUpdate: () => undefined }),
    createIntersectionObserver: (_: unknown, options: object) => {
      const own = {
        relativeToViewport: (area: object) => {
          asked.push(['watch', options, area])
          return own
        },
        observe: () => undefined,
        disconnect: () => undefined,
      }
      return own
    },
    createSelectorQuery: atOnce('query', () => {
      const own = {
        selectViewport: () => own,
        scrollOffset: (answer: (result?: object) => void) => {
          answer(scrollTop === undefined ? undefined : { scrollTop })
          return own
        },
        exec: () => undefined,
      }
      return own
    }),
  },
}))

Object.assign(globalThis, { SITE_URL: 'https://site.example' })

beforeEach(() => {
  asked = []
  refused = []
  pages = [{}]
  scene = 1001
  info = {}
  params = {}
  confirmed = true
  scrollTop = 340
  storage.clear()
})

describe('opening a page', () => {
  const open = (url: string) => drawnAfter(() => openPage(url))

  test('puts it on the stack; a page of the tab bar is switched to, without its query', async () => {
    await open('/pages/article/index?id=story00001')
    await open('/pages/ranking/index?mood=sad')
    expect(asked).toEqual([
      ['navigateTo', { url: '/pages/article/index?id=story00001' }],
      ['switchTab', { url: '/pages/ranking/index' }],
    ])
  })

  test('replaces the tenth page, because WeChat refuses an eleventh', async () => {
    pages = Array.from({ length: 9 }, () => ({}))
    await open('/more/about/index?of=9')
    pages = Array.from({ length: 10 }, () => ({}))
    await open('/more/about/index?of=10')
    expect(asked.map(([api]) => api)).toEqual(['navigateTo', 'redirectTo'])
  })

  test('twice by a double tap opens it once; from another page, or after a failure, it opens again', async () => {
    const url = '/more/topic/index?id=topic00001'
    await drawnAfter(() => {
      openPage(url)
      openPage(url)
      openPage('/more/about/index')
    })
    await open(url)
    expect(asked).toEqual([['navigateTo', { url }]])
    pages = [{}]
    await open(url)
    expect(asked).toHaveLength(2)
    refused = ['navigateTo']
    await open('/more/search/index')
    refused = []
    await open('/more/search/index')
    expect(asked).toHaveLength(4)
  })

  test('does nothing in Moments', async () => {
    scene = 1154
    await open('/more/about/index')
    expect(asked).toEqual([])
  })

  test('leads to the address of what is named', () => {
    expect([
      storyUrl('story00001'),
      topicUrl('topic00001'),
      channelUrl('earth'),
      channelUrl('earth', 'ocean'),
      rankingUrl('sad', '30d'),
    ]).toEqual([
      '/pages/article/index?id=story00001',
      '/more/topic/index?id=topic00001',
      '/more/channel/index?channel=earth',
      '/more/channel/index?channel=earth&column=ocean',
      '/pages/ranking/index',
    ])
  })

  test('of a poster takes along the mark by which the reader came', async () => {
    await drawnAfter(() => openPoster('story00001', '0123456789', () => 'newmark000'))
    expect(asked).toEqual([['navigateTo', { url: '/more/poster/index?id=story00001&mark=0123456789' }]])
  })
})

describe('an address', () => {
  const idOf = (given: Record<string, string>) => {
    params = given
    return runHook(useIdParameter).now()
  }
  const markOf = (given: Record<string, string>) => {
    params = given
    return runHook(useMark).now()
  }

  test.each<[string, Record<string, string>, string]>([
    ['an id', { id: 'story00001' }, 'story00001'],
    ['an id of eight', { id: 'story001' }, 'story001'],
    ['an id of twelve', { id: 'story0000012' }, 'story0000012'],
    ['a mini-code', { scene: 'story00001-0123456789' }, 'story00001'],
    ['a mini-code as WeChat encodes it', { scene: 'story00001%2D0123456789' }, 'story00001'],
    [
      'a card whose query was encoded as a whole',
      { 'id%3Dstory00001%26mark%3D0123456789': '' },
      'story00001',
    ],
    ['a card encoded twice', { id: 'story00001%2526mark%253D0123456789' }, 'story00001'],
    [
      'a card encoded twice, and once by WeChat',
      { id: 'story00001%252526mark%25253D0123456789' },
      'story00001',
    ],
    ['a copied full stop', { id: 'story00001。' }, 'story00001'],
    ['a copied space', { id: 'story00001%20' }, 'story00001'],
    ['a copied line break', { id: 'story00001%0A' }, 'story00001'],
    ['a copied space, encoded again', { id: 'story00001%2520' }, 'story00001'],
    // What is no id is passed on: the page says that there is no such story.
    ['too long an id', { id: 'story00000123' }, 'story00000123'],
    ['capitals', { id: 'story00001X' }, 'story00001X'],
    ['an entry’s number', { scene: '1007' }, ''],
    ['nothing', {}, ''],
  ])('with %s leads to its story', (_, given, id) => {
    expect(idOf(given)).toBe(id)
  })

  test.each<[string, Record<string, string>, string]>([
    ['a card', { id: 'story00001', mark: '0123456789' }, '0123456789'],
    ['a mini-code', { scene: 'story00001-0123456789' }, '0123456789'],
    ['a card encoded twice', { id: 'story00001%2526mark%253D0123456789' }, '0123456789'],
    [
      'a card encoded twice, and once by WeChat',
      { id: 'story00001%252526mark%25253D0123456789' },
      '0123456789',
    ],
    ['too long a mark', { mark: '01234567890' }, ''],
    ['too short a mark', { mark: '012345678' }, ''],
    ['another parameter', { remark: '0123456789' }, ''],
    ['nothing', { id: 'story00001' }, ''],
  ])('with %s has its mark', (_, given, mark) => {
    expect(markOf(given)).toBe(mark)
  })

  test('has its parameters decoded, also one that was cut off within a character', () => {
    const read = (q: string) => {
      params = { q }
      return runHook(() => useParameter('q')).now()
    }
    expect([read('%E6%97%A5%E9%A3%9F'), read('%E6%97%'), runHook(() => useParameter('none')).now()]).toEqual([
      '日食',
      '%E6%97%',
      '',
    ])
  })
})

test.each([
  ['/pictures/a.jpg', 'https://site.example/pictures/a.jpg'],
  ['//host.example/a.jpg', 'https://host.example/a.jpg'],
  ['http://host.example/a.jpg', 'http://host.example/a.jpg'],
  ['cloud://kepu.bucket/a.jpg', 'cloud://kepu.bucket/a.jpg'],
  ['javascript:alert(1)', ''],
  ['data:image/png;base64,AA', ''],
  ['xhttps://host.example/a.jpg', ''],
  ['', ''],
])('the picture %j is loaded from %j', (src, url) => expect(pictureUrl(src)).toBe(url))

describe('the bar', () => {
  const named = (head: Parameters<typeof usePageHead>[0]) => {
    runHook(() => usePageHead(head))
    return asked.map(([, given]) => given)
  }

  test('has the title of its page once it is known', () => {
    const head = runHook(() => usePageHead({ title: undefined }))
    expect(asked).toEqual([])
    head.draw(() => usePageHead({ title: '地球 · 海洋' }))
    head.draw(() => usePageHead({ title: '地球 · 海洋' }))
    head.draw(() => usePageHead({ title: '地球' }))
    expect(asked).toEqual([
      ['setNavigationBarTitle', { title: '地球 · 海洋' }],
      ['setNavigationBarTitle', { title: '地球' }],
    ])
  })

  test('keeps its own title where the page has a headline, and in Moments', () => {
    expect(named({ title: '一篇', named: true })).toEqual([])
    scene = 1154
    expect(named({ title: '一篇' })).toEqual([])
  })

  test.each(['light', 'dark'] as const)(
    'is painted %s as theme.json says, each part though another is refused',
    async name => {
      refused = ['setNavigationBarColor', 'setTabBarStyle']
      await drawnAfter(() => paintBars(name))
      const colours = theme[name]
      expect(asked.filter(([api]) => api !== 'setTabBarItem')).toEqual([
        [
          'setNavigationBarColor',
          { frontColor: name === 'light' ? '#000000' : '#ffffff', backgroundColor: colours.barBackground },
        ],
        ['setBackgroundColor', { backgroundColor: colours.pageBackground }],
        ['setBackgroundTextStyle', { textStyle: colours.loadingText }],
        [
          'setTabBarStyle',
          {
            backgroundColor: colours.tabBackground,
            color: colours.tabText,
            selectedColor: colours.tabSelected,
            borderStyle: 'black',
          },
        ],
      ])
      const night = name === 'light' ? '' : '-dark'
      expect(asked.filter(([api]) => api === 'setTabBarItem').map(([, item]) => item)).toEqual(
        ['home', 'ranking', 'shelf'].map((tab, index) => ({
          index,
          iconPath: `assets/tab/${tab}${night}.png`,
          selectedIconPath: `assets/tab/${tab}-on${night}.png`,
        })),
      )
    },
  )
})

describe('the phone', () => {
  test('is dark, and has larger text, only if it says so', () => {
    expect([systemTheme(), systemFontScale()]).toEqual(['light', 1])
    info = { theme: 'dark', fontSizeScaleFactor: 1.4 }
    expect([systemTheme(), systemFontScale()]).toEqual(['dark', 1.4])
    refused = ['getAppBaseInfo']
    expect([systemTheme(), systemFontScale()]).toEqual(['light', 1])
  })

  test('says when its theme changes, as long as somebody asks', () => {
    const changed = jest.fn()
    const stop = onSystemTheme(changed)
    heard.get('theme')?.()
    expect(changed).toHaveBeenCalledTimes(1)
    stop()
    expect(heard.has('theme')).toBe(false)
  })

  test('copies, and asks; what it refuses counts as not done', async () => {
    expect(await copyText('https://site.example/a/1')).toBe(true)
    expect(asked).toEqual([['setClipboardData', { data: 'https://site.example/a/1' }]])
    expect(await confirm({ title: '清空？' })).toBe(true)
    confirmed = false
    expect(await confirm({ title: '清空？' })).toBe(false)
    refused = ['setClipboardData', 'showModal']
    expect([await copyText('x'), await confirm({ title: '清空？' })]).toEqual([false, false])
  })

  test('shows words without a sign, which would leave room for seven of them, and scrolls at once', async () => {
    await drawnAfter(() => {
      tell('已收藏，可在书架里找到')
      scrollPage({ selector: '.poll', offsetTop: -48 })
    })
    expect(asked).toEqual([
      ['showToast', { title: '已收藏，可在书架里找到', icon: 'none' }],
      ['pageScrollTo', { selector: '.poll', offsetTop: -48, duration: 0 }],
    ])
    refused = ['showToast', 'pageScrollTo']
    await drawnAfter(() => tell('已收藏'))
  })

  test('tells how far its page is scrolled, 0 if it does not know', async () => {
    expect(await scrolledTo()).toBe(340)
    scrollTop = undefined
    expect(await scrolledTo()).toBe(0)
    refused = ['query']
    expect(await scrolledTo()).toBe(0)
  })

  test('watches parts in as many steps, as far below the window and as many of them as asked', () => {
    watchSight('.a', () => undefined)
    watchSight('.a', () => undefined, { below: 300, all: true, steps: 4, initially: 1 })
    expect(asked).toEqual([
      ['watch', { observeAll: false, thresholds: [0], initialRatio: 0 }, { bottom: 0 }],
      ['watch', { observeAll: true, thresholds: [0, 0.25, 0.5, 0.75, 1], initialRatio: 1 }, { bottom: 300 }],
    ])
  })

  test('says when the network is back, not when it goes, and only as long as somebody asks', () => {
    const back = jest.fn()
    const stop = onNetworkBack(back)
    heard.get('network')?.({ isConnected: false })
    expect(back).not.toHaveBeenCalled()
    heard.get('network')?.({ isConnected: true })
    expect(back).toHaveBeenCalledTimes(1)
    stop()
    expect(heard.has('network')).toBe(false)
  })

  test('leads from an old link to our own page of ways on, to home if that fails; not in Moments', async () => {
    watchApp()
    const lose = () => drawnAfter(() => heard.get('lost')?.())
    await lose()
    refused = ['redirectTo']
    await lose()
    expect(asked).toEqual([
      ['redirectTo', { url: '/more/lost/index' }],
      ['redirectTo', { url: '/more/lost/index' }],
      ['switchTab', { url: '/pages/home/index' }],
    ])
    heard.delete('lost')
    scene = 1154
    watchApp()
    expect(heard.has('lost')).toBe(false)
  })

  test('stores what fits; what does not, and a storage that fails, count as nothing', () => {
    const Row = v.object({ id: v.string() })
    expect([writeStored('rows', [{ id: 'a' }, { id: 7 }, { id: 'b' }]), writeStored('word', '光')]).toEqual([
      true,
      true,
    ])
    expect(readStoredRows('rows', Row)).toEqual([{ id: 'a' }, { id: 'b' }])
    expect([readStored('word', v.string()), readStored('word', v.number())]).toEqual(['光', undefined])
    expect(readStoredRows('word', Row)).toEqual([])
    removeStored('word')
    expect(storage.has('word')).toBe(false)
    refused = ['storage']
    expect([writeStored('word', '光'), readStored('rows', v.unknown()), readStoredRows('rows', Row)]).toEqual(
      [false, undefined, []],
    )
    expect(() => removeStored('rows')).not.toThrow()
  })
})
