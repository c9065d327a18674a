import { CloudError } from '../cloud-error'
import { type ActionName, isAction, type Params, parseParams } from './actions'
import { type CollectionOf, type Pipeline, preparePipeline, runPipeline } from './aggregate'
import { type Document, parseObject, parseValue, writeValue } from './ejson'
import {
  badValue,
  collectionExists,
  commitRefused,
  DamagedDatabase,
  duplicateKey,
  invalidParam,
  missingCollection,
  requestFailed,
} from './errors'
import type { IndexDeclaration } from './indexes'
import { type Journal, type JournalOptions, noJournal, openJournal } from './journal'
import { isDocument, isRegExp, sameValue } from './order'
import { candidatePlans } from './plan'
import { prepareProjection } from './projection'
import { bounded, compileQuery, holdsRegex, type Predicate, prepareQuery } from './query'
import type { Locker, StoredRecord, Version } from './record'
import { type SortSpec, sorted } from './sort'
import { type Change, type Collection, keyOfId, prepareDocument, Store, uniqueName } from './store'
import { type Transaction, Transactions } from './transactions'
import { runWithoutIndex, type TrialOptions } from './trial'
import { prepareUpdate, unchanged } from './update'

export type { IndexDeclaration } from './indexes'

export interface DatabaseOptions {
  /** A libsql file; null keeps everything in memory only. */
  file: string | null
  /** Takes the place of the file's journal. For a simulation. */
  journal?: Journal
  /** Milliseconds since the epoch, for `serverDate`. Tests can move it. */
  now?: () => number
  /** With NORMAL (default) a write survives `kill -9`, with FULL also a power cut. */
  synchronous?: 'NORMAL' | 'FULL'
  /** Receives one message when the file can no longer be written, and one when it can be written again. */
  report?: (line: string) => void
  /** See JournalOptions. For tests. */
  beforeWrite?: () => void
}

export interface Handled {
  /** Merged into the HTTP reply: `{data: {…}}` or `{transactionId}`. */
  response: Record<string, unknown>
  /** Number of documents examined. */
  examined: number
  kind: 'read' | 'write' | 'transaction'
}

/** A row to add, or fields to set in one that exists. */
export interface RowChange {
  kind: 'add' | 'change'
  /** Null for a new row without an id. */
  id: string | null
  fields: Readonly<Record<string, unknown>>
}

export interface Database {
  /**
   * Runs any `database.*` action of the SDK's protocol. `params` is the raw JSON body. A CloudError means that nothing
   * changed.
   */
  handle(action: string, params: Record<string, unknown>): Promise<Handled>
  /** Creates a missing collection. With `indexes`, builds and drops indexes until they match. Throws E11000. */
  ensureCollection(name: string, indexes?: IndexDeclaration[]): void
  collections(): string[]
  /** Canonical EJSON, one document per line. */
  exportLines(collection: string): Iterable<string>
  /**
   * Imports the console's JSON Lines (relaxed EJSON, `{"$date": ISO}`), all lines or none. Throws for an invalid line
   * and names its number. `insert` refuses an existing `_id`, `upsert` replaces that document.
   */
  importLines(
    collection: string,
    lines: Iterable<string>,
    mode: 'insert' | 'upsert',
  ): { inserted: number; updated: number }
  /**
   * Adds rows and sets fields of rows, all or none. Creates a missing collection. If somebody has added or deleted some
   * of the rows in the meantime, writes nothing and returns those rows.
   */
  mergeRows(collection: string, rows: readonly RowChange[]): RowChange[]
  /** Deletes everything: documents, collections, indexes, open transactions. */
  reset(): void
  close(): void
  /** Closes the file without writing what is not on disk yet, as if the process had been killed. */
  abandon(): void
}

/** @throws DamagedDatabase if the file or its log is damaged */
export function openDatabase(options: DatabaseOptions): Database {
  return new Engine(options)
}

interface Found {
  record: StoredRecord
  version: Version
}

class Engine implements Database {
  private readonly store: Store
  private readonly transactions: Transactions
  private readonly now: () => number

  constructor({ file, journal, now, synchronous = 'NORMAL', report, beforeWrite }: DatabaseOptions) {
    this.store = journal
      ? new Store(journal)
      : openStore(file, {
          synchronous,
          ...(report ? { report } : {}),
          ...(beforeWrite ? { beforeWrite } : {}),
        })
    this.transactions = new Transactions(this.store)
    this.store.beforeTakingBack = () => this.transactions.endAll()
    this.now = now ?? Date.now
  }

  async handle(action: string, params: Record<string, unknown>): Promise<Handled> {
    if (!isAction(action)) throw invalidParam(`unknown action: ${action}`)
    try {
      for (;;) {
        const handled = await this.run(action, params)
        if (handled.kind !== 'read' || !this.store.journal.pending()) return handled
        // The read may include changes that are not on disk yet. If the disk refuses them, the read must run again.
        const isStored = await this.store.journal.flushed().then(
          () => true,
          () => false,
        )
        if (isStored) return handled
      }
    } catch (error) {
      throw asCloudError(error)
    }
  }

  private run(action: ActionName, params: unknown): Promise<Handled> | Handled {
    switch (action) {
      case 'database.getDocument':
        return this.get(parseParams(action, params))
      case 'database.modifyDocument':
        return this.modify(parseParams(action, params))
      case 'database.insertDocument':
        return this.insert(parseParams(action, params))
      case 'database.removeDocument':
        return this.remove(parseParams(action, params))
      case 'database.calculateDocument':
        return this.count(parseParams(action, params))
      case 'database.modifyAndReturnDoc':
        return this.modifyAndReturn(parseParams(action, params))
      case 'database.aggregateDocuments':
        return this.aggregate(parseParams(action, params))
      case 'database.addCollection':
        return this.addCollection(parseParams(action, params))
      case 'database.startTransaction':
        parseParams(action, params)
        return { response: { transactionId: this.transactions.start() }, examined: 0, kind: 'transaction' }
      case 'database.commitTransaction':
        return this.commit(parseParams(action, params))
      case 'database.abortTransaction':
        this.transactions.abort(parseParams(action, params).transactionId)
        return { response: {}, examined: 0, kind: 'transaction' }
    }
  }

  private async commit({ transactionId }: Params<'database.commitTransaction'>): Promise<Handled> {
    this.transactions.commit(transactionId)
    try {
      await this.store.journal.flushed()
    } catch (error) {
      throw commitRefused(error instanceof Error ? error.message : String(error))
    }
    return { response: {}, examined: 0, kind: 'transaction' }
  }

  private addCollection({ collectionName }: Params<'database.addCollection'>): Handled {
    if (this.store.has(collectionName)) throw collectionExists(collectionName)
    this.store.create(collectionName)
    return { response: {}, examined: 0, kind: 'write' }
  }

  private get(params: Params<'database.getDocument'>): Handled {
    const collection = this.store.collection(params.collectionName)
    const transaction = this.transactionOf(params.transactionId)
    const query = this.parseQuery(params.query)
    const sort = params.order === undefined ? null : this.parseSort(params.order)
    const shown = params.projection === undefined ? null : parseObject(params.projection, 0, 'projection')
    const projection = shown && prepareProjection(shown, query)
    const { found, examined } = this.find(collection, query, transaction, {
      sort,
      skip: params.offset,
      limit: params.queryType === 'DOC' ? 1 : params.limit,
    })
    const read = (): string[] =>
      found.map(({ version }) =>
        forReply(projection ? writeValue(projection(version.document as Document)) : version.text),
      )
    // A projection can run regular expressions: $elemMatch has its own condition, and `field.$` evaluates the query
    // again.
    const list = projection && (holdsRegex(shown) || holdsRegex(query)) ? bounded(read) : read()
    return { response: { data: { list } }, examined, kind: 'read' }
  }

  private count(params: Params<'database.calculateDocument'>): Handled {
    const collection = this.store.collection(params.collectionName)
    const query = this.parseQuery(params.query)
    const { found, examined } = this.find(collection, query, this.transactionOf(params.transactionId), {})
    return { response: { data: { total: found.length } }, examined, kind: 'read' }
  }

  private aggregate(params: Params<'database.aggregateDocuments'>): Handled {
    const collection = this.store.collection(params.collectionName)
    const pipeline = preparePipeline(
      params.stages.map(({ stageKey, stageValue }) => ({ [stageKey]: parseValue(stageValue, this.now()) })),
    )
    let examined = 0
    const run = (): Document[] => {
      const { query, sort, skip, limit, rest } = leadingFind(pipeline)
      const range = { sort, skip, ...(limit === undefined ? {} : { limit }) }
      const first = this.find(collection, query, null, range)
      examined += first.examined
      const documents = first.found.map(({ version }) => version.document as Document)
      const otherCollection: CollectionOf = (name, query) => {
        if (!this.store.has(name)) return []
        const other = this.store.collection(name)
        if (query) {
          const matching = this.find(other, query, null, {})
          examined += matching.examined
          return matching.found.map(({ version }) => version.document as Document)
        }
        const all = [...other.documents()].map(({ document }) => document)
        examined += all.length
        return all
      }
      return runPipeline(documents, rest, otherCollection, this.now())
    }
    const list = (holdsRegex(pipeline) ? bounded(run) : run()).map(document => forReply(writeValue(document)))
    return { response: { data: { list } }, examined, kind: 'read' }
  }

  private async insert(params: Params<'database.insertDocument'>): Promise<Handled> {
    const collection = this.store.collection(params.collectionName)
    const documents = params.data.map(text => prepareDocument(parseObject(text, this.now(), 'a document')))
    const transaction = this.transactionOf(params.transactionId)
    if (transaction) {
      for (const { document, text } of documents) {
        if (this.transactions.read(transaction, collection, document._id)) {
          throw duplicateKey(collection.name, '_id_', `{ _id: ${writeValue(document._id)} }`)
        }
        this.transactions.write(transaction, collection, document._id, document, text)
      }
    } else {
      await this.write(collection, documents, () => {
        const changes = documents.map(({ document, text }) => {
          const record = this.store.recordFor(collection, document._id)
          return { collection, record, document, text }
        })
        const seen = new Set<StoredRecord>()
        for (const { record, document } of changes) {
          if (record.version.document || seen.has(record)) {
            for (const change of changes) this.store.dropEmpty(collection, change.record)
            throw duplicateKey(collection.name, '_id_', `{ _id: ${writeValue(document._id)} }`)
          }
          seen.add(record)
        }
        return changes
      })
    }
    const insertedIds = documents.map(({ document }) => JSON.parse(writeId(document._id)))
    return { response: { data: { insertedIds } }, examined: 0, kind: 'write' }
  }

  private async modify(params: Params<'database.modifyDocument'>): Promise<Handled> {
    const { updated, upsertedId, examined } = await this.change(params, params)
    return { response: { data: { updated, upsert_id: upsertedId } }, examined, kind: 'write' }
  }

  private async modifyAndReturn(params: Params<'database.modifyAndReturnDoc'>): Promise<Handled> {
    const { found, last, examined } = await this.change(params, {
      multi: false,
      merge: true,
      upsert: false,
    })
    // Unlike an update, it counts matches: setting an equal value also counts 1.
    return { response: { data: { updated: found, doc: last } }, examined, kind: 'write' }
  }

  /** All updates and replacements go through here. `merge` applies operators; otherwise the document is replaced. */
  private async change(
    params: {
      collectionName: string
      query?: string | undefined
      data: string
      transactionId?: string | undefined
    },
    { multi, merge, upsert }: { multi: boolean; merge: boolean; upsert: boolean },
  ): Promise<{ updated: number; found: number; upsertedId: unknown; last: string | null; examined: number }> {
    const collection = this.store.collection(params.collectionName)
    const query = this.parseQuery(params.query)
    const data = parseObject(params.data, this.now(), 'data')
    const update = merge ? prepareUpdate(data) : null
    const replacement = merge ? null : data
    if (replacement && Object.keys(replacement).some(key => key.startsWith('$'))) {
      throw badValue('a replacement document cannot hold update operators')
    }
    const edit = ({ document }: Version): Document => {
      const before = document as Document
      if (update) return update(before, this.now())
      return withId(before._id, replacement)
    }
    const transaction = this.transactionOf(params.transactionId)
    let updated = 0
    let found = 0
    let last: string | null = null
    let upsertedId: unknown = null
    let examined = 0
    const plan = (): Change[] => (holdsRegex(data) ? bounded(work) : work())
    const work = (): Change[] => {
      updated = 0
      const result = this.find(collection, query, transaction, multi ? {} : { limit: 1 })
      examined += result.examined
      found = result.found.length
      const changes: Change[] = []
      for (const { record, version } of result.found) {
        const after = edit(version)
        if (unchanged(version.document as Document, after)) {
          last = version.text
          continue
        }
        const sealed = prepareDocument(after)
        last = sealed.text
        updated++
        changes.push({ collection, record, ...sealed })
      }
      if (result.found.length === 0 && upsert) {
        const sealed = prepareDocument(upsertDocument(query, update, replacement, this.now()))
        upsertedId = JSON.parse(writeId(sealed.document._id))
        changes.push({ collection, record: this.store.recordFor(collection, sealed.document._id), ...sealed })
      }
      return changes
    }
    if (transaction) {
      for (const { document, text } of plan()) {
        this.transactions.write(transaction, collection, (document as Document)._id, document, text)
      }
    } else {
      await this.write(collection, null, plan)
    }
    return { updated, found, upsertedId, last, examined }
  }

  private async remove(params: Params<'database.removeDocument'>): Promise<Handled> {
    const collection = this.store.collection(params.collectionName)
    const query = this.parseQuery(params.query)
    const transaction = this.transactionOf(params.transactionId)
    let deleted = 0
    let examined = 0
    const plan = (): Change[] => {
      const result = this.find(collection, query, transaction, params.multi ? {} : { limit: 1 })
      examined += result.examined
      deleted = result.found.length
      return result.found.map(({ record }) => ({ collection, record, document: null, text: '' }))
    }
    if (transaction) {
      const result = this.find(collection, query, transaction, params.multi ? {} : { limit: 1 })
      deleted = result.found.length
      examined = result.examined
      for (const { version } of result.found) {
        this.transactions.write(transaction, collection, (version.document as Document)._id, null, '')
      }
    } else {
      await this.write(collection, null, plan)
    }
    return { response: { data: { deleted } }, examined, kind: 'write' }
  }

  /**
   * A write outside any transaction. `plan` computes the changes from the present state. If a transaction has locked a
   * document or key that they touch, this waits until that transaction ends and computes them again.
   */
  private async write(collection: Collection, _documents: unknown, plan: () => Change[]): Promise<void> {
    for (;;) {
      const changes = plan()
      const holder = blockedBy(collection, changes)
      if (!holder) {
        if (changes.length > 0) {
          try {
            this.store.apply(changes)
          } catch (error) {
            for (const { record } of changes) this.store.dropEmpty(collection, record)
            throw error
          }
          await this.store.journal.flushed()
        }
        return
      }
      for (const { record } of changes) this.store.dropEmpty(collection, record)
      await holder.ended
      // A reset ends transactions, too. Then the collection is another one, or none.
      if (this.store.collection(collection.name) !== collection) throw missingCollection(collection.name)
    }
  }

  /** Matching documents in sort order, and how many were examined. */
  private find(
    collection: Collection,
    query: Record<string, unknown>,
    transaction: Transaction | null,
    { sort = null, skip = 0, limit }: { sort?: SortSpec | null; skip?: number; limit?: number },
  ): { found: Found[]; examined: number } {
    const id = idOnly(query)
    if (id !== undefined) {
      const record = collection.records.get(keyOfId(id))
      const version = record && this.visible(record, transaction)
      const found = record && version && skip === 0 ? [{ record, version }] : []
      return { found, examined: version ? 1 : 0 }
    }
    const matches = compileQuery(query)
    const run = (): { found: Found[]; examined: number } =>
      this.search(collection, query, matches, transaction, sort, skip, limit)
    return holdsRegex(query) ? bounded(run) : run()
  }

  private search(
    collection: Collection,
    query: Record<string, unknown>,
    matches: Predicate,
    transaction: Transaction | null,
    sort: SortSpec | null,
    skip: number,
    limit: number | undefined,
  ): { found: Found[]; examined: number } {
    // Indexes contain only the present state. A read from a snapshot examines the whole collection.
    const plans = transaction ? [] : candidatePlans(query, sort, collection.indexes)
    const options: TrialOptions<Found> = {
      sort,
      enough: limit === undefined ? Number.POSITIVE_INFINITY : skip + limit,
      look: record => {
        const version = this.visible(record, transaction)
        if (!version) return null
        return matches(version.document as Document) && { record, version }
      },
    }
    const { plan, found, examined } =
      plans.length > 0
        ? collection.planChoice.run(plans, query, options)
        : runWithoutIndex(collection.records.values(), options)
    const ordered = sort === null || plan?.ordered === true
    const inOrder = ordered ? found : sorted(found, sort as SortSpec, ({ version }) => version.document)
    return {
      found:
        skip > 0 || limit !== undefined
          ? inOrder.slice(skip, limit === undefined ? undefined : skip + limit)
          : inOrder,
      examined,
    }
  }

  private visible(record: StoredRecord, transaction: Transaction | null): Version | null {
    return transaction ? this.transactions.readRecord(transaction, record) : this.store.read(record, null)
  }

  private transactionOf(id: string | undefined): Transaction | null {
    return id === undefined ? null : this.transactions.find(id)
  }

  private parseQuery(text: string | undefined): Record<string, unknown> {
    return text === undefined || text === '' ? {} : prepareQuery(parseObject(text, this.now(), 'query'))
  }

  private parseSort(text: string): SortSpec | null {
    const order = parseValue(text, 0)
    const sort: SortSpec = {}
    // Older SDKs send a list of {field, direction}.
    const entries = Array.isArray(order)
      ? order.map(item => [
          item?.field,
          item?.direction === 'desc' ? -1 : item?.direction === 'asc' ? 1 : item?.direction,
        ])
      : isDocument(order)
        ? Object.entries(order)
        : null
    if (!entries) throw invalidParam('order must be an object')
    for (const [field, direction] of entries) {
      if (typeof field !== 'string' || field === '') throw invalidParam('order needs field names')
      if (field.startsWith('$')) throw badValue(`FieldPath field names may not start with '$': '${field}'`)
      if (direction !== 1 && direction !== -1)
        throw badValue(`$sort key ordering must be 1 (for ascending) or -1 (for descending): ${field}`)
      sort[field] = direction
    }
    return Object.keys(sort).length > 0 ? sort : null
  }

  ensureCollection(name: string, indexes?: IndexDeclaration[]): void {
    const collection = this.store.has(name) ? this.store.collection(name) : this.store.create(name)
    if (indexes) this.store.setIndexes(collection, indexes)
  }

  collections(): string[] {
    return this.store.names()
  }

  *exportLines(name: string): Iterable<string> {
    for (const { record } of this.store.collection(name).documents()) yield record.version.text
  }

  importLines(
    name: string,
    lines: Iterable<string>,
    mode: 'insert' | 'upsert',
  ): { inserted: number; updated: number } {
    const collection = this.store.collection(name)
    const changes = new Map<StoredRecord, Change>()
    let inserted = 0
    let updated = 0
    let number = 0
    try {
      for (const line of lines) {
        number++
        const text = line.replace(/^\uFEFF/, '').trim()
        if (text === '') continue
        const sealed = prepareDocument(parseObject(text, this.now(), 'a document'))
        const record = this.store.recordFor(collection, sealed.document._id)
        const exists = record.version.document !== null || changes.has(record)
        if (exists && mode === 'insert') {
          throw duplicateKey(name, '_id_', `{ _id: ${writeValue(sealed.document._id)} }`)
        }
        if (exists) updated++
        else inserted++
        changes.set(record, { collection, record, ...sealed })
      }
      const all = [...changes.values()]
      const holder = blockedBy(collection, all)
      if (holder)
        throw requestFailed('LockBusy', 'an open transaction holds one of these documents; try again')
      if (all.length > 0) this.store.apply(all)
    } catch (error) {
      for (const record of changes.keys()) this.store.dropEmpty(collection, record)
      const cloudError = asCloudError(error)
      throw new CloudError(cloudError.code, `line ${number}: ${cloudError.message}`)
    }
    this.store.journal.flushNow()
    return { inserted, updated }
  }

  mergeRows(name: string, rows: readonly RowChange[]): RowChange[] {
    const known = this.store.has(name) ? this.store.collection(name) : null
    const documentOf = (id: string | null) =>
      id === null ? null : (known?.records.get(keyOfId(id))?.version.document ?? null)
    const lost = rows.filter(({ kind, id }) => (documentOf(id) !== null) !== (kind === 'change'))
    if (lost.length > 0 || rows.length === 0) return lost
    // Prepare the rows before creating the collection: if a row is refused, no empty collection remains.
    const prepared = rows.map(({ id, fields }) =>
      prepareDocument({ ...documentOf(id), ...fields, ...(id === null ? {} : { _id: id }) }),
    )
    const collection = known ?? this.store.create(name)
    const changes = prepared.map(one => ({
      collection,
      record: this.store.recordFor(collection, one.document._id),
      ...one,
    }))
    try {
      if (blockedBy(collection, changes))
        throw requestFailed('LockBusy', 'an open transaction holds one of these documents; try again')
      this.store.apply(changes)
    } catch (error) {
      for (const { record } of changes) this.store.dropEmpty(collection, record)
      throw asCloudError(error)
    }
    this.store.journal.flushNow()
    return []
  }

  reset(): void {
    this.transactions.endAll()
    this.store.reset()
  }

  close(): void {
    this.transactions.endAll()
    this.store.journal.close()
  }

  abandon(): void {
    this.store.journal.abandon()
  }
}

function openStore(file: string | null, options: JournalOptions): Store {
  if (file === null) return new Store(noJournal())
  const journal = openJournal(file, options)
  try {
    return new Store(journal)
  } catch (error) {
    journal.close()
    throw new DamagedDatabase(file, error instanceof Error ? error.message : String(error))
  }
}

/** Splits off the head of a pipeline that is a plain query with sort, skip and limit. It can use indexes. */
function leadingFind(pipeline: Pipeline): {
  query: Record<string, unknown>
  sort: SortSpec | null
  skip: number
  limit: number | undefined
  rest: Pipeline
} {
  let at = 0
  const take = (name: string): unknown => {
    const stage = pipeline[at]
    if (!stage || !(name in stage)) return undefined
    at++
    return stage[name]
  }
  const query = (take('$match') ?? {}) as Record<string, unknown>
  const sort = (take('$sort') ?? null) as SortSpec | null
  const skip = (take('$skip') ?? 0) as number
  const limit = take('$limit') as number | undefined
  return { query, sort, skip, limit, rest: pipeline.slice(at) }
}

/** The transaction that has locked a document or unique key that these changes need. Undefined if there is none. */
function blockedBy(collection: Collection, changes: Change[]): Locker | undefined {
  for (const { record, document } of changes) {
    if (record.lock) return record.lock
    if (!document || collection.reserved.size === 0) continue
    for (const index of collection.indexes) {
      if (!index.unique || index === collection.idIndex) continue
      for (const key of index.keysOf(document).keys) {
        const holder = collection.reserved.get(uniqueName(collection, index, key))
        if (holder) return holder
      }
    }
  }
  return undefined
}

/** The `_id` of a query that asks for one `_id` and nothing else. Otherwise undefined. */
function idOnly(query: Record<string, unknown>): unknown {
  let id: unknown
  for (const key in query) {
    if (key !== '_id' || id !== undefined) return undefined
    id = query._id
    if (isDocument(id)) id = Object.keys(id).length === 1 ? id.$eq : undefined
    if (typeof id !== 'string' && typeof id !== 'number') return undefined
  }
  return id
}

/** The document that an upsert inserts when nothing matched: the query's equalities, then the update. */
function upsertDocument(
  query: Record<string, unknown>,
  update: ((document: Document, now: number) => Document) | null,
  replacement: Document | null,
  now: number,
): Document {
  const base: Document = {}
  for (const [field, condition] of Object.entries(query)) {
    // A pattern is no equality.
    if (field.startsWith('$') || field.includes('.') || isRegExp(condition)) continue
    if (!isDocument(condition)) base[field] = condition
    else if ('$eq' in condition) base[field] = condition.$eq
  }
  if (update) return update(base, now)
  return withId(base._id, replacement)
}

/**
 * A replacement under the id of the document that it replaces, or that the query asks for. The id comes first, as in every
 * stored document: a replacement by the same fields changes nothing.
 */
function withId(id: unknown, replacement: Document | null): Document {
  const { _id: given, ...rest } = replacement ?? {}
  if (id !== undefined && given !== undefined && !sameValue(id, given)) {
    throw requestFailed(
      'ImmutableField',
      `the (immutable) field '_id' was found to have been altered to _id: ${writeValue(given)}`,
    )
  }
  const own = id ?? given
  return own === undefined ? rest : { _id: own, ...rest }
}

/** The id in a reply: strings and numbers as JSON, an ObjectId as its 24 characters, other types as EJSON. */
function writeId(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? JSON.stringify(id) : forReply(writeValue(id))
}

const OBJECT_ID = /\{"\$oid":("[0-9a-f]{24}")\}/g

/**
 * A document's text as the real gateway sends it, with an ObjectId as its hexadecimal text: the SDK would turn the
 * EJSON form into an empty object (`Util.formatField`). Quotes inside strings are escaped, so the pattern cannot match
 * in a string.
 */
function forReply(text: string): string {
  return text.includes('"$oid"') ? text.replace(OBJECT_ID, '$1') : text
}

/** An error of mingo becomes MongoDB's "operation failed". A bug in this engine stays a system error. */
function asCloudError(error: unknown): CloudError {
  if (error instanceof CloudError) return error
  if (error instanceof RangeError && /call stack/i.test(error.message)) return invalidParam('nested too deep')
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && error.constructor.name === 'MingoError') return badValue(message)
  return new CloudError('SYS_ERR', `[InternalError] ${message}`)
}
