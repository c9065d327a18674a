import cloud from 'wx-server-sdk'

/**
 * The one door to WeChat's SDK. Its published types say `Promise | void | string` for nearly everything; what we use
 * of it is written down here, once, as it behaves (wx-server-sdk 4.0.2).
 */

export type Document = Record<string, unknown> & { _id: string }

export interface DocumentReference {
  /** `data` is null where there is no such document (throwOnNotFound is off). */
  get(): Promise<{ data: Document | null }>
  /** Replaces the document or creates it. */
  set(options: { data: object }): Promise<unknown>
  /** Touches nothing, and says `updated: 0`, where there is no such document. */
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export interface Query {
  where(condition: object): Query
  orderBy(field: string, order: 'asc' | 'desc'): Query
  /** At most 1,000 in a function; 100 without a call to it. */
  limit(count: number): Query
  field(projection: Record<string, boolean>): Query
  get(): Promise<{ data: Document[] }>
  count(): Promise<{ total: number }>
  /** Every document that matches, outside of any transaction. */
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  /** Every document that matches, outside of any transaction. */
  remove(): Promise<{ stats: { removed: number } }>
}

export interface Collection extends Query {
  doc(id: string): DocumentReference
  add(options: { data: object }): Promise<{ _id: string }>
}

/** In a transaction only `doc` and `add` take part: a `where` here would run outside it and survive a rollback. */
export interface TransactionCollection {
  doc(id: string): DocumentReference
  add(options: { data: object }): Promise<{ _id: string }>
}

export interface Transaction {
  collection(name: string): TransactionCollection
}

/** A database command: an opaque value that stands in a query or an update. */
export type Command = object

export interface Commands {
  eq(value: unknown): Command
  neq(value: unknown): Command
  lt(value: unknown): Command
  gt(value: unknown): Command
  gte(value: unknown): Command
  lte(value: unknown): Command
  in(values: readonly unknown[]): Command
  inc(by: number): Command
  max(value: number): Command
  set(value: unknown): Command
  remove(): Command
  or(branches: readonly object[]): Command
  and(branches: readonly object[]): Command
}

interface Database {
  command: Commands
  collection(name: string): Collection
  runTransaction<T>(run: (transaction: Transaction) => Promise<T>, retries: number): Promise<T>
}

// The SDK waits 15 s by default, longer than a function lives, so none of our retries would ever run.
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV, timeout: 1500 } as object)

export const db = cloud.database({ throwOnNotFound: false } as object) as unknown as Database
export const command = db.command

/** Who calls, as the platform says it. An empty OPENID means: nobody the cloud knows. */
export function platformContext(): { openId: string; source: string } {
  const context = cloud.getWXContext() as { OPENID?: string; SOURCE?: string }
  return { openId: context.OPENID ?? '', source: context.SOURCE ?? '' }
}
