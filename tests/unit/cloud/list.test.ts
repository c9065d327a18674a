import fc from 'fast-check'
import { bringFirstData } from '#cloud/first-data'
import { createList, type List, type ListSource } from '#cloud/list'

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
