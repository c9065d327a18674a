import { storyAddress, topicAddress } from '#contract/addresses'
import { type Document, db, type Transaction } from '../cloud'
import { readAgain } from '../retry'
import { findTitles, hasStories } from '../stores/articles'
import { findOtherTopics, hideTopic, listPinned, listStories, nameTopic } from '../stores/named-topics'
import { type EntryKind, findPublishedEntry, type PublishedEntry } from '../stores/published-entries'
import { findForm, type PollForm } from '../stores/votes'
import { pollSubject } from '../voting/poll'
import { composePoll, composeTopic, type EntryMade } from './compose-entry'
import { topicIdOf } from './entry-id'
import { lookUpPoll } from './look-up'
import { readPictures } from './pictures/read-pictures'
import { keepPoll, takenPoll } from './place-poll'
import { pollHash, pollLabels, readPollRow } from './read-poll'
import { readTopicRow, type TopicDraft, topicHash, topicLabels } from './read-topic'
import { tellTopics, topicReminders } from './topic-places'

/** What publishing makes of the rows of `topics` and `polls`. */

/** Leaves a transaction because the row cannot be published. The messages are for the editor. */
export class EntryRefused extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join('\n'))
  }
}

interface Known {
  id: string
  before: PublishedEntry | null
  now: number
}

/** How the rows of a collection are published. */
interface Maker {
  /** What editors call such a row. */
  name: string
  hash(row: Document, withStatus: boolean): string
  /** Reads a row. With `isTrial` only problems and reminders are needed, and no picture is copied. */
  make(row: Document, now: number, isTrial: boolean): Promise<EntryMade>
  /** Completes the content inside the publication's transaction. @throws EntryRefused, PollTaken */
  complete(
    transaction: Transaction,
    content: Record<string, unknown>,
    known: Known,
  ): Promise<Record<string, unknown>>
  /** Follows a row's publication or withdrawal in stories and other rows. Repeating it changes nothing. */
  spread(id: string, content: Record<string, unknown> | null, row: string, now: number): Promise<void>
  /** Its address for readers; empty where it has none. */
  link(id: string, entry: Pick<PublishedEntry, 'articleId' | 'topicId'>): string
}

/** How many ids a reminder names. */
const namedAtMost = 5

/** A reminder where readers do not see some of the stories that a topic lists. */
function unseenStories(stories: readonly string[], seen: ReadonlyMap<string, unknown>): string[] {
  const unseen = stories.filter(id => !seen.has(id))
  if (unseen.length === 0) return []
  const some = unseen.slice(0, namedAtMost).join('、')
  const more = unseen.length > namedAtMost ? ` 等 ${unseen.length} 篇` : ''
  return [`${topicLabels.stories}：读者现在看不到 ${some}${more}，专题里就没有`]
}

/** What the editor of a topic is told about others in its place. Reads nothing if it asks for none. */
async function placeReminders(row: string, topic: TopicDraft, now: number): Promise<string[]> {
  const { order, from, until, title } = topic
  if (order === null || (until !== null && until <= now)) return []
  const id = topicIdOf(row)
  const [pinned, before] = await Promise.all([
    readAgain(() => listPinned(now)),
    topic.publishedAt === null ? readAgain(() => findPublishedEntry(db, 'topics', id)) : null,
  ])
  const publishedAt = topic.publishedAt ?? before?.publishedAt?.getTime() ?? now
  return topicReminders({ id, row, title, publishedAt, order, from, until }, pinned)
}

const topics: Maker = {
  name: '专题',
  hash: topicHash,
  async make(row, now, isTrial) {
    const read = readTopicRow(row, now)
    if (!read.ok) return { content: null, problems: read.problems, reminders: read.reminders }
    const { cover, poll, stories } = read.entry
    const [pictures, named, titles, others, ofPlace] = await Promise.all([
      readPictures(cover === '' ? [] : [cover], !isTrial),
      lookUpPoll(poll, topicLabels.poll),
      readAgain(() => findTitles(stories)),
      readAgain(() => findOtherTopics(topicIdOf(row._id), stories)),
      placeReminders(row._id, read.entry, now),
    ])
    // A topic that lists none is published before the stories that name it.
    const isBare =
      stories.length > 0 && titles.size === 0 && !(await readAgain(() => hasStories(topicIdOf(row._id))))
    const made = composeTopic(read.entry, pictures.get(cover) ?? null)
    const taken = named.found ? await takenPoll(named.found, { topicId: topicIdOf(row._id) }) : []
    const problems = [...made.problems, ...named.problems, ...taken]
    return {
      content: problems.length > 0 ? null : made.content,
      problems,
      reminders: [
        ...read.reminders,
        ...made.reminders,
        ...unseenStories(stories, titles),
        ...others.map(
          ({ story, topic }) =>
            `${topicLabels.stories}：《${story}》自己属于专题《${topic}》，文章里显示的是那个专题`,
        ),
        ...(isBare ? [`${topicLabels.stories}：发布的时候还没有一篇读者看得到，专题打开是空的`] : []),
        ...ofPlace,
      ],
    }
  },
  async complete(transaction, content, { id, before, now }) {
    await keepPoll(transaction, { topicId: id }, before?.poll ?? '', String(content.poll ?? ''))
    return { ...content, publishedAt: content.publishedAt ?? before?.publishedAt ?? new Date(now) }
  },
  async spread(id, content, row, now) {
    await tellTopics(row, now)
    if (!content) return hideTopic(id)
    const title = String(content.title)
    await nameTopic(id, title)
    await listStories({ id, title }, content.stories as string[])
  },
  link: id => topicAddress(id),
}

/** Why a poll that readers have answered cannot be changed so: their ballots would mean something else. */
function faultsOfForm(form: PollForm, { options, choices }: PollForm): string[] {
  const quoted = (keys: readonly string[]): string => keys.map(key => `“${key}”`).join('、')
  const removed = form.options.filter(key => !options.includes(key))
  const added = options.filter(key => !form.options.includes(key))
  const label = pollLabels.options
  return [
    ...(removed.length > 0
      ? [`${label}：已经有人回答，不能删去或改名 key 为 ${quoted(removed)} 的选项，请放回来`]
      : []),
    ...(added.length > 0
      ? [`${label}：已经有人回答，不能再加 key 为 ${quoted(added)} 的选项，请删去，或另建一个云投`]
      : []),
    ...(choices === form.choices
      ? []
      : [`${pollLabels.choices}：已经有人回答，要一直是 ${form.choices === 'one' ? '单选' : '多选'}`]),
  ]
}

const polls: Maker = {
  name: '云投',
  hash: pollHash,
  async make(row, now, isTrial) {
    const read = readPollRow(row, now)
    if (!read.ok) return { content: null, problems: read.problems, reminders: read.reminders }
    const addresses = read.entry.options.map(({ picture }) => picture).filter(Boolean)
    const made = composePoll(read.entry, await readPictures(addresses, !isTrial))
    return { ...made, reminders: [...read.reminders, ...made.reminders] }
  },
  async complete(transaction, content, { id, before }) {
    const form = await findForm(transaction, pollSubject(id))
    const { options, choices } = content as { options: { key: string }[]; choices: PollForm['choices'] }
    const faults = form ? faultsOfForm(form, { options: options.map(({ key }) => key), choices }) : []
    if (faults.length > 0) throw new EntryRefused(faults)
    return {
      ...content,
      // Where it stands, and whether it was answered, is not the editor's.
      articleId: before?.articleId ?? '',
      topicId: before?.topicId ?? '',
      ...(before?.answered ? { answered: true } : {}),
    }
  },
  spread: async () => undefined,
  link: (_, { articleId, topicId }) =>
    articleId ? storyAddress(articleId) : topicId ? topicAddress(topicId) : '',
}

export const makers: Readonly<Record<EntryKind, Maker>> = { topics, polls }
