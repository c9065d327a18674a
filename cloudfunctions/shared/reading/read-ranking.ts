import type { Mood } from '#contract/mood'
import {
  type RankingRow,
  type RankingSpan,
  rankingLength,
  rankingPageSize,
  type readRanking,
} from '#contract/ranking'
import { readAgain } from '../retry'
import type { Handler } from '../serve'
import { findTitles, type Title } from '../stores/articles'
import { boardId, findBoard, type StoredBoard } from '../stores/rankings'

/** How long (ms) rankings and titles are cached. Rankings change once a minute; a withdrawn story must go in 5 s. */
const boardAge = 20_000
const titlesAge = 3_000

interface Cached {
  board: StoredBoard | null
  boardAt: number
  titles: Map<string, Title>
  titlesAt: number
}

/** At most one entry per mood and span. */
const cached = new Map<string, Cached>()

async function load(mood: Mood, span: RankingSpan, now: number): Promise<Cached> {
  const id = boardId(mood, span)
  const known = cached.get(id)
  const fresh = known && now - known.boardAt < boardAge
  if (fresh && now - known.titlesAt < titlesAge) return known
  const board = fresh ? known.board : await readAgain(() => findBoard(mood, span))
  const titles = await readAgain(() => findTitles((board?.entries ?? []).map(entry => entry.id)))
  const loaded = { board, boardAt: fresh ? known.boardAt : now, titles, titlesAt: now }
  cached.set(id, loaded)
  return loaded
}

/** A page of 新闻表情排行. Two operations at most, none while cached. */
export const readRankingHandler: Handler<typeof readRanking> = async ({ mood, span, cursor }) => {
  const { board, titles } = await load(mood, span, Date.now())
  const rows: RankingRow[] = []
  for (const { id, count, total } of board?.entries ?? []) {
    const title = titles.get(id)
    if (!title || rows.length >= rankingLength) continue
    // Damaged counts must not give a share above 1.
    const share = Math.min(1, count / Math.max(1, total))
    rows.push({ rank: rows.length + 1, ...title, count, share })
  }
  const from = cursor === undefined ? 0 : Number(cursor)
  const to = from + rankingPageSize
  return {
    items: rows.slice(from, to),
    next: to < rows.length ? String(to) : null,
    updatedAt: board?.updatedAt ?? null,
  }
}
