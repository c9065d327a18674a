import { createClock } from '../../../local-cloud/clock'
import { createWeather, type WeatherReport } from '../../../local-cloud/weather'

/** What one request meets: how often it was executed, what came back, and whether its connection was broken. */
async function pass(report: WeatherReport, link: 'calls' | 'operations' = 'calls') {
  const asked: boolean[] = []
  let broken = false
  const connection = {
    destroy() {
      broken = true
    },
  }
  const from = Date.now()
  const reply = await createWeather(report).pass(link, connection, async twice => {
    asked.push(twice)
    return 'reply'
  })
  return { asked, reply, broken, took: Date.now() - from }
}

test.each<[string, WeatherReport, boolean[], string | null]>([
  ['calm weather', {}, [false], 'reply'],
  ['a request that never arrives', { calls: { faults: { droppedBefore: 1 } } }, [], null],
  ['a reply that is lost', { calls: { faults: { droppedAfter: 1 } } }, [false], null],
  ['a request that arrives twice', { calls: { faults: { repeated: 1 } } }, [true], 'reply'],
  [
    'a request that arrives twice with a lost reply',
    { calls: { faults: { repeated: 1, droppedAfter: 1 } } },
    [true],
    null,
  ],
  ['weather elsewhere', { operations: { faults: { droppedBefore: 1 } } }, [false], 'reply'],
])('%s', async (_name, report, asked, reply) => {
  expect(await pass(report)).toMatchObject({ asked, reply, broken: reply === null })
})

test('a late reply comes later, and a slow request too', async () => {
  const late = await pass({ calls: { faults: { late: 1, lateBy: 40 } } })
  expect([late.reply, late.took >= 35]).toEqual(['reply', true])
  const slow = await pass({ operations: { latency: { min: 40, max: 40 } } }, 'operations')
  expect([slow.reply, slow.took >= 35]).toEqual(['reply', true])
  expect(createWeather({ calls: { faults: { late: 1 } } }).of('calls')).toEqual({
    delay: 0,
    droppedBefore: false,
    droppedAfter: false,
    lateBy: 2000,
    repeated: false,
  })
})

test('latency is drawn evenly between its bounds, with a tail of one in a hundred', () => {
  const draw = (latency: { min: number; max: number; tail?: number }) => {
    const weather = createWeather({ seed: 3, calls: { latency } })
    return Array.from({ length: 4_000 }, () => weather.of('calls')?.delay ?? Number.NaN)
  }
  const even = draw({ min: 20, max: 40 })
  expect(Math.min(...even)).toBeLessThan(20.1)
  expect(Math.max(...even)).toBeGreaterThan(39.9)
  expect(even.reduce((sum, delay) => sum + delay, 0) / even.length).toBeCloseTo(30, 0)
  const tail = draw({ min: 20, max: 20, tail: 500 })
  expect(tail.filter(delay => delay === 500).length).toBeGreaterThan(20)
  expect(tail.filter(delay => delay === 500).length).toBeLessThan(70)
  expect(new Set(tail)).toEqual(new Set([20, 500]))
  expect(new Set(draw({ min: 30, max: 20 }))).toEqual(new Set([30]))
})

test('each fault happens at its own rate, the same for the same seed, and others for another', () => {
  const faults = { droppedBefore: 0.2, droppedAfter: 0.3, late: 0.4, lateBy: 7, repeated: 0.5 }
  const draw = (seed?: number) => {
    const weather = createWeather({ ...(seed === undefined ? {} : { seed }), calls: { faults } })
    return Array.from({ length: 2_000 }, () => weather.of('calls'))
  }
  const lucks = draw(5)
  expect(draw(5)).toEqual(lucks)
  expect(draw(6)).not.toEqual(lucks)
  expect(draw()).not.toEqual(draw())
  const rate = (holds: (luck: NonNullable<(typeof lucks)[number]>) => boolean) =>
    lucks.filter(luck => luck && holds(luck)).length / lucks.length
  expect(rate(luck => luck.droppedBefore)).toBeCloseTo(0.2, 1)
  expect(rate(luck => luck.droppedAfter)).toBeCloseTo(0.3, 1)
  expect(rate(luck => luck.lateBy === 7)).toBeCloseTo(0.4, 1)
  expect(rate(luck => luck.repeated)).toBeCloseTo(0.5, 1)
})

test('new weather replaces the old, begins its sequence anew, and is told', () => {
  const report = { seed: 9, calls: { latency: { min: 0, max: 100 } } }
  const weather = createWeather(report)
  const first = weather.of('calls')
  expect(weather.of('calls')).not.toEqual(first)
  weather.set(report)
  expect(weather.of('calls')).toEqual(first)
  expect(weather.report()).toMatchObject({
    seed: 9,
    calls: { latency: { min: 0, max: 100 } },
    operations: { latency: null },
  })
  weather.set({})
  expect([weather.of('calls'), weather.of('operations')]).toEqual([null, null])
  for (const wrong of [
    { calls: { faults: { late: 1.1 } } },
    { calls: { faults: { late: -0.1 } } },
    { calls: { latency: { min: 0, max: 600_001 } } },
    { seed: 0.5 },
  ])
    expect(() => weather.set(wrong)).toThrow()
})

test('the cloud’s clock is moved by what it is told, and tells those who wait', () => {
  let real = 1_000
  const clock = createClock(() => real)
  const heard: number[] = []
  clock.onMove(() => heard.push(clock.now()))
  clock.onMove(() => heard.push(-1))
  expect([clock.now(), clock.offset()]).toEqual([1_000, 0])
  expect(clock.move(500)).toBe(1_500)
  real = 2_000
  expect([clock.now(), clock.offset()]).toEqual([2_500, 500])
  expect(clock.move(-700)).toBe(1_800)
  expect(clock.offset()).toBe(-200)
  expect(heard).toEqual([1_500, -1, 1_800, -1])
})
