/// <reference path="../../src/globals.d.ts" />
const phone = new Map<string, unknown>()
const networkBack = new Set<(status: { isConnected: boolean }) => void>()
let scene = 1007
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, structuredClone(value)),
    onNetworkStatusChange: (listener: (status: { isConnected: boolean }) => void) =>
      networkBack.add(listener),
    getEnterOptionsSync: () => ({ scene }),
  },
}))

interface Sent {
  action: string
  data: Record<string, unknown>
}
let sent: Sent[] = []
/** Null while the cloud cannot be reached, else the code of its answer. */
let answer: string | null = 'ok'
/** How long the cloud takes to answer (ms). */
let takes = 0
jest.mock('#cloud/transport', () => ({
  invoke: async (_: string, request: Sent) => {
    sent.push(request)
    if (takes > 0) await new Promise(done => setTimeout(done, takes))
    if (answer === null) throw new Error('no network')
    return answer === 'ok' ? { ok: true, data: {} } : { ok: false, error: { code: answer, message: '' } }
  },
}))

const marks = Array.from({ length: 40 }, (_, n) => `mark0000${String(n).padStart(2, '0')}`)
const [first = '', second = ''] = marks
const story = 'story00001'

async function start() {
  jest.resetModules()
  return import('#features/sharing/ledger')
}
const later = () => jest.advanceTimersByTimeAsync(300)
const reconnect = () => {
  for (const listener of networkBack) listener({ isConnected: true })
  return later()
}
const sentMarks = () => sent.map(({ data }) => data.mark)

beforeEach(() => {
  jest.useFakeTimers()
  phone.clear()
  networkBack.clear()
  sent = []
  answer = 'ok'
  takes = 0
  scene = 1007
})
afterEach(() => jest.useRealTimers())

test('an opening is recorded once for each card, with the way in, after the story is drawn', async () => {
  const { noteOpening } = await start()
  noteOpening(story, first)
  expect(sent).toEqual([])
  await later()
  noteOpening(story, first)
  await later()
  expect(sent.map(({ action, data }) => [action, data])).toEqual([
    ['recordOpening', { articleId: story, mark: first, way: 'friend' }],
  ])
  noteOpening(story, second)
  noteOpening(story, '')
  await later()
  expect(sentMarks()).toEqual([first, second])
  expect(phone.get('ledger')).toEqual([])
})

test('a crawler’s visit is no opening; a reader in Moments has one identity for all stories', async () => {
  const { noteOpening } = await start()
  scene = 1129
  noteOpening(story, first)
  await later()
  expect(sent).toEqual([])
  scene = 1154
  for (const mark of [first, second]) noteOpening(story, mark)
  await later()
  const guests = sent.map(({ data }) => data.guest)
  expect(guests).toEqual([expect.stringMatching(/^[0-9a-z]{10}$/), guests[0]])
})

test('what the cloud did not get is sent in order when the network is back, or after the next start', async () => {
  const { noteOpening, noteShare } = await start()
  answer = null
  noteShare({ articleId: story, channel: 'friend', mark: first })
  noteOpening(story, second)
  await later()
  expect(sentMarks()).toEqual([first, first])
  sent = []
  answer = 'ok'
  await reconnect()
  expect(sent.map(({ action }) => action)).toEqual(['recordShare', 'recordOpening'])
  await reconnect()
  expect(sent).toHaveLength(2)

  answer = 'internal'
  noteShare({ articleId: story, channel: 'link', mark: first })
  await later()
  const next = await start()
  sent = []
  answer = 'ok'
  next.noteOpening(story, '')
  await later()
  expect(sentMarks()).toEqual([first])
})

test('what the cloud refuses is not sent again, and holds up nothing; one request is sent at a time', async () => {
  const { noteShare } = await start()
  answer = 'conflict'
  takes = 1_000
  for (const mark of [first, second]) noteShare({ articleId: story, channel: 'friend', mark })
  await later()
  expect(sentMarks()).toEqual([first])
  await jest.advanceTimersByTimeAsync(2_000)
  answer = 'ok'
  await reconnect()
  expect(sentMarks()).toEqual([first, second])
})

test('no more than twenty wait, and those are the first', async () => {
  const { noteShare } = await start()
  answer = null
  for (const mark of marks) noteShare({ articleId: story, channel: 'friend', mark })
  await later()
  sent = []
  answer = 'ok'
  await reconnect()
  expect(sentMarks()).toEqual(marks.slice(0, 20))
})
