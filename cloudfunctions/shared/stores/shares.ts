import * as v from 'valibot'
import { ArticleId, ShareMark } from '#contract/ids'
import { ShareChannel, type Way } from '#contract/sharing'
import { command, db } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader, When } from './rows'

/**
 * The ledger of shares. A document is one share, under its mark: what was shared, how and when, the mark through which
 * the sharer had come, and how often it was opened. It does not store who shared. An opening is a key in `openings`: a
 * hash from which nobody can tell whether two openings are of one reader.
 */
const shares = () => db.collection('shares')

export interface Share {
  mark: string
  articleId: string
  channel: ShareChannel
  /** The mark through which the sharer had come. */
  parent?: string | undefined
  at: Date
}

/** How many openings of one share are recorded: WeChat's largest group has 500 members. */
export const openingsOfMark = { all: 500, guests: 50 }

const unopened = { opened: 0, guests: 0 }

/** Adds a share under its mark. A repeat of the same mark changes nothing. */
export async function addShare({ mark, articleId, channel, parent, at }: Share): Promise<void> {
  const made = { channel, ...(parent === undefined ? {} : { parent }) }
  try {
    await shares().add({ data: { _id: mark, articleId, at, ...unopened, ...made } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // An opening may have come first; it could not say how the story had been shared.
    await shares()
      .where({ _id: mark, articleId, channel: command.exists(false) })
      .update({ data: made })
  }
}

export interface Opening {
  mark: string
  articleId: string
  way: Way
  /** Names the reader and the mark together, never the reader alone. */
  id: string
  /** Whether the reader has no identity. */
  isGuest: boolean
  at: Date
}

/**
 * Records an opening once. `known`: it was recorded before. `foreign`: the mark belongs to another story. `full`: the
 * mark has its number of openings.
 */
export async function addOpening(opening: Opening): Promise<'added' | 'known' | 'foreign' | 'full'> {
  const { mark, articleId, way, id, isGuest, at } = opening
  const path = `openings.${id}`
  const hasRoom = {
    _id: mark,
    articleId,
    [path]: command.exists(false),
    opened: command.lt(openingsOfMark.all),
    ...(isGuest ? { guests: command.lt(openingsOfMark.guests) } : {}),
  }
  const data = {
    opened: command.inc(1),
    [`ways.${way}`]: command.inc(1),
    [path]: 1,
    ...(isGuest ? { guests: command.inc(1) } : {}),
  }
  for (let attempt = 1; ; attempt++) {
    if ((await shares().where(hasRoom).update({ data })).stats.updated > 0) return 'added'
    const fields = { articleId: true, opened: true, guests: true, [path]: true }
    const { data: found } = await shares().where({ _id: mark }).field(fields).limit(1).get()
    const [row] = found
    if (row) {
      if (row.articleId !== articleId) return 'foreign'
      const openings = row.openings as Record<string, unknown> | undefined
      if (openings?.[id] !== undefined) return 'known'
      const isFull =
        Number(row.opened ?? 0) >= openingsOfMark.all ||
        (isGuest && Number(row.guests ?? 0) >= openingsOfMark.guests)
      if (isFull || attempt > 2) return 'full'
      // Another opening created the row between the update and the read.
      continue
    }
    try {
      // The phone that shared has not reached the cloud yet, or never will.
      const first = { opened: 1, guests: isGuest ? 1 : 0, ways: { [way]: 1 }, openings: { [id]: 1 } }
      await shares().add({ data: { _id: mark, articleId, at, ...first } })
      return 'added'
    } catch (error) {
      if (!isDuplicate(error) || attempt > 2) throw error
    }
  }
}

const Count = v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0)

const Row = v.object({
  _id: ShareMark,
  articleId: ArticleId,
  at: When,
  /** Absent if only openings have come. */
  channel: v.optional(ShareChannel),
  parent: v.optional(ShareMark),
  opened: Count,
  guests: Count,
  ways: v.fallback(v.record(v.string(), Count), {}),
})
export type ShareRow = v.InferOutput<typeof Row>

const readRows = rowReader('share')
/** Everything but the openings one by one. */
const fields = Object.fromEntries(Object.keys(Row.entries).map(name => [name, true]))

/** The newest shares, of one story or of all; `count` at most. */
export async function listShares(articleId: string | undefined, count: number): Promise<ShareRow[]> {
  const found = articleId === undefined ? shares() : shares().where({ articleId })
  const { data } = await found.orderBy('at', 'desc').limit(count).field(fields).get()
  return readRows(Row, data)
}

/** The shares with the most openings, of one story or of all; `count` at most. */
export async function listCarriers(articleId: string | undefined, count: number): Promise<ShareRow[]> {
  const opened = command.gt(0)
  const { data } = await shares()
    .where(articleId === undefined ? { opened } : { articleId, opened })
    .orderBy('opened', 'desc')
    .limit(count)
    .field(fields)
    .get()
  return readRows(Row, data)
}

/** When the oldest share before a time was made (ms), or null. */
export async function findOldestBefore(time: Date): Promise<number | null> {
  const { data } = await shares()
    .where({ at: command.lt(time) })
    .orderBy('at', 'asc')
    .limit(1)
    .field({ at: true })
    .get()
  const at = data[0]?.at
  return at instanceof Date ? at.getTime() : null
}

/** A page of the shares made from one time up to another, oldest first, after one of them. */
export async function listSharesBetween(
  from: Date,
  to: Date,
  after: Pick<ShareRow, '_id' | 'at'> | null,
  count: number,
): Promise<ShareRow[]> {
  const later = after
    ? command.or([
        { at: command.gt(new Date(after.at)) },
        { at: new Date(after.at), _id: command.gt(after._id) },
      ])
    : { at: command.gte(from) }
  const { data } = await shares()
    .where(command.and([later, { at: command.lt(to) }]))
    .orderBy('at', 'asc')
    .orderBy('_id', 'asc')
    .limit(count)
    .field(fields)
    .get()
  return readRows(Row, data)
}

/** Removes the shares made before a time. */
export async function removeSharesBefore(time: Date): Promise<void> {
  await shares()
    .where({ at: command.lt(time) })
    .remove()
}
