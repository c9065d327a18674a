import { storyAddress } from '#contract/addresses'
import type { Document, Transaction } from '../cloud'
import { readAgain } from '../retry'
import { addAudit } from '../stores/audit'
import { findDraft, noteDraft } from '../stores/drafts'
import { endPreviews } from '../stores/previews'
import { findPublished, markCancelled, markOut, markWithdrawn } from '../stores/published'
import { inTransaction } from './draft-change'
import { askedOf } from './next-step'
import { placeName } from './place-story'
import { previewIdsOf } from './preview-ids'
import { clockKey } from './publish-draft'
import { labels, statusOfRow } from './read-draft'
import { lineOf } from './row-fields'
import type { Status } from './status-words'
import { findStoryOf } from './story-id'
import { isAhead, isPublic } from './story-times'
import { tellLeft } from './tell-displaced'
import { writtenTime } from './written-time'

export interface Withdrawn {
  /** `cancelled`: it was to appear later. */
  outcome: 'withdrawn' | 'cancelled' | 'missing' | 'not-published' | 'settled'
  /** The status of a row that is not published yet and that the clock will publish. */
  waiting?: Status
}

/** A withdrawal, the place on the home page that the story has left, and the draft whose previews end. */
type Left = Withdrawn & { left?: number | null; ended?: string }

/** Runs a withdrawal, then ends the previews of its draft and tells the editors of the stories in its place. */
async function leaving<Result extends { left?: number | null; ended?: string }>(
  now: number,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const done = await inTransaction(run)
  const { ended } = done
  if (ended) await readAgain(() => endPreviews(previewIdsOf(ended), new Date(now)))
  await tellLeft(done.left ?? null, now)
  return done
}

/** Maximum length of the reason shown to readers, in characters. */
export const reasonAtMost = 500

interface Withdrawal {
  id: string
  reason: string
  reminders: string[]
  /** The reason is not in the row yet. */
  isFromPanel: boolean
  key: string
  now: number
}

/** Withdraws a draft's story inside a transaction. Adds an audit entry even if there is no such story. */
async function withdraw(
  transaction: Transaction,
  row: Document | null,
  { id, reason, reminders, isFromPanel, key, now }: Withdrawal,
): Promise<Left> {
  const { id: storyId, before } = await findStoryOf(transaction, id)
  const audit = (result: string) =>
    addAudit({ at: new Date(now), key, action: 'withdraw', subject: id, result }, transaction)
  // A repeated withdrawal succeeds without a change, because the reply of a committed attempt may have been lost.
  const isDone = before?.state === 'withdrawn' && before.reason === reason
  const isReasoned = before?.state === 'withdrawn' && reason !== '' && !isDone
  const written = isFromPanel ? { reason } : {}
  const isScheduled = row !== null && statusOfRow(row) === '已定时' && before?.state !== 'published'
  if (isAhead(before, now) || isScheduled) {
    if (before?.state === 'published') await markCancelled(transaction, storyId)
    await audit('cancelled')
    const result = `北京时间 ${writtenTime(now)} 取消了定时发布`
    const note = { status: '已撤回', problems: [], reminders: [], link: '', result, checked: null }
    if (row) await noteDraft(transaction, id, { ...note, ...written })
    return { outcome: 'cancelled', ended: id, left: before?.focusOrder ?? null }
  }
  if (before?.state !== 'published' && !isDone && !isReasoned) {
    const outcome = !row && !before ? 'missing' : 'not-published'
    await audit(outcome)
    return { outcome, ...(row && askedOf(row) === 'publish' ? { waiting: statusOfRow(row) } : {}) }
  }
  if (!isDone) {
    await markWithdrawn(transaction, storyId, reason)
    await audit(reason)
  }
  const result = isReasoned ? reasonTaken(now) : `北京时间 ${writtenTime(now)} 撤回`
  const place = before?.focus && before.state === 'published' ? before.focusOrder : null
  const left = place === null ? [] : [`${labels.order}：${placeName(place)}不再是这一篇，由别的文章补上`]
  if (row)
    await noteDraft(transaction, id, {
      status: '已撤回',
      problems: [],
      reminders: [...reminders, ...left],
      link: '',
      result,
      ...written,
      checked: reason === '' ? { unreasoned: true } : null,
    })
  return { outcome: 'withdrawn', ended: id, left: place }
}

const reasonTaken = (now: number): string => `北京时间 ${writtenTime(now)} 更新了撤回原因`

/** The reason in a row as readers see it, and what its editor is told of it. */
function reasonOf(row: Document): { reason: string; reminders: string[] } {
  const written = typeof row.reason === 'string' ? lineOf(row.reason) : ''
  const reminders = [
    ...(written === '' ? [`${labels.reason}：没有填写，读者看不到原因`] : []),
    ...(written.length > reasonAtMost
      ? [`${labels.reason}：超过 ${reasonAtMost} 个字，后面的读者看不到`]
      : []),
  ]
  return { reason: written.slice(0, reasonAtMost), reminders }
}

/** Withdraws a draft's story. Readers see the reason. */
export const withdrawDraft = (id: string, reason: string, key: string, now: number): Promise<Withdrawn> =>
  leaving(now, async transaction =>
    withdraw(transaction, await findDraft(id, transaction), {
      ...{ id, reason, reminders: [], isFromPanel: true, key, now },
    }),
  )

/**
 * Withdraws the story of a row whose status is 待撤回. A missing or too long reason causes only a reminder, because it
 * must not delay the withdrawal.
 */
export const withdrawWaiting = (id: string, now: number): Promise<Withdrawn> =>
  leaving(now, async (transaction): Promise<Left> => {
    const row = await findDraft(id, transaction)
    if (!row || statusOfRow(row) !== '待撤回') return { outcome: 'settled' }
    const withdrawn = await withdraw(transaction, row, {
      ...{ id, ...reasonOf(row), isFromPanel: false, key: clockKey, now },
    })
    if (withdrawn.outcome === 'not-published')
      await noteDraft(transaction, id, {
        status: '已撤回',
        problems: [],
        reminders: ['这篇稿件没有发布，或者已经撤回，读者看到的没有变化'],
        link: '',
        result: `北京时间 ${writtenTime(now)} 没有要撤回的`,
        checked: null,
      })
    return withdrawn
  })

/** Withdraws a story whose 下线时间 has come. */
export const takeOffline = (storyId: string, now: number): Promise<unknown> =>
  leaving(now, async (transaction): Promise<{ left?: number | null; ended?: string }> => {
    const story = await findPublished(transaction, storyId)
    const time = story?.offlineAt?.getTime()
    if (story?.state !== 'published' || time === undefined || time > now) return {}
    const row = story.draft ? await findDraft(story.draft, transaction) : null
    await markWithdrawn(transaction, storyId, '')
    const result = `北京时间 ${writtenTime(time)} 按下线时间撤下`
    // A row that waits for its next publication keeps its status.
    const status = row && statusOfRow(row) === '已发布' ? { status: '已撤回' } : {}
    if (row) await noteDraft(transaction, row._id, { ...status, link: '', result, checked: null })
    const subject = story.draft || storyId
    await addAudit(
      { at: new Date(now), key: clockKey, action: 'offline', subject, result: storyId },
      transaction,
    )
    return { left: story.focusOrder, ended: story.draft }
  })

/** Shows readers the reason that an editor wrote into a row after its story was withdrawn without one. */
export const takeReason = (id: string, now: number): Promise<void> =>
  inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    if (!row || statusOfRow(row) !== '已撤回') return
    const { id: storyId, before } = await findStoryOf(transaction, id)
    const { reason, reminders } = reasonOf(row)
    // Without one it holds nothing but blanks and invisible characters.
    if (reason === '' || before?.state !== 'withdrawn' || before.reason !== '')
      return noteDraft(transaction, id, { checked: null })
    await markWithdrawn(transaction, storyId, reason)
    await noteDraft(transaction, id, { reminders, result: reasonTaken(now), checked: null })
    const entry = { at: new Date(now), key: clockKey, action: 'withdraw', subject: id, result: reason }
    await addAudit(entry, transaction)
  })

/**
 * Settles a story that was stored ahead of its time and whose row does not wait for the clock any more: cancels it, or
 * withdraws it if its time has come since the last tick.
 */
export const cancelAhead = (storyId: string, now: number): Promise<unknown> =>
  leaving(now, async (transaction): Promise<{ left?: number | null }> => {
    const story = await findPublished(transaction, storyId)
    if (story?.state !== 'published' || !story.draft || !story.publishAt) return {}
    const row = await findDraft(story.draft, transaction)
    if (row && askedOf(row) !== 'nothing') return {}
    const isOut = isPublic(story, now)
    if (isOut && row && statusOfRow(row) === '已发布') {
      await markOut(transaction, storyId)
      const { version } = story
      const out = { status: '已发布', problems: [], link: storyAddress(storyId), version, storyId }
      const result = `第 ${version} 版，北京时间 ${writtenTime(story.publishAt.getTime())} 发布`
      await noteDraft(transaction, story.draft, { ...out, result, checked: null })
      return {}
    }
    if (isOut) await markWithdrawn(transaction, storyId, '')
    else await markCancelled(transaction, storyId)
    const time = writtenTime(story.publishAt.getTime())
    const result = isOut
      ? `取消得晚了：文章在北京时间 ${time} 已经发布，${writtenTime(now)} 撤下。还要发布，就把状态设为 待发布`
      : `北京时间 ${writtenTime(now)} 取消了定时发布`
    if (row) await noteDraft(transaction, row._id, { problems: [], link: '', result, checked: null })
    await addAudit(
      {
        at: new Date(now),
        key: clockKey,
        action: isOut ? 'withdraw' : 'cancel',
        subject: story.draft,
        result: storyId,
      },
      transaction,
    )
    return { left: story.focusOrder }
  })
