import cloud from 'wx-server-sdk'

/**
 * The only import of WeChat's SDK. The SDK's own types say `Promise | void | string` for nearly everything, so these
 * types describe what we use, as it behaves (wx-server-sdk 4.0.2).
 */

export type Document = Record<string, unknown> & { _id: string }

export interface DocumentReference {
  /** `data` is null when the document does not exist (throwOnNotFound is off). */
  get(): Promise<{ data: Document | null }>
  /** Replaces the document or creates it. */
  set(options: { data: object }): Promise<unknown>
  /** Changes nothing, and returns `updated: 0`, when the document does not exist. */
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export interface Query {
  where(condition: object): Query
  orderBy(field: string, order: 'asc' | 'desc'): Query
  /** 1,000 at most in a function. Without this call the limit is 100. */
  limit(count: number): Query
  skip(count: number): Query
  field(projection: Record<string, boolean>): Query
  get(): Promise<{ data: Document[] }>
  count(): Promise<{ total: number }>
  /** Applies to every document that matches, outside of any transaction. */
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  /** Applies to every document that matches, outside of any transaction. */
  remove(): Promise<{ stats: { removed: number } }>
}

export interface Collection extends Query {
  doc(id: string): DocumentReference
  add(options: { data: object }): Promise<{ _id: string }>
  aggregate(): Aggregate
}

/** Stages of an aggregation. A failure carries errCode -1 and a string `code`. */
export interface Stages<Next> {
  match(condition: object): Next
  sort(order: Record<string, 1 | -1>): Next
  limit(count: number): Next
  project(fields: Record<string, 0 | 1>): Next
}

export interface Aggregate extends Stages<Aggregate> {
  lookup(options: { from: string; pipeline: Command; as: string }): Aggregate
  end(): Promise<{ list: Document[] }>
}

/** The stages of a lookup. */
export interface Pipeline extends Stages<Pipeline> {
  done(): Command
}

/** Only `doc` and `add` take part in a transaction. A `where` here would run outside it and survive a rollback. */
export interface TransactionCollection {
  doc(id: string): DocumentReference
  add(options: { data: object }): Promise<{ _id: string }>
}

export interface Transaction {
  collection(name: string): TransactionCollection
}

/** A database command: an opaque value in a query or an update. */
export type Command = object

export interface Commands {
  eq(value: unknown): Command
  neq(value: unknown): Command
  lt(value: unknown): Command
  gt(value: unknown): Command
  gte(value: unknown): Command
  lte(value: unknown): Command
  in(values: readonly unknown[]): Command
  nin(values: readonly unknown[]): Command
  exists(present: boolean): Command
  inc(by: number): Command
  max(value: number): Command
  set(value: unknown): Command
  remove(): Command
  not(condition: Command): Command
  aggregate: { pipeline(): Pipeline }
  or(branches: readonly object[]): Command
  and(branches: readonly object[]): Command
}

interface Database {
  command: Commands
  collection(name: string): Collection
  runTransaction<T>(run: (transaction: Transaction) => Promise<T>, retries: number): Promise<T>
}

// The SDK's default timeout is 15 s. A function would reach its own time limit first, so no retry would start.
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV, timeout: 1500 } as object)

export const db = cloud.database({ throwOnNotFound: false } as object) as unknown as Database
export const command = db.command

/** Who calls, as the platform says it. An empty OPENID means that the caller has no identity. */
export function platformContext(): { openId: string; source: string } {
  const context = cloud.getWXContext() as { OPENID?: string; SOURCE?: string }
  return { openId: context.OPENID ?? '', source: context.SOURCE ?? '' }
}

/** The SDK asks for 50 files at once. */
const filesAtOnce = 50

/**
 * Returns temporary addresses of stored files, by their `cloud://` ids. Omits files that do not exist.
 * @param maxAge lifetime of the addresses in seconds; the platform's default is a day. The address of a file that
 * everybody may read never expires
 */
export async function fileAddresses(ids: readonly string[], maxAge?: number): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let from = 0; from < ids.length; from += filesAtOnce) {
    const some = ids.slice(from, from + filesAtOnce)
    const asked = { fileList: maxAge === undefined ? some : some.map(fileID => ({ fileID, maxAge })) }
    const { fileList } = (await cloud.getTempFileURL(asked)) as {
      fileList: { fileID: string; tempFileURL: string }[]
    }
    for (const { fileID, tempFileURL } of fileList) if (tempFileURL) found.set(fileID, tempFileURL)
  }
  return found
}

/** Stores a file, replacing the one at its path. Returns its `cloud://` id. */
export async function storeFile(path: string, content: Buffer): Promise<string> {
  return (await cloud.uploadFile({ cloudPath: path, fileContent: content })).fileID
}

const noSuchFile = -503003

/** Deletes files by their `cloud://` ids. Returns those that are gone, by this call or before it. */
export async function deleteFiles(ids: readonly string[]): Promise<string[]> {
  const gone: string[] = []
  for (let from = 0; from < ids.length; from += filesAtOnce) {
    const { fileList } = (await cloud.deleteFile({ fileList: ids.slice(from, from + filesAtOnce) })) as {
      fileList: { fileID: string; status: number }[]
    }
    for (const { fileID, status } of fileList) if (status === 0 || status === noSuchFile) gone.push(fileID)
  }
  return gone
}

/** The parameters of wxacode.getUnlimited that we use. */
export interface MiniCode {
  scene: string
  page: string
  envVersion: 'develop' | 'trial' | 'release'
}

interface OpenApi {
  wxacode: {
    getUnlimited(options: MiniCode & { checkPath: boolean }): Promise<{ contentType: string; buffer: Buffer }>
  }
}

/**
 * Draws a mini-code. The page need not be released yet. Throws with WeChat's `errCode`, for example where the function
 * lacks the permission.
 */
export async function drawMiniCode(code: MiniCode): Promise<{ contentType: string; content: Buffer }> {
  const { wxacode } = cloud.openapi as unknown as OpenApi
  const { contentType, buffer } = await wxacode.getUnlimited({ ...code, checkPath: false })
  return { contentType, content: buffer }
}
