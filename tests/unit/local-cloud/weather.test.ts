import { createWeather, type WeatherReport } from '../../../local-cloud/weather'

type Link = NonNullable<WeatherReport['calls']>

beforeEach(() => jest.useFakeTimers({ now: 0 }))
afterEach(() => jest.useRealTimers())

/** Sends one request. Returns what came back, when (ms), and when it was executed, with `twice` if twice. */
async function sent(link: Link) {
  const weather = createWeather({ calls: link })
  const executed: string[] = []
  let isBroken = false
  let reply: unknown
  const connection = {
    destroy: () => {
      isBroken = true
    },
  }
  void weather
    .pass('calls', connection, async twice => {
      executed.push(`${Date.now()}${twice ? ' twice' : ''}`)
      return 'answer'
    })
    .then(answer => {
      reply = `${answer} at ${Date.now()}`
    })
  await jest.advanceTimersByTimeAsync(10_000)
  return { executed, reply, isBroken }
}

test.each<[what: string, link: Link, executed: string[], reply: string, isBroken: boolean]>([
  ['calm weather answers at once', {}, ['0'], 'answer at 0', false],
  [
    'latency comes before the request is executed',
    { latency: { min: 30, max: 30 } },
    ['30'],
    'answer at 30',
    false,
  ],
  ['a request lost on its way is not executed', { faults: { droppedBefore: 1 } }, [], 'null at 0', true],
  ['a request whose reply is lost is executed', { faults: { droppedAfter: 1 } }, ['0'], 'null at 0', true],
  [
    'a late reply comes later than the work',
    { faults: { late: 1, lateBy: 150 } },
    ['0'],
    'answer at 150',
    false,
  ],
  ['a late reply is two seconds late by default', { faults: { late: 1 } }, ['0'], 'answer at 2000', false],
  ['a lost reply is not waited for', { faults: { droppedAfter: 1, late: 1 } }, ['0'], 'null at 0', true],
  ['a repeated request is executed twice', { faults: { repeated: 1 } }, ['0 twice'], 'answer at 0', false],
])('%s', async (_what, link, executed, reply, isBroken) => {
  expect(await sent(link)).toEqual({ executed, reply, isBroken })
})

test('a seed stands for the same faults on every machine, again after the weather is set again', () => {
  const report = { seed: 7, operations: { latency: { min: 100, max: 1100, tail: 9000 } } }
  const weather = createWeather(report)
  const delays = () => Array.from({ length: 6 }, () => Math.round(weather.of('operations')?.delay ?? 0))
  const first = delays()
  expect(first).toEqual([162, 340, 618, 1078, 391, 722])
  expect(delays()).not.toEqual(first)
  weather.set(report)
  expect(delays()).toEqual(first)
  expect(weather.of('calls')).toBeNull()
})

test('a report says what is in force, and its bounds are told from both sides', () => {
  const weather = createWeather()
  const calm = { droppedBefore: 0, droppedAfter: 0, late: 0, lateBy: 2000, repeated: 0 }
  expect(weather.report()).toEqual({
    calls: { latency: null, faults: calm },
    operations: { latency: null, faults: calm },
  })
  const accepted: WeatherReport[] = [
    { calls: { faults: { late: 1, lateBy: 600_000 } } },
    { calls: { latency: { min: 0, max: 600_000, tail: 0 } }, seed: -3 },
  ]
  for (const report of accepted) {
    weather.set(report)
    expect(weather.report()).toMatchObject(report)
  }
  const refused = [
    { calls: { faults: { late: 1.01 } } },
    { calls: { faults: { late: -0.01 } } },
    { calls: { faults: { lateBy: 600_001 } } },
    { calls: { latency: { min: 0, max: 600_001 } } },
    { calls: { latency: { min: 1 } } },
    { calls: { faults: { lost: 1 } } },
    { calls: { delay: 1 } },
    { seed: 1.5 },
  ]
  for (const report of refused) expect(() => weather.set(report)).toThrow()
  expect(weather.report()).toMatchObject(accepted[1] ?? {})
})
