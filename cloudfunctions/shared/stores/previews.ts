import * as v from 'valibot'
import { Article } from '#contract/article'
import { ArticleId } from '#contract/ids'
import { PreviewPoll } from '#contract/preview'
import { command, db } from '../cloud'
import { isDuplicate } from '../failures'
import { shownRowReader, When } from './rows'

/** The collection of previews: copies of drafts as they would be published. No list, search or ranking reads it. */
const collection = 'previews'
const previews = () => db.collection(collection)

const readRows = shownRowReader('preview')

export interface PreviewRow {
  id: string
  draft: string
  /** SHA-256 (hex) of the token that opens it. */
  token: string
  at: Date
  expiresAt: Date
  /** The name of the key that made it. */
  key: string
  /** The `cloud://` id of its mini-code; empty without one. */
  code: string
  article: Article
  /** Its 相关阅读: ids and titles. */
  related: { id: string; title: string }[]
  poll: PreviewPoll | null
}

const headEntries = {
  _id: v.string(),
  draft: v.string(),
  token: v.pipe(v.string(), v.length(64)),
  expiresAt: When,
  code: v.fallback(v.string(), ''),
}
const Head = v.pipe(
  v.object(headEntries),
  v.transform(({ _id, ...rest }) => ({ id: _id, ...rest })),
)
/** A preview without its text. */
export type PreviewHead = v.InferOutput<typeof Head>

const headFields = { draft: true, token: true, expiresAt: true, code: true }

/** The previews of these ids that exist, without their texts: one operation. */
export async function findPreviews(ids: readonly string[]): Promise<PreviewHead[]> {
  const { data } = await previews()
    .where({ _id: command.in(ids) })
    .field(headFields)
    .get()
  return readRows(Head, data)
}

const Text = v.object({
  article: Article,
  related: v.fallback(v.array(v.object({ id: ArticleId, title: v.string() })), []),
  poll: v.fallback(v.nullable(PreviewPoll), null),
})
/** What a preview shows. */
export type PreviewText = v.InferOutput<typeof Text>

/** The text of a preview if it still has this hash of a token. Null otherwise. */
export async function findPreviewText(id: string, token: string): Promise<PreviewText | null> {
  const fields = { article: true, related: true, poll: true }
  const { data } = await previews().where({ _id: id, token }).field(fields).limit(1).get()
  return readRows(Text, data)[0] ?? null
}

/**
 * Writes a preview in the place of another, or into a free place (`replaced` is null). Returns false and writes nothing
 * if somebody else has used the place meanwhile.
 */
export async function putPreview(
  { id, article, related, poll, ...row }: PreviewRow,
  replaced: PreviewHead | null,
): Promise<boolean> {
  if (replaced) {
    const texts = { article: command.set(article), related: command.set(related), poll: command.set(poll) }
    const data = { ...row, ...texts }
    const { stats } = await previews().where({ _id: id, token: replaced.token }).update({ data })
    return stats.updated > 0
  }
  try {
    await previews().add({ data: { _id: id, ...row, article, related, poll } })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** Lets those of these previews that can still be opened expire now. */
export async function endPreviews(ids: readonly string[], now: Date): Promise<void> {
  await previews()
    .where({ _id: command.in(ids), expiresAt: command.gt(now) })
    .update({ data: { expiresAt: now } })
}

/** Whether the draft of a preview still exists. */
export async function hasDraft(draft: string): Promise<boolean> {
  const { data } = await db.collection('drafts').where({ _id: draft }).field({ _id: true }).limit(1).get()
  return data.length > 0
}

/** At most `count` previews that have expired. */
export async function listExpired(now: Date, count: number): Promise<PreviewHead[]> {
  const { data } = await previews()
    .where({ expiresAt: command.lte(now) })
    .field(headFields)
    .limit(count)
    .get()
  return readRows(Head, data)
}

/** Removes those of some previews that have expired: a place may have been used again meanwhile. */
export async function removeExpired(ids: readonly string[], now: Date): Promise<void> {
  await previews()
    .where({ _id: command.in(ids), expiresAt: command.lte(now) })
    .remove()
}
