import { createHash } from 'node:crypto'
import fc from 'fast-check'
import * as v from 'valibot'
import { Reply } from '#contract/envelope'
import { Misuse } from '../../config/given'
import { logsOf, putPolls, putRows, storyRow } from '../support/app-cloud'
import { contractEndpoints } from '../support/endpoints'
import { CallError, type CloudProcess } from '../support/local-cloud'
import { addresses, eventsOf, panelEvents } from './events'

/** An event that a function must survive and did not. */
export interface Flaw {
  target: string
  event: unknown
  what: string
}

/** Waits for votes on their way (see its contract), up to the time limit of its function. */
const waiting = 'reactions/forgetReader'
const waitsAtMost = 10_000
/** A busy machine is slow by itself: an event is slow only if it is slow every time. */
const triesWhenSlow = 4
const callsAtOnce = 8
const editorKey = 'a-key-of-an-editor'
export const fuzzArgs = [
  '--no-timers',
  '--env',
  `EDITOR_KEYS=${JSON.stringify({ 王编辑: createHash('sha256').update(editorKey).digest('hex') })}`,
]

const stories = ['fuzzed0001', 'fuzzed0002']
const known = {
  articleId: stories,
  without: stories,
  topicId: ['fuzztopic1'],
  pollId: ['fuzzpoll'],
  mark: ['fuzzmark01', 'fuzzmark02'],
  parent: ['fuzzmark01'],
  options: [['iron'], ['clay'], []],
  // A later time begins another deletion, which waits again.
  after: [0],
  continues: [0],
  query: ['题目', 'fuzz', '正文'],
}

/** Stories, a topic, a poll and drafts for the events to find. */
export async function prepare(cloud: CloudProcess): Promise<void> {
  await putRows(
    cloud,
    'articles',
    stories.map((id, at) => storyRow(id, at)),
  )
  await putRows(cloud, 'publishedTopics', [
    {
      _id: 'fuzztopic1',
      state: 'published',
      title: '专题',
      publishedAt: { $date: new Date(0).toISOString() },
    },
  ])
  await putPolls(cloud, [
    {
      _id: 'fuzzpoll',
      question: '?',
      options: ['iron', 'clay'].map(key => ({ key, label: key })),
      opensAt: '2020-01-01 00:00',
      closesAt: '2099-01-01 00:00',
      articleId: stories[0],
    },
  ])
  await putRows(cloud, 'drafts', [
    { _id: 'fuzzed', title: '题', channel: '地球', body: '正文。', status: '草稿' },
  ])
}

type Send = (event: never, nth: number) => Promise<string | null>

/** What is wrong with a reply; null if nothing is. */
function flawIn(reply: unknown): string | null {
  const parsed = v.safeParse(Reply, reply)
  if (!parsed.success) return `is no reply: ${JSON.stringify(reply)?.slice(0, 200)}`
  if (parsed.output.ok || parsed.output.error.code !== 'internal') return null
  return 'internal'
}

/** The targets by name: every endpoint of the contract, the panel, the clock and the site. */
async function targetsOf(
  cloud: CloudProcess,
): Promise<Map<string, { events: fc.Arbitrary<unknown>; send: Send }>> {
  const callers = [await cloud.signIn(), await cloud.signIn(), await cloud.guest(), await cloud.visitor()]
  const targets = new Map<string, { events: fc.Arbitrary<unknown>; send: Send }>()
  for (const [name, { input }] of contractEndpoints()) {
    const [functionName = '', action = ''] = name.split('/')
    targets.set(name, {
      events: eventsOf(action, input, known),
      async send(event, nth) {
        const caller = callers[nth % callers.length]
        if (!caller) throw new Error('no caller')
        try {
          return flawIn(await cloud.call(caller, functionName, event))
        } catch (error) {
          // Larger than the platform lets through.
          if (error instanceof CallError && error.status === 413) return null
          return String(error)
        }
      },
    })
  }
  const ask = async (name: string, event: unknown, source: string | null) =>
    (await cloud.control<{ result: unknown }>('invoke', { name, event, source })).result
  const Panel = v.object({ ok: v.boolean(), lines: v.array(v.string()) })
  targets.set('editor', {
    events: panelEvents(editorKey, ['fuzzed', 'absent']),
    async send(event) {
      const answer = v.safeParse(Panel, await ask('editor', event, null))
      if (!answer.success) return 'is no answer of the panel'
      return answer.output.lines.some(line => line.startsWith('出错了')) ? 'an unexpected error' : null
    },
  })
  targets.set('clock', {
    events: fc.jsonValue().map(value => ({ value })),
    async send(event, nth) {
      const answer = await ask(
        'clock',
        event,
        nth % 10 === 0 ? 'wx_trigger' : ([null, 'wx_client', 'scf'][nth % 3] ?? null),
      )
      return v.is(v.object({ ok: v.boolean() }), answer) ? null : 'is no answer of the clock'
    },
  })
  targets.set('web', {
    events: addresses,
    async send(address, nth) {
      const response = await fetch(`${cloud.url}${address}`, {
        method: ['GET', 'GET', 'HEAD', 'POST'][nth % 4] ?? 'GET',
        redirect: 'manual',
      })
      await response.arrayBuffer()
      return response.status < 500 ? null : `status ${response.status}`
    },
  })
  return targets
}

/**
 * Sends generated events to every endpoint. The same seed gives the same events.
 * @param options `longest`: how long (ms) a reply may take; `only`: names of targets, all without
 */
export async function fuzz(
  cloud: CloudProcess,
  options: { events: number; seed: number; longest: number; only?: readonly string[] },
  report: (line: string) => void = () => undefined,
): Promise<{ flaws: Flaw[]; sent: number; targets: string[] }> {
  const targets = await targetsOf(cloud)
  const flaws: Flaw[] = []
  let sent = 0
  const names = options.only ?? [...targets.keys()]
  const tryOut = async (target: string): Promise<void> => {
    const found = targets.get(target)
    if (!found) throw new Misuse(`No such target: ${target}. There are: ${[...targets.keys()].join(', ')}.`)
    const { events, send } = found
    const longest = target === waiting ? Math.max(waitsAtMost, options.longest) : options.longest
    const queue = fc.sample(events, { seed: options.seed, numRuns: options.events }).entries()
    const slow: [number, unknown][] = []
    let slowest = 0
    const timed = async (nth: number, event: unknown): Promise<number> => {
      const begun = performance.now()
      const what = await send(event as never, nth)
      if (what !== null) flaws.push({ target, event, what })
      return performance.now() - begun
    }
    const lane = async (): Promise<void> => {
      for (const [nth, event] of queue) {
        const took = await timed(nth, event)
        sent += 1
        if (took > longest) slow.push([nth, event])
        else slowest = Math.max(slowest, took)
      }
    }
    await Promise.all(Array.from({ length: callsAtOnce }, lane))
    for (const [nth, event] of slow) {
      let took = longest + 1
      for (let attempt = 1; attempt <= triesWhenSlow && took > longest; attempt++)
        took = await timed(nth, event)
      if (took > longest) flaws.push({ target, event, what: `takes ${Math.round(took)} ms` })
    }
    const count = flaws.filter(flaw => flaw.target === target).length
    report(
      `${target}: ${options.events} events, ${count} flaws, slowest ${Math.round(slowest)} ms, ${slow.length} sent again`,
    )
  }
  const waits = names.includes(waiting) ? tryOut(waiting) : undefined
  for (const target of names) if (target !== waiting) await tryOut(target)
  await waits
  for (const { functionName, outcome, lines } of await logsOf(cloud)) {
    const unexpected = lines.find(({ text }) => text.includes('"event":"unexpected"'))
    if (outcome !== 'ok' || unexpected)
      flaws.push({ target: functionName, event: null, what: `${outcome} ${unexpected?.text ?? ''}` })
  }
  return { flaws, sent, targets: [...names] }
}
