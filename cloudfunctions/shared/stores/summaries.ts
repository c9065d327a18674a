import * as v from 'valibot'
import type { MoodCounts } from '#contract/mood'
import { db } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader } from './rows'
import type { ShareCounts } from './share-days'

/**
 * The collection of daily summaries, one row for each Beijing day, under its date. The function `clock` writes a row once
 * and never changes it. Editors read it; no reader's endpoint does.
 */
const summaries = () => db.collection('summaries')

/** The figures of a day. They count; nothing in them tells of one reader. */
export interface DayFigures {
  /** First versions, later versions and withdrawals of stories. */
  published: number
  revised: number
  withdrawn: number
  /** The choices of that day that still stood when the row was written. */
  votes: MoodCounts
  /** The shares of that day, and how often they had been opened. */
  shares: ShareCounts
  /** Rows with 问题 that wait for their editor, when the row was written. */
  problems: number
  /** Whether the day had more than was read, so that these figures are too low. */
  isPartial: boolean
}

export interface Summary extends DayFigures {
  /** The date: `2026-11-26`. */
  day: string
  /** The figures as text for editors. */
  lines: readonly string[]
  at: Date
}

/** Adds a day's row, unless it exists. */
export async function addSummary({ shares, ...row }: Summary): Promise<void> {
  try {
    await summaries().add({ data: { _id: row.day, ...row, ...shares } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

const Row = v.object({ day: v.string(), lines: v.array(v.string()) })
const readRows = rowReader('summary')

/** The newest summary as text. Null if there is none. */
export async function findNewestSummary(): Promise<v.InferOutput<typeof Row> | null> {
  const { data } = await summaries().orderBy('_id', 'desc').limit(1).field({ day: true, lines: true }).get()
  return readRows(Row, data)[0] ?? null
}
