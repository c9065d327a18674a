import { makers } from '../shared/publishing/make-entry'
import { publishEntry, withdrawEntry } from '../shared/publishing/publish-entry'
import type { EntryKind } from '../shared/stores/published-entries'
import { type Answer, notPublished, reminderLines } from './answer'

const missing = (kind: EntryKind, row: string): Answer => ({
  ok: false,
  lines: [`没有这个${makers[kind].name}：${row}`],
})

/** Publishes a topic or poll now, whatever its row's status, except 待撤回. */
export async function publishOther(kind: EntryKind, row: string, name: string, now: number): Promise<Answer> {
  const done = await publishEntry(kind, row, { key: name, now })
  switch (done.outcome) {
    case 'published':
    case 'unchanged': {
      const result = done.outcome === 'published' ? '已发布' : '内容没有变化，没有产生新版本'
      const at = done.link === '' ? '' : `，地址 ${done.link}`
      return {
        ok: true,
        lines: [`${result}：第 ${done.version} 版${at}`, ...reminderLines(done.reminders)],
      }
    }
    case 'refused':
      return notPublished(done)
    case 'missing':
    case 'settled':
      return missing(kind, row)
    case 'busy':
      return { ok: false, lines: ['这一行正在被人保存，没有发布，请过一会儿再试'] }
  }
}

export async function withdrawOther(
  kind: EntryKind,
  row: string,
  name: string,
  now: number,
): Promise<Answer> {
  const done = await withdrawEntry(kind, row, { key: name, now })
  switch (done.outcome) {
    case 'withdrawn':
      return { ok: true, lines: ['已撤回，五秒之内所有读者都看不到了'] }
    case 'not-published':
      return { ok: false, lines: [`这个${makers[kind].name}现在没有发布，不用撤回`] }
    case 'missing':
    case 'settled':
      return missing(kind, row)
  }
}
