import { createWeather } from '../../local-cloud/weather'
import { type CloudProcess, type Reader, startCloudProcess } from '../support/local-cloud'

describe('weather', () => {
  test('without configured faults nothing is delayed, dropped or repeated', () => {
    expect(createWeather().of('calls')).toBeNull()
  })

  test('the same seed gives the same faults, at about the configured rates', () => {
    const report = { seed: 7, calls: { faults: { droppedAfter: 0.1, repeated: 0.3 } } }
    const [one, two] = [createWeather(report), createWeather(report)]
    const lucks = Array.from({ length: 5000 }, () => one.of('calls'))
    expect(Array.from({ length: 5000 }, () => two.of('calls'))).toEqual(lucks)
    const rate = (pick: (luck: NonNullable<(typeof lucks)[number]>) => boolean) =>
      lucks.filter(luck => luck && pick(luck)).length / lucks.length
    expect(rate(luck => luck.droppedAfter)).toBeCloseTo(0.1, 1)
    expect(rate(luck => luck.repeated)).toBeCloseTo(0.3, 1)
    expect(rate(luck => luck.droppedBefore)).toBe(0)
    expect(one.of('operations')).toBeNull()
  })

  test('latency stays within its bounds, except for the tail', () => {
    const weather = createWeather({ seed: 1, operations: { latency: { min: 20, max: 40, tail: 500 } } })
    const delays = Array.from({ length: 3000 }, () => weather.of('operations')?.delay ?? 0)
    const tail = delays.filter(delay => delay === 500)
    expect(tail.length / delays.length).toBeCloseTo(0.01, 1)
    expect(tail.length).toBeGreaterThan(0)
    expect(delays.every(delay => delay === 500 || (delay >= 20 && delay <= 40))).toBe(true)
  })

  test.each([
    { calls: { faults: { droppedAfter: 2 } } },
    { storms: 1 },
    { calls: { latency: { min: -1, max: 1 } } },
  ])('%j is refused and does not change the weather', report => {
    const weather = createWeather()
    expect(() => weather.set(report)).toThrow()
    expect(weather.of('calls')).toBeNull()
  })
})

describe('a cloud with injected faults', () => {
  let cloud: CloudProcess
  let reader: Reader

  beforeAll(async () => {
    cloud = await startCloudProcess()
    reader = await cloud.signIn()
    await cloud.control('import', { collection: 'notes', lines: '' })
  })
  afterEach(() => cloud.control('weather', {}))
  afterAll(() => cloud?.stop())

  interface Answer {
    ok?: unknown
    message?: string
  }
  const notes = (action: string, id?: string) => cloud.call<Answer>(reader, 'notes', { action, id })
  const invocations = async () =>
    (await cloud.control<{ byFunction: Record<string, { invocations: number }> }>('counters')).byFunction
      .notes?.invocations ?? 0

  test('a call dropped before arrival is not executed; a call whose reply is lost is executed', async () => {
    await cloud.control('weather', { calls: { faults: { droppedBefore: 1 } } })
    await expect(notes('add', 'never')).rejects.toThrow()
    await cloud.control('weather', { calls: { faults: { droppedAfter: 1 } } })
    await expect(notes('add', 'done')).rejects.toThrow()
    await cloud.control('weather', {})
    const { lines } = await cloud.control<{ lines: string }>('export', { collection: 'notes' })
    expect(lines).toBe('{"_id":"done"}')
  })

  test('a repeated call is executed twice and answered once', async () => {
    await cloud.control('weather', { calls: { faults: { repeated: 1 } } })
    const before = await invocations()
    expect((await notes('count')).ok).toBe(1)
    expect((await invocations()) - before).toBe(2)
  })

  test('if the reply of a database write is lost, the function sees a broken connection and the write persists', async () => {
    await cloud.control('weather', { operations: { faults: { droppedAfter: 1 } } })
    const lost = await notes('add', 'stands')
    expect(lost.ok).toBeUndefined()
    expect(lost.message).toContain('socket hang up')
    await cloud.control('weather', {})
    expect((await notes('count')).ok).toBe(2)
  })

  test('late replies and slow operations take the configured time', async () => {
    await cloud.control('weather', { operations: { latency: { min: 120, max: 120 } } })
    const before = Date.now()
    await notes('count')
    expect(Date.now() - before).toBeGreaterThanOrEqual(118)
    await cloud.control('weather', { calls: { faults: { late: 1, lateBy: 150 } } })
    const then = Date.now()
    await notes('count')
    expect(Date.now() - then).toBeGreaterThanOrEqual(148)
  })

  test('operations are counted by kind, in total and per invocation', async () => {
    await cloud.control('reset-counters')
    expect((await notes('mixed', 'm1')).ok).toBe(true)
    const {
      operations,
      invocations: calls,
      byFunction,
    } = await cloud.control<{
      operations: Record<string, number>
      invocations: number
      byFunction: Record<string, unknown>
    }>('counters')
    // A transaction counts as its start, its operations, and its commit.
    expect(operations).toMatchObject({ read: 1, call: 1, transaction: 2, storage: 0, openapi: 0 })
    expect(operations.write).toBe(2)
    expect(operations.examined).toBeGreaterThanOrEqual(2)
    expect(calls).toBe(2)
    expect(byFunction.notes).toMatchObject({ operations })
    const logs = await cloud.control<{ functionName: string; operations: object }[]>('logs')
    expect(logs.find(({ functionName }) => functionName === 'notes')?.operations).toEqual(operations)
  })
})
