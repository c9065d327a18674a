import { randomBytes } from 'node:crypto'
import { type CloudProcess, startCloudProcess } from './local-cloud'

/*
 * Where the behaviour suite runs. By default against a local cloud of its own. Against a real environment with
 *   WX_BEHAVIOUR_ENV=<environment id> TENCENTCLOUD_SECRETID=… TENCENTCLOUD_SECRETKEY=… npx jest tests/local-cloud/behaviour
 * where every collection it makes begins with `behaviour_` and is emptied (the SDK cannot drop one).
 */

type Fields = Record<string, unknown>
type Reply = Promise<
  { data: Fields[]; list: Fields[]; total: number; _id: unknown; _ids: unknown[] } & Fields
>

/** What the suite uses of a query of wx-server-sdk, whose own types say `Promise | void | string`. */
export interface Query {
  where(condition: unknown): Query
  orderBy(field: string, direction: 'asc' | 'desc'): Query
  skip(count: number): Query
  limit(count: number): Query
  field(projection: Fields): Query
  get(): Reply
  count(): Reply
  update(options: { data: unknown }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export interface Doc {
  field(projection: Fields): Doc
  get(): Promise<{ data: Fields }>
  set(options: { data: unknown }): Promise<{ stats: { created: number; updated: number } }>
  update(options: { data: unknown }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export type Aggregate = { end(): Promise<{ list: Fields[] }> } & {
  [stage in
    | 'addFields'
    | 'bucket'
    | 'bucketAuto'
    | 'count'
    | 'geoNear'
    | 'group'
    | 'limit'
    | 'lookup'
    | 'match'
    | 'project'
    | 'replaceRoot'
    | 'sample'
    | 'skip'
    | 'sort'
    | 'sortByCount'
    | 'unwind']: (operand: unknown) => Aggregate
}

export interface Collection extends Query {
  doc(id: string | number): Doc
  add(options: { data: unknown }): Reply
  aggregate(): Aggregate
}

export interface Transaction {
  collection(name: string): Collection
  commit(): Promise<unknown>
  rollback(reason?: unknown): Promise<unknown>
}

// biome-ignore lint/suspicious/noExplicitAny: commands are chained in every combination; the SDK types them as any too
type Command = any

export interface Database {
  command: Command
  Geo: Command
  RegExp: (options: { regexp: string; options?: string }) => unknown
  serverDate(options?: { offset: number }): unknown
  collection(name: string): Collection
  createCollection(name: string): Promise<unknown>
  startTransaction(): Promise<Transaction>
  runTransaction<T>(run: (transaction: Transaction) => Promise<T>, times?: number): Promise<T>
}

/** The database as @cloudbase/node-sdk shows it: error codes as text, and features that wx-server-sdk leaves out. */
export interface RawDatabase {
  command: Command
  ObjectId(options: { id: string }): unknown
  collection(name: string): {
    add(data: unknown): Promise<{ id: unknown; ids: unknown[] }>
    aggregate(): Aggregate & { end(): Promise<{ data: Fields[] }> }
    where(condition: unknown): {
      get(): Promise<{ data: Fields[] }>
      updateAndReturn(data: unknown): Promise<{ updated: number; doc: Fields | null }>
      options(options: { multiple: boolean }): {
        update(data: unknown): Promise<{ updated: number }>
        remove(): Promise<{ deleted: number }>
      }
    }
  }
}

export interface BehaviourCloud {
  db: Database
  raw: RawDatabase
  /** A new, empty collection with a new name. */
  collection(documents?: unknown[]): Promise<string>
  stop(): Promise<void>
}

/** Connects the unmodified SDKs to the cloud under test. */
export async function connectBehaviourCloud(): Promise<BehaviourCloud> {
  const realEnv = process.env.WX_BEHAVIOUR_ENV
  let local: CloudProcess | null = null
  if (!realEnv) {
    local = await startCloudProcess()
    Object.assign(process.env, local.adminEnv)
  }
  const env = realEnv ?? process.env.TCB_ENV ?? 'local'
  // Otherwise the SDK warns about every call that takes longer than 3 s.
  process.env.SILENCE = 'true'
  // Required after the environment is set, because the SDKs read it when they load.
  const cloud = require('wx-server-sdk') as { init(options: unknown): void; database(): Database }
  const tcb = require('@cloudbase/node-sdk') as { init(options: unknown): { database(): RawDatabase } }
  cloud.init({ env })
  const db = cloud.database()
  const raw = tcb.init({ env }).database()
  const made: string[] = []
  return {
    db,
    raw,
    async collection(documents = []) {
      const name = `behaviour_${randomBytes(6).toString('hex')}`
      await db.createCollection(name)
      made.push(name)
      for (const data of documents) await db.collection(name).add({ data })
      return name
    },
    async stop() {
      if (realEnv) for (const name of made) await db.collection(name).where({ _id: /.*/ }).remove()
      await local?.stop()
    },
  }
}

/** The error that a promise of the SDK rejects with. */
export async function failure(
  work: Promise<unknown>,
): Promise<{ errCode: number; errMsg: string; code: string }> {
  try {
    await work
  } catch (error) {
    return error as { errCode: number; errMsg: string; code: string }
  }
  throw new Error('it did not fail')
}
