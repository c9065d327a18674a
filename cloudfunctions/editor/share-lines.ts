import { depthsOf } from '../shared/ledger/chains'
import { addCounts, countsOf, noCounts } from '../shared/ledger/share-counts'
import { channelWords, openingsLine, sharesLine } from '../shared/ledger/share-words'
import { writtenTime } from '../shared/publishing/written-time'
import { readAgain } from '../shared/retry'
import { findTitles } from '../shared/stores/articles'
import { listShareDays } from '../shared/stores/share-days'
import { listCarriers, listShares } from '../shared/stores/shares'

/** The shares that are read: the platform returns no more at once. */
const read = 1_000
const carriersListed = 10

/**
 * Shares and openings of one story, or of all: by channel and by way in, how deep chains go, and the shares that were
 * opened most. Nothing here tells who shared or who opened. No lines if nobody has shared.
 */
export async function shareLines(articleId: string | undefined): Promise<string[]> {
  const [rows, carriers, days] = await Promise.all([
    readAgain(() => listShares(articleId, read)),
    readAgain(() => listCarriers(articleId, carriersListed)),
    readAgain(() => listShareDays(articleId)),
  ])
  if (rows.length === 0 && days.length === 0) return []
  const sums = noCounts()
  for (const row of rows) addCounts(sums, countsOf(row))
  for (const day of days) addCounts(sums, day)
  const depths = depthsOf([...rows, ...carriers])
  const deepest = Math.max(0, ...depths.values())
  const titles =
    articleId === undefined
      ? await findTitles([...new Set(carriers.map(row => row.articleId))])
      : new Map<string, { title: string }>()
  return [
    `${sharesLine(sums)}${rows.length === read ? `（近三个月只计最近 ${read} 次）` : ''}`,
    openingsLine(sums),
    `传播最深　${deepest} 层`,
    ...carriers.map((row, at) => {
      const title = titles.get(row.articleId)?.title
      const how = channelWords[row.channel ?? 'unknown'] ?? ''
      const depth = `第 ${depths.get(row._id) ?? 1} 层`
      return `带来打开最多的分享 ${at + 1}　${row.opened} 人打开　${how}　${depth}　${writtenTime(row.at)}${title === undefined ? '' : `　《${title}》`}`
    }),
  ]
}
