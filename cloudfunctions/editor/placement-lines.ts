import { beijingOffset } from '#contract/beijing-offset'
import { focusAtMost, topicsAtMost } from '#contract/home'
import { placeName } from '../shared/publishing/place-story'
import {
  arrangeHome,
  type FocusCandidate,
  type HomeRows,
  type TopicCandidate,
} from '../shared/reading/arrange-home'
import type { Slot } from '../shared/reading/arrange-slots'

/** A story that is to get a place of 视觉焦点 later. Times are ms; null where its editor wrote none. */
export interface WaitingStory {
  title: string
  order: number | null
  from: number | null
  until: number | null
  /** When readers get to see it, null if they see it already. */
  publishAt: number | null
}

const titled = (title: string): string => `《${title}》`

/** Beijing time to the second, without seconds that are zero. */
function exactTime(instant: number): string {
  const time = new Date(instant + beijingOffset).toISOString().slice(0, 19).replace('T', ' ')
  return time.endsWith(':00') ? time.slice(0, -3) : time
}

const endWords = (until: number | null): string =>
  until === null ? '没有写结束时间' : `到 ${exactTime(until)} 为止`

const displacedWords = (titles: readonly string[]): string =>
  titles.length === 0 ? '' : `；开始得更早、让出这一位的：${titles.map(titled).join('、')}`

const pinWords = (until: number | null, displaced: readonly string[]): string =>
  `责编排在这一位，${endWords(until)}${displacedWords(displaced)}`

function focusWhy({ one, isPinned, displaced }: Slot<FocusCandidate>): string {
  if (isPinned)
    return pinWords(
      one.until,
      displaced.map(({ story }) => story.title),
    )
  return one.rank === 0
    ? '没有文章排在这一位，用写了 视觉焦点 的文章里最新的补上'
    : '没有文章排在这一位，用有封面的文章里最新的补上'
}

const topicWhy = ({ one, isPinned, displaced }: Slot<TopicCandidate>): string =>
  isPinned
    ? pinWords(
        one.until,
        displaced.map(({ card }) => card.title),
      )
    : '没有专题排在这一位，按发布时间从新到旧补上'

function waitingWords({ title, order, from, until, publishAt }: WaitingStory): string {
  const times = [
    publishAt === null ? '' : `${exactTime(publishAt)} 发布`,
    from === null ? '' : `从 ${exactTime(from)} 起`,
    until === null ? '' : endWords(until),
  ]
  const place = order === null ? '视觉焦点，没有写第几位' : placeName(order)
  return [titled(title), [place, ...times.filter(Boolean)].join('，')].join('　')
}

/** How many stories each of the last lists names. */
const namedAtMost = 10

function listOf(heading: string, all: readonly string[]): string[] {
  if (all.length === 0) return []
  const rest = all.length > namedAtMost ? [`　　等 ${all.length} 篇`] : []
  return [heading, ...all.slice(0, namedAtMost).map(one => `　　${one}`), ...rest]
}

/**
 * What stands in each place of the home page at a time (ms), and why, for editors. The lines of a list begin with two
 * wide spaces, its heading does not.
 */
export function placementLines(rows: HomeRows, waiting: readonly WaitingStory[], at: number): string[] {
  const { focus, topics } = arrangeHome(rows, at)
  const places = (
    heading: string,
    count: number,
    shown: readonly (readonly [title: string, why: string])[],
  ): string[] => [
    `${heading}（${count} 位）`,
    ...(shown.length === 0 ? ['　　空着'] : []),
    ...shown.map(([title, why], index) => `　　第 ${index + 1} 位　${titled(title)}　${why}`),
  ]
  const seen = new Set(focus.map(({ one }) => one.id))
  const unseen = rows.placed.filter(({ story }) => !seen.has(story.id))
  const winners = new Map(
    focus.flatMap(({ one, displaced }) => displaced.map(({ id }) => [id, one.story.title] as const)),
  )
  const absent = unseen.map(({ story, order }) => {
    const winner = winners.get(story.id)
    const why =
      story.cover === undefined
        ? '没有封面'
        : winner !== undefined && order !== null
          ? `${placeName(order)}让给了${titled(winner)}`
          : '没有轮到：更新的文章已经补满，或者一个专题用着它的图'
    return `${titled(story.title)}　${why}`
  })
  return [
    `首页　北京时间 ${exactTime(at)}`,
    ...places(
      '视觉焦点',
      focusAtMost,
      focus.map(slot => [slot.one.story.title, focusWhy(slot)]),
    ),
    ...places(
      '独家策划',
      topicsAtMost,
      topics.map(slot => [slot.one.card.title, topicWhy(slot)]),
    ),
    ...listOf('等着的', waiting.map(waitingWords)),
    ...listOf('写了 视觉焦点，没有出现', absent),
  ]
}
