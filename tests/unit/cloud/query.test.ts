import { CallFailed } from '#cloud/call-failed'
import { bringFirstData } from '#cloud/first-data'
import { type QueryOptions, useQuery } from '#cloud/use-query'
import { errorCodes } from '#contract/envelope'
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

const reconnect = (isConnected = true) =>
  drawnAfter(() => {
    for (const listener of networkBack) listener({ isConnected })
  })
const away = new CallFailed('unavailable', 'away')
const gone = new CallFailed('not-found', 'gone')

/** A page that shows one query. Its requests wait until the test answers them. */
function openPage(key: string, options?: QueryOptions<string>) {
  const requests: { key: string; reply(text: string): void; fail(error: unknown): void }[] = []
  const queryOf = (asked: string) => () =>
    useQuery(
      asked,
      () => new Promise<string>((reply, fail) => requests.push({ key: asked, reply, fail })),
      options,
    )
  const page = runHook(queryOf(key))
  return {
    page,
    requests,
    reply: (nth: number, text: string) => drawnAfter(() => requests[nth]?.reply(text)),
    fail: (nth: number, error: unknown) => drawnAfter(() => requests[nth]?.fail(error)),
    turnTo: (next: string) => page.draw(queryOf(next)),
  }
}

beforeEach(() => {
  bringFirstData(undefined)
  networkBack.clear()
})

describe('a query', () => {
  test('shows the reply of its present key, whichever comes last', async () => {
    const { page, requests, reply, fail, turnTo } = openPage('a')
    expect(page.now()).toMatchObject({ state: 'loading' })
    turnTo('b')
    expect(requests.map(({ key }) => key)).toEqual(['a', 'b'])
    await reply(1, 'text of b')
    await reply(0, 'text of a')
    expect(page.now()).toMatchObject({ state: 'ready', data: 'text of b', from: 'cloud' })
    turnTo('c')
    expect(page.now()).toMatchObject({ state: 'loading' })
    turnTo('d')
    await reply(3, 'text of d')
    await fail(2, gone)
    expect(page.now()).toMatchObject({ state: 'ready', data: 'text of d' })
  })

  test('shows the cached value of its key at once, and joins the cloud’s reply to it', async () => {
    let copy: string | undefined = 'copy'
    const { page, reply, turnTo } = openPage('a', {
      cached: () => copy,
      join: (shown, fresh) => `${shown}, then ${fresh}`,
    })
    expect(page.now()).toMatchObject({ state: 'ready', data: 'copy', from: 'cache' })
    await reply(0, 'reply')
    expect(page.now()).toMatchObject({ data: 'copy, then reply', from: 'cloud' })
    copy = 'other copy'
    turnTo('b')
    expect(page.now()).toMatchObject({ state: 'ready', data: 'other copy', from: 'cache' })
    copy = undefined
    turnTo('c')
    expect(page.now()).toMatchObject({ state: 'loading' })
  })

  test('reads the copy, and joins the reply, of the story that the page shows now', async () => {
    const replies: ((text: string) => void)[] = []
    const queryOf = (key: string) => () =>
      useQuery(key, () => new Promise<string>(reply => replies.push(reply)), {
        cached: () => `copy of ${key}`,
        join: (shown, fresh) => `${shown}, ${key}: ${fresh}`,
      })
    const page = runHook(queryOf('a'))
    page.draw(queryOf('b'))
    expect(page.now()).toMatchObject({ data: 'copy of b', from: 'cache' })
    await drawnAfter(() => replies[1]?.('reply'))
    expect(page.now()).toMatchObject({ data: 'copy of b, b: reply', from: 'cloud' })
    page.leave()
  })

  test('keeps a cached value while the cloud is away, and renews it when the network is back', async () => {
    const { page, requests, reply, fail } = openPage('a', { cached: () => 'copy' })
    await fail(0, away)
    expect(page.now()).toMatchObject({ state: 'ready', data: 'copy', from: 'offline' })
    await reconnect(false)
    expect(requests).toHaveLength(1)
    await reconnect()
    await reply(1, 'reply')
    expect(page.now()).toMatchObject({ state: 'ready', data: 'reply', from: 'cloud' })
    await reconnect()
    expect(requests).toHaveLength(2)
    // A reply that was shown stays, too, and does not pass for a copy.
    await drawnAfter(page.now().reload)
    await fail(2, away)
    expect(page.now()).toMatchObject({ state: 'ready', data: 'reply', from: 'cloud' })
  })

  test('takes a cached value away if the cloud says that there is no such thing, and asks no more', async () => {
    const { page, requests, fail } = openPage('a', { cached: () => 'copy' })
    await fail(0, gone)
    expect(page.now()).toMatchObject({ state: 'failed', error: gone })
    await reconnect()
    expect(requests).toHaveLength(1)
  })

  test('that failed asks again at the reader’s tap, and when the network is back', async () => {
    const { page, requests, reply, fail } = openPage('a')
    await fail(0, away)
    expect(page.now()).toMatchObject({ state: 'failed', error: away })
    await drawnAfter(page.now().reload)
    expect(page.now()).toMatchObject({ state: 'loading' })
    await fail(1, away)
    await reconnect()
    expect(requests).toHaveLength(3)
    await reply(2, 'reply')
    expect(page.now()).toMatchObject({ state: 'ready', data: 'reply' })
  })

  test('of a closed page asks nothing when the network is back', async () => {
    const { page, requests, fail, turnTo } = openPage('a')
    await fail(0, away)
    turnTo('b')
    expect(networkBack.size).toBe(1)
    await fail(1, away)
    page.leave()
    await reconnect()
    expect(requests).toHaveLength(2)
  })

  test.each([
    ['not again for everyone’s data', false, 0],
    ['the reader’s own data again', true, 1],
  ])('whose reply came with the document asks %s', async (_, anyone, count) => {
    bringFirstData({ at: 1, anyone, replies: [{ key: 'a', reply: { ok: true, data: 'written' } }] })
    const { page, requests } = openPage('a', { cached: () => 'copy' })
    expect(page.now()).toMatchObject({ state: 'ready', data: 'written', from: 'cloud' })
    expect(requests).toHaveLength(count)
  })

  test.each(errorCodes)('with a cached value and the answer `%s`', async code => {
    const { page, requests, fail } = openPage('a', { cached: () => 'copy' })
    await fail(0, new CallFailed(code, ''))
    const isKept = ['unavailable', 'too-many', 'internal'].includes(code)
    expect(page.now()).toMatchObject(
      isKept ? { state: 'ready', data: 'copy', from: 'offline' } : { state: 'failed', error: { code } },
    )
    await reconnect()
    expect(requests).toHaveLength(isKept ? 2 : 1)
  })

  test('that has failed with something else than an answer asks again only at a tap', async () => {
    const { page, requests, fail } = openPage('a')
    await fail(0, new TypeError('x'))
    await reconnect()
    expect(requests).toHaveLength(1)
    await drawnAfter(page.now().reload)
    expect(requests).toHaveLength(2)
  })

  test('that is loaded again keeps what it shows meanwhile', async () => {
    const { page, reply } = openPage('a')
    await reply(0, 'reply')
    await drawnAfter(page.now().reload)
    expect(page.now()).toMatchObject({ state: 'ready', data: 'reply', from: 'cloud' })
    await reply(1, 'newer')
    expect(page.now()).toMatchObject({ data: 'newer' })
  })

  test('whose failure came with the document shows it without a request, and asks again at a tap', async () => {
    const error = { code: 'unavailable' as const, message: '', retryAfter: 3 }
    bringFirstData({ at: 1, replies: [{ key: 'a', reply: { ok: false, error } }] })
    const { page, requests } = openPage('a', { cached: () => 'copy' })
    expect(page.now()).toMatchObject({ state: 'failed', error })
    expect(requests).toHaveLength(0)
    await drawnAfter(page.now().reload)
    expect(requests).toHaveLength(1)
  })
})
