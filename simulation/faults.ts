import { type Chance, streamOf } from './chance'

/** What can go wrong, with its rate in a calm and in a rough run. Rates are for each request, call or step. */
export const faultRates = {
  /** A reply to the SDK comes after the SDK's timeout. */
  late: [0.01, 0.05],
  /** A request of the SDK, or the reply to it, is lost. */
  lost: [0.01, 0.05],
  /** A request of the SDK outside a transaction arrives twice. */
  doubled: [0.02, 0.1],
  /** An instance stops for a while, and goes on. */
  frozen: [0.002, 0.008],
  /** An instance ends, often in the middle of a call. */
  killed: [0.002, 0.008],
  /** The database's process ends and opens its journal again; its last write may be torn. */
  restarted: [0.001, 0.006],
  /** A call's reply does not reach the client. */
  unanswered: [0.03, 0.15],
  /** A call arrives twice. */
  repeated: [0.05, 0.25],
  /** A phone has no network for a while. */
  offline: [0.05, 0.2],
  /** A phone closes the program, and opens it again. */
  closed: [0.03, 0.15],
  /** A phone's clock is wrong. */
  skewed: [0.3, 0.8],
  /** The platform fires the clock's timer again while it runs. */
  overlapping: [0.3, 0.8],
} as const

export type Fault = keyof typeof faultRates
export const allFaults = Object.keys(faultRates) as Fault[]

export interface Luck {
  /** Whether the fault happens now. Never after `heal`. */
  strikes(fault: Fault): boolean
  /** The stream that says how a fault turns out. */
  of(fault: Fault): Chance
  has(fault: Fault): boolean
  heal(): void
}

/**
 * Each run has some of the faults at some rate: a run with all of them at once hides what one of them shows. Each fault
 * has its own stream, so a run without one of them is the same but for that fault, until it first mattered.
 */
export function createLuck(seed: number, faults: readonly Fault[]): Luck {
  const streams = new Map(allFaults.map(fault => [fault, streamOf(seed, fault)]))
  const rates = new Map<Fault, number>()
  const weather = streamOf(seed, 'weather')
  for (const fault of allFaults) {
    const drawn = weather.pick([0, 0, faultRates[fault][0], faultRates[fault][1]])
    if (faults.includes(fault)) rates.set(fault, drawn)
  }
  let isHealed = false
  const of = (fault: Fault): Chance => streams.get(fault) as Chance
  return {
    of,
    has: fault => (rates.get(fault) ?? 0) > 0,
    strikes(fault) {
      const rate = rates.get(fault) ?? 0
      return rate > 0 && !isHealed && of(fault).hits(rate)
    },
    heal() {
      isHealed = true
    },
  }
}
