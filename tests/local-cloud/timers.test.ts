import fc from 'fast-check'
import { beijingOffset } from '#contract/beijing-offset'
import { nextFiring } from '../../local-cloud/timers'
import { CallError, type CloudProcess, startCloudProcess } from '../support/local-cloud'

const at = (text: string) => Date.parse(text)

describe('a schedule of seven fields', () => {
  test.each([
    ['0 30 3 * * * *', '2026-01-01T00:00:00+08:00', '2026-01-01T03:30:00+08:00'],
    // 20:00 UTC is already the next day in Beijing.
    ['0 0 0 * * * *', '2025-12-31T20:00:00Z', '2026-01-02T00:00:00+08:00'],
    ['*/5 * * * * * *', '2026-01-01T00:00:03+08:00', '2026-01-01T00:00:05+08:00'],
    ['0 0 9 * * MON *', '2026-01-01T00:00:00+08:00', '2026-01-05T09:00:00+08:00'],
    ['0 0 12 1 6 * 2030', '2026-01-01T00:00:00+08:00', '2030-06-01T12:00:00+08:00'],
    ['0 0 0 1 1 * 2030', '2026-01-01T00:00:00+08:00', '2030-01-01T00:00:00+08:00'],
    ['59 59 23 31 12 * 2027-2028', '2026-01-01T00:00:00+08:00', '2027-12-31T23:59:59+08:00'],
    ['0 0 0 1 * * 2026,2030', '2026-12-01T00:00:00+08:00', '2030-01-01T00:00:00+08:00'],
    ['0 0 0 29 2 * *', '2026-01-01T00:00:00+08:00', '2028-02-29T00:00:00+08:00'],
  ])('%s after %s fires at %s', (schedule, after, expected) => {
    expect(new Date(nextFiring(schedule, at(after)) ?? 0).toISOString()).toBe(
      new Date(expected).toISOString(),
    )
  })

  test('never fires again when its year is over', () => {
    expect(nextFiring('0 0 0 1 1 * 2025', at('2026-01-01T00:00:00+08:00'))).toBeNull()
  })

  test.each(['0 30 3 * * *', '0 0 0 * * * * *', '99 * * * * * *', '* * * * * * soon', ''])(
    '%j is refused',
    schedule => {
      expect(() => nextFiring(schedule, 0)).toThrow()
    },
  )

  test('fires at its Beijing hour and minute, whatever the present time is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2032-01-01T00:00:00Z') }),
        (hour, minute, after) => {
          const next = nextFiring(`0 ${minute} ${hour} * * * *`, after) ?? 0
          const beijing = new Date(next + beijingOffset)
          expect([beijing.getUTCHours(), beijing.getUTCMinutes(), next % 60_000]).toEqual([hour, minute, 0])
          expect(next - after).toBeGreaterThan(0)
          expect(next - after).toBeLessThanOrEqual(24 * 3600_000)
        },
      ),
    )
  })
})

describe('timers of functions', () => {
  let cloud: CloudProcess

  beforeAll(async () => {
    cloud = await startCloudProcess()
  })
  afterAll(() => cloud?.stop())

  interface Run {
    event: { Type: string; TriggerName: string; Time: string }
    runs: number
    context: { SOURCE: string }
  }
  const runs = async () =>
    (await cloud.control<{ byFunction: Record<string, { invocations: number }> }>('counters')).byFunction[
      'clock-work'
    ]?.invocations ?? 0

  async function until(wanted: number): Promise<void> {
    const end = Date.now() + 5000
    while ((await runs()) < wanted && Date.now() < end);
    expect(await runs()).toBe(wanted)
  }

  test('a timer fired by hand gets the trigger’s event and context, without an OPENID', async () => {
    const { result } = await cloud.control<{ result: Run }>('fire', { name: 'clock-work' })
    expect(result.event).toMatchObject({ Type: 'Timer', TriggerName: 'nightly' })
    expect(result.context).toEqual({ APPID: 'wx0000000000000000', ENV: 'local', SOURCE: 'wx_trigger' })
  })

  const isRunning = async () => (await cloud.control<{ running: boolean }[]>('timers'))[0]?.running ?? false

  test('a timer that is still running is not started again, except with overlap', async () => {
    const first = cloud.control('fire', { name: 'clock-work' })
    const end = Date.now() + 5000
    while (!(await isRunning()) && Date.now() < end);
    await expect(cloud.control('fire', { name: 'clock-work' })).rejects.toMatchObject({ status: 409 })
    await cloud.control('fire', { name: 'clock-work', overlap: true })
    await first
  })

  test('firing a function without a timer reports an error', async () => {
    await expect(cloud.control('fire', { name: 'echo' })).rejects.toThrow(CallError)
    await expect(cloud.control('fire', { name: 'clock-work', trigger: 'other' })).rejects.toMatchObject({
      status: 404,
    })
  })

  test('a timer fires automatically at its time, and only once after any move of the clock', async () => {
    await cloud.control('reset-counters')
    const [timer] = await cloud.control<{ next: number }[]>('timers')
    const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
    await cloud.control('clock', { move: (timer?.next ?? 0) - now + 10 })
    await until(1)
    while (await isRunning());
    await cloud.control('clock', { move: 3 * 24 * 3600_000 })
    await until(2)
    const [later] = await cloud.control<{ next: number }[]>('timers')
    expect(later?.next).toBeGreaterThan((timer?.next ?? 0) + 2 * 24 * 3600_000)
    while (await isRunning());
    // The days that the move jumped over are not fired one by one, neither now nor as skipped runs.
    expect({ runs: await runs(), skipped: cloud.errors().includes('skipped') }).toEqual({
      runs: 2,
      skipped: false,
    })
  })
})
