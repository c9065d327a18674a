import { cpSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CloudError } from '../../../local-cloud/cloud-error'
import type { InstanceEvents, InstanceThreads } from '../../../local-cloud/instance-threads'
import { createMeter } from '../../../local-cloud/meter'
import type { RealTime } from '../../../local-cloud/real-time'
import { createWorkers, type WorkerOptions } from '../../../local-cloud/workers'

const functionsFolder = path.resolve(__dirname, '../../support/functions')

/** A clock that only the test moves. */
function handTime(): RealTime & { pass(ms: number): void } {
  let now = 0
  const timers = new Set<{ at: number; every: number | null; act: () => void }>()
  const add = (ms: number, every: number | null, act: () => void) => {
    const timer = { at: now + ms, every, act }
    timers.add(timer)
    return { cancel: () => void timers.delete(timer) }
  }
  return {
    now: () => now,
    after: (ms, act) => add(ms, null, act),
    every: (ms, act) => add(ms, ms, act),
    pass(ms) {
      const until = now + ms
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        now = next.at
        if (next.every === null) timers.delete(next)
        else next.at += next.every
        next.act()
      }
      now = until
    },
  }
}

interface FakeInstance extends InstanceEvents {
  left: boolean
  /** Whether it was ended because its code may block its thread. */
  stuck: boolean
  jobs: number
  /** What it was given to run last. */
  job: object
  variables: Record<string, string>
}

function start(options: Partial<WorkerOptions> = {}, processors = 64) {
  const time = handTime()
  const seats: FakeInstance[] = []
  const threads: InstanceThreads = {
    processors,
    seat(_pool, _built, variables, events) {
      const instance: FakeInstance = { ...events, left: false, stuck: false, jobs: 0, job: {}, variables }
      seats.push(instance)
      return {
        run: job => {
          instance.jobs += 1
          instance.job = job
        },
        leave: stuck => {
          instance.left = true
          instance.stuck = stuck
        },
      }
    },
    load: () => null,
    close: async () => undefined,
  }
  const meter = createMeter(time.now)
  const workers = createWorkers({
    functionsFolder,
    envId: 'local',
    appId: 'wx0',
    adminUrl: key => `http://127.0.0.1/${key}`,
    variables: {},
    poolSize: 4,
    ownThreads: 1,
    queueSize: 10,
    clockOffset: () => 0,
    meter,
    threads,
    time,
    ...options,
  })
  let calls = 0
  const call = (functionName = 'slow') => {
    calls += 1
    const context = { openid: null, source: null }
    return workers.invoke({ functionName, event: '{}', context, requestId: String(calls) })
  }
  const failing = (functionName?: string): Promise<CloudError> =>
    call(functionName).then(
      () => Promise.reject(new Error('it did not fail')),
      (error: CloudError) => error,
    )
  return { workers, time, seats, meter, call, failing }
}

const seatAt = (seats: FakeInstance[], index: number): FakeInstance => {
  const seat = seats[index]
  if (!seat) throw new Error(`there is no instance ${index}`)
  return seat
}

test('a call waits for its instance to start, and the time it waited is not part of its duration', async () => {
  const { workers, time, seats, meter, call } = start()
  const reply = call()
  time.pass(400)
  seatAt(seats, 0).heard({ type: 'ready' })
  time.pass(30)
  seatAt(seats, 0).heard({ type: 'done', reply: '"hello"' })
  expect(await reply).toBe('"hello"')
  expect(meter.latest(1)[0]).toMatchObject({ outcome: 'ok', waited: 400, duration: 30 })
  expect(workers.counts()).toEqual({ instances: 1, busy: 0, queued: 0 })
})

test('a call past its time limit fails, its instance ends, and the next call gets a new one', async () => {
  const { time, seats, failing, call } = start()
  const failed = failing()
  seatAt(seats, 0).heard({ type: 'ready' })
  const next = call()
  time.pass(1000)
  expect((await failed).code).toBe('FUNCTIONS_TIME_LIMIT_EXCEEDED')
  // Its code may never end.
  expect(seatAt(seats, 0)).toMatchObject({ left: true, stuck: true })
  seatAt(seats, seats.length - 1).heard({ type: 'ready' })
  seatAt(seats, seats.length - 1).heard({ type: 'done', reply: '1' })
  expect(await next).toBe('1')
})

test('all waiting calls fail when a function cannot be loaded', async () => {
  const { seats, failing } = start()
  const waiting = [failing(), failing(), failing()]
  seatAt(seats, 0).heard({ type: 'broken', error: { name: 'SyntaxError', message: 'oh', stack: '' } })
  for (const error of await Promise.all(waiting)) {
    expect(error.message).toContain('slow: SyntaxError: oh')
  }
  expect(seats).toHaveLength(1)
})

test('an instance that is not ready within 20 s has failed', async () => {
  const { time, seats, failing } = start()
  const waiting = failing()
  time.pass(20_000)
  expect((await waiting).message).toContain('not ready after 20 s')
  expect(seatAt(seats, 0).left).toBe(true)
})

test('an instance that is idle for five minutes ends', async () => {
  const { workers, time, seats, call } = start()
  for (let times = 0; times < 2; times++) {
    // It has been idle since its last call, not since it was started.
    time.pass(3 * 60_000)
    const reply = call()
    seatAt(seats, 0).heard({ type: 'ready' })
    seatAt(seats, 0).heard({ type: 'done', reply: '1' })
    await reply
  }
  time.pass(5 * 60_000)
  expect(workers.counts().instances).toBe(1)
  time.pass(60_000)
  expect(workers.counts().instances).toBe(0)
})

test('while a function is built again its old build answers, then the new one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
  try {
    const build = () =>
      cpSync(path.join(functionsFolder, 'slow'), path.join(folder, 'slow'), { recursive: true })
    build()
    const { time, seats, call } = start({ functionsFolder: folder })
    const answered = async (seat: number, reply: string) => {
      time.pass(1_000)
      const answer = call()
      if (seatAt(seats, seat).jobs === 0) seatAt(seats, seat).heard({ type: 'ready' })
      seatAt(seats, seat).heard({ type: 'done', reply })
      return answer
    }
    expect(await answered(0, 'old')).toBe('old')
    rmSync(path.join(folder, 'slow/index.js'))
    expect(await answered(0, 'old again')).toBe('old again')
    build()
    utimesSync(path.join(folder, 'slow/index.js'), 1, 1)
    expect(await answered(1, 'new')).toBe('new')
    expect(seatAt(seats, 0).left).toBe(true)
    // Built again during a call: its instance still answers, and then takes no other call.
    const running = call()
    utimesSync(path.join(folder, 'slow/index.js'), 2, 2)
    time.pass(300)
    const next = call()
    seatAt(seats, 1).heard({ type: 'done', reply: 'new again' })
    expect([await running, seatAt(seats, 1).left]).toEqual(['new again', true])
    seatAt(seats, 2).heard({ type: 'ready' })
    seatAt(seats, 2).heard({ type: 'done', reply: 'newest' })
    expect(await next).toBe('newest')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a full pool ends an idle instance of another function to make room', async () => {
  const { workers, time, seats, call } = start({ poolSize: 1 })
  const first = call('slow')
  seatAt(seats, 0).heard({ type: 'ready' })
  seatAt(seats, 0).heard({ type: 'done', reply: '1' })
  await first
  const second = call('echo')
  time.pass(30)
  expect(seatAt(seats, 0).left).toBe(true)
  seatAt(seats, 1).heard({ type: 'ready' })
  seatAt(seats, 1).heard({ type: 'done', reply: '2' })
  expect(await second).toBe('2')
  expect(workers.counts().instances).toBe(1)
})

test('closing fails running calls and waiting calls', async () => {
  const { workers, seats, failing } = start()
  const running = failing()
  seatAt(seats, 0).heard({ type: 'ready' })
  const waiting = failing()
  await workers.close()
  for (const error of await Promise.all([running, waiting])) {
    expect(error.code).toBe('FUNCTIONS_REQUEST_FAIL')
  }
  expect((await failing()).code).toBe('FUNCTIONS_REQUEST_FAIL')
})

const ready = (seat: FakeInstance) => seat.heard({ type: 'ready' })
const done = (seat: FakeInstance, reply: string) => seat.heard({ type: 'done', reply })

test('an instance gets the event, the caller, the time limit and the clock of its call', async () => {
  const { workers, seats } = start({ clockOffset: () => 5_000, variables: { OWN: 'x' } })
  const context = { openid: 'o1', source: 'wx_client' }
  void workers.invoke({ functionName: 'slow', event: '{"a":1}', context, requestId: 'r1' })
  const seat = seatAt(seats, 0)
  ready(seat)
  expect(seat.job).toEqual({
    ...{ event: '{"a":1}', requestId: 'r1', timeout: 1_000, offset: 5_000 },
    context: { TCB_SOURCE: 'wx_client', WX_APPID: 'wx0', WX_OPENID: 'o1' },
    userInfo: { appId: 'wx0', openId: 'o1' },
  })
  expect(seat.variables).toMatchObject({ OWN: 'x', SCF_FUNCTIONNAME: 'slow', TCB_ENV: 'local' })
  const key = String(/127\.0\.0\.1\/([\w-]+)/.exec(seat.variables.TCB_CONTEXT_CNFG ?? '')?.[1])
  expect(workers.knows(key)).toBe(true)
  expect(workers.running(key)).toMatchObject({
    context,
    built: { name: 'slow' },
    record: { requestId: 'r1' },
  })
  done(seat, '1')
  expect([workers.running(key), workers.knows(key)]).toEqual([undefined, true])
  seat.lost(new Error('gone'))
  expect([workers.knows(key), workers.running('other')]).toEqual([false, undefined])
})

test('what a call prints and throws is in its record, and the instance takes the next call', async () => {
  const { seats, meter, failing, call } = start()
  const failed = failing()
  const seat = seatAt(seats, 0)
  ready(seat)
  seat.heard({ type: 'log', level: 'warn', text: 'nearly' })
  seat.heard({ type: 'failed', error: { name: 'TypeError', message: 'no', stack: 'TypeError: no at a.ts' } })
  expect(await failed).toMatchObject({
    ...{ code: 'FUNCTIONS_EXECUTE_FAIL', message: '-504002 functions execute fail: TypeError: no' },
  })
  expect(meter.latest(1)[0]).toMatchObject({
    outcome: 'FUNCTIONS_EXECUTE_FAIL',
    lines: [
      { level: 'warn', text: 'nearly' },
      { level: 'error', text: 'TypeError: no at a.ts' },
    ],
  })
  // What comes after the answer belongs to no call.
  seat.heard({ type: 'log', level: 'log', text: 'late' })
  done(seat, '"twice"')
  const next = call()
  expect(seats).toHaveLength(1)
  done(seat, '2')
  expect(await next).toBe('2')
  expect(meter.latest(2).map(({ lines }) => lines.length)).toEqual([2, 0])
})

test.each([
  [undefined, 'FUNCTIONS_EXECUTE_FAIL', 'functions execute fail: it is gone'],
  ['ERR_WORKER_OUT_OF_MEMORY', 'FUNCTIONS_MEMORY_LIMIT_EXCEEDED', 'used more than 256 MB'],
])(
  'an instance that ends by itself (%s) fails its call with %s, and the next call gets a new one',
  async (code, failure, says) => {
    const { workers, seats, failing, call } = start()
    const failed = failing()
    ready(seatAt(seats, 0))
    const next = call()
    seatAt(seats, 0).lost(Object.assign(new Error('it is gone'), code === undefined ? {} : { code }))
    expect(await failed).toMatchObject({ code: failure, message: expect.stringContaining(says) })
    ready(seatAt(seats, seats.length - 1))
    done(seatAt(seats, seats.length - 1), '1')
    expect(await next).toBe('1')
    expect(workers.counts()).toEqual({ instances: 1, busy: 0, queued: 0 })
  },
)

test('a start that fails leaves its place to the next call', async () => {
  const { seats, failing, call } = start({ poolSize: 1 })
  for (let times = 0; times < 3; times++) {
    const failed = failing()
    if (times === 1) seatAt(seats, times).lost(new Error('exited with code 1'))
    else seatAt(seats, times).heard({ type: 'broken', error: { name: 'Error', message: 'oh', stack: '' } })
    expect((await failed).message).toContain(times === 1 ? 'slow: exited with code 1' : 'slow: Error: oh')
    expect(seatAt(seats, times).left).toBe(true)
  }
  const reply = call()
  ready(seatAt(seats, 3))
  done(seatAt(seats, 3), '1')
  expect(await reply).toBe('1')
})

test('killing ends what has started, fails running calls, and leaves what is starting and what waits', async () => {
  const { workers, time, seats, failing, call } = start()
  const held = failing()
  ready(seatAt(seats, 0))
  const waiting = call()
  time.pass(500)
  expect(seats).toHaveLength(2)
  expect(workers.kill()).toBe(1)
  expect(await held).toMatchObject({
    code: 'FUNCTIONS_EXECUTE_FAIL',
    message: '-504002 the instance was killed',
  })
  expect(seats.map(({ left, stuck }) => [left, stuck])).toEqual([
    [true, true],
    [false, false],
  ])
  ready(seatAt(seats, 1))
  done(seatAt(seats, 1), '1')
  expect(await waiting).toBe('1')
  expect(workers.kill()).toBe(1)
  expect(workers.counts()).toEqual({ instances: 0, busy: 0, queued: 0 })
})

test('calls beyond the queue are refused, of that function alone', async () => {
  const { workers, seats, call, failing } = start({ queueSize: 2 })
  const accepted = [call(), call()]
  expect(await failing()).toMatchObject({
    code: 'EXCEED_CONCURRENT_REQUEST_LIMIT',
    message: '-501004 2 calls of slow are waiting already',
  })
  const other = call('echo')
  expect(workers.counts()).toMatchObject({ busy: 0, queued: 3 })
  ready(seatAt(seats, 0))
  expect(workers.counts()).toMatchObject({ busy: 1, queued: 2 })
  done(seatAt(seats, 0), '1')
  done(seatAt(seats, 0), '2')
  ready(seatAt(seats, 1))
  done(seatAt(seats, 1), '3')
  expect(await Promise.all([...accepted, other])).toEqual(['1', '2', '3'])
})

test('an instance beside a blocked one ends after its answer, at once if it is idle', async () => {
  const { workers, seats, call } = start()
  const reply = call()
  const seat = seatAt(seats, 0)
  ready(seat)
  seat.unsettled()
  expect(seat.left).toBe(false)
  done(seat, '1')
  expect([await reply, seat.left, workers.counts().instances]).toEqual(['1', true, 0])
  const second = call()
  ready(seatAt(seats, 1))
  done(seatAt(seats, 1), '2')
  await second
  seatAt(seats, 1).unsettled()
  expect([seatAt(seats, 1).left, seatAt(seats, 1).stuck]).toEqual([true, false])
})

test('an event that is too long begins no call', async () => {
  const { workers, seats, meter } = start()
  const context = { openid: null, source: null }
  const event = JSON.stringify({ a: 'x'.repeat(102_400) })
  await expect(
    workers.invoke({ functionName: 'slow', event, context, requestId: '1' }),
  ).rejects.toMatchObject({
    code: 'EXCEED_MAX_PAYLOAD_SIZE',
  })
  expect([seats, meter.counters().invocations]).toEqual([[], 0])
})

/** Two instances of a function, both idle. */
async function twoIdle(options: Partial<WorkerOptions> = {}) {
  const started = start(options)
  const { time, seats, call } = started
  const first = [call()]
  ready(seatAt(seats, 0))
  first.push(call())
  time.pass(500)
  ready(seatAt(seats, 1))
  for (const seat of [0, 1]) done(seatAt(seats, seat), '1')
  await Promise.all(first)
  return started
}

test('when an idle instance ends, the other idle ones take the next calls', async () => {
  const { workers, seats, call } = await twoIdle()
  expect(workers.counts()).toEqual({ instances: 2, busy: 0, queued: 0 })
  seatAt(seats, 0).lost(new Error('gone'))
  const next = call()
  expect([seats.length, workers.counts()]).toEqual([2, { instances: 1, busy: 1, queued: 0 }])
  done(seatAt(seats, 1), '2')
  expect(await next).toBe('2')
})

test.each<[how: string, end: (seat: FakeInstance, pass: (ms: number) => void) => void]>([
  ['past its time limit', (_seat, pass) => pass(1_000)],
  ['by itself', seat => seat.lost(new Error('gone'))],
])('when an instance ends during a call (%s), those that are idle stay', async (_how, end) => {
  const { workers, time, seats, call, failing } = await twoIdle()
  const failed = failing()
  end(seatAt(seats, 1), time.pass)
  await failed
  expect(seats.map(({ left }) => left)).toEqual([false, true])
  const next = call()
  expect([seats.length, workers.counts()]).toEqual([2, { instances: 1, busy: 1, queued: 0 }])
  done(seatAt(seats, 0), '2')
  expect(await next).toBe('2')
})

test('on a machine that is full, the pauses between the starts of a function become longer', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
  try {
    cpSync(path.join(functionsFolder, 'echo'), path.join(folder, 'echo'), { recursive: true })
    writeFileSync(path.join(folder, 'echo/config.json'), '{"timeout":60}')
    const { time, seats, call } = start({ functionsFolder: folder }, 1)
    const startsAfter = (least: number, most: number) => {
      void call('echo')
      const before = seats.length
      time.pass(least)
      expect(seats).toHaveLength(before)
      time.pass(most - least)
      expect(seats).toHaveLength(before + 1)
      ready(seatAt(seats, before))
    }
    void call('echo')
    ready(seatAt(seats, 0))
    startsAfter(20, 40)
    startsAfter(2_900, 3_200)
    startsAfter(5_700, 6_200)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('each call that waits long gets an instance of its own', async () => {
  const { time, seats, call } = start()
  for (let at = 0; at < 3; at++) {
    void call('echo')
    time.pass(100)
    expect(seats).toHaveLength(at + 1)
    ready(seatAt(seats, at))
  }
  expect(seats.map(({ jobs }) => jobs)).toEqual([1, 1, 1])
})

test('a start that fails while another instance works fails no call', async () => {
  const { workers, time, seats, call } = start()
  const replies = [call()]
  ready(seatAt(seats, 0))
  replies.push(call())
  time.pass(500)
  seatAt(seats, 1).heard({ type: 'broken', error: { name: 'Error', message: 'oh', stack: '' } })
  expect(workers.counts()).toMatchObject({ instances: 1, busy: 1, queued: 1 })
  done(seatAt(seats, 0), '1')
  done(seatAt(seats, 0), '2')
  expect(await Promise.all(replies)).toEqual(['1', '2'])
})

test('a full pool of busy instances makes calls of the same function wait', async () => {
  const { time, seats, call } = start({ poolSize: 1 })
  const replies = [call()]
  ready(seatAt(seats, 0))
  replies.push(call())
  time.pass(900)
  expect(seats).toHaveLength(1)
  done(seatAt(seats, 0), '1')
  done(seatAt(seats, 0), '2')
  expect(await Promise.all(replies)).toEqual(['1', '2'])
})

test('an instance takes one call at a time, the call that waits longest first', async () => {
  const { workers, seats } = start()
  const context = { openid: null, source: null }
  const replies = ['a', 'b', 'c'].map(requestId =>
    workers.invoke({ functionName: 'slow', event: '{}', context, requestId }),
  )
  const seat = seatAt(seats, 0)
  ready(seat)
  for (const requestId of ['a', 'b', 'c']) {
    expect(seat.job).toMatchObject({ requestId })
    done(seat, `"${requestId}"`)
  }
  expect(await Promise.all(replies)).toEqual(['"a"', '"b"', '"c"'])
})

test('a function that waits because too many start at once is started as soon as one has started', async () => {
  const { seats, call } = start({ poolSize: 20 })
  const replies = readdirSync(functionsFolder).map(name => call(name))
  const atOnce = seats.length
  expect(atOnce).toBeLessThan(replies.length)
  for (let at = 0; at < replies.length; at++) {
    ready(seatAt(seats, at))
    await Promise.resolve()
    expect(seats).toHaveLength(Math.min(replies.length, atOnce + at + 1))
    done(seatAt(seats, at), '1')
  }
  expect(new Set(await Promise.all(replies))).toEqual(new Set(['1']))
})

test('calls that wait while all instances are killed get a new one', async () => {
  const { workers, seats, failing, call } = start()
  const held = failing()
  ready(seatAt(seats, 0))
  const waiting = call()
  expect([workers.kill(), seats.length]).toEqual([1, 2])
  ready(seatAt(seats, 1))
  done(seatAt(seats, 1), '1')
  expect([(await held).code, await waiting]).toEqual(['FUNCTIONS_EXECUTE_FAIL', '1'])
})
