/// <reference path="../../../src/globals.d.ts" />
import Taro, { useDidHide, useDidShow, useReachBottom, useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { useFold } from '#features/reading/use-fold.h5'
import { afterDrawing } from '#platform/after-drawing.h5'
import { useParameter } from '#platform/query'
import { readStored, writeStored } from '#platform/storage'
import { keepGrownList, useGrownList } from '#platform/use-grown-list.h5'
import { useStored } from '#platform/use-stored.h5'
import { enterPage, noteHydrated } from '#platform/web-page'
import { drawnAfter, runHook } from '../../support/run-hook'

// The site's own version of Taro, as in the web build (config/web.ts).
jest.mock('@tarojs/taro', () => jest.requireActual('../../../src/web/taro'))

/** A window with what the code under test asks a browser for. */
const page = new EventTarget()
const shown = Object.assign(new EventTarget(), {
  visibilityState: 'visible',
  documentElement: {
    scrollHeight: 3_000,
    classes: new Set<string>(),
    classList: {
      toggle: (name: string, on: boolean) => void shown.documentElement.classes[on ? 'add' : 'delete'](name),
    },
  },
  /** How far the end of the list is below the top of the window (px). */
  end: 2_000,
  querySelector: (selector: string) => ({
    getBoundingClientRect: () => ({ top: selector === '.feed-end' ? shown.end : 300 }),
  }),
})
const stored = new Map<string, string>()
const scrolled = jest.fn()
const browser = {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  document: shown,
  innerHeight: 800,
  scrollY: 0,
  scrollTo: scrolled,
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  },
  history: {
    state: null as unknown,
    scrollRestoration: 'auto',
    replaceState(state: unknown) {
      browser.history.state = state
    },
  },
}
Object.assign(globalThis, browser)
const happens = (type: string, more: object = {}) => page.dispatchEvent(Object.assign(new Event(type), more))
const turns = (visibilityState: 'visible' | 'hidden') => {
  shown.visibilityState = visibilityState
  shown.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  jest.useFakeTimers()
  stored.clear()
  scrolled.mockClear()
  browser.history.state = null
})
afterEach(() => jest.useRealTimers())

describe('a document', () => {
  test('is shown when it opens, when the reader turns back to it, and when the browser restores it', () => {
    const run = jest.fn()
    const opened = runHook(() => useDidShow(run))
    happens('pageshow', { persisted: false })
    expect(run).toHaveBeenCalledTimes(1)
    turns('hidden')
    expect(run).toHaveBeenCalledTimes(1)
    turns('visible')
    expect(run).toHaveBeenCalledTimes(2)
    happens('pageshow', { persisted: true })
    expect(run).toHaveBeenCalledTimes(3)
    const next = jest.fn()
    opened.draw(() => useDidShow(next))
    turns('visible')
    expect([run.mock.calls.length, next.mock.calls.length]).toEqual([3, 1])
    opened.leave()
    turns('visible')
    happens('pageshow', { persisted: true })
    expect(next).toHaveBeenCalledTimes(1)
  })

  test('is left when it is hidden, and when the reader goes to another', () => {
    const run = jest.fn()
    const opened = runHook(() => useDidHide(run))
    turns('visible')
    expect(run).not.toHaveBeenCalled()
    turns('hidden')
    happens('pagehide')
    expect(run).toHaveBeenCalledTimes(2)
    opened.leave()
    turns('hidden')
    happens('pagehide')
    expect(run).toHaveBeenCalledTimes(2)
    turns('visible')
  })

  test.each([
    ['when it is drawn', () => jest.advanceTimersByTime(300)],
    ['at once if the reader goes on before', () => happens('pagehide')],
    ['at once if the phone hides it before', () => turns('hidden')],
  ])('does the work that can wait %s, and only once', (_, happen) => {
    const work = jest.fn()
    afterDrawing(work)
    jest.advanceTimersByTime(100)
    expect(work).not.toHaveBeenCalled()
    happen()
    expect(work).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(1_000)
    happens('pagehide')
    turns('visible')
    expect(work).toHaveBeenCalledTimes(1)
  })

  test('gives its pages the parameters of its address, whatever is in them', () => {
    const query = '100%25 &=+/ 日食'
    enterPage({ name: 'search', params: { q: query }, preview: false })
    expect(runHook(() => useParameter('q')).now()).toBe(query)
    expect(runHook(useRouter).now().path).toBe('search')
  })

  test('scrolls to a part of the page, from wherever it is', () => {
    Object.assign(globalThis, { scrollY: 1_000 })
    void Taro.pageScrollTo({ selector: '.feed', offsetTop: -50 })
    expect(scrolled).toHaveBeenCalledWith(0, 1_250)
    Object.assign(globalThis, { scrollY: 0 })
  })
})

describe('the end of a list', () => {
  const near = (end: number) => {
    shown.end = end
    happens('scroll')
  }

  test('asks for more each time that the reader comes near it, five times; then it waits for a tap', () => {
    const run = jest.fn()
    const opened = runHook(() => useReachBottom(run))
    near(2_000)
    expect(run).not.toHaveBeenCalled()
    for (const times of [1, 2, 3, 4, 5, 5, 5]) {
      near(1_000)
      near(900)
      expect(run).toHaveBeenCalledTimes(times)
      near(2_000)
      expect(shown.documentElement.classes.has('by-hand')).toBe(times === 5)
    }
    opened.leave()
  })

  test('waits for a tap on a page that fits its window, because that page never scrolls', () => {
    shown.documentElement.scrollHeight = 800
    const run = jest.fn()
    const opened = runHook(() => useReachBottom(run))
    expect(shown.documentElement.classes.has('by-hand')).toBe(true)
    shown.documentElement.scrollHeight = 801
    happens('resize')
    expect(shown.documentElement.classes.has('by-hand')).toBe(false)
    opened.leave()
    // A list that has gone from the page asks for nothing, and says nothing of the footer.
    shown.documentElement.scrollHeight = 800
    happens('resize')
    near(1_000)
    expect([run.mock.calls, shown.documentElement.classes.has('by-hand')]).toEqual([[], false])
  })
})

describe('what is stored', () => {
  // The first test reads before `noteHydrated`; nothing takes that back.
  test('is read only after React has taken over, and broken values are none', () => {
    const Text = v.pipe(v.string(), v.minLength(1))
    writeStored('word', '光')
    expect(readStored('word', Text)).toBeUndefined()
    noteHydrated()
    expect(readStored('word', Text)).toBe('光')
    for (const broken of ['{"data":', 'null', '7', '"光"', '{"date":"光"}']) {
      stored.set('word', broken)
      expect([broken, readStored('word', Text)]).toEqual([broken, undefined])
    }
  })

  test('is on the page from the second drawing on', () => {
    const drawings: string[] = []
    const opened = runHook(() => {
      const [value, set] = useStored(() => '存着的', '')
      drawings.push(value)
      return { value, set }
    })
    expect(drawings).toEqual(['', '存着的'])
    opened.act(({ set }) => set('新的'))
    expect(opened.now().value).toBe('新的')
  })

  test('in the history, an open fold is open again after going back', () => {
    const first = runHook(useFold)
    expect(first.now()[0]).toBe(false)
    first.act(([, unfold]) => unfold())
    expect(first.now()[0]).toBe(true)
    expect(runHook(useFold).now()[0]).toBe(true)
    browser.history.state = { unfolded: 'yes' }
    expect(runHook(useFold).now()[0]).toBe(false)
  })

  test('in the history, an open fold is open at once, even if the browser refuses to note it', () => {
    const refuses = jest.spyOn(browser.history, 'replaceState').mockImplementation(() => {
      throw new Error('SecurityError')
    })
    const story = runHook(useFold)
    story.act(([, unfold]) => unfold())
    expect(story.now()[0]).toBe(true)
    refuses.mockRestore()
  })

  test('in the history, a list that had grown grows again before the page scrolls to its place', async () => {
    let count = 22
    const more = jest.fn(() => {
      count += 22
      return Promise.resolve()
    })
    const list = () => runHook(() => useGrownList(count, 'ready', more))
    const first = list()
    browser.history.state = { unfolded: true }
    keepGrownList()
    expect(browser.history.scrollRestoration).toBe('auto')
    happens('pagehide')
    expect(browser.history.state).toEqual({ unfolded: true })
    await drawnAfter(more)
    await drawnAfter(more)
    first.draw()
    Object.assign(globalThis, { scrollY: 4_000 })
    happens('pagehide')
    expect(browser.history.state).toEqual({ unfolded: true, items: 66, top: 4_000 })

    more.mockClear()
    count = 22
    keepGrownList()
    expect(browser.history.scrollRestoration).toBe('manual')
    scrolled.mockClear()
    const again = list()
    for (let times = 0; times < 5; times++) {
      await drawnAfter(() => undefined)
      again.draw()
    }
    expect([more.mock.calls.length, count]).toEqual([2, 66])
    await drawnAfter(more)
    again.draw()
    expect(scrolled.mock.calls).toEqual([[0, 4_000]])

    scrolled.mockClear()
    count = 22
    const touched = list()
    happens('wheel')
    for (let times = 0; times < 5; times++) touched.draw()
    expect([count, scrolled.mock.calls]).toEqual([66, []])

    // The list below a story comes late: until then the page stays where it is.
    browser.history.state = { items: 3, top: 4_000 }
    let now: [count: number, state: string] = [0, 'loading']
    const below = runHook(() => useGrownList(...now, more))
    keepGrownList()
    scrolled.mockClear()
    more.mockClear()
    for (const next of [
      [0, 'loading'],
      [2, 'more'],
    ] as const) {
      now = [...next]
      below.draw()
    }
    expect([more.mock.calls, scrolled.mock.calls]).toEqual([[], []])
    now = [2, 'ready']
    below.draw()
    expect(more).toHaveBeenCalledTimes(1)

    // Nobody waits for a list of thousands.
    count = 22
    browser.history.state = { items: 9_999 }
    const long = list()
    for (let times = 0; times < 20; times++) long.draw()
    expect(count).toBeLessThan(250)
  })

  test.each(['wheel', 'pointerdown', 'keydown', 'scroll'])(
    'in the history, the place is not gone back to once the reader has moved: %s',
    type => {
      browser.history.state = { items: 3, top: 4_000 }
      jest.isolateModules(() => {
        const fresh = require('#platform/use-grown-list.h5') as typeof import('#platform/use-grown-list.h5')
        const { runHook } = require('../../support/run-hook') as typeof import('../../support/run-hook')
        fresh.keepGrownList()
        expect(scrolled.mock.calls).toEqual([[0, 4_000]])
        scrolled.mockClear()
        happens(type)
        runHook(() => fresh.useGrownList(3, 'ready', () => Promise.resolve()))
      })
      // The browser's own scrolling is none of the reader's doing.
      expect(scrolled.mock.calls).toEqual(type === 'scroll' ? [[0, 4_000]] : [])
    },
  )
})
