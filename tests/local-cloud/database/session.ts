import { EJSON } from 'bson'
import {
  type Database,
  type DatabaseOptions,
  type Handled,
  openDatabase,
} from '../../../local-cloud/database/database'

/** The error of a refused action. `code` is the gateway's string. */
export interface Refusal {
  code: string
  message: string
}

type Fields = Record<string, unknown>

/** A database in memory, and the SDK's actions on one collection in short form. */
export class Session {
  readonly database: Database
  examined = 0

  constructor(
    options: Partial<DatabaseOptions> = {},
    readonly collection = 'things',
  ) {
    this.database = openDatabase({ file: null, ...options })
    if (!this.database.collections().includes(collection)) this.database.ensureCollection(collection)
  }

  async act(action: string, params: Fields = {}): Promise<Handled['response']> {
    const handled = await this.database.handle(`database.${action}`, {
      collectionName: this.collection,
      ...params,
    })
    this.examined = handled.examined
    return handled.response
  }

  private async data<T>(action: string, params: Fields): Promise<T> {
    return (await this.act(action, params)).data as T
  }

  async insert(...documents: unknown[]): Promise<unknown[]> {
    const data = documents.map(document => write(document))
    return (await this.data<{ insertedIds: unknown[] }>('insertDocument', { data })).insertedIds
  }

  async find(query: unknown, extra: Fields = {}): Promise<Fields[]> {
    const params: Fields = { query: write(query), limit: 1000, ...extra }
    for (const name of ['order', 'projection'])
      if (params[name] !== undefined) params[name] = write(params[name])
    const { list } = await this.data<{ list: string[] }>('getDocument', params)
    return list.map(text => EJSON.parse(text) as Fields)
  }

  async ids(query: unknown, extra: Fields = {}): Promise<unknown[]> {
    return (await this.find(query, extra)).map(document => document._id)
  }

  async get(id: unknown, transactionId?: string): Promise<Fields | undefined> {
    return (await this.find({ _id: id }, { queryType: 'DOC', transactionId }))[0]
  }

  async count(query: unknown): Promise<number> {
    return (await this.data<{ total: number }>('calculateDocument', { query: write(query) })).total
  }

  /** Applies update operators to every match. Returns how many documents changed. */
  async update(query: unknown, update: unknown, extra: Fields = {}): Promise<number> {
    const params = { query: write(query), data: write(update), multi: true, merge: true, ...extra }
    return (await this.data<{ updated: number }>('modifyDocument', params)).updated
  }

  async set(id: unknown, document: unknown, transactionId?: string): Promise<Fields> {
    return this.data('modifyDocument', {
      query: write({ _id: id }),
      data: write(document),
      multi: false,
      merge: false,
      upsert: true,
      transactionId,
    })
  }

  async remove(query: unknown, extra: Fields = {}): Promise<number> {
    const params = { query: write(query), multi: true, ...extra }
    return (await this.data<{ deleted: number }>('removeDocument', params)).deleted
  }

  async aggregate(...pipeline: Fields[]): Promise<Fields[]> {
    const stages = pipeline.map(stage => {
      const [stageKey, stageValue] = Object.entries(stage)[0] as [string, unknown]
      return { stageKey, stageValue: write(stageValue) }
    })
    const { list } = await this.data<{ list: string[] }>('aggregateDocuments', { stages })
    return list.map(text => EJSON.parse(text) as Fields)
  }

  /** The value of an expression on a document. */
  async compute(document: Fields, expression: unknown): Promise<unknown> {
    await this.remove({})
    await this.insert({ _id: 1, ...document })
    const [result] = await this.aggregate({ $project: { _id: 0, value: expression } })
    return result?.value
  }

  async start(): Promise<string> {
    return (await this.act('startTransaction')).transactionId as string
  }

  commit(transactionId: string): Promise<unknown> {
    return this.act('commitTransaction', { transactionId })
  }

  abort(transactionId: string): Promise<unknown> {
    return this.act('abortTransaction', { transactionId })
  }
}

/** Canonical EJSON, as the SDK sends it. */
export function write(value: unknown): string {
  return EJSON.stringify(value as never, { relaxed: false })
}

/** The error of an action that must be refused. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (error) {
    const { code, message } = error as Refusal
    return { code, message }
  }
  throw new Error('nothing was refused')
}
