import { randomBytes } from 'node:crypto'
import { type Document, parseObject, sealDocument, writeValue } from './ejson'
import { duplicateKey, invalidParam, missingCollection } from './errors'
import { type IndexDeclaration, OrderedIndex } from './indexes'
import type { Journal } from './journal'
import { isDate, typeRank } from './order'
import type { Locker, StoredRecord, Version } from './record'
import { PlanChoice } from './trial'

/** A planned change. A null document deletes. */
export interface Change {
  collection: Collection
  record: StoredRecord
  document: Document | null
  text: string
}

const NOTHING: Version = { at: 0, document: null, text: '', older: null }

/** `_id` as a Map key. Strings and numbers are their own keys; other types use their canonical EJSON. */
export function keyOfId(id: unknown): string | number {
  if (typeof id === 'string') return id.charCodeAt(0) === 0 ? `\0s${id}` : id
  if (typeof id === 'number') return id
  if (Array.isArray(id) || typeRank(id) === typeRank(/./))
    throw invalidParam('the _id field cannot be an array or a regular expression')
  return `\0x${isDate(id) ? id.getTime() : ''}${writeValue(id)}`
}

/** A new `_id` in the form that the real cloud generates: 32 hexadecimal characters. */
export function newId(): string {
  return randomBytes(16).toString('hex')
}

export class Collection {
  readonly records = new Map<string | number, StoredRecord>()
  readonly idIndex = new OrderedIndex({
    name: '_id_',
    unique: true,
    fields: [{ field: '_id', direction: 1 }],
  })
  indexes: OrderedIndex[] = [this.idIndex]
  declared: IndexDeclaration[] = []
  readonly planChoice = new PlanChoice()
  /** Keys of unique indexes that an open transaction has reserved. */
  readonly reserved = new Map<string, Locker>()

  constructor(readonly name: string) {}

  *documents(): Generator<{ record: StoredRecord; document: Document }> {
    for (const record of this.records.values()) {
      const { document } = record.version
      if (document) yield { record, document }
    }
  }
}

/**
 * Holds all documents in memory, the older versions that open snapshots still need, all indexes, and the journal. All
 * methods are synchronous and atomic: they check everything that can fail before they change anything.
 */
export class Store {
  private readonly byName = new Map<string, Collection>()
  private clock = 1
  private nextSeq = 1
  /** The snapshots in use, with the number of transactions that use each. */
  private readonly snapshots = new Map<number, number>()
  private graves: { at: number; collection: Collection; record: StoredRecord }[] = []
  /** For each record changed since the last flush, the version that is on disk. */
  private readonly onDisk = new Map<StoredRecord, { collection: Collection; version: Version }>()
  /** Called before changes are reverted. Ends everything that uses the reverted states. */
  beforeTakingBack: () => void = () => {}

  constructor(readonly journal: Journal) {
    journal.onFlush(written => {
      if (!written) this.takeBack()
      this.onDisk.clear()
    })
    const { collections, rows } = journal.load()
    for (const { name } of collections) this.byName.set(name, new Collection(name))
    for (const { collection: name, seq, body } of rows) {
      const collection = this.byName.get(name) as Collection
      const document = parseObject(body, 0, 'a document')
      const key = keyOfId(document._id)
      const version = { at: 0, document, text: body, older: null }
      collection.records.set(key, { key, seq, version, lock: null })
      if (seq >= this.nextSeq) this.nextSeq = seq + 1
    }
    for (const { name, indexes } of collections) {
      const collection = this.byName.get(name) as Collection
      collection.idIndex.fill(collection.documents(), name)
      this.declare(collection, JSON.parse(indexes) as IndexDeclaration[])
    }
  }

  get now(): number {
    return this.clock
  }

  names(): string[] {
    return [...this.byName.keys()]
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  collection(name: string): Collection {
    const collection = this.byName.get(name)
    if (!collection) throw missingCollection(name)
    return collection
  }

  create(name: string): Collection {
    const collection = new Collection(name)
    this.journal.saveCollection({ name, indexes: '[]' })
    this.byName.set(name, collection)
    return collection
  }

  /** Changes a collection's indexes to the declared ones. Throws E11000 if documents violate a unique index. */
  setIndexes(collection: Collection, declared: IndexDeclaration[]): void {
    if (JSON.stringify(collection.declared) === JSON.stringify(declared)) return
    this.declare(collection, declared, () =>
      this.journal.saveCollection({ name: collection.name, indexes: JSON.stringify(declared) }),
    )
  }

  private declare(collection: Collection, declared: IndexDeclaration[], save = () => {}): void {
    const built = declared.map(declaration => {
      const same = collection.declared.findIndex(old => JSON.stringify(old) === JSON.stringify(declaration))
      if (same !== -1) return collection.indexes[same + 1] as OrderedIndex
      const index = new OrderedIndex(declaration)
      index.fill(collection.documents(), collection.name)
      return index
    })
    save()
    collection.declared = declared
    collection.indexes = [collection.idIndex, ...built]
    collection.planChoice.forget()
  }

  /** The record of an `_id`. Creates an empty record if there is none. */
  recordFor(collection: Collection, id: unknown): StoredRecord {
    const key = keyOfId(id)
    let record = collection.records.get(key)
    if (!record) {
      record = { key, seq: this.nextSeq++, version: NOTHING, lock: null }
      collection.records.set(key, record)
    }
    return record
  }

  /** Removes a record that `recordFor` created if nothing was ever stored in it. */
  dropEmpty(collection: Collection, record: StoredRecord): void {
    if (record.version === NOTHING && record.lock === null) collection.records.delete(record.key)
  }

  /** The document at the time of a snapshot, or its present state. */
  read(record: StoredRecord, snapshot: number | null): Version | null {
    let version: Version | null = record.version
    if (snapshot !== null) while (version && version.at > snapshot) version = version.older
    return version?.document ? version : null
  }

  /**
   * Applies changes, all or none. Before it changes anything, it throws E11000, or an error for arrays that no index
   * can hold. The caller waits for `journal.flushed()` before it answers.
   */
  apply(changes: Change[]): void {
    const touched = changes.length > 1 ? new Set(changes.map(change => change.record)) : undefined
    const taken = new Map<string, StoredRecord>()
    for (const { collection, record, document } of changes) {
      if (!document) continue
      for (const index of collection.indexes) {
        if (index === collection.idIndex) continue
        const { keys } = index.keysOf(document)
        index.checkUnique(collection.name, record, keys, touched)
        if (!index.unique || !touched) continue
        for (const key of keys) {
          const name = uniqueName(collection, index, key)
          const other = taken.get(name)
          if (other && other !== record) throw duplicateKey(collection.name, index.name, writeValue(key))
          taken.set(name, record)
        }
      }
    }
    const at = ++this.clock
    const oldest = this.oldestSnapshot()
    for (const { collection, record } of changes) {
      const { document } = record.version
      if (document) for (const index of collection.indexes) index.remove(record, document)
    }
    for (const { collection, record, document, text } of changes) {
      if (!this.onDisk.has(record)) this.onDisk.set(record, { collection, version: record.version })
      const older = oldest === null ? null : record.version
      if (older) prune(older, oldest as number)
      record.version = { at, document, text, older }
      if (document) for (const index of collection.indexes) index.add(record, document)
      else if (oldest === null) collection.records.delete(record.key)
      else this.graves.push({ at, collection, record })
      this.journal.put(collection.name, record.seq, document ? text : null)
    }
  }

  /** The disk refused the changes: restores the state on disk, as if there had been no request. */
  private takeBack(): void {
    this.beforeTakingBack()
    const touched = new Set<Collection>()
    for (const [record, { collection }] of this.onDisk) {
      const { document } = record.version
      if (document) for (const index of collection.indexes) index.remove(record, document)
      if (collection.records.get(record.key) === record) collection.records.delete(record.key)
    }
    for (const [record, { collection, version }] of this.onDisk) {
      record.version = { ...version, older: null }
      if (!version.document) continue
      collection.records.set(record.key, record)
      for (const index of collection.indexes) index.add(record, version.document)
      touched.add(collection)
    }
    // The natural order is the order of the file.
    for (const { records } of touched) {
      const inOrder = [...records].sort(([, a], [, b]) => a.seq - b.seq)
      records.clear()
      for (const [key, record] of inOrder) records.set(key, record)
    }
  }

  openSnapshot(): number {
    this.snapshots.set(this.clock, (this.snapshots.get(this.clock) ?? 0) + 1)
    return this.clock
  }

  closeSnapshot(snapshot: number): void {
    const users = (this.snapshots.get(snapshot) ?? 1) - 1
    if (users > 0) this.snapshots.set(snapshot, users)
    else this.snapshots.delete(snapshot)
    if (this.graves.length === 0) return
    const oldest = this.oldestSnapshot()
    this.graves = this.graves.filter(({ at, collection, record }) => {
      if (oldest !== null && at > oldest) return true
      if (!record.version.document && record.lock === null && collection.records.get(record.key) === record) {
        collection.records.delete(record.key)
      }
      return false
    })
  }

  private oldestSnapshot(): number | null {
    // Snapshots are taken in time order, and a Map keeps insertion order. So the first key is the oldest.
    for (const snapshot of this.snapshots.keys()) return snapshot
    return null
  }

  reset(): void {
    this.journal.reset()
    this.byName.clear()
    this.graves = []
    this.onDisk.clear()
  }
}

export function uniqueName(collection: Collection, index: OrderedIndex, key: readonly unknown[]): string {
  return `${collection.name}\0${index.name}\0${writeValue(key)}`
}

/** Puts `_id` first, adds one if it is missing, and checks names, depth and size. */
export function prepareDocument(document: Document): { document: Document; text: string } {
  const { _id, ...rest } = document
  const whole = { _id: _id === undefined ? newId() : _id, ...rest }
  keyOfId(whole._id)
  return { document: whole, text: sealDocument(whole) }
}

/** Removes versions that no open snapshot can read any more. */
function prune(version: Version, oldest: number): void {
  let retained: Version | null = version
  while (retained && retained.at > oldest) retained = retained.older
  if (retained) retained.older = null
}
