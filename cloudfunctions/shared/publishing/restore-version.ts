import { storyAddress } from '#contract/addresses'
import { addAudit } from '../stores/audit'
import { findDraft, noteDraft } from '../stores/drafts'
import { putPublished } from '../stores/published'
import { addVersion } from '../stores/versions'
import { inTransaction } from './draft-change'
import { keepPoll } from './place-poll'
import { findStoryOf } from './story-id'
import { writtenTime } from './written-time'

/**
 * Publishes an earlier version of a draft's story as the newest version. It does not change the draft's text; a reminder
 * in the row says so. An attempt that finds no such version is audited too. Throws PollTaken where its poll stands elsewhere now.
 */
export async function restoreVersion(
  id: string,
  content: Record<string, unknown> | null,
  from: number,
  key: string,
  now: number,
): Promise<{ outcome: 'restored'; link: string; version: number } | { outcome: 'missing' }> {
  return inTransaction(async transaction => {
    const row = await findDraft(id, transaction)
    const { id: storyId, before } = await findStoryOf(transaction, id)
    const at = new Date(now)
    const audit = (result: string) =>
      addAudit({ at, key, action: 'restore', subject: id, result }, transaction)
    if (!before || !content) {
      await audit(`no version ${from}`)
      return { outcome: 'missing' }
    }
    const link = storyAddress(storyId)
    // Restores nothing if readers already see this content, for example when the reply of an earlier attempt was lost.
    if (before.state === 'published' && before.digest !== '' && before.digest === content.digest) {
      await audit(`version ${from} is shown`)
      return { outcome: 'restored', link, version: before.version }
    }
    await keepPoll(transaction, storyId, before, typeof content.poll === 'string' ? content.poll : '')
    const version = before.version + 1
    const editor = typeof content.editor === 'string' ? content.editor : ''
    // The present focus and 下线时间 stay, because they do not belong to a version.
    const { focus: _focus, publishAt: _publishAt, offlineAt: _offlineAt, publishedAt, ...restored } = content
    const isAhead = publishedAt instanceof Date && publishedAt > at
    const placed = {
      ...restored,
      publishedAt: isAhead ? at : publishedAt,
      ...(before.focus ? { focus: true } : {}),
      ...(before.offlineAt && before.offlineAt > at ? { offlineAt: before.offlineAt } : {}),
    }
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
    const result = `第 ${version} 版，北京时间 ${writtenTime(now)} 恢复自第 ${from} 版`
    const note = { status: '已发布', problems: [], reminders, link, version, storyId, result }
    if (row) await noteDraft(transaction, id, note)
    await audit(`version ${from}`)
    return { outcome: 'restored', link, version }
  })
}
