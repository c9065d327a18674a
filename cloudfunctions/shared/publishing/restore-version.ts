import * as v from 'valibot'
import { storyAddress } from '#contract/addresses'
import { TopicId } from '#contract/ids'
import type { Transaction } from '../cloud'
import { addAudit } from '../stores/audit'
import { findDraft, noteDraft } from '../stores/drafts'
import { type PublishedRow, putPublished } from '../stores/published'
import { findPublishedEntry } from '../stores/published-entries'
import { addVersion } from '../stores/versions'
import { inTransaction } from './draft-change'
import { askedOf } from './next-step'
import { keepPoll } from './place-poll'
import { reopened } from './publish-draft'
import { statusOfRow } from './read-draft'
import type { Status } from './status-words'
import { findStoryOf } from './story-id'
import { isAhead, isPublic } from './story-times'
import { writtenTime } from './written-time'

export type Restored =
  | { outcome: 'restored'; link: string; version: number; wasWithdrawn: boolean; waiting: Status | null }
  /** Readers see that content already. */
  | { outcome: 'shown'; link: string; version: number }
  /** Readers never saw the story. `at`: it is scheduled for that time (ms). */
  | { outcome: 'unseen'; at: number | null }
  /** `leaving`: the row waits for its withdrawal. */
  | { outcome: 'missing' | 'no-version' | 'leaving' }

const waitingStatuses: readonly Status[] = ['待发布', '已定时']

/** The topic of an earlier version as it is called now. One that only lists the story does not belong to a version. */
async function presentTopic(
  transaction: Transaction,
  written: unknown,
  before: PublishedRow,
): Promise<PublishedRow['topic']> {
  const named = v.safeParse(v.object({ id: TopicId, listed: v.optional(v.boolean()) }), written)
  if (!named.success || named.output.listed) return before.topic?.listed ? before.topic : null
  const { id } = named.output
  const topic = await findPublishedEntry(transaction, 'topics', id)
  if (!topic) return null
  return { id, title: topic.title, ...(topic.state === 'published' ? {} : { hidden: true }) }
}

/**
 * Publishes an earlier version of a draft's story as the newest version. It does not change the draft's text; a reminder
 * in the row says so. A row that waits for the clock keeps its status. Other outcomes change nothing; all are audited.
 * Throws PollTaken if another story or a topic shows its poll now.
 */
export async function restoreVersion(
  id: string,
  content: Record<string, unknown> | null,
  from: number,
  key: string,
  now: number,
): Promise<Restored> {
  return inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    const { id: storyId, before } = await findStoryOf(transaction, id)
    const at = new Date(now)
    const audit = (result: string) =>
      addAudit({ at, key, action: 'restore', subject: id, result }, transaction)
    const without = async (outcome: Restored, result: string): Promise<Restored> => {
      await audit(result)
      return outcome
    }
    if (!before && !row) return without({ outcome: 'missing' }, 'missing')
    if (row && askedOf(row) === 'withdraw') return without({ outcome: 'leaving' }, 'waits for withdrawal')
    if (!before || before.state === 'cancelled') return without({ outcome: 'unseen', at: null }, 'unseen')
    if (isAhead(before, now)) return without({ outcome: 'unseen', at: before.publishAt.getTime() }, 'unseen')
    if (!content) return without({ outcome: 'no-version' }, `no version ${from}`)
    const link = storyAddress(storyId)
    const isSeen = isPublic(before, now)
    // For example when the reply of an earlier attempt was lost.
    if (isSeen && before.digest !== '' && before.digest === content.digest)
      return without({ outcome: 'shown', link, version: before.version }, `version ${from} is shown`)
    const poll = typeof content.poll === 'string' ? content.poll : ''
    await keepPoll(transaction, { articleId: storyId }, before.poll, poll)
    const version = before.version + 1
    const editor = typeof content.editor === 'string' ? content.editor : ''
    // The present place on the home page and 下线时间 stay, because they do not belong to a version.
    const {
      focus: _,
      publishAt: __,
      offlineAt: ___,
      told: ____,
      topic: written,
      publishedAt,
      ...restored
    } = content
    const topic = await presentTopic(transaction, written, before)
    const { focusOrder, focusFrom, focusUntil } = before
    const isLater = publishedAt instanceof Date && publishedAt > at
    const placed = {
      ...restored,
      ...(topic ? { topic } : {}),
      publishedAt: isLater ? at : publishedAt,
      ...(before.offlineAt && before.offlineAt > at ? { offlineAt: before.offlineAt } : {}),
    }
    const place = Object.entries({ focusOrder, focusFrom, focusUntil }).filter(([, value]) => value !== null)
    await putPublished(transaction, storyId, {
      ...placed,
      ...Object.fromEntries(place),
      ...(before.focus ? { focus: true } : {}),
      state: 'published',
      version,
      draft: id,
      fresh: true,
    })
    await addVersion(transaction, {
      articleId: storyId,
      version,
      draft: id,
      at,
      editor,
      key,
      content: placed,
    })
    const status = row ? statusOfRow(row) : null
    const waiting = status !== null && waitingStatuses.includes(status) ? status : null
    const reminders = [`读者看到的是恢复的第 ${from} 版，稿件里的文字没有改动`, ...(isSeen ? [] : [reopened])]
    const result = `第 ${version} 版，北京时间 ${writtenTime(now)} 恢复自第 ${from} 版`
    const note = { reminders, link, version, storyId, result }
    const published = { status: '已发布', problems: [] }
    if (row) await noteDraft(transaction, id, { ...note, ...(waiting ? {} : published), checked: null })
    await audit(`version ${from}`)
    return { outcome: 'restored', link, version, wasWithdrawn: !isSeen, waiting }
  })
}
