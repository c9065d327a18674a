import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, db, type Transaction } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader, When } from './rows'

/** The collection of all versions of all stories. A version never changes. */
const collection = 'versions'

const readRows = rowReader('version')

/** What a version holds of its story: the fields of the row in `articles` but its state and version. */
export type StoryContent = Record<string, unknown>

export interface StoryVersion {
  articleId: string
  version: number
  /** Id of the draft from which it was made. */
  draft: string
  at: Date
  /** 责编 of the story, and the name of the key that published it. */
  editor: string
  key: string
  content: StoryContent
}

export async function addVersion(transaction: Transaction, row: StoryVersion): Promise<void> {
  await transaction.collection(collection).doc(`${row.articleId}-${row.version}`).set({ data: row })
}

/** Leaves a transaction because a version that was to be new exists. */
export class VersionExists extends Error {
  override readonly name = 'VersionExists'
}

/** Writes a version. The database checks that there is none with its number. @throws VersionExists */
export async function addNextVersion(transaction: Transaction, row: StoryVersion): Promise<void> {
  try {
    await transaction.collection(collection).add({ data: { _id: `${row.articleId}-${row.version}`, ...row } })
  } catch (error) {
    throw isDuplicate(error) ? new VersionExists(row.articleId) : error
  }
}

const heads = { articleId: ArticleId, version: v.number(), at: When, editor: v.string(), key: v.string() }

const Row = v.object({ ...heads, content: v.record(v.string(), v.unknown()) })

/** One version of a draft's story, or null. */
export async function findVersionOf(
  draft: string,
  version: number,
): Promise<v.InferOutput<typeof Row> | null> {
  const { data } = await db.collection(collection).where({ draft, version }).limit(1).get()
  return readRows(Row, data)[0] ?? null
}

const Head = v.object({ ...heads, content: v.object({ title: v.string() }) })

/** The newest versions of a draft's story, newest first; `count` at most. */
export async function listVersionsOfDraft(
  draft: string,
  count: number,
): Promise<v.InferOutput<typeof Head>[]> {
  const { data } = await db
    .collection(collection)
    .where({ draft })
    .orderBy('version', 'desc')
    .limit(count)
    .field({ articleId: true, version: true, at: true, editor: true, key: true, 'content.title': true })
    .get()
  return readRows(Head, data)
}

/** The numbers of the versions made from one time up to another; `count` at most. */
export async function listVersionNumbers(from: Date, to: Date, count: number): Promise<number[]> {
  const { data } = await db
    .collection(collection)
    .where({ at: command.and([command.gte(from), command.lt(to)]) })
    .limit(count)
    .field({ version: true })
    .get()
  return data.map(({ version }) => Number(version))
}
