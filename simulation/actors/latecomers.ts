import { setMood } from '#contract/mood'
import type { World } from '../world'
import { Failed, type Phone } from './phone'

/** How long the clock's instance stands still (ms): long enough for a vote, too short for a timeout. */
const pause = 400

/**
 * Readers vote on stories that have long been quiet, while the clock, which may just recount them, stands still in one of
 * its reads of votes. They need no vote store, which would let them wait.
 */
export async function voteLate(
  world: World,
  phones: readonly Phone[],
  stories: readonly string[],
): Promise<void> {
  const chance = world.stream(`latecomers ${world.step()}`)
  let isOver = false
  const reach = async (): Promise<void> => {
    for (let reads = chance.int(8); reads > 0 && !isOver; reads--) await world.freezeAt('clock', 'votes', 0)
    if (!isOver) await world.freezeAt('clock', 'votes', pause)
  }
  // A tick without work has fewer reads.
  await Promise.race([reach(), world.pause('latecomers', 1_000)])
  isOver = true
  await Promise.all(
    stories.map(async articleId => {
      const wish = Math.floor(world.schedule.now())
      const mood = chance.pick(['happy', 'like'] as const)
      try {
        await chance.pick(phones).ask(setMood, { articleId, mood, wish, epoch: 0 })
      } catch (error) {
        if (!(error instanceof Failed)) throw error
      }
    }),
  )
}
