import type { Figure } from './figure'

/**
 * A story that five million readers open within an hour, simulated: arrivals, instances, operations of the database, and
 * votes in shards (docs/scale.md).
 */
const openings = 5_000_000
const hour = 3_600
/** How much more than the average comes in the first second. */
const rush = 3
/** Requests a second that the largest plan allows. */
const allowed = 5_000
/** Operations of an opening by an instance that is warm: with and without the counts at hand. */
const operations = [2, 1] as const
const votesPerOpening = 1 / 20
const shards = 256
/** Two votes in one shard meet if they are this close (ms). */
const together = 30

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The time (s) after which the rush has fallen to a third, so that all openings fit into the hour. */
function decayOf(first: number): number {
  let [low, high] = [1, 100 * hour]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (first * middle * (1 - Math.exp(-hour / middle)) < openings) low = middle
    else high = middle
  }
  return low
}

/** Milliseconds of an operation: 20 to 60, and one in a hundred 500. */
const latency = (random: () => number): number => (random() < 0.01 ? 500 : 20 + 40 * random())

interface Second {
  arrived: number
  refused: number
  busy: number
  votes: number
  met: number
}

function simulateSecond(rate: number, random: () => number): Second {
  const arrived = Math.round(rate + Math.sqrt(rate) * (random() + random() + random() - 1.5) * 2)
  let requests = 0
  let refused = 0
  let worked = 0
  const last = new Map<number, number>()
  let votes = 0
  let met = 0
  for (let nth = 0; nth < arrived; nth++) {
    const needs = operations[random() < 0.5 ? 0 : 1]
    if (requests + needs > allowed) {
      refused += 1
      continue
    }
    requests += needs
    for (let one = 0; one < needs; one++) worked += latency(random)
    if (random() < votesPerOpening) {
      const at = (nth / arrived) * 1_000
      const shard = Math.floor(random() * shards)
      votes += 1
      if (at - (last.get(shard) ?? Number.NEGATIVE_INFINITY) < together) met += 1
      last.set(shard, at)
    }
  }
  // Little's law: the instances that are busy are the milliseconds worked in a second.
  return { arrived, refused, busy: worked / 1_000, votes, met }
}

/** Figures of one seed; about a second of computing. */
export function simulateRush(seed: number): {
  arrived: number
  refusedFirstMinute: number
  refusedHour: number
  instances: number
  meetings: number
} {
  const random = randomFrom(seed)
  const first = (openings / hour) * rush
  const decay = decayOf(first)
  const seconds = Array.from({ length: hour }, (_, at) =>
    simulateSecond(first * Math.exp(-at / decay), random),
  )
  const sum = (list: readonly Second[], key: keyof Second): number =>
    list.reduce((all, one) => all + one[key], 0)
  const minute = seconds.slice(0, 60)
  return {
    arrived: sum(seconds, 'arrived'),
    refusedFirstMinute: sum(minute, 'refused') / sum(minute, 'arrived'),
    refusedHour: sum(seconds, 'refused') / sum(seconds, 'arrived'),
    instances: Math.ceil(Math.max(...seconds.map(({ busy }) => busy))),
    meetings: sum(minute, 'met') / sum(minute, 'votes'),
  }
}

export async function measureScale(): Promise<Figure[]> {
  const { refusedFirstMinute, refusedHour, instances, meetings } = simulateRush(1)
  const how = 'simulated: 5 million openings of a story in an hour, at most 5,000 requests a second'
  return [
    { name: 'scale.refused.firstMinute', value: refusedFirstMinute * 100, unit: '%', how },
    { name: 'scale.refused.hour', value: refusedHour * 100, unit: '%', how },
    { name: 'scale.instances', value: instances, unit: '', how },
    {
      name: 'scale.votesMeeting',
      value: meetings * 100,
      unit: '%',
      how: `${how}: votes in the same shard within 30 ms`,
    },
  ]
}
