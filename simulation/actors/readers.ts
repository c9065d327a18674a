import { openPreview } from '#contract/preview'
import type { Chance } from '../chance'
import type { World } from '../world'
import { Failed, type Phone } from './phone'

export interface ReadersOptions {
  /** The stories to vote on: most readers meet on the first. */
  stories: readonly string[]
  /** What editors have published, and the addresses of previews. */
  read: { stories(): string[]; previews: readonly string[] }
  polls: readonly string[]
  /** Whether readers also have all their votes deleted. */
  mayLeave: boolean
  /** Whether readers tap as fast as they can, all on one story. */
  inCrowd: boolean
  /** Readers come one after another (ms): so votes meet every part of the clock's work after a rest. */
  comesWithin: number
}

/** Few choices, so that stories reach the rankings. */
const choices = ['happy', 'happy', 'happy', 'like', 'like', null] as const
const answers = [['a'], ['a'], ['b'], []] as const

/** How long a reader waits before the next tap (ms). */
function thinkingTime(chance: Chance, inCrowd: boolean): number {
  if (inCrowd) return chance.between(0, 5)
  if (chance.hits(0.3)) return chance.between(0, 15)
  return chance.hits(0.1) ? chance.between(500, 4_000) : chance.between(20, 400)
}

/** What one phone does in a round: opens stories and polls, taps, loses its network, is closed. */
export async function usePhone(
  world: World,
  phone: Phone,
  taps: number,
  options: ReadersOptions,
): Promise<void> {
  const chance = world.stream(`reader ${phone.name} ${world.step()}`)
  await world.pause(phone.name, chance.between(0, options.comesWithin))
  for (let tap = 0; tap < taps && !world.isOver(); tap++) {
    await world.pause(phone.name, thinkingTime(chance, options.inCrowd))
    if (world.luck.strikes('closed')) phone.reopen()
    if (world.luck.strikes('offline')) {
      phone.setOnline(false)
      const ms = world.luck.of('offline').between(50, 5_000)
      void world.pause(phone.name, ms).then(() => phone.setOnline(true))
    }
    try {
      await act(phone, chance, options)
    } catch (error) {
      if (!(error instanceof Failed)) throw error
    }
  }
}

async function act(phone: Phone, chance: Chance, options: ReadersOptions): Promise<void> {
  const { stories, polls, mayLeave, read, inCrowd } = options
  const published = read.stories()
  if (published.length > 0 && chance.hits(0.6)) {
    await phone.openStory(chance.pick(published))
    return
  }
  if (read.previews.length > 0 && chance.hits(0.2)) {
    await phone.ask(openPreview, { scene: chance.pick(read.previews) })
    return
  }
  if (mayLeave && !inCrowd && chance.hits(0.06)) return phone.forget()
  if (polls.length > 0 && chance.hits(inCrowd ? 0.05 : 0.25)) {
    const poll = chance.pick(polls)
    if (!phone.hasSeen(poll) || chance.hits(0.4)) await phone.openPoll(poll)
    phone.tapPoll(poll, [...chance.pick(answers)])
    return
  }
  if (stories.length === 0) return
  const story = inCrowd || chance.hits(0.8) ? (stories[0] as string) : chance.pick(stories)
  if (!phone.hasSeen(story) || chance.hits(inCrowd ? 0.1 : 0.5)) await phone.openStory(story)
  phone.tapMood(story, chance.pick(choices))
}
