import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { type Command, command, type Document, db, type Transaction } from '../cloud'
import { rowReader, When } from './rows'

/** The publishing code's side of 视觉焦点: which stories of `articles` ask for which of its places, and when. */
const articles = () => db.collection('articles')

const readRows = rowReader('claim')

const Row = v.pipe(
  v.object({
    _id: ArticleId,
    title: v.string(),
    draft: v.fallback(v.string(), ''),
    publishedAt: When,
    focusOrder: v.number(),
    focusFrom: When,
    focusUntil: v.fallback(v.nullable(When), null),
  }),
  v.transform(({ _id, focusOrder: order, focusFrom: from, focusUntil: until, ...rest }) => ({
    ...rest,
    id: _id,
    order,
    from,
    until,
  })),
)
/** A published story that asks for a place of 视觉焦点, from when until when (ms); `until` null: without an end. */
export type FocusClaim = v.InferOutput<typeof Row>

const claimFields = Object.fromEntries(
  ['title', 'draft', 'publishedAt', 'focusOrder', 'focusFrom', 'focusUntil'].map(field => [field, true]),
)
const claimsAtMost = 100

/** The condition for published stories that ask for a place at a time (ms) or later; without `focusUntil` they have no end. */
function asksFor(order: number, now: number) {
  const asked = { state: 'published', focus: true, focusOrder: order }
  return command.or([
    { ...asked, focusUntil: command.gt(new Date(now)) },
    { ...asked, focusUntil: command.in([null]) },
  ])
}

/** What listClaims reads, as a lookup's stages: to be read together with other rows. */
export const claimsStages = (order: number, now: number): Command =>
  command.aggregate
    .pipeline()
    .match(asksFor(order, now))
    .sort({ publishedAt: -1 })
    .limit(claimsAtMost)
    .project(Object.fromEntries(Object.keys(claimFields).map(field => [field, 1 as const])))
    .done()

export const claimsFrom = (rows: readonly Document[]): FocusClaim[] => readRows(Row, rows)

/** The published stories that ask for this place at a time (ms) or later; the newest 100. */
export async function listClaims(order: number, now: number): Promise<FocusClaim[]> {
  const { data } = await articles()
    .where(asksFor(order, now))
    .orderBy('publishedAt', 'desc')
    .limit(claimsAtMost)
    .field(claimFields)
    .get()
  return claimsFrom(data)
}

/** The published stories that ask for this place, or asked for it; the newest 100. */
export async function listPlacesOf(order: number): Promise<FocusClaim[]> {
  const { data } = await articles()
    .where({ state: 'published', focus: command.in([true, null]), focusOrder: order })
    .orderBy('publishedAt', 'desc')
    .limit(claimsAtMost)
    .field(claimFields)
    .get()
  return readRows(Row, data)
}

/** The places of the stories whose time in 视觉焦点 is over but that are still in its index. */
export async function listEnded(now: number): Promise<number[]> {
  const { data } = await articles()
    .where({ state: 'published', focus: true, focusUntil: command.lte(new Date(now)) })
    .limit(claimsAtMost)
    .field({ focusOrder: true })
    .get()
  return [...new Set(data.flatMap(({ focusOrder }) => (typeof focusOrder === 'number' ? [focusOrder] : [])))]
}

/** The fields of `articles` that hold a story's place. */
export interface FocusFields {
  focus?: true
  focusOrder?: number
  focusFrom?: Date
  focusUntil?: Date
}

/** Gives a story another place inside a transaction. Nothing else in it changes. */
export async function putPlace(transaction: Transaction, id: string, fields: FocusFields): Promise<void> {
  const { focus, focusOrder, focusFrom, focusUntil } = fields
  const data = Object.fromEntries(
    Object.entries({ focus, focusOrder, focusFrom, focusUntil }).map(([field, value]) => [
      field,
      value ?? command.remove(),
    ]),
  )
  await transaction.collection('articles').doc(id).update({ data })
}

/** Ends a story's time in its place inside a transaction. */
export async function endPlace(transaction: Transaction, id: string, until: Date): Promise<void> {
  await transaction
    .collection('articles')
    .doc(id)
    .update({ data: { focusUntil: until } })
}

/**
 * Takes the stories whose time in 视觉焦点 is over out of its index, so that home never reads them again. Their other
 * fields stay: a story that is published again does not take its old place from another.
 */
export async function removeEnded(now: number): Promise<void> {
  await articles()
    .where({ state: 'published', focus: true, focusUntil: command.lte(new Date(now)) })
    .update({ data: { focus: command.remove() } })
}
