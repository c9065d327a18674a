import type { recordOpening } from '#contract/sharing'
import { AppError } from '../shared/app-error'
import { hashOf } from '../shared/hash'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { readSalt } from '../shared/stores/settings'
import { addOpening } from '../shared/stores/shares'
import { withinDay } from './day-limits'

/**
 * How many openings are recorded in a Beijing day. Readers are spread over 64 quotas by their hash, so that a quota stays
 * a small document: `all` and `story` are the limits of each. Readers without identity share one quota.
 */
export const openingsADay = {
  reader: 50,
  readers: { all: 400, story: 200 },
  guests: { all: 5_000, story: 1_000 },
}

/**
 * Records that a reader opened a shared story, once for each reader and mark. Two writes: the day's quota and the share.
 * Repeats count against the quota, but not as openings.
 */
export const recordOpeningHandler: Handler<typeof recordOpening> = async (input, caller) => {
  const { articleId, mark, way, guest } = input
  const isGuest = !caller.known
  if (isGuest && guest === undefined) throw new AppError('invalid', 'a guest needs an id')
  const now = Date.now()
  await requirePublished(articleId)
  const salt = await readSalt()
  const reader = isGuest ? `guest:${guest}` : await caller.reader()
  const story = `stories.${articleId}`
  if (isGuest) {
    const { all, story: most } = openingsADay.guests
    await withinDay('open:guests', articleId, { all, [story]: most }, now)
  } else {
    // Not the reader's hash in `votes`: a quota must not tell who opened stories on a day.
    const today = hashOf(salt, 'quota', reader)
    const { all, story: most } = openingsADay.readers
    const limits = { all, [story]: most, [`readers.${today}`]: openingsADay.reader }
    await withinDay(`open:${today.slice(0, 1)}`, `${articleId} ${today}`, limits, now)
  }
  const id = hashOf(salt, 'opening', reader, mark)
  const result = await addOpening({ mark, articleId, way, id, isGuest, at: new Date(now) })
  if (result === 'foreign') throw new AppError('conflict', 'the mark belongs to another story')
  if (result === 'full') throw new AppError('conflict', 'the mark has its number of openings')
  return {}
}
