import type { Document } from './ejson'

/**
 * One committed state of a document. A null `document` is a deletion, stored while a snapshot may still need the older
 * state.
 */
export interface Version {
  readonly at: number
  readonly document: Document | null
  /** Canonical EJSON. Written once, read many times. */
  readonly text: string
  older: Version | null
}

/** An owner of write locks, such as a transaction. Identified by object identity. */
export interface Locker {
  readonly id: string
  /** Resolves when the owner has released all its locks. */
  readonly ended: Promise<void>
}

export interface StoredRecord {
  readonly key: string | number
  readonly seq: number
  version: Version
  lock: Locker | null
}
