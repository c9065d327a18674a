import { moodKeys, moods } from '#contract/mood'
import { countWords } from '../shared/count-words'
import { waysToWrite } from '../shared/publishing/read-draft'
import { statuses } from '../shared/publishing/status-words'
import { writtenTime } from '../shared/publishing/written-time'
import { readAgain } from '../shared/retry'
import { countPublished, findTitles } from '../shared/stores/articles'
import { countDrafts } from '../shared/stores/drafts'
import { listPolls } from '../shared/stores/polls'
import { findBoard } from '../shared/stores/rankings'
import { findNewestSummary } from '../shared/stores/summaries'
import { listVersionsOfDraft } from '../shared/stores/versions'
import { readVotes } from '../shared/stores/votes'
import { moodSubject } from '../shared/voting/mood'
import { pollSubject } from '../shared/voting/poll'
import { readersKey } from '../shared/voting/subject'
import type { Answer } from './answer'
import { shareLines } from './share-lines'

/** How many stories are listed for each mood. */
const listed = 5

/** Publications, votes and shares of one draft's story. */
async function statsOf(draft: string): Promise<Answer> {
  const versions = await listVersionsOfDraft(draft, 1_000)
  const [newest] = versions
  const first = versions.at(-1)
  if (!newest || !first) return { ok: false, lines: ['这篇稿件还没有发布过'] }
  const { articleId } = newest
  const { counts } = await readAgain(() => readVotes(moodSubject(articleId), null))
  const polls = await Promise.all(
    (await listPolls({ articleId })).map(async ({ id, question, options }) => {
      const answers = (await readAgain(() => readVotes(pollSubject(id), null))).counts
      const shown = options.map(({ key, label }) => `${label} ${answers[key] ?? 0}`).join('　')
      return `云投　${question}：${answers[readersKey] ?? 0} 人回答　${shown}`
    }),
  )
  return {
    ok: true,
    lines: [
      `《${newest.content.title}》`,
      `发布　${versions.length} 版，第一版 ${writtenTime(first.at)}，最近一版 ${writtenTime(newest.at)}`,
      `心情　${countWords(moods, counts)}`,
      ...polls,
      ...(await shareLines(articleId)),
    ],
  }
}

/**
 * The numbers of drafts and stories, the stories with the most votes in the last seven days, shares, and the newest daily
 * summary.
 */
async function statsOfAll(): Promise<Answer> {
  const drafts = await Promise.all(
    statuses.map(async status => `${status} ${await countDrafts(waysToWrite(status))}`),
  )
  const boards = await Promise.all(
    moodKeys.map(async mood => ({
      mood,
      entries: (await findBoard(mood, '7d'))?.entries.slice(0, listed) ?? [],
    })),
  )
  const titles = await findTitles([...new Set(boards.flatMap(({ entries }) => entries.map(({ id }) => id)))])
  const ranked = boards.flatMap(({ mood, entries }) =>
    entries.flatMap(({ id, count }) => {
      const title = titles.get(id)?.title
      return title === undefined ? [] : [`近 7 天${moods[mood]}　${count} 票　《${title}》`]
    }),
  )
  const summary = await findNewestSummary()
  return {
    ok: true,
    lines: [
      `读者能看到 ${await countPublished()} 篇文章`,
      `稿件　${drafts.join('　')}`,
      ...ranked,
      ...(await shareLines(undefined)),
      ...(summary ? [`每日小结　${summary.day}`, ...summary.lines] : []),
    ],
  }
}

export const stats = (draft: string | undefined): Promise<Answer> =>
  draft === undefined ? statsOfAll() : statsOf(draft)
