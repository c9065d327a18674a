import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { setMood } from '#contract/mood'
import { answerPoll } from '#contract/poll'
import type { Cloud } from '../../weapp-host/cloud-door'
import { type Driver, launch } from '../../weapp-host/driver'
import type { Json } from '../../weapp-host/protocol'
import { got, putPolls, putRows, rowsOf, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

let dist: string
let browser: Browser
let cloud: CloudProcess
/** Every phone of this file, with the cloud that it calls. */
const phones: { me: Driver; call: Cloud['callFunction'] }[] = []
/** The phones that no test uses now. A phone that was there before starts the app in a third of the time. */
const free: typeof phones = []

beforeAll(async () => {
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud()])
}, 240_000)

afterAll(async () => {
  for (const { me } of phones) await me.close()
  await browser?.close()
  await cloud?.stop()
})

const silent: Cloud['callFunction'] = () => new Promise(() => undefined)

// Whoever gets a phone next never had the app, and what the last app left undone reaches no cloud.
afterEach(async () => {
  for (const one of phones) {
    if (free.includes(one)) continue
    one.call = silent
    await one.me.window.goto('about:blank')
    await one.me.reinstall()
    await one.me.goOnline()
    free.push(one)
  }
})

interface Sent {
  action: string
  data: { mood?: string | null; options?: string[]; wish?: number }
}

/** A phone and the calls it made. A test sets `answerBy` to answer calls in place of the cloud. */
interface Watched {
  me: Driver
  sent: Sent[]
  ways: (action: string) => Sent[]
  answerBy: (answer: (sent: Sent) => Promise<unknown> | unknown) => void
}

async function newPhone(): Promise<(typeof phones)[number]> {
  const cloudOf: Cloud = { callFunction: (...call) => phone.call(...call) }
  const phone = { me: await launch({ browser, dist, cloud: cloudOf }), call: silent }
  phones.push(phone)
  return phone
}

async function phone(reader: Reader): Promise<Watched> {
  const real = await phoneCloud(cloud, reader)
  const sent: Sent[] = []
  let answer: (sent: Sent) => unknown = () => undefined
  const used = free.pop() ?? (await newPhone())
  used.call = async (name, event, caller) => {
    const call = event as unknown as Sent
    sent.push(call)
    return (await answer(call)) ?? real.callFunction(name, event as Json, caller)
  }
  return {
    me: used.me,
    sent,
    ways: action => sent.filter(call => call.action === action),
    answerBy: given => {
      answer = given
    },
  }
}

const cardOf = (id: string, scene = 1007) => ({ path: 'pages/article/index', query: { id }, scene })
const byLabel = (me: Driver, role: string, begin: string) =>
  me.find(`[aria-role="${role}"][aria-label^="${begin}"]`)
const face = (me: Driver, name: string) => byLabel(me, 'radio', name)
const labelOf = async (me: Driver, name: string) => face(me, name).getAttribute('aria-label')
/**
 * A radio without the attribute is not checked, for a screen reader and for the template of the first rendering alike.
 */
const chosen = async (me: Driver, name: string) =>
  (await face(me, name).getAttribute('aria-checked')) === 'true'
const refusal = (code: string, retryAfter: number) => ({
  ok: false,
  error: { code, message: '', retryAfter },
})

async function ballotsOn(subject: string): Promise<Record<string, unknown>[]> {
  return (await rowsOf(cloud, 'votes')).filter(row => row.kind === 'ballot' && row.subject === subject)
}

let number = 0
async function story(changes: object = {}): Promise<string> {
  const id = `tap${String(++number).padStart(7, '0')}`
  await putRows(cloud, 'articles', [storyRow(id, number, { ...changes })])
  return id
}

describe('a reader who taps a mood', () => {
  test.each([
    [['开心', '难过', '点赞', '飘过', '难过'], 'sad'],
    [['开心', '开心', '开心', '开心', '开心'], 'happy'],
    [['点赞', '难过', '难过', '点赞', '点赞'], null],
  ] as const)(
    'five times quickly (%j) ends in one state, the one that is shown, with two calls at most',
    async (taps, mood) => {
      const id = await story()
      const { me, ways, answerBy } = await phone(await cloud.signIn())
      await me.open(cardOf(id))
      await face(me, '开心').waitFor()
      // The first call stays in flight until all five taps are done.
      let release = () => {}
      const held = new Promise<void>(done => {
        release = done
      })
      answerBy(async call => {
        if (call.action === 'setMood') await held
      })
      for (const tap of taps) await me.tap(face(me, tap))
      release()
      await me.quiet()
      await me.waitFor(async () => (await me.find('.mood--wait').count()) === 0)
      expect(ways('setMood').length).toBeLessThanOrEqual(2)
      const seen: string[] = []
      for (const name of ['开心', '难过', '点赞', '飘过']) if (await chosen(me, name)) seen.push(name)
      expect(seen).toEqual(mood === null ? [] : [mood === 'sad' ? '难过' : '开心'])
      const ballots = await ballotsOn(`mood:${id}`)
      expect(ballots.map(({ options }) => options)).toEqual([mood === null ? [] : [mood]])
    },
  )

  test('sees counts instead of buttons where there is no vote: as a guest and in Moments', async () => {
    const id = await story()
    const { me } = await phone(await cloud.guest())
    for (const scene of [1007, 1154]) {
      await me.open(cardOf(id, scene))
      await me.waitFor('您此时的心情')
      expect(await me.find('.moods [aria-role="radio"], .moods[aria-role="radiogroup"]').count()).toBe(0)
      expect(await byLabel(me, 'img', '难过 0').count()).toBe(1)
      const faces = await me
        .find('.mood')
        .evaluateAll(all => all.map(one => getComputedStyle(one, '::before').width))
      expect(faces).toEqual(['24px', '24px', '24px', '24px'])
    }
  })

  test('gets from a screen reader the role, the name with its count, and which mood is chosen', async () => {
    const id = await story()
    await got(cloud, await cloud.signIn(), setMood, { articleId: id, mood: 'sad', wish: 1 })
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await face(me, '难过').waitFor()
    expect(await labelOf(me, '难过')).toBe('难过 1')
    // An unchosen mood says so too, or a screen reader does not tell that it can be chosen.
    expect(await face(me, '难过').getAttribute('aria-checked')).toBe('false')
    await me.tap(face(me, '难过'))
    await me.waitFor(async () => (await labelOf(me, '难过')) === '难过 2')
    expect([await chosen(me, '难过'), await chosen(me, '开心')]).toEqual([true, false])
    expect(await me.find('[aria-role="radiogroup"][aria-label="您此时的心情"]').count()).toBe(1)
  })

  test('too often is told how long to wait, and the vote stays pending on the phone', async () => {
    const id = await story()
    const reader = await cloud.signIn()
    for (let revision = 1; revision <= 50; revision++) {
      await got(cloud, reader, setMood, {
        articleId: id,
        mood: revision % 2 ? 'happy' : 'sad',
        wish: revision,
      })
    }
    const { me } = await phone(reader)
    await me.open(cardOf(id))
    await me.waitFor(() => chosen(me, '难过'))
    await me.tap(face(me, '点赞'))
    await me.waitFor(async () => /已记下，\d+(秒|分钟|小时)后自动送出/.test(await me.screenText()))
    expect(await chosen(me, '点赞')).toBe(true)
    expect(await me.find('.mood--own.mood--wait').count()).toBe(1)
    expect((await ballotsOn(`mood:${id}`)).map(({ options }) => options)).toEqual([['sad']])
  }, 60_000)

  test('while the cloud is busy need not tap again: the vote is retried', async () => {
    const id = await story()
    const { me, ways, answerBy } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await face(me, '点赞').waitFor()
    // Busy until the test has seen the pending vote, which on a loaded machine may be after the first retry.
    let refused = 0
    answerBy(call => {
      if (call.action !== 'setMood') return undefined
      refused++
      return refusal('unavailable', 1)
    })
    await me.tap(face(me, '点赞'))
    await me.waitFor(async () => (await me.find('.mood--own.mood--wait').count()) === 1)
    answerBy(() => undefined)
    await me.waitFor(async () => (await me.find('.mood--own:not(.mood--wait)').count()) === 1)
    expect(await labelOf(me, '点赞')).toBe('点赞 1')
    // One request was accepted. All have the same revision, since none was committed before.
    expect(ways('setMood')).toHaveLength(refused + 1)
    expect(new Set(ways('setMood').map(({ data }) => data.wish)).size).toBe(1)
    expect((await ballotsOn(`mood:${id}`)).map(({ options }) => options)).toEqual([['like']])
  })

  test('sends a pending vote once when the network returns with its page open', async () => {
    const id = await story()
    const { me, ways } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await face(me, '点赞').waitFor()
    await me.goOffline()
    await me.tap(face(me, '点赞'))
    await me.waitFor('已记下，网络恢复后自动送出')
    const before = ways('setMood').length
    await me.goOnline()
    await me.waitFor(async () => (await me.find('.mood--own:not(.mood--wait)').count()) === 1)
    await me.quiet()
    expect(ways('setMood').length - before).toBe(1)
    expect((await ballotsOn(`mood:${id}`)).map(({ options }) => options)).toEqual([['like']])
  })

  test('may change without a network a vote that was sent while its page was closed', async () => {
    const id = await story()
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    for (const [mood, options] of [
      ['点赞', ['like']],
      ['难过', ['sad']],
    ] as const) {
      await face(me, mood).waitFor()
      // The app writes its copy of the story a moment after it was drawn.
      await me.waitFor(async () => `cache:article:${id}` in (await me.storage()))
      await me.goOffline()
      await me.tap(face(me, mood))
      await me.waitFor('已记下，网络恢复后自动送出')
      await me.open({ path: 'more/about/index' })
      await me.goOnline()
      await me.waitFor(async () => {
        const [ballot] = await ballotsOn(`mood:${id}`)
        return JSON.stringify(ballot?.options) === JSON.stringify(options)
      })
      await me.quiet()
      await me.goOffline()
      await me.open(cardOf(id))
    }
  })

  test('on a page opened before another phone voted counts at the first tap', async () => {
    const id = await story()
    const reader = await cloud.signIn()
    const { me, ways } = await phone(reader)
    await me.open(cardOf(id))
    await face(me, '点赞').waitFor()
    // The other phone's clock is a day ahead.
    const ahead = Date.now() + 86_400_000
    await got(cloud, reader, setMood, { articleId: id, mood: 'sad', wish: ahead, epoch: 0 })
    await me.tap(face(me, '点赞'))
    await me.waitFor(async () => (await labelOf(me, '难过')) === '难过 0')
    await me.quiet()
    expect(await labelOf(me, '点赞')).toBe('点赞 1')
    expect(ways('setMood')).toHaveLength(2)
    expect((await ballotsOn(`mood:${id}`)).map(({ options }) => options)).toEqual([['like']])
  })

  test('gets a message if a pending vote was replaced by one from another phone', async () => {
    const id = await story()
    const reader = await cloud.signIn()
    const { me } = await phone(reader)
    await me.open(cardOf(id))
    await face(me, '点赞').waitFor()
    await me.goOffline()
    await me.tap(face(me, '点赞'))
    await me.waitFor('已记下，网络恢复后自动送出')
    await got(cloud, reader, setMood, { articleId: id, mood: 'sad', wish: 7, epoch: 0 })
    await me.goOnline()
    await me.waitFor('您在别处改过选择，以那次为准')
    // The message may be there before the page is drawn anew.
    await me.waitFor(async () => (await chosen(me, '难过')) && !(await chosen(me, '点赞')))
    expect((await ballotsOn(`mood:${id}`)).map(({ options }) => options)).toEqual([['sad']])
  })
})

describe('a reader who deletes all votes', () => {
  const deleteAll = async (me: Driver) => {
    await me.tap('删除我的全部投票')
    await me.tap('删除')
  }

  test('votes again at the first tap, although the phone that cast the deleted vote was a day ahead', async () => {
    const [id, other] = [await story(), await story()]
    const reader = await cloud.signIn()
    const { me } = await phone(reader)
    await me.open(cardOf(other))
    await face(me, '点赞').waitFor()
    await got(cloud, reader, setMood, { articleId: id, mood: 'sad', wish: Date.now() + 86_400_000, epoch: 0 })
    await me.open({ path: 'more/about/index' })
    await deleteAll(me)
    await me.waitFor('已删除 1 票')
    for (const each of [other, id]) {
      await me.open(cardOf(each))
      await me.tap(face(me, '点赞'))
      await me.waitFor(async () => (await labelOf(me, '点赞')) === '点赞 1')
      await me.quiet()
      expect((await ballotsOn(`mood:${each}`)).map(({ options }) => options)).toEqual([['like']])
    }
  })

  test('gets no vote back from requests that were pending or in flight on a phone; the other phone shows a message', async () => {
    const id = await story()
    const reader = await cloud.signIn()
    const { me, answerBy } = await phone(reader)
    const second = await phone(reader)
    await second.me.open(cardOf(id))
    await face(second.me, '点赞').waitFor()
    // The second phone taps without a network, before the deletion.
    await second.me.goOffline()
    await second.me.tap(face(second.me, '点赞'))
    await second.me.waitFor('已记下，网络恢复后自动送出')
    // A vote of the first phone reaches the cloud only after the deletion.
    let release = () => {}
    const held = new Promise<void>(done => {
      release = done
    })
    await me.open(cardOf(id))
    await face(me, '开心').waitFor()
    let proceed = () => {}
    const tappedAgain = new Promise<void>(done => {
      proceed = done
    })
    answerBy(async call => {
      if (call.action === 'setMood') await held
      if (call.action === 'forgetReader') await tappedAgain
    })
    await me.tap(face(me, '开心'))
    await me.open({ path: 'more/about/index' })
    await deleteAll(me)
    // A second tap meanwhile asks for nothing.
    await me.tap('正在删除…')
    proceed()
    await me.waitFor('没有您的投票')
    expect(await me.screenText()).not.toContain('不能恢复')
    release()
    await me.quiet()
    await second.me.goOnline()
    await second.me.waitFor('您在别处改过选择，以那次为准')
    await second.me.waitFor(async () => !(await chosen(second.me, '点赞')))
    expect(await ballotsOn(`mood:${id}`)).toEqual([])
  })
})

describe('a poll', () => {
  const options = [
    { key: 'iron', label: '铁锅' },
    { key: 'steel', label: '钢锅' },
    { key: 'clay', label: '砂锅' },
  ]
  const row = (_id: string, changes: object) => ({
    _id,
    question: '您家用哪种锅？',
    options,
    choices: 'one',
    opensAt: '2020-01-01 09:00',
    closesAt: '2099-01-01 09:00',
    ...changes,
  })

  /** A story with a poll; returns their ids. */
  async function asked(changes: object = {}): Promise<{ id: string; pollId: string }> {
    const pollId = `ask${++number}`
    const id = await story({ poll: pollId })
    await putPolls(cloud, [row(pollId, { articleId: id, ...changes })])
    return { id, pollId }
  }

  test('takes an answer by a tap, then shows bars and the choice, and lets the reader take the answer back', async () => {
    const { id, pollId } = await asked()
    await got(cloud, await cloud.signIn(), answerPoll, { pollId, options: ['clay'], wish: 1 })
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    expect(await me.text()).toContain('选择后可看结果')
    expect(await me.find('.poll-option-percent').count()).toBe(0)
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.waitFor(async () => (await byLabel(me, 'radio', '铁锅，1 票，50%').count()) === 1)
    expect(await byLabel(me, 'radio', '铁锅').getAttribute('aria-checked')).toBe('true')
    expect(await me.text()).toContain('2 人参与')
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.waitFor('选择后可看结果 · 2099-01-01 09:00 截止')
    expect(await me.find('.poll-option-percent').count()).toBe(0)
  })

  test('with pictures draws its bars beside them, and no option grows when the result arrives', async () => {
    const { id } = await asked({
      options: ['iron', 'clay'].map(key => ({
        key,
        label: key === 'iron' ? '铁锅' : '一口用了许多年也没有裂开的砂锅',
        picture: { src: '/pictures/vent.jpg', width: 800, height: 600, alt: '锅' },
      })),
    })
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    const heights = () =>
      me.find('.poll-option').evaluateAll(all => all.map(one => one.getBoundingClientRect().height))
    const before = await heights()
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.waitFor(async () => (await byLabel(me, 'radio', '铁锅，1 票，100%').count()) === 1)
    expect(await heights()).toEqual(before)
    const [bar] = await me.find('.poll-option').evaluateAll(all =>
      all.map(one => {
        const { left, width } = getComputedStyle(one, '::before')
        const picture = one.querySelector('.poll-option-picture')?.getBoundingClientRect()
        const box = one.getBoundingClientRect()
        return {
          beside: box.left + Number.parseFloat(left) >= (picture?.right ?? Number.POSITIVE_INFINITY),
          full: Math.round(box.width - Number.parseFloat(left) - Number.parseFloat(width)) <= 3,
        }
      }),
    )
    expect(bar).toEqual({ beside: true, full: true })
  })

  test('with several choices keeps both of two quick taps', async () => {
    const { id, pollId } = await asked({ choices: 'several' })
    const { me, ways, answerBy } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    let release = () => {}
    const held = new Promise<void>(done => {
      release = done
    })
    answerBy(async call => {
      if (call.action === 'answerPoll') await held
    })
    await me.tap(byLabel(me, 'checkbox', '铁锅'))
    await me.tap(byLabel(me, 'checkbox', '砂锅'))
    release()
    await me.waitFor(async () => (await me.find('.poll-option-percent').count()) === 3)
    await me.quiet()
    expect(ways('answerPoll')).toHaveLength(2)
    expect((await ballotsOn(`poll:${pollId}`)).map(({ options }) => options)).toEqual([['iron', 'clay']])
  })

  test('answered without a network stores the answer, also over another visit, and sends it when the network is back', async () => {
    const { id, pollId } = await asked()
    const { me, ways } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    await me.goOffline()
    await me.tap(byLabel(me, 'radio', '钢锅'))
    await me.waitFor('已记下，网络恢复后自动送出')
    expect(await byLabel(me, 'radio', '钢锅').getAttribute('aria-checked')).toBe('true')
    expect(await me.find('.poll-option--own.poll-option--wait').count()).toBe(1)
    await me.tap(byLabel(me, 'radio', '砂锅'))
    await me.waitFor(async () => (await byLabel(me, 'radio', '砂锅').getAttribute('aria-checked')) === 'true')
    expect(await ballotsOn(`poll:${pollId}`)).toEqual([])
    await me.goOnline()
    await me.waitFor(async () => (await byLabel(me, 'radio', '砂锅，1 票，100%').count()) === 1)
    await me.waitFor(async () => (await me.find('.poll-option--wait').count()) === 0)
    expect((await ballotsOn(`poll:${pollId}`)).map(({ options }) => options)).toEqual([['clay']])
    await me.quiet()
    // The next visit does not send again what was already sent.
    const sent = ways('answerPoll').length
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    await me.quiet()
    expect(ways('answerPoll')).toHaveLength(sent)
  })

  test('answered while the cloud is busy retries a little later', async () => {
    const { id, pollId } = await asked()
    const { me, answerBy } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    answerBy(call => (call.action === 'answerPoll' ? refusal('unavailable', 1) : undefined))
    await me.tap(byLabel(me, 'radio', '钢锅'))
    await me.waitFor(async () => (await me.find('.poll-option--wait').count()) === 1)
    answerBy(() => undefined)
    await me.waitFor(async () => (await byLabel(me, 'radio', '钢锅，1 票，100%').count()) === 1)
    expect((await ballotsOn(`poll:${pollId}`)).map(({ options }) => options)).toEqual([['steel']])
  })

  test('that closed while an answer was pending shows its result and drops the answer', async () => {
    const { id, pollId } = await asked()
    await got(cloud, await cloud.signIn(), answerPoll, { pollId, options: ['clay'], wish: 1 })
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    await me.goOffline()
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.waitFor(async () => (await me.find('.poll-option--wait').count()) === 1)
    await putPolls(cloud, [row(pollId, { articleId: id, closesAt: '2026-01-01 09:00' })])
    await cloud.control('clock', { move: 4_000 })
    await me.goOnline()
    await me.waitFor('1 人参与 · 已结束')
    expect(await me.find('.poll-option--own').count()).toBe(0)
    expect(await ballotsOn(`poll:${pollId}`)).toHaveLength(1)
  })

  test('that closed after its page was opened says so and shows its result', async () => {
    const { id, pollId } = await asked()
    await got(cloud, await cloud.signIn(), answerPoll, { pollId, options: ['clay'], wish: 1 })
    const { me } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('云投 · 您家用哪种锅？')
    await putPolls(cloud, [row(pollId, { articleId: id, closesAt: '2026-01-01 09:00' })])
    // Instances cache the rows they have read for three seconds.
    await cloud.control('clock', { move: 4_000 })
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.waitFor('这个投票已经结束')
    await me.waitFor('1 人参与 · 已结束')
    expect(await ballotsOn(`poll:${pollId}`)).toHaveLength(1)
  })

  test('that has not opened yet shows its opening time and ignores taps', async () => {
    const { id } = await asked({ opensAt: '2098-01-01 09:00' })
    const { me, ways } = await phone(await cloud.signIn())
    await me.open(cardOf(id))
    await me.waitFor('2098-01-01 09:00 开始')
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.quiet()
    expect(ways('answerPoll')).toEqual([])
  })

  test('shows its result in Moments, where readers cannot answer and are not asked to', async () => {
    const { id, pollId } = await asked()
    const reader = await cloud.signIn()
    await got(cloud, reader, answerPoll, { pollId, options: ['clay'], wish: 1 })
    await got(cloud, reader, setMood, { articleId: id, mood: 'happy', wish: 1 })
    const { me, ways } = await phone(reader)
    await me.open(cardOf(id, 1154))
    await me.waitFor(async () => (await byLabel(me, 'radio', '砂锅，1 票，100%').count()) === 1)
    expect(await byLabel(me, 'img', '开心 1').count()).toBe(1)
    expect(await me.find('.mood--own, .poll-option--own').count()).toBe(0)
    await me.tap(byLabel(me, 'img', '难过'))
    await me.tap(byLabel(me, 'radio', '铁锅'))
    await me.quiet()
    expect([...ways('setMood'), ...ways('answerPoll')]).toEqual([])
    expect(await me.text()).not.toContain('请在微信中投票')
    expect(await me.violations()).toEqual([])
  })

  test('on a topic comes in the same call as the topic, and can be answered there', async () => {
    const [id, topicId] = [await story(), 'tappedtopic']
    await putRows(cloud, 'publishedTopics', [
      {
        _id: topicId,
        state: 'published',
        title: '厨房',
        publishedAt: { $date: '2026-01-01T00:00:00Z' },
        poll: 'topicpoll',
        stories: [id],
      },
    ])
    await putPolls(cloud, [row('topicpoll', { topicId })])
    const { me, sent } = await phone(await cloud.signIn())
    await me.open({ path: 'more/topic/index', query: { id: topicId }, scene: 1007 })
    await me.waitFor('云投 · 您家用哪种锅？')
    await me.quiet()
    expect(await me.text()).not.toContain('没有更多了')
    expect(sent.map(({ action }) => action)).toEqual(['readTopic'])
    await me.tap(byLabel(me, 'radio', '钢锅'))
    await me.waitFor(async () => (await byLabel(me, 'radio', '钢锅，1 票，100%').count()) === 1)
    expect(await me.errors()).toEqual([])
  })
})
