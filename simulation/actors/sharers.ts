import { recordOpening, recordShare } from '#contract/sharing'
import type { ShareLedger } from '../checks/shares'
import type { World } from '../world'
import { Failed, type Phone } from './phone'

export interface Shared {
  story: string
  mark: string
}

const markOf = (number: number): string => `mark${String(number).padStart(6, '0')}`

/** Readers share stories, and open what others have shared; phones repeat a call that had no reply. */
export async function shareStories(
  world: World,
  phone: Phone,
  acts: number,
  stories: readonly string[],
  shared: Shared[],
  ledger: ShareLedger,
): Promise<void> {
  const chance = world.stream(`sharer ${phone.name} ${world.step()}`)
  for (let act = 0; act < acts && !world.isOver(); act++) {
    await world.pause(phone.name, chance.between(0, 150))
    const isShare = shared.length === 0 || chance.hits(0.25)
    const one: Shared = isShare
      ? { story: chance.pick(stories), mark: markOf(shared.length) }
      : (shared[Math.max(0, shared.length - 1 - chance.int(2))] as Shared)
    if (isShare) shared.push(one)
    for (let attempts = 0; attempts < 3; attempts++) {
      try {
        if (isShare) await phone.ask(recordShare, { articleId: one.story, channel: 'friend', mark: one.mark })
        else {
          ledger.tried(phone.reader, one.mark)
          await phone.ask(recordOpening, { articleId: one.story, mark: one.mark, way: 'friend' })
          ledger.recorded(phone.reader, one.mark)
        }
        break
      } catch (error) {
        if (!(error instanceof Failed)) throw error
      }
    }
  }
}
