import type { BuiltFunction } from '../../../local-cloud/function-folder'
import { createTimers, type Timers } from '../../../local-cloud/timers'

const minute = 60_000
/** Midnight in Beijing. */
const midnight = Date.UTC(2026, 10, 27, 16)

let triggers: { name: string; type: 'timer'; config: string }[]
let moved: () => void
let reports: string[]
let runs: { event: string; end(): void; fail(error: Error): void }[]
let timers: Timers

function start(automatic = true): void {
  timers = createTimers({
    functions: () => [{ name: 'clock', config: { triggers } } as unknown as BuiltFunction],
    now: Date.now,
    onMove: listener => {
      moved = listener
    },
    run: (_, event) =>
      new Promise((resolve, reject) => runs.push({ event, end: () => resolve('ok'), fail: reject })),
    automatic,
    report: line => reports.push(line),
  })
}
const later = (ms: number) => jest.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  jest.useFakeTimers({ now: midnight })
  triggers = [{ name: 'tick', type: 'timer', config: '0 * * * * * *' }]
  reports = []
  runs = []
})
afterEach(() => {
  timers.close()
  jest.useRealTimers()
})

test('a timer fires at each of its times, with its name and the time', async () => {
  start()
  await later(minute - 1)
  expect(runs).toHaveLength(0)
  await later(1)
  expect(JSON.parse(runs[0]?.event ?? '')).toMatchObject({
    Type: 'Timer',
    TriggerName: 'tick',
    Time: new Date(midnight + minute).toISOString(),
  })
  runs[0]?.end()
  await later(minute)
  expect(runs).toHaveLength(2)
})

test('a timer is skipped, and told, while its last run has not ended; a run that fails is told, too', async () => {
  start()
  await later(2 * minute)
  expect([runs.length, reports]).toEqual([1, ['timer clock/tick skipped: still running']])
  runs[0]?.fail(new Error('no room'))
  await later(minute)
  expect(runs).toHaveLength(2)
  expect(reports[1]).toBe('timer clock/tick failed: no room')
})

test('missed times of a moved clock are one run, also after a move back', async () => {
  triggers = [{ name: 'daily', type: 'timer', config: '0 30 8 * * * *' }]
  start()
  jest.setSystemTime(midnight + 3 * 24 * 60 * minute)
  moved()
  await later(0)
  expect(runs).toHaveLength(1)
  runs[0]?.end()
  await later(1_000)
  expect([runs.length, reports]).toEqual([1, []])
  jest.setSystemTime(midnight)
  moved()
  await later(8.5 * 60 * minute)
  expect(runs).toHaveLength(2)
})

test('triggers that change, appear or disappear while the cloud runs are followed', async () => {
  start()
  const nextOf = () => timers.list().map(({ trigger, next }) => [trigger, (next ?? 0) - midnight])
  expect(nextOf()).toEqual([['tick', minute]])
  triggers = [
    { name: 'tick', type: 'timer', config: '30 * * * * * *' },
    { name: 'hourly', type: 'timer', config: '0 0 * * * * *' },
  ]
  expect(nextOf()).toEqual([
    ['tick', minute / 2],
    ['hourly', 60 * minute],
  ])
  triggers = []
  expect(nextOf()).toEqual([])
  await later(2 * minute)
  expect(runs).toEqual([])
})

test('a trigger that appears fires within a minute of its time, however far away all others are', async () => {
  triggers = [{ name: 'monthly', type: 'timer', config: '0 0 0 2 * * *' }]
  start()
  await later(10 * minute)
  triggers.push({ name: 'tick', type: 'timer', config: '0 * * * * * *' })
  await later(2 * minute)
  expect(runs).toHaveLength(1)
})

test('a schedule that is none is told once, and stops no other', async () => {
  triggers.unshift({ name: 'broken', type: 'timer', config: '0 * * * *' })
  start()
  await later(2 * minute)
  expect(reports).toEqual([
    expect.stringContaining('clock/broken will never fire'),
    expect.stringContaining('skipped'),
  ])
  expect(runs).toHaveLength(1)
})

test('without automatic timers, and after the cloud has closed, none fires', async () => {
  start(false)
  await later(5 * minute)
  start()
  timers.close()
  await later(5 * minute)
  moved()
  expect(runs).toEqual([])
})

test('a timer fired by hand waits for its result; a second firing needs to be asked for', async () => {
  start(false)
  const first = timers.fire('clock')
  await expect(timers.fire('clock')).rejects.toMatchObject({ code: 'CONFLICT' })
  const second = timers.fire('clock', { trigger: 'tick', overlap: true })
  for (const run of runs) run.end()
  expect(await Promise.all([first, second])).toEqual(['ok', 'ok'])
  await expect(timers.fire('clock', { trigger: 'tock' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const third = timers.fire('clock')
  runs.at(-1)?.end()
  expect(await third).toBe('ok')
})
