import { setTimeout as wait } from 'node:timers/promises'
import { openArticle } from '#contract/article'
import { type MoodState, setMood } from '#contract/mood'
import { answerPoll } from '#contract/poll'
import { forgetReader } from '#contract/reader'
import {
  forgetAtOnce,
  got,
  putPolls,
  putRows,
  refused,
  rowsOf,
  startAppCloud,
  storyRow,
} from '../../support/app-cloud'
import type { CloudProcess, Reader } from '../../support/local-cloud'
import { type OutsideInstance, startOutsideInstance } from '../../support/outside-instance'

const minute = 60_000
const day = 24 * 60 * minute
const story = 'twophones1'
const other = 'twophones2'

let cloud: CloudProcess
/** An instance of `reactions` outside the cloud. A test can delay or drop its requests to the database. */
let instance: OutsideInstance
let reader: Reader

beforeAll(async () => {
  cloud = await startAppCloud({ args: ['--no-timers', '--instances', '2'] })
  instance = await startOutsideInstance(cloud)
}, 60_000)
afterAll(async () => {
  instance?.close()
  await cloud?.stop()
})
beforeEach(async () => {
  await cloud.control('reset')
  await cloud.control('kill-workers')
  await putRows(
    cloud,
    'articles',
    [story, other].map(id => storyRow(id, 0)),
  )
  reader = await cloud.signIn()
  instance.onRequest = () => true
  instance.onReply = () => true
})

type Mood = 'happy' | 'sad' | 'like' | null
interface Given {
  basedOn?: number[]
  epoch?: number
}
const vote = (mood: Mood, revision: number, given: Given = { epoch: 0 }, articleId = story) =>
  got(cloud, reader, setMood, { articleId, mood, wish: revision, ...given })
const seen = async (articleId = story) => (await got(cloud, reader, openArticle, { articleId })).mood
const ballots = async () => (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'ballot')

/** Votes through `instance`, so that the test can delay the vote's requests. */
const heldVote = (mood: Mood, revision: number, fresh = true) =>
  instance.call<{ ok: boolean; data: MoodState }>({
    name: 'reactions',
    source: 'wx_client',
    openId: reader.openid ?? '',
    event: { action: 'setMood', data: { articleId: story, mood, wish: revision, epoch: 0 } },
    fresh,
  })
const isCommit = (body: string) => body.includes('database.commitTransaction')

const forgetAll = () => forgetAtOnce(cloud, reader)

/** Deletes all votes as a phone does, with the wait for votes on their way. Returns how many were removed. */
async function forgetAndWait(): Promise<number> {
  let reply = await got(cloud, reader, forgetReader, {})
  let { removed } = reply
  while (!reply.done) {
    reply = await got(cloud, reader, forgetReader, { continues: reply.epoch })
    removed += reply.removed
  }
  return removed
}

describe('two phones of one reader, one with its clock a day ahead', () => {
  test('a tap below the other phone’s revision gets that revision in the reply; a higher one counts', async () => {
    const now = Date.now()
    await vote('happy', now + day)
    const met = await vote('sad', now)
    expect(met).toMatchObject({ own: 'happy', wish: now + day })
    expect(await vote('sad', met.wish + 1)).toMatchObject({ own: 'sad', counts: { happy: 0, sad: 1 } })
  })

  test('a pending vote counts only if `basedOn` has the cloud’s revision; repeating it changes nothing', async () => {
    const now = Date.now()
    await vote('happy', now)
    for (const basedOn of [[0], [now - 1, now + 1]]) {
      expect(await vote('sad', now + day, { epoch: 0, basedOn })).toMatchObject({ own: 'happy', wish: now })
    }
    const waited = { epoch: 0, basedOn: [0, now] }
    for (let i = 0; i < 2; i++) {
      expect(await vote('sad', now + day, waited)).toMatchObject({ own: 'sad', wish: now + day })
    }
    await vote('like', now + day + 1)
    expect(await vote('sad', now + day, waited)).toMatchObject({ own: 'like', counts: { like: 1, sad: 0 } })
    expect(await vote('happy', now + day + 2, waited)).toMatchObject({ own: 'like' })
  })

  test('a pending first vote does not replace a vote that the other phone made in the meantime', async () => {
    await vote('sad', 7)
    expect(await vote('happy', Date.now() + day, { epoch: 0, basedOn: [0] })).toMatchObject({ own: 'sad' })
  })

  test('answers to polls follow the same rules for revisions and deletions', async () => {
    await putPolls(cloud, [
      {
        _id: 'phones',
        question: '?',
        options: ['a', 'b'].map(key => ({ key, label: key })),
        opensAt: '2020-01-01 00:00',
        closesAt: '2099-01-01 00:00',
      },
    ])
    const answer = (options: string[], revision: number, given: Given = { epoch: 0 }) =>
      got(cloud, reader, answerPoll, { pollId: 'phones', options, wish: revision, ...given })
    await answer(['a'], 50)
    expect(await answer(['b'], 90, { epoch: 0, basedOn: [0] })).toMatchObject({ own: ['a'], wish: 50 })
    expect(await answer(['b'], 90, { epoch: 0, basedOn: [50] })).toMatchObject({ own: ['b'], wish: 90 })
    const { epoch } = await forgetAll()
    expect(await answer(['a'], 100)).toMatchObject({ own: [], epoch })
    expect(await answer(['a'], 100, { epoch })).toMatchObject({ own: ['a'] })
  }, 60_000)

  // One test for all values: before each, the cloud starts new instances.
  test('refuses anything but a few revisions as `basedOn` and as `epoch` with `invalid`', async () => {
    for (const given of [[], [1, 2, 3, 4, 5, 6, 7, 8, 9], [-1], ['1'], '1', null]) {
      for (const part of [{ basedOn: given }, { epoch: given }]) {
        const data = { articleId: story, mood: 'happy', wish: 1, ...part }
        expect({
          part,
          reply: await cloud.call(reader, 'reactions', { action: 'setMood', data }),
        }).toMatchObject({ part, reply: { ok: false, error: { code: 'invalid' } } })
      }
    }
    expect(await ballots()).toEqual([])
  })
})

describe('after a deletion', () => {
  test('votes sent before it do not count, whatever their revision; the reply contains the new epoch', async () => {
    // This phone’s clock is a day ahead, so the deleted revision is higher than the current time.
    await vote('happy', Date.now() + day)
    const { epoch } = await forgetAll()
    for (const articleId of [story, other]) {
      expect(await vote('sad', Date.now() + 2 * day, { epoch: 0 }, articleId)).toMatchObject({
        own: null,
        epoch,
        sinceDeletion: expect.any(Number),
      })
      expect(await vote('sad', Date.now(), { epoch }, articleId)).toMatchObject({ own: 'sad' })
    }
    expect(await seen()).toMatchObject({ own: 'sad', counts: { happy: 0, sad: 1 } })
  }, 60_000)

  test('a client that sends no epoch gets the revision to exceed in the reply, and its next tap counts', async () => {
    await vote('happy', Date.now() + day)
    await forgetAll()
    const ignored = await vote('sad', Date.now(), {}, other)
    expect(ignored).toMatchObject({ own: null, counts: { sad: 0 } })
    expect(await vote('sad', Math.max(ignored.wish + 1, Date.now()), {}, other)).toMatchObject({ own: 'sad' })
  }, 60_000)

  test('continuing a deletion keeps votes cast after it; after ten minutes taps with any epoch count', async () => {
    await vote('happy', 5)
    const { epoch } = await forgetAll()
    await vote('sad', 6, { epoch })
    expect(await got(cloud, reader, forgetReader, { continues: epoch })).toEqual({
      done: true,
      removed: 0,
      epoch,
    })
    expect(await seen()).toMatchObject({ own: 'sad' })
    await cloud.control('clock', { move: 11 * minute })
    expect(await vote('like', 7)).toMatchObject({ own: 'like' })
    // A vote that was pending during the deletion would undo it, however late it comes.
    for (const move of [0, 6 * day]) {
      await cloud.control('clock', { move })
      expect(await vote('sad', 8, { epoch: 0, basedOn: [0] }, other)).toMatchObject({ own: null, epoch })
    }
    expect(await vote('sad', 8, { epoch, basedOn: [0] }, other)).toMatchObject({ own: 'sad' })
    // A second deletion removes these votes too.
    await forgetAll()
    expect(await ballots()).toEqual([])
  }, 60_000)

  test('a second deletion removes the votes cast since the first; a repeated call only continues the first', async () => {
    await vote('happy', 5)
    const { epoch } = await forgetAll()
    await vote('sad', 6, { epoch })
    for (const repeat of [{}, { after: 0 }]) {
      expect(await got(cloud, reader, forgetReader, repeat)).toMatchObject({ done: true, removed: 0, epoch })
    }
    const second = await got(cloud, reader, forgetReader, { after: epoch })
    expect(second).toMatchObject({ done: true, removed: 1 })
    expect(second.epoch).toBeGreaterThan(epoch)
    expect(await ballots()).toEqual([])
  }, 60_000)

  test('a second one remembers what the first removed: a late repeat without an epoch stays deleted', async () => {
    await vote('happy', 5, {})
    await forgetAll()
    await cloud.control('clock', { move: minute })
    await forgetAll()
    expect(await vote('happy', 5, {})).toMatchObject({ own: null, counts: { happy: 0 } })
    expect(await ballots()).toEqual([])
  }, 60_000)

  test('ballots deleted today still count against the limit of 300 subjects, until the next day', async () => {
    await vote('happy', 1)
    const [ballot] = await ballots()
    const rows = Array.from(
      { length: 299 },
      (_, n): Record<string, unknown> => ({ ...ballot, _id: `b${n}`, subject: `mood:x${n}` }),
    )
    // Half of them are from before ballots had an epoch.
    const stored = rows.slice(0, 298).map(({ epoch, ...row }, n) => (n % 2 ? row : { ...row, epoch }))
    await putRows(cloud, 'votes', stored)
    let { epoch } = await forgetAll()
    expect(await ballots()).toEqual([])
    await vote('happy', 2, { epoch })
    for (let round = 0; round < 2; round++) {
      const call = { articleId: other, mood: 'happy', wish: 3, epoch } as const
      expect(await refused(cloud, reader, setMood, call)).toMatchObject({ code: 'too-many' })
      await cloud.control('clock', { move: minute })
      ;({ epoch } = await forgetAll())
    }
    await cloud.control('clock', { move: day })
    expect(await vote('happy', 4, { epoch }, other)).toMatchObject({ own: 'happy' })
  }, 120_000)
})

describe('a vote during a deletion', () => {
  test('stays if it replaces a listed ballot before that is removed, and carries the new epoch', async () => {
    await vote('happy', 5)
    let isReplaced = false
    instance.onRequest = async body => {
      if (isReplaced || !body.includes('database.startTransaction')) return true
      isReplaced = true
      const note = (await rowsOf(cloud, 'votes')).find(({ kind }) => kind === 'forgotten')
      const epoch = Number(Object.values(note?.at as Record<string, string>)[0])
      expect(await vote('sad', 6, { epoch })).toMatchObject({ own: 'sad' })
      // The call's time is over, so it does not wait for votes on their way.
      await instance.pass(5_000)
      return true
    }
    const reply = await instance.call({
      ...{ name: 'reactions', source: 'wx_client', openId: reader.openid ?? '', fresh: true },
      event: { action: 'forgetReader', data: {} },
    })
    expect(reply).toMatchObject({ ok: true, data: { done: false, removed: 0 } })
    expect(await seen()).toMatchObject({ own: 'sad', counts: { happy: 0, sad: 1 } })
  })

  test('is removed before the deletion is done, although it commits after the first removal', async () => {
    // Starts the function: on a cold instance, the deletion would take longer than the SDK waits for the delayed
    // commit.
    await refused(cloud, reader, setMood, { articleId: 'nosuchstory', mood: 'happy', wish: 1 })
    let release = () => {}
    const committing = new Promise<void>(begun => {
      instance.onRequest = async body => {
        if (!isCommit(body)) return true
        begun()
        await new Promise<void>(go => {
          release = go
        })
        return true
      }
    })
    const voting = heldVote('happy', 5)
    await committing
    const forgetting = forgetAndWait()
    // Wait until the deletion has written its note (kind `forgotten`) and found nothing to remove.
    while (!(await rowsOf(cloud, 'votes')).some(({ kind }) => kind === 'forgotten')) await wait(20)
    await wait(200)
    instance.onRequest = () => true
    release()
    expect(await voting).toMatchObject({ ok: true })
    expect(await forgetting).toBe(1)
    expect(await ballots()).toEqual([])
    expect(await seen()).toMatchObject({ own: null, counts: { happy: 0 } })
  }, 60_000)

  test('queries again instead of committing if its attempt takes more than three seconds', async () => {
    await heldVote('like', 1)
    const noted = Date.now()
    const note = {
      _id: 'note',
      kind: 'forgotten',
      subject: 'forgotten',
      reader: (await ballots())[0]?.reader,
      firstAt: { $date: new Date(noted + day).toISOString() },
      ...{ at: noted, revision: 1, begun: 1, begunDay: 1 },
    }
    let [commits, writes, requests] = [0, 0, 0]
    instance.onRequest = async body => {
      if (isCommit(body)) commits++
      // Writes the deletion's note after the attempt's query and before its commit.
      if (body.includes('database.modifyDocument') && ++writes === 1) await putRows(cloud, 'votes', [note])
      // Each request of the first attempt is slow, but none reaches the SDK's timeout. Only the function's clock moves:
      // on a busy machine a real pause would come on top of the time that each request needs anyway.
      if (++requests <= 5) await instance.pass(700)
      return true
    }
    const reply = await heldVote('happy', 5, false)
    expect(reply).toMatchObject({
      ok: true,
      data: { own: 'like', epoch: noted, sinceDeletion: expect.any(Number) },
    })
    expect(commits).toBe(0)
  }, 60_000)

  test('is removed by `clock`, before the deletion’s note, if its instance was frozen before the commit', async () => {
    let release = () => {}
    const committing = new Promise<void>(begun => {
      instance.onRequest = async body => {
        if (!isCommit(body)) return true
        const { transactionId } = JSON.parse(body) as { transactionId: string }
        // A frozen instance sends nothing, so drop its request to abort the transaction too.
        instance.onRequest = next => !(next.includes('abortTransaction') && next.includes(transactionId))
        begun()
        await new Promise<void>(go => {
          release = go
        })
        return true
      }
    })
    const voting = heldVote('happy', 5)
    await committing
    await forgetAll()
    await voting
    release()
    while ((await ballots()).length === 0) await wait(50)
    // A phone may have stored a vote for seven days: until then the note stays.
    await cloud.control('clock', { move: 7 * day })
    await cloud.control('fire', { name: 'clock' })
    expect((await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'forgotten')).toHaveLength(1)
    await cloud.control('clock', { move: 2 * day })
    for (let tick = 0; tick < 2; tick++) {
      const { result } = await cloud.control<{ result: unknown }>('fire', { name: 'clock' })
      expect(result).toEqual({ ok: true })
      await cloud.control('clock', { move: 2 * 60 * minute })
    }
    const kinds = (await rowsOf(cloud, 'votes')).map(({ kind }) => kind)
    expect([kinds.includes('ballot'), kinds.includes('forgotten')]).toEqual([false, false])
    expect(await seen()).toMatchObject({ own: null, counts: { happy: 0 } })
  }, 60_000)
})

test('a note that a later deletion replaces while `clock` removes expired ones is kept', async () => {
  const at = Date.now() - 9 * day
  const note = (changes: object) => ({
    ...{ _id: 'note', kind: 'forgotten', subject: 'forgotten', reader: 'reader', revision: 1 },
    ...{ begun: 0, begunDay: 1, at, firstAt: { $date: new Date(at + 8 * day).toISOString() }, ...changes },
  })
  await putRows(cloud, 'votes', [note({}), note({ _id: 'note-2' })])
  let isReplaced = false
  instance.onRequest = async body => {
    if (isReplaced || !body.includes('database.removeDocument') || !body.includes('"votes"')) return true
    isReplaced = true
    await putRows(cloud, 'votes', [note({ at: at + 8 * day })])
    return true
  }
  expect(await instance.tick(0, true)).toEqual({ ok: true })
  expect(isReplaced).toBe(true)
  expect((await rowsOf(cloud, 'votes')).map(({ _id }) => _id)).toEqual(['note'])
})

test('a newer vote that commits between the query of an older one and its transaction is not undone', async () => {
  await vote('happy', 1)
  let answered = () => {}
  const queried = new Promise<void>(done => {
    answered = done
  })
  instance.onReply = body => {
    if (!body.includes('Transaction')) answered()
    return true
  }
  let starts = 0
  instance.onRequest = async body => {
    if (!body.includes('database.startTransaction') || ++starts > 1) return true
    await queried
    await vote('sad', 9)
    return true
  }
  expect(await heldVote('like', 5)).toMatchObject({ ok: true, data: { own: 'sad', wish: 9 } })
  expect(await seen()).toMatchObject({ own: 'sad', wish: 9, counts: { happy: 0, sad: 1, like: 0 } })
}, 60_000)

test('retries a vote whose transaction is gone at the commit, for example after a gateway restart', async () => {
  let commits = 0
  instance.onRequest = async (body, send) => {
    if (isCommit(body) && ++commits === 1) await send(body.replace('commitTransaction', 'abortTransaction'))
    return true
  }
  expect(await heldVote('happy', 5)).toMatchObject({ ok: true, data: { own: 'happy', counts: { happy: 1 } } })
  expect(commits).toBe(2)
  expect(await ballots()).toHaveLength(1)
}, 60_000)

test('an instance that makes the salt as another one stores it knows the reader by the stored one', async () => {
  await vote('happy', 5)
  const identity = (await rowsOf(cloud, 'settings')).filter(({ _id }) => _id === 'identity')
  await putRows(cloud, 'settings', [{ _id: 'identity' }])
  let isStored = false
  instance.onRequest = async body => {
    if (!isStored && body.includes('database.insertDocument')) {
      isStored = true
      await putRows(cloud, 'settings', identity)
    }
    return true
  }
  const reply = await instance.call({
    ...{ name: 'content', source: 'wx_client', openId: reader.openid ?? '', fresh: true },
    event: { action: 'openArticle', data: { articleId: story } },
  })
  expect(isStored).toBe(true)
  expect(reply).toMatchObject({ ok: true, data: { mood: { own: 'happy' } } })
})

test('a salt that is gone from its document is told, and nobody is given a new one', async () => {
  const identity = (await rowsOf(cloud, 'settings')).filter(({ _id }) => _id === 'identity')
  await putRows(cloud, 'settings', [{ _id: 'identity' }])
  const reply = await instance.call({
    ...{ name: 'content', source: 'wx_client', openId: reader.openid ?? '', fresh: true },
    event: { action: 'openArticle', data: { articleId: story } },
  })
  expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect((await rowsOf(cloud, 'settings')).find(({ _id }) => _id === 'identity')).toEqual({ _id: 'identity' })
  await putRows(cloud, 'settings', identity)
})
