import type { Document } from './ejson'

/** One committed state of a document. `document` null is a deletion that some snapshot does not see yet. */
export interface Version {
  readonly at: number
  readonly document: Document | null
  /** Canonical EJSON: written once, read many times. */
  readonly text: string
  older: Version | null
}

/** Anything that may hold a write lock: a transaction, told apart by identity. */
export interface Locker {
  readonly id: string
  /** Resolves when the locker has let go of everything. */
  readonly ended: Promise<void>
}

export interface StoredRecord {
  readonly key: string | number
  readonly seq: number
  version: Version
  lock: Locker | null
}
