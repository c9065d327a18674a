import * as v from 'valibot'
import { AppError } from '../shared/app-error'
import { platformContext } from '../shared/cloud'
import { isTransient } from '../shared/failures'
import { errorDetail, log } from '../shared/log'
import { reasonAtMost } from '../shared/publishing/withdraw-draft'
import { addAudit } from '../shared/stores/audit'
import { editorsCollections } from '../shared/stores/editors-rows'
import { withoutUnseen } from '../shared/unseen-characters'
import type { Answer } from './answer'
import { check } from './check'
import { compare } from './compare'
import { publishOther, withdrawOther } from './entries'
import { isForeign, nameOfKey } from './keys'
import { placement } from './placement'
import { preview } from './preview'
import { history, publish, restore, withdraw } from './publications'
import { stats } from './stats'
import { exportRows, importRows } from './transfer'

/** The panel's message for each missing or invalid field. */
const asked: Readonly<Record<string, string>> = {
  draft: 'draft：请写稿件的 _id，只有字母、数字、下划线和短横',
  after: 'after：请写上一次查到的稿件的 _id',
  version: 'version：请写版本号，如 2',
  from: 'from：请写较早的版本号，如 1；导入时写从第几行接着写',
  file: 'file：请写云存储里文件的编号，以 cloud:// 开头',
  collection: 'collection：请写 drafts（稿件）、topics（专题）或 polls（云投）',
  mode: 'mode：请写 insert（只新增）或 upsert（新增或更新）',
  write: 'write：确认写入时写 true',
  format: 'format：请写 csv 或 jsonl',
  to: 'to：请写较新的版本号，如 2',
  reason: 'reason：请写撤回原因，读者会看到，最多 500 个字',
}

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const draft = v.pipe(v.string(), v.trim(), v.regex(/^[\w-]{1,64}$/))
const version = v.pipe(v.number(), v.integer(), v.minValue(1))
const collection = v.picklist(editorsCollections)
/** Topics and polls are published and withdrawn as drafts are. */
const rowsOf = v.optional(collection, 'drafts')
const reason = v.pipe(
  v.string(),
  v.transform(text => withoutUnseen(text).text.trim()),
  v.minLength(1),
  v.maxLength(reasonAtMost),
)

/** Chosen by field, because valibot reports a missing field in English even if its schema has a Chinese message. */
const saying = ({ path, message }: v.BaseIssue<unknown>): string => asked[String(path?.[0]?.key)] ?? message

const Event = v.variant(
  'action',
  [
    v.object({
      action: v.literal('check'),
      key,
      collection: rowsOf,
      draft: v.optional(draft),
      after: v.optional(draft),
    }),
    v.object({ action: v.literal('publish'), key, collection: rowsOf, draft }),
    v.object({ action: v.literal('withdraw'), key, collection: rowsOf, draft, reason: v.optional(reason) }),
    v.object({ action: v.literal('preview'), key, draft }),
    v.object({ action: v.literal('history'), key, draft }),
    v.object({
      action: v.literal('compare'),
      key,
      draft,
      from: v.optional(version),
      to: v.optional(version),
    }),
    v.object({ action: v.literal('restore'), key, draft, version }),
    v.object({ action: v.literal('placement'), key, at: v.optional(v.unknown()) }),
    v.object({ action: v.literal('stats'), key, draft: v.optional(draft) }),
    v.object({
      action: v.literal('import'),
      key,
      collection,
      file: v.pipe(v.string(), v.trim(), v.regex(/^cloud:\/\/\S{1,900}$/)),
      mode: v.optional(v.picklist(['insert', 'upsert']), 'insert'),
      write: v.optional(v.boolean(), false),
      from: v.optional(version, 1),
    }),
    v.object({
      action: v.literal('export'),
      key,
      collection,
      format: v.optional(v.picklist(['csv', 'jsonl']), 'csv'),
    }),
  ],
  'action：请写 check、publish、preview、withdraw、history、compare、restore、stats、placement、import 或 export',
)
type Event = v.InferOutput<typeof Event>

function run(event: Event, name: string, now: number): Promise<Answer> {
  switch (event.action) {
    case 'check':
      return check(event.collection, event.draft, event.after ?? '', now)
    case 'publish':
      return event.collection === 'drafts'
        ? publish(event.draft, name, now)
        : publishOther(event.collection, event.draft, name, now)
    case 'preview':
      return preview(event.draft, name, now)
    case 'withdraw':
      if (event.collection !== 'drafts') return withdrawOther(event.collection, event.draft, name, now)
      return event.reason === undefined
        ? Promise.resolve({ ok: false, lines: [String(asked.reason)] })
        : withdraw(event.draft, event.reason, name, now)
    case 'history':
      return history(event.draft)
    case 'compare':
      return compare(event.draft, event.from, event.to)
    case 'stats':
      return stats(event.draft)
    case 'placement':
      return placement(event.at, now)
    case 'restore':
      return restore(event.draft, event.version, name, now)
    case 'import':
      return importRows(event, now)
    case 'export':
      return exportRows(event.collection, event.format, now)
  }
}

/** The actions that get their audit entry here, because they change no story in a transaction. */
const recorded = new Set<Event['action']>([
  'check',
  'preview',
  'history',
  'compare',
  'stats',
  'placement',
  'import',
  'export',
])

/** What an audit entry is about: a draft, a row of another collection, or all rows of one. */
function subjectOf(event: Event): string {
  if (event.action === 'import' || event.action === 'export') return event.collection
  if (event.action === 'placement') return 'home'
  const { draft = '*' } = event
  return 'collection' in event && event.collection !== 'drafts' ? `${event.collection}:${draft}` : draft
}

const refused: Answer = { ok: false, lines: ['没有权限：请核对编辑口令（key）；只能在云开发控制台里运行'] }

/**
 * The editors' panel. Editors run it in the console with a JSON event. The function rules reject clients; this function
 * also rejects every source except the console, and requires a key from EDITOR_KEYS. Never throws.
 */
export async function main(event: unknown): Promise<Answer> {
  try {
    const { source } = platformContext()
    const given = v.safeParse(v.object({ key }), event)
    const name = !isForeign(source) && given.success ? nameOfKey(given.output.key) : null
    if (name === null) {
      log('warn', 'editor-refused', { source })
      return refused
    }
    const parsed = v.safeParse(Event, event)
    if (!parsed.success) return { ok: false, lines: parsed.issues.map(saying) }
    const now = Date.now()
    const answer = await run(parsed.output, name, now)
    // The other actions add their audit entry in the same transaction as their change.
    const { action } = parsed.output
    const subject = subjectOf(parsed.output)
    if (recorded.has(action))
      await addAudit({ at: new Date(now), key: name, action, subject, result: answer.ok ? 'ok' : 'problems' })
    return answer
  } catch (error) {
    if (error instanceof AppError) return { ok: false, lines: ['云端正忙，没有改动任何内容，请过一会儿再试'] }
    if (isTransient(error)) {
      // For example the reply to a read was lost. What was done before it may be done again.
      log('warn', 'transient', errorDetail(error))
      return { ok: false, lines: ['云端正忙，这一步没有做完，请过一会儿再试一次'] }
    }
    log('error', 'editor-failed', errorDetail(error))
    return { ok: false, lines: ['出错了，请把时间告诉开发人员；读者看到的内容没有变坏'] }
  }
}
