/** A stream of chance: the same seed gives the same values on every machine. */
export interface Chance {
  /** 32 bits. */
  next(): number
  /** From 0 up to 1. */
  random(): number
  /** A whole number from 0 up to `below`. */
  int(below: number): number
  between(from: number, to: number): number
  hits(rate: number): boolean
  pick<Item>(items: readonly Item[]): Item
  fill<Bytes extends Uint8Array>(bytes: Bytes): Bytes
}

/** mulberry32, with two draws for the 53 bits of a number. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const random = (): number => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53
  const chance: Chance = {
    next,
    random,
    int: below => Math.floor(random() * below),
    between: (from, to) => from + random() * (to - from),
    hits: rate => random() < rate,
    pick<Item>(items: readonly Item[]) {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[Math.floor(random() * items.length)] as Item
    },
    fill(bytes) {
      for (let at = 0; at < bytes.length; at++) bytes[at] = next() & 255
      return bytes
    },
  }
  // Neighbouring seeds start alike.
  for (let warm = 0; warm < 4; warm++) next()
  return chance
}

/** A stream of a run for one purpose: what one stream draws does not shift another. */
export function streamOf(seed: number, purpose: string): Chance {
  let hash = 0x811c9dc5 ^ seed
  for (const character of purpose) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return createChance(Math.imul(hash, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b))
}
