import { randomUUID } from 'node:crypto'
import type { Document } from './ejson'
import { transactionConflict, transactionMissing } from './errors'
import { TRANSACTION_LIFE_MS } from './limits'
import type { Locker, StoredRecord, Version } from './record'
import { type Change, type Collection, keyOfId, type Store, uniqueName } from './store'

/**
 * A transaction with snapshot isolation. It reads the state at its first operation plus its own writes, and locks each
 * document it writes. The first writer wins: writing a document that another transaction has locked, or that has
 * changed since the snapshot, is a conflict. A conflict ends the transaction, as MongoDB's WriteConflict does.
 */
export class Transaction implements Locker {
  readonly id = randomUUID()
  readonly ended: Promise<void>
  snapshot: number | null = null
  readonly writes = new Map<StoredRecord, Change>()
  readonly reservations: { collection: Collection; name: string }[] = []
  resolveEnded: () => void = () => {}
  timer: NodeJS.Timeout | undefined

  constructor() {
    this.ended = new Promise(resolve => {
      this.resolveEnded = resolve
    })
  }
}

export class Transactions {
  private readonly open = new Map<string, Transaction>()

  constructor(private readonly store: Store) {}

  start(): string {
    const transaction = new Transaction()
    transaction.timer = setTimeout(() => this.end(transaction), TRANSACTION_LIFE_MS)
    transaction.timer.unref()
    this.open.set(transaction.id, transaction)
    return transaction.id
  }

  /** The open transaction with that id; takes its snapshot at first use. Throws TransactionNotExist after its end. */
  find(id: string): Transaction {
    const transaction = this.open.get(id)
    if (!transaction) throw transactionMissing()
    transaction.snapshot ??= this.store.openSnapshot()
    return transaction
  }

  read(transaction: Transaction, collection: Collection, id: unknown): Version | null {
    const record = collection.records.get(keyOfId(id))
    return record ? this.readRecord(transaction, record) : null
  }

  readRecord(transaction: Transaction, record: StoredRecord): Version | null {
    const write = transaction.writes.get(record)
    if (write)
      return write.document ? { at: 0, document: write.document, text: write.text, older: null } : null
    return this.store.read(record, transaction.snapshot)
  }

  /** Writes inside a transaction. A conflict ends the transaction and throws the conflict error. */
  write(
    transaction: Transaction,
    collection: Collection,
    id: unknown,
    document: Document | null,
    text: string,
  ): void {
    const record = this.store.recordFor(collection, id)
    const changedSince = record.version.at > (transaction.snapshot as number)
    if ((record.lock !== null && record.lock !== transaction) || changedSince) {
      this.end(transaction)
      throw transactionConflict()
    }
    try {
      if (document) this.reserve(transaction, collection, record, document)
    } catch (error) {
      this.store.dropEmpty(collection, record)
      // As in MongoDB, an error of any operation ends its transaction.
      this.end(transaction)
      throw error
    }
    record.lock = transaction
    transaction.writes.set(record, { collection, record, document, text })
  }

  /**
   * Reserves the document's new keys in unique indexes, so that of two transactions with the same key only one can
   * commit.
   */
  private reserve(
    transaction: Transaction,
    collection: Collection,
    record: StoredRecord,
    document: Document,
  ): void {
    const touched = new Set(transaction.writes.keys())
    for (const index of collection.indexes) {
      if (index === collection.idIndex) continue
      const { keys } = index.keysOf(document)
      if (!index.unique) continue
      for (const key of keys) {
        const name = uniqueName(collection, index, key)
        const holder = collection.reserved.get(name)
        if (holder && holder !== transaction) throw transactionConflict()
      }
      index.checkUnique(collection.name, record, keys, touched)
      for (const key of keys) {
        const name = uniqueName(collection, index, key)
        if (collection.reserved.has(name)) continue
        collection.reserved.set(name, transaction)
        transaction.reservations.push({ collection, name })
      }
    }
  }

  /** Applies all writes of the transaction at once. If a unique check fails now, it throws and changes nothing. */
  commit(id: string): void {
    const transaction = this.open.get(id)
    if (!transaction) throw transactionMissing()
    try {
      if (transaction.writes.size > 0) {
        const changes = [...transaction.writes.values()].filter(
          ({ document, record }) => document !== null || record.version.document !== null,
        )
        if (changes.length > 0) this.store.apply(changes)
      }
    } finally {
      this.end(transaction)
    }
  }

  abort(id: string): void {
    const transaction = this.open.get(id)
    if (!transaction) throw transactionMissing()
    this.end(transaction)
  }

  /** Aborts all open transactions, before the database is closed or reset. */
  endAll(): void {
    for (const transaction of [...this.open.values()]) this.end(transaction)
  }

  private end(transaction: Transaction): void {
    clearTimeout(transaction.timer)
    this.open.delete(transaction.id)
    for (const [record, { collection }] of transaction.writes) {
      record.lock = null
      this.store.dropEmpty(collection, record)
    }
    for (const { collection, name } of transaction.reservations) collection.reserved.delete(name)
    if (transaction.snapshot !== null) this.store.closeSnapshot(transaction.snapshot)
    transaction.resolveEnded()
  }
}
