import type { RowListener } from './disk'

export type Row = Record<string, unknown> & { _id: string }

/** Turns canonical EJSON into plain values: numbers, and dates as milliseconds. */
function plain(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const kinds = value as {
    $numberInt?: string
    $numberLong?: string
    $numberDouble?: string
    $date?: unknown
  }
  const written = kinds.$numberInt ?? kinds.$numberLong ?? kinds.$numberDouble
  if (written !== undefined) return Number(written)
  return '$date' in kinds ? kinds.$date : value
}

export const parseRow = (text: string): Row => JSON.parse(text, plain) as Row

/** One row that changed: null before it was added, and after it was removed. */
export interface RowChange {
  collection: string
  id: string
  before: Row | null
  after: Row | null
}

/** The rows of the database as the checkers see them. */
export interface Rows {
  heard: RowListener
  /** The gateway starts again: forgets everything, because opening the journal reports all rows. */
  restart(): void
  /** The changes since the last call. */
  changes(): RowChange[]
  in(collection: string): Row[]
}

export function createRows(): Rows {
  let bySeq = new Map<number, { collection: string; row: Row }>()
  let changes: RowChange[] = []
  return {
    heard(collection, seq, body) {
      const before = bySeq.get(seq)?.row ?? null
      const after = body === null ? null : parseRow(body)
      if (after) bySeq.set(seq, { collection, row: after })
      else bySeq.delete(seq)
      const id = after?._id ?? before?._id
      if (id !== undefined) changes.push({ collection, id, before, after })
    },
    restart() {
      bySeq = new Map()
      changes = []
    },
    changes() {
      const all = changes
      changes = []
      return all
    },
    in: name => [...bySeq.values()].filter(({ collection }) => collection === name).map(({ row }) => row),
  }
}
