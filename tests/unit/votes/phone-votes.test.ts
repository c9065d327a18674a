/// <reference path="../../../src/globals.d.ts" />
import type { ErrorCode } from '#contract/envelope'
import type { PollState } from '#contract/poll'
import type { Outcome } from '../../../src/votes/vote-store'

const phone = new Map<string, unknown>()
const networkBack = new Set<(status: { isConnected: boolean }) => void>()
let toasts: string[] = []
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, structuredClone(value)),
    removeStorageSync: (key: string) => phone.delete(key),
    onNetworkStatusChange: (listener: (status: { isConnected: boolean }) => void) =>
      networkBack.add(listener),
    offNetworkStatusChange: (listener: (status: { isConnected: boolean }) => void) =>
      networkBack.delete(listener),
    showToast: ({ title }: { title: string }) => toasts.push(title),
  },
}))

interface Sent {
  action: string
  data: Record<string, unknown>
}
let sent: Sent[] = []
/** What the cloud answers to a request: its data, or undefined while it cannot be reached. */
let answers: (request: Sent) => unknown
jest.mock('#cloud/transport', () => ({
  invoke: async (_: string, request: Sent) => {
    sent.push(request)
    const data = await answers(request)
    if (data === undefined) throw new Error('no network')
    return data instanceof Error
      ? { ok: false, error: { code: data.message, message: '' } }
      : { ok: true, data }
  },
}))

const story = 'story00001'
const moodState = (own: string | null = null, wish = 0) => ({
  counts: { happy: own === 'happy' ? 4 : 3 },
  own,
  canVote: true,
  wish,
})
const poll = (change: Partial<PollState> = {}): PollState => ({
  id: 'poll-1',
  question: '您看过日食吗？',
  options: [
    { key: 'yes', label: '看过' },
    { key: 'no', label: '没有' },
  ],
  choices: 'one',
  opensAt: 0,
  closesAt: 2_000_000_000_000,
  closed: false,
  own: [],
  canVote: true,
  wish: 0,
  result: null,
  ...change,
})
/** A cloud that accepts every vote. */
const accept = ({ action, data }: Sent): unknown => {
  if (action === 'setMood') return moodState(data.mood as string | null, data.wish as number)
  if (action === 'answerPoll') return poll({ own: data.options as string[], wish: data.wish as number })
  return action === 'readPoll' ? { poll: poll() } : undefined
}
const away = () => undefined

/** Starts the app: with the phone's storage as it is, and nothing else of an earlier start. */
async function start() {
  jest.resetModules()
  networkBack.clear()
  const { runHook, drawnAfter } = await import('../../support/run-hook')
  const { useMood } = await import('#features/moods/use-mood')
  const { usePoll, pollKey } = await import('#features/polls/use-poll')
  const { forgetVotes } = await import('#features/reader/forget-votes')
  const { bringFirstData } = await import('#cloud/first-data')
  const { startVotes } = await import('../../../src/votes/phone-votes')
  startVotes()
  const later = (ms: number) => drawnAfter(() => jest.advanceTimersByTimeAsync(ms))
  return {
    bringFirstData,
    pollKey,
    forgetVotes: async () => {
      let removed = 0
      await drawnAfter(async () => {
        removed = await forgetVotes()
      })
      return removed
    },
    later,
    /** A story's page, which has read `read`. */
    openStory(read = moodState()) {
      const changed = jest.fn()
      return { changed, ...runHook(() => useMood(story, read, changed)) }
    },
    openPoll: (opened?: PollState) => runHook(() => usePoll({ articleId: story }, opened)),
    reconnect: () =>
      drawnAfter(async () => {
        for (const listener of networkBack) listener({ isConnected: true })
        await jest.advanceTimersByTimeAsync(0)
      }),
  }
}

const actions = () => sent.map(({ action }) => action)

beforeEach(() => {
  jest.useFakeTimers({ now: 1_800_000_000_000 })
  phone.clear()
  toasts = []
  sent = []
  answers = accept
})
afterEach(() => jest.useRealTimers())

describe('a vote', () => {
  test('is shown on its page at once, and the cloud’s state after it', async () => {
    const { openStory, later } = await start()
    const page = openStory()
    answers = request => ({ ...(accept(request) as object), counts: { happy: 40 } })
    page.act(({ choose }) => choose('happy'))
    expect(page.now().mood).toMatchObject({ own: 'happy', counts: { happy: 4 } })
    await later(0)
    expect(page.now()).toMatchObject({ pending: false, mood: { own: 'happy', counts: { happy: 40 } } })
    expect(page.changed).toHaveBeenLastCalledWith(page.now().mood)
    // The mark of a slow reply does not come after a quick one.
    await later(1_000)
    expect(page.now().pending).toBe(false)
    page.act(({ choose }) => choose('happy'))
    await later(0)
    expect(sent.map(({ data }) => data.mood)).toEqual(['happy', null])
    expect(toasts).toEqual([])
  })

  test('on a mood is marked as unconfirmed if the cloud takes long', async () => {
    const { openStory, later } = await start()
    answers = request => new Promise(done => setTimeout(() => done(accept(request)), 1_000))
    const page = openStory()
    page.act(({ choose }) => choose('happy'))
    await later(399)
    expect(page.now().pending).toBe(false)
    await later(1)
    expect(page.now().pending).toBe(true)
    await later(600)
    expect(page.now().pending).toBe(false)
  })

  test('without a network is kept, said once, and sent when the network is back', async () => {
    const { openStory, openPoll, later, reconnect } = await start()
    answers = away
    const page = openStory()
    const asked = openPoll(poll())
    page.act(({ choose }) => choose('sad'))
    asked.act(({ choose }) => choose('yes'))
    await later(1_000)
    expect(toasts).toEqual(['已记下，网络恢复后自动送出', '已记下，网络恢复后自动送出'])
    expect([page.now().pending, asked.now().pending]).toEqual([true, true])
    answers = accept
    sent = []
    await reconnect()
    expect(actions()).toEqual(['setMood', 'answerPoll'])
    expect([page.now().pending, asked.now().pending]).toEqual([false, false])
    expect([...phone.keys()]).toEqual([])
    expect(toasts).toHaveLength(2)
  })

  test('that waits is sent after the next start, of every kind, once the first page is drawn', async () => {
    const before = await start()
    answers = away
    const page = before.openStory()
    const asked = before.openPoll(poll())
    page.act(({ choose }) => choose('sad'))
    asked.act(({ choose }) => choose('no'))
    await before.later(1_000)
    const after = await start()
    sent = []
    answers = accept
    await after.later(200)
    expect(sent).toEqual([])
    await after.later(200)
    expect(sent.map(({ action, data }) => [action, data.mood ?? data.options])).toEqual([
      ['setMood', 'sad'],
      ['answerPoll', ['no']],
    ])
    // Nobody looks at them: there is nothing to say.
    expect(toasts).toHaveLength(2)
  })

  test('that waits is sent when its page opens', async () => {
    const { openStory, later } = await start()
    answers = away
    const first = openStory()
    first.act(({ choose }) => choose('sad'))
    await later(1_000)
    first.leave()
    answers = accept
    sent = []
    const again = openStory()
    await later(0)
    expect(actions()).toEqual(['setMood'])
    expect(again.now()).toMatchObject({ pending: false, mood: { own: 'sad' } })
  })

  test('that lost against one made elsewhere says so, even when its page is closed', async () => {
    const { openStory, later, reconnect } = await start()
    answers = away
    const page = openStory()
    page.act(({ choose }) => choose('sad'))
    await later(1_000)
    page.leave()
    answers = () => moodState('like', 1_900_000_000_000)
    await reconnect()
    expect(toasts.slice(1)).toEqual(['您在别处改过选择，以那次为准'])
  })

  test('of a page that was left, and that is kept or refused, says nothing on the next page', async () => {
    const { openStory, later, reconnect } = await start()
    for (const answer of [away, () => new Error('not-found'), () => new Error('too-many')]) {
      answers = away
      const page = openStory()
      page.act(({ choose }) => choose('sad'))
      page.leave()
      await later(1_000)
      answers = answer
      await reconnect()
      await later(60_000)
    }
    expect(toasts).toEqual([])
  })
})

describe('a poll', () => {
  test('is read for its page, and shows nothing if there is none or no answer', async () => {
    const { openPoll, later, bringFirstData, pollKey } = await start()
    const asked = openPoll()
    expect(asked.now().poll).toBeUndefined()
    await later(0)
    expect(asked.now().poll).toEqual(poll())
    expect(sent.map(({ data }) => data)).toEqual([{ articleId: story }])
    for (const none of [() => ({ poll: null }), away]) {
      answers = none
      const empty = openPoll()
      await later(0)
      expect(empty.now().poll).toBeUndefined()
    }
    sent = []
    openPoll(poll())
    const key = pollKey({ articleId: story })
    bringFirstData({ at: 1, replies: [{ key, reply: { ok: true, data: { poll: poll() } } }] })
    expect(openPoll().now().poll).toEqual(poll())
    await later(0)
    expect(sent).toEqual([])
    // A document holds what everyone sees: the reader's own answer is asked for.
    bringFirstData({ at: 1, anyone: true, replies: [{ key, reply: { ok: true, data: { poll: poll() } } }] })
    answers = () => ({ poll: poll({ own: ['no'], wish: 3 }) })
    const own = openPoll()
    expect(own.now().poll?.own).toEqual([])
    await later(0)
    expect(own.now().poll?.own).toEqual(['no'])
  })

  test('that closed meanwhile says so, and is read again with its result', async () => {
    const { openPoll, later } = await start()
    const asked = openPoll(poll())
    const result = { counts: { yes: 3, no: 1 }, readers: 4 }
    answers = ({ action }) =>
      action === 'answerPoll'
        ? new Error('conflict')
        : { poll: poll({ closed: true, canVote: false, result }) }
    asked.act(({ choose }) => choose('yes'))
    await later(0)
    expect(toasts).toEqual(['这个投票已经结束'])
    expect(asked.now().poll).toMatchObject({ closed: true, own: [], result })
  })

  test('that was taken away after the tap stays on the page, without the answer', async () => {
    const { openPoll, later } = await start()
    const asked = openPoll(poll())
    answers = ({ action }) => (action === 'answerPoll' ? new Error('conflict') : { poll: null })
    asked.act(({ choose }) => choose('yes'))
    await later(0)
    expect(toasts).toEqual(['这个投票已经结束'])
    expect(asked.now().poll).toEqual(poll())
  })
})

describe('deleting all votes', () => {
  const deleted = (...replies: object[]) => {
    const deletions: Record<string, unknown>[] = []
    answers = request => {
      if (request.action !== 'forgetReader') return accept(request)
      deletions.push(request.data)
      return replies[deletions.length - 1] ?? { done: false, removed: 1, epoch: 5 }
    }
    return deletions
  }

  test('continues one deletion until it is done, and adds up what it removed', async () => {
    const { forgetVotes } = await start()
    const deletions = deleted(
      { done: false, removed: 200, epoch: 70 },
      { done: false, removed: 0 },
      { done: true, removed: 3, epoch: 70 },
    )
    expect(await forgetVotes()).toBe(203)
    expect(deletions).toEqual([{ after: 0 }, { continues: 70 }, { continues: 70 }])
  })

  test('ends, even if the cloud is never done', async () => {
    const { forgetVotes } = await start()
    const deletions = deleted()
    // One call removes as many votes as its time allows, so fewer calls would not be enough for every reader.
    expect(await forgetVotes()).toBe(40)
    expect(deletions).toHaveLength(40)
  })

  test('takes the votes off open pages, and drops those of every kind that wait', async () => {
    const { openStory, openPoll, forgetVotes, later, reconnect } = await start()
    const page = openStory(moodState('happy', 7))
    answers = away
    const asked = openPoll(poll())
    asked.act(({ choose }) => choose('yes'))
    await later(1_000)
    const answered = openPoll(poll({ id: 'poll-2', own: ['no'], wish: 7 }))
    deleted({ done: true, removed: 1, epoch: 70 })
    await forgetVotes()
    expect(answered.now().poll?.own).toEqual([])
    expect(page.now().mood).toMatchObject({ own: null, counts: { happy: 3 } })
    expect(asked.now().poll?.own).toEqual([])
    sent = []
    await reconnect()
    expect(sent).toEqual([])
  })

  test('is known to later votes of every kind, also after the next start', async () => {
    const before = await start()
    deleted({ done: true, removed: 1, epoch: 70 })
    await before.forgetVotes()
    const { openStory, openPoll, later, forgetVotes } = await start()
    sent = []
    openStory().act(({ choose }) => choose('sad'))
    openPoll(poll()).act(({ choose }) => choose('yes'))
    await later(0)
    expect(sent.map(({ data }) => data.epoch)).toEqual([70, 70])
    const deletions = deleted({ done: true, removed: 2, epoch: 90 })
    await forgetVotes()
    expect(deletions).toEqual([{ after: 70 }])
  })
})

test.each([
  [{ kind: 'accepted' }, undefined, ''],
  [{ kind: 'superseded' }, undefined, '您在别处改过选择，以那次为准'],
  [{ kind: 'pending' }, ['unavailable'], '已记下，网络恢复后自动送出'],
  [{ kind: 'pending' }, ['unavailable', 5], '已记下，5秒后自动送出'],
  [{ kind: 'pending' }, ['too-many', 3_600], '已记下，1小时后自动送出'],
  [{ kind: 'refused' }, ['not-found'], '这篇内容已下线'],
  [{ kind: 'refused' }, ['unauthenticated'], '请在微信中打开后参与'],
  [{ kind: 'refused' }, ['conflict'], '刚刚有人改动过，请再试一次'],
])('of a vote that ended as %j after %j, the reader is told 「%s」', async (outcome, failure, words) => {
  const { CallFailed } = await import('#cloud/call')
  const { wordsOf } = await import('../../../src/votes/vote-words')
  const [code, retryAfter] = (failure ?? []) as [ErrorCode?, number?]
  const error = code && new CallFailed(code, '', retryAfter)
  expect(wordsOf({ ...outcome, error, code, retryAfter } as Outcome)).toBe(words)
})
