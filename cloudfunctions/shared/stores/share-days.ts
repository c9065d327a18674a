import * as v from 'valibot'
import { command, db } from '../cloud'
import { rowReader } from './rows'

/**
 * The collection of daily figures: for each Beijing day how often stories were shared on it, and how often these shares
 * were opened. The function `clock` makes them from `shares`, whose documents it then removes.
 */
const days = () => db.collection('shareDays')

const Counts = v.fallback(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))), {})

/** Shares by channel, their openings by way in, and how many of the openings were without an identity. */
export const ShareCounts = v.object({
  shares: Counts,
  openings: Counts,
  guests: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
})
export type ShareCounts = v.InferOutput<typeof ShareCounts>

export interface ShareDay {
  all: ShareCounts
  /** By a story's id. */
  stories: Record<string, ShareCounts>
}

const readRows = rowReader('share day')

/** Days that are read at once: more than two years. */
const daysAtMost = 800

const idOf = (day: number): string => String(day).padStart(6, '0')

export async function hasShareDay(day: number): Promise<boolean> {
  return (
    (
      await days()
        .where({ _id: idOf(day) })
        .count()
    ).total > 0
  )
}

export async function putShareDay(day: number, figures: ShareDay): Promise<void> {
  await days()
    .doc(idOf(day))
    .set({ data: { ...figures } })
}

/** The figures of every day on which the story was shared, or of every day. */
export async function listShareDays(articleId: string | undefined): Promise<ShareCounts[]> {
  const path = articleId === undefined ? 'all' : `stories.${articleId}`
  const { data } = await days()
    .where({ [path]: command.exists(true) })
    .orderBy('_id', 'desc')
    .limit(daysAtMost)
    .field({ [path]: true })
    .get()
  const Row =
    articleId === undefined
      ? v.pipe(
          v.object({ all: ShareCounts }),
          v.transform(row => row.all),
        )
      : v.pipe(
          v.object({ stories: v.record(v.string(), ShareCounts) }),
          v.transform(row => row.stories[articleId] ?? { shares: {}, openings: {}, guests: 0 }),
        )
  return readRows(Row, data)
}
