import { CronExpressionParser } from 'cron-parser'
import { beijingOffset } from '#contract/beijing-offset'
import { CloudError } from './cloud-error'
import type { BuiltFunction } from './function-folder'

export interface Timer {
  functionName: string
  trigger: string
  /** Seven fields: second minute hour day month weekday year, in UTC+8. */
  schedule: string
  /** Cloud time of the next run, ms. Null when the schedule has ended. */
  next: number | null
  running: boolean
}

export interface TimerOptions {
  functions: () => BuiltFunction[]
  now: () => number
  onMove: (listener: () => void) => void
  /** Runs the function as its trigger does. */
  run: (functionName: string, event: string) => Promise<string>
  /** Whether timers fire automatically. */
  automatic: boolean
  report: (line: string) => void
}

export interface Timers {
  list(): Timer[]
  /**
   * Fires a function's timer now and waits for its result.
   * @param overlap fire even if the previous run has not ended; the real cloud may do that, too
   * @throws CloudError if the trigger does not exist, or its previous run has not ended
   */
  fire(functionName: string, options?: { trigger?: string; overlap?: boolean }): Promise<string>
  close(): void
}

/** The longest time (ms) between two checks of the clock. */
const longestSleep = 60_000

/**
 * The next time a schedule fires after `after` (both ms), or null if its last year is over. Times are in UTC+8,
 * whatever the machine's time zone [定时触发器].
 * @throws Error for an invalid schedule
 */
export function nextFiring(schedule: string, after: number): number | null {
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 7) throw new Error(`a timer has seven fields (second … year), not ${fields.length}`)
  const years = yearsOf(fields[6] ?? '*')
  const times = CronExpressionParser.parse(fields.slice(0, 6).join(' '), {
    currentDate: new Date(after),
    tz: 'Asia/Shanghai',
  })
  for (;;) {
    let time: number
    try {
      time = times.next().getTime()
    } catch {
      return null
    }
    const year = new Date(time + beijingOffset).getUTCFullYear()
    if (years(year)) return time
    if (year > 2099) return null
    // Jumps directly to the new year instead of stepping second by second.
    times.reset(new Date(Date.UTC(year + 1, 0, 1) - beijingOffset - 1))
  }
}

function yearsOf(field: string): (year: number) => boolean {
  if (field === '*') return () => true
  const ranges = field.split(',').map(part => {
    const match = /^(\d{4})(?:-(\d{4}))?$/.exec(part)
    if (!match) throw new Error(`${JSON.stringify(part)} is no year`)
    return [Number(match[1]), Number(match[2] ?? match[1])] as const
  })
  return year => ranges.some(([from, to]) => year >= from && year <= to)
}

/**
 * Fires the timers declared in the functions' config.json. Skips and reports a timer whose previous run has not ended.
 */
export function createTimers(options: TimerOptions): Timers {
  const timers = new Map<string, Timer>()
  let sleeping: NodeJS.Timeout | undefined
  let closed = false

  /** Reads the triggers again: functions may be built, or change their triggers, while the cloud runs. */
  function refresh(): void {
    const found = new Set<string>()
    for (const built of options.functions()) {
      for (const { name, config } of built.config.triggers) {
        const key = `${built.name}/${name}`
        found.add(key)
        const known = timers.get(key)
        if (known?.schedule === config) continue
        timers.set(key, {
          functionName: built.name,
          trigger: name,
          schedule: config,
          next: firstFiring(key, config),
          running: false,
        })
      }
    }
    for (const key of timers.keys()) if (!found.has(key)) timers.delete(key)
  }

  function firstFiring(key: string, schedule: string): number | null {
    try {
      return nextFiring(schedule, options.now())
    } catch (error) {
      options.report(
        `timer ${key} will never fire: ${error instanceof Error ? error.message : String(error)}`,
      )
      return null
    }
  }

  async function run(timer: Timer): Promise<string> {
    timer.running = true
    try {
      return await options.run(
        timer.functionName,
        JSON.stringify({
          Type: 'Timer',
          TriggerName: timer.trigger,
          Time: new Date(options.now()).toISOString(),
          Message: '',
        }),
      )
    } finally {
      timer.running = false
    }
  }

  function tick(): void {
    if (closed) return
    refresh()
    const now = options.now()
    for (const timer of timers.values()) {
      if (timer.next === null || timer.next > now) continue
      // A missed timer fires once, no matter how far the clock was moved.
      timer.next = nextFiring(timer.schedule, now)
      if (timer.running) options.report(`timer ${timer.functionName}/${timer.trigger} skipped: still running`)
      else {
        run(timer).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error)
          options.report(`timer ${timer.functionName}/${timer.trigger} failed: ${reason}`)
        })
      }
    }
    sleep()
  }

  function sleep(): void {
    clearTimeout(sleeping)
    const next = Math.min(...[...timers.values()].map(timer => timer.next ?? Number.POSITIVE_INFINITY))
    const wait = Math.max(1, Math.min(next - options.now(), longestSleep))
    sleeping = setTimeout(tick, wait)
    sleeping.unref()
  }

  refresh()
  if (options.automatic) {
    sleep()
    options.onMove(() => {
      // After a move back, a timer may be due earlier than planned. After a move ahead, missed timers must still fire.
      for (const timer of timers.values()) {
        const next = nextFiring(timer.schedule, options.now())
        if (next !== null && (timer.next === null || next < timer.next)) timer.next = next
      }
      tick()
    })
  }

  return {
    list() {
      refresh()
      return [...timers.values()].map(timer => ({ ...timer }))
    },
    async fire(functionName, { trigger, overlap = false } = {}) {
      refresh()
      const timer = [...timers.values()].find(
        candidate =>
          candidate.functionName === functionName && (trigger === undefined || candidate.trigger === trigger),
      )
      if (!timer) {
        throw new CloudError(
          'NOT_FOUND',
          `${functionName} has no timer${trigger === undefined ? '' : ` ${trigger}`} in its config.json`,
        )
      }
      if (timer.running && !overlap) {
        throw new CloudError('CONFLICT', `timer ${functionName}/${timer.trigger} is still running`)
      }
      return run(timer)
    },
    close() {
      closed = true
      clearTimeout(sleeping)
    },
  }
}
