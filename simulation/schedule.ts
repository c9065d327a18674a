import type { Chance } from './chance'

/** `timer` waits for its time; `background` too, but nobody waits for it; the others are messages on their way. */
export type EventKind = 'message' | 'timer' | 'background'

/** Something that can happen next. */
export interface SimulatedEvent {
  readonly id: number
  readonly kind: EventKind
  /** It dies with its owner: an instance, or the gateway since its last start. */
  readonly owner: string
  /** Whose work it is: the unit that gets a priority. */
  readonly actor: string
  readonly label: string
  /** The earliest time at which it may happen (ms). */
  at: number
  cancelled: boolean
  run(): void
}

export interface Posted {
  kind?: EventKind
  owner: string
  actor: string
  label: string
  /** ms */
  delay: number
  run(): void
}

/**
 * `pct`: a random priority for each actor, and some points at which the leading one falls behind all others
 * (Burckhardt et al., A randomized scheduler with probabilistic guarantees of finding bugs). `latency`: in the order of
 * time, with a travel time for each message that has a tail.
 */
export type Mode = 'pct' | 'latency'

export interface Schedule {
  /** The world's time, ms since 1970. */
  now(): number
  post(event: Posted): SimulatedEvent
  /** Takes the next event out. Null when nothing but background events is left. */
  next(): SimulatedEvent | null
  /** The owner's events never happen. */
  end(owner: string): void
  /** The owner's events wait (ms). */
  freeze(owner: string, ms: number): void
  thaw(): void
  /** How long a message travels (ms). */
  travel(): number
}

/** How often the leading actor loses its priority in as many steps as a block has. */
const changePoints = [6, 40] as const
const block = 1_000

export function createSchedule(mode: Mode, chance: Chance, start: number): Schedule {
  let now = start
  let lastId = 0
  let taken = 0
  let pending: SimulatedEvent[] = []
  const ended = new Set<string>()
  const frozen = new Map<string, number>()
  const priorities = new Map<string, number>()
  let lowest = 0
  const changes = new Set<number>()
  const pointsInBlock = chance.pick(changePoints)
  const tail = chance.pick([0.05, 0.2])

  const timeOf = (event: SimulatedEvent): number => {
    if (frozen.size === 0) return event.at
    const until = frozen.get(event.owner)
    return until === undefined ? event.at : Math.max(event.at, until)
  }
  const isEarlier = (a: SimulatedEvent, b: SimulatedEvent): boolean => {
    const difference = timeOf(a) - timeOf(b)
    return difference < 0 || (difference === 0 && a.id < b.id)
  }

  function take(event: SimulatedEvent): SimulatedEvent {
    pending.splice(pending.indexOf(event), 1)
    taken += 1
    return event
  }

  /** Drops what cannot happen any more. Returns the earliest event, or null when only background is left. */
  function earliest(): SimulatedEvent | null {
    let first: SimulatedEvent | null = null
    let isAwaited = false
    pending = pending.filter(event => {
      if (event.cancelled || ended.has(event.owner)) return false
      isAwaited ||= event.kind !== 'background'
      if (!first || isEarlier(event, first)) first = event
      return true
    })
    return isAwaited ? first : null
  }

  /** The events whose time has come. Of one owner's timers only the earliest: they fire in order. */
  function enabled(): SimulatedEvent[] {
    const timers = new Map<string, SimulatedEvent>()
    const found: SimulatedEvent[] = []
    for (const event of pending) {
      if (timeOf(event) > now) continue
      if (event.kind === 'message') found.push(event)
      else {
        const known = timers.get(event.owner)
        if (!known || isEarlier(event, known)) timers.set(event.owner, event)
      }
    }
    return [...found, ...timers.values()]
  }

  const priorityOf = (actor: string): number => {
    const known = priorities.get(actor)
    if (known !== undefined) return known
    const drawn = chance.random()
    priorities.set(actor, drawn)
    return drawn
  }

  function leader(): SimulatedEvent {
    let best: SimulatedEvent | undefined
    for (const event of enabled()) {
      if (!best || priorityOf(event.actor) > priorityOf(best.actor)) best = event
    }
    return best as SimulatedEvent
  }

  return {
    now: () => now,
    post({ kind = 'message', owner, actor, label, delay, run }) {
      lastId += 1
      const event = { id: lastId, kind, owner, actor, label, at: now + delay, cancelled: false, run }
      pending.push(event)
      return event
    },
    next() {
      const first = earliest()
      if (!first) return null
      if (timeOf(first) > now) now = timeOf(first)
      if (mode === 'latency') return take(first)
      if (taken % block === 0)
        for (let point = 0; point < pointsInBlock; point++) changes.add(taken + chance.int(block))
      let best = leader()
      if (changes.delete(taken)) {
        lowest -= 1
        priorities.set(best.actor, lowest)
        best = leader()
      }
      // Work takes time: without it, nothing that waits for a time would ever overtake a busy actor.
      now += Math.round(chance.random() * 3_000) / 1_000
      return take(best)
    },
    end: owner => void ended.add(owner),
    freeze: (owner, ms) => void frozen.set(owner, now + ms),
    thaw: () => frozen.clear(),
    travel() {
      if (mode === 'pct') return 0
      return 1 + chance.random() * 4 + (chance.hits(tail) ? chance.random() * 80 : 0)
    },
  }
}
