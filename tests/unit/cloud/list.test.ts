import fc from 'fast-check'
import { bringFirstData } from '#cloud/first-data'
import { createList, type List, type ListSource } from '#cloud/list'
import { useList } from '#cloud/use-list'
import { drawnAfter, runHook } from '../../support/run-hook'

const networkBack = new Set<(status: { isConnected: boolean }) => void>()
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    onNetworkStatusChange: (listener: (status: { isConnected: boolean }) => void) =>
      networkBack.add(listener),
    offNetworkStatusChange: (listener: (status: { isConnected: boolean }) => void) =>
      networkBack.delete(listener),
  },
}))

interface Row {
  id: string
}
interface Ranking {
  items: Row[]
  next: string | null
  updatedAt: number
}

/** A cloud whose replies arrive when the test says so, in any order. */
function cloud(key = 'ranking:happy') {
  const waiting: { cursor: string | undefined; reply(page: Ranking): void; fail(error: unknown): void }[] = []
  const ask = (cursor?: string) =>
    new Promise<Ranking>((reply, fail) => waiting.push({ cursor, reply, fail }))
  const source: ListSource<Row, Ranking> = { key, first: ask, pageOf: page => page, more: ask }
  return { source, waiting }
}

const rows = (...ids: string[]): Row[] => ids.map(id => ({ id }))
const ids = (list: List<Row, Ranking>) => list.now().items.map(({ id }) => id)
const settled = () => jest.advanceTimersByTimeAsync(0)

beforeEach(() => {
  jest.useFakeTimers()
  bringFirstData(undefined)
  networkBack.clear()
})
afterEach(() => jest.useRealTimers())

describe('a list', () => {
  test('keeps the first reply with the rows it brought; further pages do not change it', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: rows('a', 'b'), next: '2', updatedAt: 100 })
    await settled()
    expect(list.now()).toMatchObject({ state: 'ready', first: { updatedAt: 100 } })
    void list.loadMore()
    void list.loadMore()
    expect(waiting.map(({ cursor }) => cursor)).toEqual([undefined, '2'])
    waiting[1]?.reply({ items: rows('b', 'c'), next: null, updatedAt: 200 })
    await settled()
    expect(ids(list)).toEqual(['a', 'b', 'c'])
    expect(list.now()).toMatchObject({ state: 'ended', first: { updatedAt: 100 } })
  })

  test('ignores a reply that arrives after it was closed', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    const close = list.open()
    close()
    waiting[0]?.reply({ items: rows('a'), next: null, updatedAt: 100 })
    await settled()
    expect(list.now()).toMatchObject({ items: [], first: undefined, state: 'loading' })
    expect(networkBack.size).toBe(0)
  })

  test('takes the newer time of a refresh without new rows, and keeps the pages already loaded', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: rows('a'), next: '2', updatedAt: 100 })
    await settled()
    void list.loadMore()
    waiting[1]?.reply({ items: rows('b'), next: '3', updatedAt: 100 })
    await settled()
    const refreshed = list.refresh()
    waiting[2]?.reply({ items: rows('a'), next: '2', updatedAt: 200 })
    expect(await refreshed).toEqual({ fresh: 0 })
    expect(ids(list)).toEqual(['a', 'b'])
    expect(list.now().first?.updatedAt).toBe(200)
    void list.loadMore()
    expect(waiting[3]?.cursor).toBe('3')
  })

  test('keeps the cloud’s rows when a refresh fails', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: rows('a'), next: null, updatedAt: 100 })
    await settled()
    const refreshed = list.refresh()
    waiting[1]?.fail('away')
    expect(await refreshed).toEqual({ error: 'away' })
    expect(list.now()).toMatchObject({ items: rows('a'), state: 'ended', first: { updatedAt: 100 } })
  })

  test.each([['new'], ['old']])(
    'shows the cached reply while the cloud is slow, and then the cloud’s reply, with %s rows',
    async came => {
      const { source, waiting } = cloud()
      const cached = { value: { items: rows('old'), next: '2', updatedAt: 1 }, at: 50 }
      const list = createList({ ...source, cached: () => cached })
      list.open()
      expect(ids(list)).toEqual([])
      jest.advanceTimersByTime(1_500)
      expect(list.now()).toMatchObject({ items: rows('old'), first: { updatedAt: 1 }, cachedAt: 50 })
      waiting[0]?.reply({ items: rows(came), next: '3', updatedAt: 100 })
      await settled()
      expect(list.now()).toMatchObject({ items: rows(came), first: { updatedAt: 100 }, state: 'ready' })
      expect(list.now().cachedAt).toBeUndefined()
      void list.loadMore()
      expect(waiting[1]?.cursor).toBe('3')
    },
  )

  test('loads again when the network is back after a failure, and only then', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.fail('away')
    await settled()
    expect(list.now()).toMatchObject({ state: 'failed', error: 'away' })
    for (const listener of networkBack) listener({ isConnected: true })
    expect(waiting).toHaveLength(2)
    waiting[1]?.reply({ items: rows('a'), next: null, updatedAt: 100 })
    await settled()
    for (const listener of networkBack) listener({ isConnected: true })
    expect(waiting).toHaveLength(2)
  })

  const cachedPage = { value: { items: rows('old1', 'old2'), next: '9', updatedAt: 1 }, at: 50 }

  test('that fails shows the cached reply at once, and says that it failed', async () => {
    const { source, waiting } = cloud()
    const list = createList({ ...source, cached: () => cachedPage })
    list.open()
    waiting[0]?.fail('away')
    await settled()
    const shown = { items: rows('old1', 'old2'), state: 'failed', error: 'away', cachedAt: 50, next: null }
    expect(list.now()).toMatchObject(shown)
    // A retry asks for the first page, not for what follows the cached one.
    list.retry()
    expect(list.now()).toMatchObject({ state: 'loading', error: undefined, cachedAt: 50 })
    waiting[1]?.fail('still away')
    await settled()
    expect(list.now()).toMatchObject({ ...shown, error: 'still away' })
    const refreshed = list.refresh()
    waiting[2]?.reply({ items: rows('new', 'old1'), next: '3', updatedAt: 100 })
    expect(await refreshed).toEqual({ fresh: 1 })
    expect(waiting.map(({ cursor }) => cursor)).toEqual([undefined, undefined, undefined])
    expect(list.now()).toMatchObject({ items: rows('new', 'old1'), next: '3', state: 'ready' })
    expect([list.now().cachedAt, list.now().error]).toEqual([undefined, undefined])
  })

  test('shows no cached reply before one and a half seconds, over the cloud’s reply, or once it is closed', async () => {
    const quick = cloud()
    const list = createList({ ...quick.source, cached: () => cachedPage })
    const close = list.open()
    await jest.advanceTimersByTimeAsync(1_499)
    expect(ids(list)).toEqual([])
    quick.waiting[0]?.reply({ items: [], next: null, updatedAt: 100 })
    await jest.advanceTimersByTimeAsync(5_000)
    expect(list.now()).toMatchObject({ items: [], state: 'ended' })
    close()
    const slow = cloud()
    const left = createList({ ...slow.source, cached: () => cachedPage })
    left.open()()
    await jest.advanceTimersByTimeAsync(5_000)
    expect(left.now()).toMatchObject({ items: [], state: 'loading' })
  })

  test('whose next page fails keeps its rows, and asks for the same page again', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: rows('a'), next: '2', updatedAt: 100 })
    await settled()
    void list.loadMore()
    expect(list.now().state).toBe('more')
    waiting[1]?.fail('away')
    await settled()
    expect(list.now()).toMatchObject({ items: rows('a'), state: 'failed', error: 'away', next: '2' })
    list.retry()
    expect(waiting[2]?.cursor).toBe('2')
    waiting[2]?.reply({ items: rows('b'), next: '3', updatedAt: 100 })
    await settled()
    expect(list.now()).toMatchObject({ items: rows('a', 'b'), state: 'ready', error: undefined, next: '3' })
    void list.loadMore()
    waiting[3]?.reply({ items: rows('c'), next: null, updatedAt: 100 })
    await settled()
    expect(list.now()).toMatchObject({ items: rows('a', 'b', 'c'), state: 'ended', next: null })
    await list.loadMore()
    expect(waiting).toHaveLength(4)
  })

  test.each([
    ['a new story', ['new', 'a', 'b'], 1],
    ['another order', ['b', 'a'], 0],
    ['a story gone', ['b', 'x'], 1],
  ])('whose refresh brings %s begins anew with it, and counts what is new', async (_, came, fresh) => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: rows('a', 'b'), next: '2', updatedAt: 100 })
    await settled()
    void list.loadMore()
    waiting[1]?.reply({ items: rows('c'), next: '3', updatedAt: 100 })
    await settled()
    jest.advanceTimersByTime(60_000)
    const refreshed = list.refresh()
    // The rows stay on the page meanwhile.
    expect(list.now()).toMatchObject({ items: rows('a', 'b', 'c'), state: 'ready' })
    expect(await list.refresh()).toBeNull()
    waiting[2]?.reply({ items: rows(...came), next: '2', updatedAt: 200 })
    expect(await refreshed).toEqual({ fresh })
    expect(list.now()).toMatchObject({ items: rows(...came), next: '2', at: Date.now() })
  })

  test('without any rows says while it is refreshed that it loads, and afterwards how that ended', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    list.open()
    waiting[0]?.reply({ items: [], next: null, updatedAt: 100 })
    await settled()
    expect(list.now().state).toBe('ended')
    const again = list.refresh()
    expect(list.now().state).toBe('loading')
    waiting[1]?.reply({ items: [], next: null, updatedAt: 200 })
    expect(await again).toEqual({ fresh: 0 })
    expect(list.now()).toMatchObject({ items: [], state: 'ended', first: { updatedAt: 200 } })
    const failing = list.refresh()
    waiting[2]?.fail('away')
    expect(await failing).toEqual({ error: 'away' })
    expect(list.now()).toMatchObject({ items: [], state: 'failed', error: 'away' })
    // A story that came twice within a page is shown and counted once.
    const twice = list.refresh()
    waiting[3]?.reply({ items: rows('a', 'a', 'b'), next: null, updatedAt: 300 })
    expect(await twice).toEqual({ fresh: 2 })
    expect(ids(list)).toEqual(['a', 'b'])
  })

  test('that is closed ignores what fails later, and what a second opening did not ask for', async () => {
    const { source, waiting } = cloud()
    const list = createList(source)
    const drawn = jest.fn()
    const forget = list.subscribe(drawn)
    list.open()()
    const close = list.open()
    waiting[0]?.fail('away')
    await settled()
    expect(list.now().state).toBe('loading')
    waiting[1]?.reply({ items: rows('a'), next: '2', updatedAt: 100 })
    await settled()
    expect(ids(list)).toEqual(['a'])
    const times = drawn.mock.calls.length
    expect(times).toBeGreaterThan(0)
    forget()
    void list.loadMore()
    close()
    waiting[2]?.fail('away')
    await settled()
    expect([list.now().state, drawn.mock.calls.length]).toEqual(['more', times])
  })

  test('whose reply in the document is a failure says so without a request, and asks again at a tap', async () => {
    const { source, waiting } = cloud('ranking:sad')
    const error = { code: 'unavailable' as const, message: 'busy', retryAfter: 3 }
    bringFirstData({ at: 77, replies: [{ key: 'ranking:sad', reply: { ok: false, error } }] })
    const list = createList(source)
    list.open()
    expect(list.now()).toMatchObject({ items: [], state: 'failed', error, at: 77 })
    expect(waiting).toHaveLength(0)
    list.retry()
    expect(waiting).toHaveLength(1)
  })

  test('whose first reply came with the document requests only the following pages', async () => {
    const { source, waiting } = cloud('ranking:sad')
    const value = { items: rows('a'), next: '2', updatedAt: 100 }
    bringFirstData({ at: 77, replies: [{ key: 'ranking:sad', reply: { ok: true, data: value } }] })
    const list = createList(source)
    expect(list.now()).toMatchObject({ items: rows('a'), first: value, state: 'ready', at: 77 })
    list.open()
    expect(waiting).toHaveLength(0)
    void list.loadMore()
    expect(waiting[0]?.cursor).toBe('2')
    const other = cloud('ranking:happy')
    createList(other.source).open()
    expect(other.waiting).toHaveLength(1)
  })

  test('has at most one request in flight', async () => {
    const action = fc.constantFrom('refresh', 'loadMore', 'retry', 'network', 'reply', 'fail')
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async actions => {
        networkBack.clear()
        const { source, waiting } = cloud()
        const list = createList(source)
        list.open()
        let answered = 0
        for (const next of actions) {
          if (next === 'refresh') void list.refresh()
          if (next === 'loadMore') void list.loadMore()
          if (next === 'retry') list.retry()
          if (next === 'network') for (const listener of networkBack) listener({ isConnected: true })
          const request = waiting[answered]
          if (request && next === 'reply') {
            answered++
            const at = Number(request.cursor ?? 0)
            request.reply({ items: rows(`r${at}`), next: String(at + 1), updatedAt: answered })
          }
          if (request && next === 'fail') {
            answered++
            request.fail('away')
          }
          await settled()
          expect(waiting.length - answered).toBeLessThanOrEqual(1)
          expect(new Set(ids(list)).size).toBe(ids(list).length)
        }
      }),
    )
  })
})

test('a page shows the list of its present key: another key is another list, and the one before is closed', async () => {
  const [happy, sad] = [cloud('ranking:happy'), cloud('ranking:sad')]
  const page = runHook(() => useList(happy.source))
  // Drawn again, as after every tap, it is the same list.
  page.draw(() => useList({ ...happy.source }))
  expect(happy.waiting).toHaveLength(1)
  page.draw(() => useList(sad.source))
  await drawnAfter(() => happy.waiting[0]?.reply({ items: rows('happy'), next: null, updatedAt: 1 }))
  expect(page.now().pages).toMatchObject({ items: [], state: 'loading' })
  await drawnAfter(() => sad.waiting[0]?.reply({ items: rows('sad'), next: '2', updatedAt: 1 }))
  expect(page.now().pages).toMatchObject({ items: rows('sad'), state: 'ready' })
  await drawnAfter(() => void page.now().loadMore())
  await drawnAfter(() => sad.waiting[1]?.fail('away'))
  await drawnAfter(page.now().retry)
  expect(sad.waiting.map(({ cursor }) => cursor)).toEqual([undefined, '2', '2'])
  page.leave()
  expect(networkBack.size).toBe(0)
})
