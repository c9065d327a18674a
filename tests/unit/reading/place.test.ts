const phone = new Map<string, unknown>()
/** Where the page is scrolled to (px). */
let top = 0
let hide = () => {}
/** Who is told when a part of the page comes into sight. */
const sights: ((sight: object) => void)[] = []
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  useDidHide: (run: () => void) => {
    hide = run
  },
  default: {
    getCurrentInstance: () => ({ page: {} }),
    createIntersectionObserver: () => ({
      relativeToViewport: () => ({ observe: (_: string, see: (sight: object) => void) => sights.push(see) }),
      disconnect: () => undefined,
    }),
    nextTick: (run: () => void) => run(),
    createSelectorQuery: () => {
      const query = { selectViewport: () => query, exec: () => undefined, scrollOffset: answer }
      function answer(tell: (at: { scrollTop: number }) => void) {
        tell({ scrollTop: top })
        return query
      }
      return query
    },
    pageScrollTo: ({ scrollTop }: { scrollTop: number }) => {
      top = scrollTop
    },
    showToast: () => undefined,
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
  },
}))

import { useReadingPlace } from '#features/reading/use-reading-place'
import { type Place, putPlace, readPlace, writePlace } from '../../../src/features/reading/reading-place'
import { drawnAfter, runHook } from '../../support/run-hook'

const at = 1_800_000_000_000
const place = (id: string, top: number, when = at): Place => ({ id, top, at: when, whole: true })

test('the latest place of a story replaces the previous one', () => {
  const places = putPlace([place('a', 2000), place('b', 900)], 'a', place('a', 3000), at)
  expect(places.map(({ id, top }) => [id, top])).toEqual([
    ['a', 3000],
    ['b', 900],
  ])
})

test('a story read to its end, or hardly begun, has no stored place', () => {
  expect(putPlace([place('a', 2000)], 'a', null, at)).toEqual([])
  expect(putPlace([place('a', 2000)], 'a', place('a', 100), at)).toEqual([])
})

test('the number of places is limited, and they expire after two weeks', () => {
  const fortnight = 14 * 86_400_000
  const old = [place('kept', 2000, at - fortnight), place('old', 2000, at - fortnight - 1)]
  expect(putPlace(old, 'new', place('new', 1000), at).map(({ id }) => id)).toEqual(['new', 'kept'])
  let places: Place[] = old
  for (let i = 0; i < 80; i++) places = putPlace(places, `s${i}`, place(`s${i}`, 1000), at)
  expect(places).toHaveLength(50)
  expect(places.some(({ id }) => id === 'old')).toBe(false)
})

test('a place is found again on this phone for two weeks, and no longer', () => {
  jest.useFakeTimers({ now: at })
  try {
    writePlace('a', { top: 2000, whole: true })
    expect(readPlace('a')).toEqual(place('a', 2000))
    jest.setSystemTime(at + 15 * 86_400_000)
    expect(readPlace('a')).toBeUndefined()
  } finally {
    jest.useRealTimers()
  }
})

test('a place is stored from the second screen on, and forgotten when the story was read to its end', () => {
  const tops = () => ['b', 'c'].map(id => readPlace(id)?.top)
  writePlace('b', { top: 600, whole: false })
  writePlace('c', { top: 599, whole: false })
  expect([tops(), readPlace('b')?.whole]).toEqual([[600, undefined], false])
  writePlace('b', { top: 599, whole: false })
  expect(tops()).toEqual([undefined, undefined])
  writePlace('b', { top: 900, whole: true })
  writePlace('c', null)
  expect(tops()).toEqual([900, undefined])
  writePlace('b', null)
  expect(tops()).toEqual([undefined, undefined])
})

test('a story that is closed half read, without being hidden first, goes on there the next time', async () => {
  jest.useFakeTimers({ now: at })
  try {
    sights.length = 0
    top = 0
    const page = { drawn: true, whole: false, complete: true, parts: 1 }
    const hook = runHook(() => useReadingPlace('closed', page, () => undefined))
    top = 1_500
    sights[0]?.({ intersectionRatio: 1 })
    await drawnAfter(() => jest.advanceTimersByTimeAsync(2_000))
    expect(readPlace('closed')).toBeUndefined()
    hook.leave()
    expect(readPlace('closed')).toMatchObject({ top: 1_500, whole: false })
  } finally {
    jest.useRealTimers()
  }
})

describe('an open story', () => {
  const left = { top: 2_000, whole: true }
  /** A page with a whole story, and what a reader does on it. `sights` are paragraphs, rich texts, the end. */
  const read = async (complete: boolean) => {
    sights.length = 0
    top = 0
    const page = { drawn: true, whole: true, parts: 1, complete }
    const hook = runHook(() => useReadingPlace('open', page, () => undefined))
    await drawnAfter(() => undefined)
    return {
      hook,
      page,
      scrollTo: (next: number) => {
        top = next
        sights[0]?.({ intersectionRatio: 1 })
        return drawnAfter(() => jest.advanceTimersByTimeAsync(2_000))
      },
      seeEnd: () => sights[2]?.({ intersectionRatio: 1 }),
    }
  }
  beforeEach(() => {
    jest.useFakeTimers({ now: at })
    writePlace('open', null)
  })
  afterEach(() => jest.useRealTimers())

  test('is stored when the phone hides it', async () => {
    const { hook, scrollTo } = await read(true)
    await scrollTo(1_500)
    hide()
    expect(readPlace('open')?.top).toBe(1_500)
    hook.leave()
  })

  test('that was read to its end begins at its top again, although the reader went on scrolling', async () => {
    writePlace('open', left)
    const { hook, scrollTo, seeEnd } = await read(true)
    await scrollTo(1_500)
    seeEnd()
    await scrollTo(1_000)
    hook.leave()
    expect(readPlace('open')).toBeUndefined()
  })

  test('is not read to its end while a part of it is still to be drawn', async () => {
    writePlace('open', left)
    const { hook, seeEnd } = await read(false)
    seeEnd()
    hook.leave()
    expect(readPlace('open')?.top).toBe(2_000)
  })

  test('is watched anew with the paragraphs that are drawn later', async () => {
    const { hook, page } = await read(true)
    hook.draw()
    expect(sights).toHaveLength(3)
    page.parts = 2
    hook.draw()
    expect(sights).toHaveLength(6)
    hook.leave()
  })

  test('moves its reader once, and not again when the fold opens', async () => {
    writePlace('open', { top: 2_000, whole: false })
    const { hook, page } = await read(true)
    expect(top).toBe(2_000)
    top = 0
    page.whole = false
    hook.draw()
    await drawnAfter(() => undefined)
    expect(top).toBe(0)
    hook.leave()
  })
})

describe('a story opened again', () => {
  const opened = async (complete: boolean) => {
    writePlace('story', { top: 2_000, whole: true })
    const page = { drawn: true, whole: true, parts: 1 }
    const hook = runHook(() => useReadingPlace('story', { ...page, complete }, () => undefined))
    await drawnAfter(() => undefined)
    return hook
  }

  test.each([
    ['goes on where the reader left it', 0, true, 2_000],
    ['does not move a reader who has scrolled meanwhile', 51, true, 51],
    ['waits until that place is drawn', 0, false, 0],
  ])('%s', async (_, before, complete, after) => {
    top = before
    const hook = await opened(complete)
    expect(top).toBe(after)
    hide()
    hook.leave()
  })
})
