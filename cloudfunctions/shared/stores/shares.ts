import type { ShareChannel } from '#contract/sharing'
import { command, db } from '../cloud'
import { isDuplicate } from '../failures'

/**
 * The ledger of shares: what was shared, how and when. It does not store who shared. A document is a share, under its
 * mark, or the count of one Beijing day.
 */
const shares = () => db.collection('shares')

export interface Share {
  mark: string
  articleId: string
  channel: ShareChannel
  at: Date
}

/** Maximum number of shares that are recorded on a Beijing day: of one story, and of all stories. */
export const sharesADay = { story: 2_000, all: 10_000 }

/** Adds a share under its mark. A repeat of the same mark changes nothing. */
export async function addShare({ mark, ...share }: Share): Promise<void> {
  try {
    await shares().add({ data: { _id: mark, ...share } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

/**
 * Counts one more share of a story on a Beijing day. Returns false and counts nothing if the day's limit is reached.
 * Repeats of a mark count as well. The check and the change are one operation, so concurrent calls never exceed a limit.
 */
export async function countShare(articleId: string, day: number): Promise<boolean> {
  const _id = `day:${day}`
  const path = `stories.${articleId}`
  const hasRoom = command.and([
    { _id, all: command.lt(sharesADay.all) },
    command.or([{ [path]: command.exists(false) }, { [path]: command.lt(sharesADay.story) }]),
  ])
  const count = async (): Promise<boolean> => {
    const data = { all: command.inc(1), [path]: command.inc(1) }
    return (await shares().where(hasRoom).update({ data })).stats.updated > 0
  }
  if (await count()) return true
  try {
    await shares().add({ data: { _id, all: 1, stories: { [articleId]: 1 } } })
    return true
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return count()
  }
}
