import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
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
  jobs: number
}

function start(options: Partial<WorkerOptions> = {}) {
  const time = handTime()
  const seats: FakeInstance[] = []
  const threads: InstanceThreads = {
    processors: 64,
    seat(_pool, _built, _variables, events) {
      const instance: FakeInstance = { ...events, left: false, jobs: 0 }
      seats.push(instance)
      return {
        run: () => {
          instance.jobs += 1
        },
        leave: () => {
          instance.left = true
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
  expect(seatAt(seats, 0).left).toBe(true)
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
