import { PollTaken } from '../shared/publishing/place-poll'
import { publishDraft, reopened } from '../shared/publishing/publish-draft'
import { restoreVersion } from '../shared/publishing/restore-version'
import { withdrawDraft } from '../shared/publishing/withdraw-draft'
import { writtenTime } from '../shared/publishing/written-time'
import { findVersionOf, listVersionsOfDraft } from '../shared/stores/versions'
import { type Answer, notPublished, reminderLines } from './answer'

const missing = (draft: string): Answer => ({ ok: false, lines: [`没有这篇稿件：${draft}`] })

/** Publishes a row now, whatever its status, except 待撤回. */
export async function publish(draft: string, name: string, now: number): Promise<Answer> {
  const done = await publishDraft(draft, { key: name, now })
  switch (done.outcome) {
    case 'published':
    case 'unchanged': {
      const unchanged = `内容没有变化，没有产生新版本${done.isMoved ? '；首页的位置改了' : ''}`
      const result = done.outcome === 'published' ? '已发布' : unchanged
      const lines = [`${result}：第 ${done.version} 版，地址 ${done.link}`]
      return { ok: true, lines: [...lines, ...reminderLines(done.reminders)] }
    }
    case 'scheduled':
      return {
        ok: true,
        lines: [`已定时：北京时间 ${writtenTime(done.at)}`, ...reminderLines(done.reminders)],
      }
    case 'refused':
      return notPublished(done)
    case 'missing':
    case 'settled':
      return missing(draft)
    case 'busy':
      return { ok: false, lines: ['稿件正在被人保存，没有发布，请过一会儿再试'] }
  }
}

export async function withdraw(draft: string, reason: string, name: string, now: number): Promise<Answer> {
  const done = await withdrawDraft(draft, reason, name, now)
  switch (done.outcome) {
    case 'withdrawn':
      return { ok: true, lines: ['已撤回，五秒之内所有读者都看不到了', `读者看到的原因：${reason}`] }
    case 'cancelled':
      return { ok: true, lines: ['已取消定时发布，读者看不到这篇文章'] }
    case 'not-published':
      return {
        ok: false,
        lines: [
          '这篇稿件现在没有发布，不用撤回',
          ...(done.waiting
            ? [`提醒　状态：稿件是 ${done.waiting}，定时任务会发布它；不要发布，请把状态改成 草稿`]
            : []),
        ],
      }
    case 'missing':
    case 'settled':
      return missing(draft)
  }
}

/** Maximum number of versions in a history. */
const versionsShown = 50

export async function history(draft: string): Promise<Answer> {
  const versions = await listVersionsOfDraft(draft, versionsShown)
  if (versions.length === 0) return { ok: false, lines: ['这篇稿件还没有发布过'] }
  return {
    ok: true,
    lines: versions.map(
      ({ version, at, editor, key, content }) =>
        `第 ${version} 版　${writtenTime(at)}　《${content.title}》　责编 ${editor}　由 ${key} 发布`,
    ),
  }
}

export async function restore(draft: string, from: number, name: string, now: number): Promise<Answer> {
  const version = await findVersionOf(draft, from)
  const done = await restoreVersion(draft, version?.content ?? null, from, name, now).catch(error => {
    if (error instanceof PollTaken) return error
    throw error
  })
  if (done instanceof PollTaken) return { ok: false, lines: [`没有恢复，${done.message}`] }
  switch (done.outcome) {
    case 'restored':
      return {
        ok: true,
        lines: [
          `已恢复第 ${from} 版的内容，现在是第 ${done.version} 版，地址 ${done.link}`,
          '提醒　稿件里的文字没有变：再写 待发布 以前，请先把它也改回去',
          ...(done.wasWithdrawn ? [`提醒　${reopened}`] : []),
          ...(done.waiting
            ? [`提醒　状态：稿件的状态仍是 ${done.waiting}，定时任务会照它办；不要的话，请改成 草稿`]
            : []),
        ],
      }
    case 'shown':
      return {
        ok: true,
        lines: [
          `读者看到的已经是第 ${from} 版的内容，没有产生新版本，现在是第 ${done.version} 版，地址 ${done.link}`,
        ],
      }
    case 'unseen':
      return {
        ok: false,
        lines: [
          done.at === null
            ? '没有恢复：这篇稿件还没有发布过'
            : `没有恢复：这篇稿件定于北京时间 ${writtenTime(done.at)} 发布，读者还看不到；要改文字，请改稿件`,
        ],
      }
    case 'leaving':
      return {
        ok: false,
        lines: [
          '没有恢复，读者看到的没有变化',
          '问题　状态：稿件是 待撤回，定时任务会撤回它；要恢复，请先把状态设为 草稿；要马上撤回，请用 withdraw',
        ],
      }
    case 'no-version':
      return { ok: false, lines: [`没有第 ${from} 版；用 history 可以看到所有版本`] }
    case 'missing':
      return missing(draft)
  }
}
