import { storyAddress } from '#contract/addresses'
import { db, type Transaction } from '../cloud'
import { withRetry } from '../retry'
import { addAudit } from '../stores/audit'
import { findDraft, noteDraft } from '../stores/drafts'
import { markWithdrawn, putPublished } from '../stores/published'
import { addVersion } from '../stores/versions'
import { storyDigest, storyRow } from './compose-story'
import { draftHash, readDraft } from './read-draft'
import { makeContent } from './story-content'
import { findStoryOf } from './story-id'
import { writtenTime } from './written-time'

export type Published =
  | { outcome: 'published' | 'unchanged'; link: string; version: number; reminders: string[] }
  | { outcome: 'scheduled'; at: number }
  | { outcome: 'refused'; problems: string[]; reminders: string[] }
  | { outcome: 'missing' }
  | { outcome: 'busy' }

/** How often a row is read again because its editor saved meanwhile. */
const readings = 3

/** Leaves a transaction because its editor saved the row meanwhile. */
class SavedMeanwhile extends Error {}

const inTransaction = <T>(run: (transaction: Transaction) => Promise<T>): Promise<T> =>
  withRetry(() => db.runTransaction(run, 0), { attempts: 5, budget: 8_000, onRetry: () => undefined })

/**
 * Runs a change of a draft's story in one transaction, which first reads the row again: where an editor saved since
 * `hash`, nothing is written. Either all of it is written or nothing.
 */
async function changeUnlessSaved<T>(
  id: string,
  hash: string,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T | null> {
  try {
    return await inTransaction(async transaction => {
      const row = await findDraft(id, transaction)
      if (!row || draftHash(row) !== hash) throw new SavedMeanwhile()
      return change(transaction)
    })
  } catch (error) {
    if (error instanceof SavedMeanwhile) return null
    throw error
  }
}

/** One reading of a row and what follows from it. Null where its editor saved meanwhile. */
async function attempt(id: string, key: string, now: number): Promise<Published | null> {
  const row = await findDraft(id)
  if (!row) return { outcome: 'missing' }
  const hash = draftHash(row)
  const at = new Date(now)
  const read = readDraft(row, now)
  const made = read.ok ? await makeContent(read.draft) : read
  const reminders = [...new Set([...read.reminders, ...made.reminders])]
  if (!read.ok || !made.ok) {
    const problems = made.ok ? [] : made.problems
    return changeUnlessSaved(id, hash, async transaction => {
      // 草稿, so that the clock does not look at the row again until its editor asks.
      const note = [...problems, '改好后请再把状态设为 待发布']
      await noteDraft(transaction, id, { status: '草稿', problems: note, reminders })
      await addAudit({ at, key, action: 'publish', subject: id, result: 'refused' }, transaction)
      return { outcome: 'refused', problems, reminders }
    })
  }
  const { draft } = read
  if (draft.publishAt !== null && draft.publishAt > now) {
    const publishAt = draft.publishAt
    const timed = [
      ...reminders,
      `现在还不会自动发布：北京时间 ${writtenTime(publishAt)} 以后请再运行一次 publish`,
    ]
    return changeUnlessSaved(id, hash, async transaction => {
      await noteDraft(transaction, id, { status: '已定时', problems: [], reminders: timed })
      await addAudit({ at, key, action: 'publish', subject: id, result: 'scheduled' }, transaction)
      return { outcome: 'scheduled', at: publishAt }
    })
  }
  const digest = storyDigest(made.content, draft)
  return changeUnlessSaved(id, hash, async transaction => {
    const { id: storyId, row: before } = await findStoryOf(transaction, id)
    const isSame = before?.state === 'published' && before.digest === digest
    const version = (before?.version ?? 0) + (isSame ? 0 : 1)
    const told = [...reminders]
    if (before && before.editor !== draft.editor)
      told.push(`责编：上一版由 ${before.editor} 发布，这一版由 ${draft.editor} 发布`)
    if (!isSame) {
      const content = storyRow(made.content, draft, before, now)
      await putPublished(transaction, storyId, { ...content, state: 'published', version, draft: id, digest })
      await addVersion(transaction, {
        articleId: storyId,
        version,
        draft: id,
        at,
        editor: draft.editor,
        key,
        content: { ...content, digest },
      })
    }
    const note = {
      status: '已发布',
      problems: [],
      reminders: told,
      link: storyAddress(storyId),
      version,
      storyId,
    }
    await noteDraft(transaction, id, note)
    await addAudit({ at, key, action: 'publish', subject: id, result: `version ${version}` }, transaction)
    return { outcome: isSame ? 'unchanged' : 'published', link: note.link, version, reminders: told }
  })
}

/**
 * Publishes a draft: checks it, and writes story, version and the row's note in one transaction. A fault is written
 * into the row in its editor's words, a time ahead makes it 已定时, and equal content makes no new version. Readers keep
 * the last version whatever happens. `key` names who published. `busy`: its editor saves faster than we read.
 */
export async function publishDraft(id: string, key: string, now: number): Promise<Published> {
  for (let reading = 1; reading <= readings; reading++) {
    const published = await attempt(id, key, now)
    if (published) return published
  }
  return { outcome: 'busy' }
}

/** Takes a draft's story from readers. They are shown the reason. */
export async function withdrawDraft(
  id: string,
  reason: string,
  key: string,
  now: number,
): Promise<{ outcome: 'withdrawn' | 'missing' | 'not-published' }> {
  return inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    const { id: storyId, row: before } = await findStoryOf(transaction, id)
    if (!row && !before) return { outcome: 'missing' }
    // The reply of an attempt that was committed may be lost: the same withdrawal again is done.
    if (before?.state === 'withdrawn' && before.reason === reason) return { outcome: 'withdrawn' }
    if (before?.state !== 'published') return { outcome: 'not-published' }
    await markWithdrawn(transaction, storyId, reason)
    if (row) await noteDraft(transaction, id, { status: '已撤回', problems: [], reminders: [], link: '' })
    const audited = { at: new Date(now), key, action: 'withdraw', subject: id, result: reason }
    await addAudit(audited, transaction)
    return { outcome: 'withdrawn' }
  })
}

/**
 * Publishes an earlier version of a draft's story again, as its newest. The draft keeps its text, and says so.
 */
export async function restoreVersion(
  id: string,
  content: Record<string, unknown>,
  from: number,
  key: string,
  now: number,
): Promise<{ outcome: 'restored'; link: string; version: number } | { outcome: 'missing' }> {
  return inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    const { id: storyId, row: before } = await findStoryOf(transaction, id)
    if (!before) return { outcome: 'missing' }
    // As above, and where readers see that content already.
    if (before.state === 'published' && before.digest !== '' && before.digest === content.digest)
      return { outcome: 'restored', link: storyAddress(storyId), version: before.version }
    const version = before.version + 1
    const at = new Date(now)
    const editor = typeof content.editor === 'string' ? content.editor : ''
    // Whether a story is in focus belongs to the present, not to a version.
    const { focus: _, ...restored } = content
    const placed = { ...restored, ...(before.focus ? { focus: true } : {}) }
    await putPublished(transaction, storyId, { ...placed, state: 'published', version, draft: id })
    await addVersion(transaction, {
      articleId: storyId,
      version,
      draft: id,
      at,
      editor,
      key,
      content: placed,
    })
    const reminders = [`读者看到的是恢复的第 ${from} 版，稿件里的文字没有改动`]
    const note = { status: '已发布', problems: [], reminders, link: storyAddress(storyId), version, storyId }
    if (row) await noteDraft(transaction, id, note)
    await addAudit({ at, key, action: 'restore', subject: id, result: `version ${from}` }, transaction)
    return { outcome: 'restored', link: note.link, version }
  })
}
