import { errorDetail, log } from '../log'
import { byClaim } from '../reading/arrange-slots'
import { listTopicReminders, noteTopic } from '../stores/editors-rows'
import { listPinned, type PinnedTopic } from '../stores/named-topics'
import { inTransaction } from './draft-change'
import { topicLabels } from './read-topic'
import { writtenTime } from './written-time'

/** What the editors of topics are told where two of them want one place of 独家策划. Home decides by `fillSlots`. */

/** How many other topics a row names. */
const namedAtMost = 5

const begin = ({ from }: PinnedTopic): number => from ?? 0
const end = ({ until }: PinnedTopic): number => until ?? Number.POSITIVE_INFINITY

const isOfPlace = (reminder: string): boolean => reminder.startsWith(`${topicLabels.order}：独家策划第`)

/** What the editor of a topic is told about the others that want its place while it does. */
export const topicReminders = (own: PinnedTopic, others: readonly PinnedTopic[]): string[] =>
  others
    .filter(
      other =>
        other.row !== own.row &&
        other.order === own.order &&
        begin(other) < end(own) &&
        begin(own) < end(other),
    )
    .sort(byClaim)
    .slice(0, namedAtMost)
    .map(other => {
      const isBeaten = byClaim(other, own) < 0
      const since = Math.max(begin(other), begin(own))
      const until = isBeaten && end(other) < end(own) ? other.until : null
      const when = since > 0 ? `从北京时间 ${writtenTime(since)} 起` : ''
      const words = isBeaten
        ? `${when}由专题《${other.title}》占${until === null ? '' : `，到 ${writtenTime(until)} 为止`}`
        : `专题《${other.title}》也要，${when}由这一个占`
      return `${topicLabels.order}：独家策划第 ${own.order} 位${words}`
    })

/**
 * Writes into the rows of all topics with a place who else wants it. Fire and forget: home does not need it. `without`:
 * the row that is told by its own publication.
 */
export async function tellTopics(without: string, now: number): Promise<void> {
  try {
    const pinned = await listPinned(now)
    const others = pinned.filter(({ row }) => row !== '' && row !== without)
    const rows = await listTopicReminders(others.map(({ row }) => row))
    for (const own of others) {
      const places = topicReminders(own, pinned)
      const told = (written: unknown): string[] => [
        ...(Array.isArray(written) ? written : [])
          .filter(one => typeof one === 'string')
          .filter(one => !isOfPlace(one)),
        ...places,
      ]
      const known = rows.get(own.row)
      if (JSON.stringify(known ?? []) === JSON.stringify(told(known))) continue
      await inTransaction(transaction => noteTopic(transaction, own.row, told))
    }
  } catch (error) {
    log('warn', 'places-not-told', errorDetail(error))
  }
}
