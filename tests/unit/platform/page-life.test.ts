import { useNearEnd } from '#features/reading/use-near-end'
import { useStages } from '#features/reading/use-stages'
import { useCopyUrl } from '#platform/copy-url'
import { useFarAway } from '#platform/far-away'
import { useLook } from '#platform/look'
import { chooseLook } from '#platform/look-choice'
import { watchSight } from '#platform/sight'
import { useTabRetap } from '#platform/tab-retap'
import { watchApp } from '#platform/watch-app'
import { drawnAfter, runHook } from '../../support/run-hook'

/** What a phone calls in the life of a page: each holds what the page under test gave last. */
const page: Record<'show' | 'hide' | 'unload' | 'tapTab', () => void> = {
  show() {},
  hide() {},
  unload() {},
  tapTab() {},
}
interface Observer {
  report(part: { intersectionRatio: number; boundingClientRect: { top: number; height: number } }): void
  isWatching: boolean
  part?: string | undefined
  area?: { top?: number; bottom?: number } | undefined
  options: { initialRatio?: number }
}
let observers: Observer[] = []
let copied: (() => { query: string }) | undefined
let info: { fontSizeScaleFactor?: number; SDKVersion: string; theme?: string }
let asked: string[] = []
let questions: object[] = []
let scene = 1001
let answer = { confirm: false }
let updates: (() => void)[] = []
const applied = jest.fn()
const scrolled = jest.fn()
let ticks: (() => void)[] = []
const painted: string[] = []
let themeChanges: (() => void) | undefined
const tabIcons: { index: number; iconPath: string; selectedIconPath: string }[] = []

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  useDidShow: (run: () => void) => {
    page.show = run
  },
  useDidHide: (run: () => void) => {
    page.hide = run
  },
  useUnload: (run: () => void) => {
    page.unload = run
  },
  useTabItemTap: (run: () => void) => {
    page.tapTab = run
  },
  default: {
    getEnterOptionsSync: () => ({ scene }),
    getAppBaseInfo: () => info,
    getStorageSync: () => '',
    setStorageSync: () => undefined,
    getCurrentInstance: () => ({ page: {} }),
    nextTick: (run: () => void) => ticks.push(run),
    pageScrollTo: (to: object) => scrolled(to),
    onCopyUrl: (listener: () => { query: string }) => {
      copied = listener
    },
    offCopyUrl: () => {
      copied = undefined
    },
    setBackgroundColor: ({ backgroundColor }: { backgroundColor: string }) => painted.push(backgroundColor),
    onThemeChange: (listener: () => void) => {
      themeChanges = listener
    },
    setTabBarItem: (icons: (typeof tabIcons)[number]) => tabIcons.push(icons),
    createIntersectionObserver: (_: unknown, options: Observer['options']) => {
      const observer: Observer = { report() {}, isWatching: true, options }
      observers.push(observer)
      const own = {
        relativeToViewport: (area: Observer['area']) => {
          observer.area = area
          return own
        },
        observe: (part: string, report: Observer['report']) => {
          observer.part = part
          observer.report = report
        },
        disconnect: () => {
          observer.isWatching = false
        },
      }
      return own
    },
    onPageNotFound: () => undefined,
    getUpdateManager: () => ({
      onUpdateReady: (listener: () => void) => updates.push(listener),
      applyUpdate: applied,
    }),
    showModal: ({ title, ...question }: { title: string }) => {
      asked.push(title)
      questions.push(question)
      return Promise.resolve(answer)
    },
  },
}))

beforeEach(() => {
  jest.useFakeTimers()
  observers = []
  ticks = []
  copied = undefined
  info = { SDKVersion: '3.0.0' }
  asked = []
  questions = []
  scene = 1001
  updates = []
  applied.mockClear()
  scrolled.mockClear()
})
afterEach(() => jest.useRealTimers())

describe('a tap on the active tab', () => {
  test('scrolls its page to the top and refreshes it; the tap that opened the tab does not', () => {
    const run = jest.fn()
    runHook(() => useTabRetap(run))
    page.show()
    page.tapTab()
    // A slow phone reports that tap late.
    jest.advanceTimersByTime(499)
    page.tapTab()
    expect(run).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    page.tapTab()
    expect(run).toHaveBeenCalledTimes(1)
    expect(scrolled).toHaveBeenCalledWith(expect.objectContaining({ scrollTop: 0 }))
    // A phone may report the tap that opens the tab before it shows the page.
    page.hide()
    jest.advanceTimersByTime(60_000)
    page.tapTab()
    page.show()
    expect(run).toHaveBeenCalledTimes(1)
  })
})

describe('a part of a long page', () => {
  const part = (seen: number, height: number) => ({
    intersectionRatio: seen,
    boundingClientRect: { top: 0, height },
  })

  test('is an empty box of its height while it is far away, and drawn again when it comes near', async () => {
    const far = runHook(() => useFarAway('part', true))
    const [observer] = observers
    expect(observer?.part).toBe('#part')
    // WeChat then also reports a part that is far away from the start.
    expect(observer?.options).toEqual({ initialRatio: 1 })
    // A flick scrolls two windows, up or down, before the next report.
    expect(Math.min(observer?.area?.top ?? 0, observer?.area?.bottom ?? 0)).toBeGreaterThanOrEqual(1_600)
    await drawnAfter(() => observer?.report(part(0, 640.4)))
    expect(far.now()).toBe(640)
    await drawnAfter(() => observer?.report(part(0.2, 640)))
    expect(far.now()).toBe(0)
    far.leave()
    expect(observer?.isWatching).toBe(false)
  })

  test('is watched only where it is asked for, and another part in its place is watched anew', async () => {
    let [id, isActive] = ['part', false]
    const far = runHook(() => useFarAway(id, isActive))
    expect(observers).toEqual([])
    isActive = true
    far.draw()
    await drawnAfter(() => observers[0]?.report(part(0, 640)))
    expect(far.now()).toBe(640)
    id = 'other'
    far.draw()
    expect(observers.map(({ part, isWatching }) => [part, isWatching])).toEqual([
      ['#part', false],
      ['#other', true],
    ])
    isActive = false
    far.draw()
    expect([far.now(), observers[1]?.isWatching]).toEqual([0, false])
  })

  test('stays drawn while its page is hidden, where the phone reports every part as out of sight', async () => {
    const far = runHook(() => useFarAway('part', true))
    const [observer] = observers
    page.hide()
    await drawnAfter(() => observer?.report(part(0, 640)))
    expect(far.now()).toBe(0)
    await drawnAfter(() => observer?.report(part(1, 640)))
    await drawnAfter(() => observer?.report(part(0, 640)))
    expect(far.now()).toBe(640)
  })

  test('is no longer watched once nobody asks, even if the watching had not begun', () => {
    const seen = jest.fn()
    const stopEarly = watchSight('.part', seen)
    stopEarly()
    const stop = watchSight('.part', seen)
    for (const run of ticks) run()
    expect(observers).toHaveLength(1)
    observers[0]?.report(part(0.5, 640))
    expect(seen).toHaveBeenCalledWith({ seen: 0.5, top: 0 })
    stop()
    expect(observers[0]?.isWatching).toBe(false)
  })
})

test.each([
  ['in sight', 0.1, 700, true],
  ['behind a reader who jumped past it', 0, -900, true],
  ['still far below', 0, 3_000, false],
])('the end of a story that is %s', async (_, seen, top, isNear) => {
  const near = runHook(() => useNearEnd(true))
  for (const run of ticks) run()
  const boundingClientRect = { top, height: 1 }
  await drawnAfter(() => observers[0]?.report({ intersectionRatio: seen, boundingClientRect }))
  expect(near.now()).toBe(isNear)
})

test('a long story is drawn step by step, the first screen alone; another story starts again', async () => {
  const steps = (key: string, last: number) => () => useStages(key, last)
  const stages = runHook(steps('story-1', 2))
  const seen = [stages.now()]
  for (let times = 0; times < 4; times++) {
    await drawnAfter(() => {
      for (const run of ticks.splice(0)) run()
    })
    seen.push(stages.now())
  }
  expect(seen).toEqual([0, 1, 2, 2, 2])
  stages.draw(steps('story-2', 2))
  expect(stages.now()).toBe(0)
})

test('WeChat’s menu copies the link of the page on the screen, and of no page that was left', () => {
  let query = 'id=1'
  runHook(() => useCopyUrl(() => query))
  expect(copied).toBeUndefined()
  page.show()
  query = 'id=2'
  expect(copied?.()).toEqual({ query: 'id=2' })
  page.hide()
  expect(copied).toBeUndefined()
  page.show()
  page.unload()
  expect(copied).toBeUndefined()
})

test('a page takes the font size that the reader chose in WeChat meanwhile, and the look chosen on another page', async () => {
  const look = runHook(() => useLook('home'))
  expect(look.now()).toEqual({ className: 'home look' })
  info = { SDKVersion: '3.0.0', fontSizeScaleFactor: 1.2 }
  await drawnAfter(page.show)
  expect(look.now()).toEqual({ className: 'home look', style: '--scale:1.2' })
  await drawnAfter(() => chooseLook({ size: 'care', theme: 'dark' }))
  expect(look.now()).toEqual({ className: 'home look look--dark look--care', style: '--scale:1.8' })
  const names = tabIcons.map(({ iconPath, selectedIconPath }) => [iconPath, selectedIconPath])
  expect(names).toEqual(
    ['home', 'ranking', 'shelf'].map(tab => [`assets/tab/${tab}-dark.png`, `assets/tab/${tab}-on-dark.png`]),
  )
  // At the usual size the old value would stay if the page did not say so.
  info = { SDKVersion: '3.0.0' }
  await drawnAfter(() => chooseLook({ size: 'standard' }))
  expect(look.now().style).toBe('--scale:1')
  // A change in WeChat alone is drawn when the page is seen again.
  info = { SDKVersion: '3.0.0', fontSizeScaleFactor: 1.1 }
  await drawnAfter(page.show)
  expect(look.now().style).toBe('--scale:1.1')
  look.leave()
})

test('in Moments a page follows the system alone, and leaves the bars as they are', async () => {
  await drawnAfter(() => chooseLook({ theme: 'dark' }))
  scene = 1154
  painted.length = 0
  const look = runHook(() => useLook('article'))
  await drawnAfter(page.show)
  await drawnAfter(() => chooseLook({ theme: 'light' }))
  expect([look.now().className, painted]).toEqual(['article look', []])
  look.leave()
})

test('bars painted by hand follow the system again when the reader chooses so, and whenever it changes', async () => {
  const look = runHook(() => useLook('home'))
  await drawnAfter(() => chooseLook({ theme: 'dark' }))
  painted.length = 0
  await drawnAfter(() => chooseLook({ theme: 'system' }))
  expect(look.now().className).not.toMatch(/look--(dark|light)/)
  info = { SDKVersion: '3.0.0', theme: 'dark' }
  await drawnAfter(() => themeChanges?.())
  expect(painted).toEqual(['#FBFAF7', '#141414'])
  look.leave()
  await drawnAfter(() => chooseLook({ theme: 'light' }))
  expect(painted).toHaveLength(2)
})

test.each([
  ['after the reader agrees', true, 1],
  ['not if the reader declines', false, 0],
])('a new version is offered once, and used %s', async (_, confirm, times) => {
  answer = { confirm }
  watchApp()
  for (const ready of [...updates, ...updates]) ready()
  await drawnAfter(() => undefined)
  expect(asked).toEqual(['新版本已经准备好'])
  expect(questions).toEqual([
    { content: expect.stringContaining('重启'), confirmText: '重启', cancelText: '以后' },
  ])
  expect(applied).toHaveBeenCalledTimes(times)
})

test('a WeChat that is too old is told so, and is offered no new version', () => {
  info = { SDKVersion: '2.19.0' }
  watchApp()
  expect([asked, updates]).toEqual([['微信版本较低'], []])
  // There is nothing to decide.
  expect(questions).toEqual([{ content: expect.stringContaining('更新微信'), showCancel: false }])
})
