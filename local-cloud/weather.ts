import * as v from 'valibot'
import { sleep } from './http'

const Rate = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const Milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))

/** Faults between client and server, as rates from 0 to 1. */
export const Faults = v.strictObject({
  /** The request never arrives: nothing is done, the connection breaks. */
  droppedBefore: v.optional(Rate, 0),
  /** The request is executed, but the reply is lost: the connection breaks. */
  droppedAfter: v.optional(Rate, 0),
  /** The request is executed, and the reply comes `lateBy` ms later. */
  late: v.optional(Rate, 0),
  lateBy: v.optional(Milliseconds, 2000),
  /** The request arrives twice and is executed twice. The first reply is sent. */
  repeated: v.optional(Rate, 0),
})

/** Latency in ms: constant, or evenly distributed, or with a long tail for one request in a hundred. */
export const Latency = v.strictObject({
  min: Milliseconds,
  max: Milliseconds,
  /** Latency (ms) of the slowest hundredth. Without it there is no tail. */
  tail: v.optional(Milliseconds),
})

const Link = v.strictObject({
  latency: v.optional(v.nullable(Latency), null),
  faults: v.optional(Faults, {}),
})

/**
 * Faults and latency apply in two places: to clients' `calls` to functions, and to functions' own `operations` (every
 * SDK request).
 */
export const WeatherReport = v.strictObject({
  calls: v.optional(Link, {}),
  operations: v.optional(Link, {}),
  /** The same seed gives the same sequence of faults. */
  seed: v.optional(v.pipe(v.number(), v.integer())),
})
export type WeatherReport = v.InferInput<typeof WeatherReport>

/** What happens to one request. */
export interface Luck {
  delay: number
  droppedBefore: boolean
  droppedAfter: boolean
  lateBy: number
  repeated: boolean
}

export interface Weather {
  /** Decides what happens to the next request. Null in calm weather, so that the common case costs nothing. */
  of(link: 'calls' | 'operations'): Luck | null
  /**
   * Applies the weather to one request and its answer. `answer` executes the request, twice if its argument says so.
   * Returns null if the weather breaks the connection in place of an answer.
   */
  pass<Answer>(
    link: 'calls' | 'operations',
    connection: { destroy(): unknown },
    answer: (twice: boolean) => Promise<Answer>,
  ): Promise<Answer | null>
  /** Replaces the weather. @throws ValiError */
  set(report: unknown): void
  report(): v.InferOutput<typeof WeatherReport>
}

export function createWeather(initial: WeatherReport = {}): Weather {
  let report = v.parse(WeatherReport, initial)
  let random = seeded(report.seed)

  return {
    of: luckOf,
    async pass(link, connection, answer) {
      const luck = luckOf(link)
      if (!luck) return answer(false)
      if (luck.delay > 0) await sleep(luck.delay)
      if (!luck.droppedBefore) {
        const sent = await answer(luck.repeated)
        if (!luck.droppedAfter) {
          if (luck.lateBy > 0) await sleep(luck.lateBy)
          return sent
        }
      }
      connection.destroy()
      return null
    },
    set(next) {
      report = v.parse(WeatherReport, next)
      random = seeded(report.seed)
    },
    report: () => report,
  }

  function luckOf(link: 'calls' | 'operations'): Luck | null {
    const { latency, faults } = report[link]
    const dry =
      faults.droppedBefore === 0 && faults.droppedAfter === 0 && faults.late === 0 && faults.repeated === 0
    if (!latency && dry) return null
    return {
      delay: latency ? draw(latency) : 0,
      droppedBefore: random() < faults.droppedBefore,
      droppedAfter: random() < faults.droppedAfter,
      lateBy: random() < faults.late ? faults.lateBy : 0,
      repeated: random() < faults.repeated,
    }
  }

  function draw({ min, max, tail }: v.InferOutput<typeof Latency>): number {
    if (tail !== undefined && random() < 0.01) return tail
    return min + random() * Math.max(0, max - min)
  }
}

/** mulberry32: a small random generator with the same results on every machine. */
function seeded(seed: number | undefined): () => number {
  if (seed === undefined) return Math.random
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
