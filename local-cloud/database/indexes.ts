import { writeValue } from './ejson'
import { badValue, duplicateKey } from './errors'
import { compareValues } from './order'
import { pathParts, visitPath } from './path'
import type { StoredRecord } from './record'

export interface IndexField {
  field: string
  direction: 1 | -1
}

export interface IndexDeclaration {
  name: string
  unique?: boolean
  fields: IndexField[]
}

interface Entry {
  key: readonly unknown[]
  record: StoredRecord
}

/**
 * One end of a scan. The key may cover only the first fields of the index; then it means all entries that begin with
 * it.
 */
export interface Bound {
  key: readonly unknown[]
  inclusive: boolean
}

const CHUNK = 256

/**
 * An ordered index: a sorted array split into chunks, so that an insert moves at most a few hundred entries and a scan
 * walks over arrays. A document with an array in an indexed field has one entry per element (multikey).
 */
export class OrderedIndex {
  readonly name: string
  readonly unique: boolean
  readonly fields: readonly IndexField[]
  /**
   * For each indexed field, how many documents hold an array in it. A range or a sort can use a field fully only if
   * this is zero.
   */
  readonly multikey: number[]
  private chunks: Entry[][] = [[]]
  private readonly directions: readonly number[]

  constructor(declaration: IndexDeclaration) {
    this.name = declaration.name
    this.unique = declaration.unique === true
    this.fields = declaration.fields
    this.directions = declaration.fields.map(field => field.direction)
    this.multikey = declaration.fields.map(() => 0)
  }

  /** The keys of a document. A missing field counts as null. Throws if two of the fields hold arrays. */
  keysOf(document: Record<string, unknown>): { keys: unknown[][]; arrayAt: number } {
    let arrayAt = -1
    let many: unknown[] = []
    const single: unknown[] = []
    for (let i = 0; i < this.fields.length; i++) {
      const { field } = this.fields[i] as IndexField
      const parts = pathParts(field)
      if (parts.length === 1) {
        const value = document[field]
        if (!Array.isArray(value)) {
          single.push(value === undefined ? null : value)
          continue
        }
      }
      const values: unknown[] = []
      let isArray = false
      let leaves = 0
      visitPath(document, parts, 0, leaf => {
        leaves++
        if (Array.isArray(leaf)) {
          isArray = true
          for (const item of leaf) values.push(item ?? null)
          // A query can also ask for the whole array ({tags: ['a', 'b']}), and an empty array has no elements. So the
          // array itself has an entry, too.
          values.push(leaf)
        } else values.push(leaf ?? null)
        return false
      })
      if (leaves === 0) {
        isArray = true
        values.push(null)
      }
      if (!isArray && values.length === 1) {
        single.push(values[0])
        continue
      }
      if (arrayAt !== -1) {
        throw badValue(`cannot index parallel arrays [${field}] [${this.fields[arrayAt]?.field}]`)
      }
      arrayAt = i
      many = distinct(values)
      single.push(null)
    }
    if (arrayAt === -1) return { keys: [single], arrayAt }
    return { keys: many.map(value => single.map((other, i) => (i === arrayAt ? value : other))), arrayAt }
  }

  /** Throws E11000 if another document has one of the keys. Ignores documents in `except`: they are about to change. */
  checkUnique(
    collection: string,
    record: StoredRecord,
    keys: unknown[][],
    except?: ReadonlySet<StoredRecord>,
  ): void {
    if (!this.unique) return
    for (const key of keys) {
      const other = this.holder(key, record, except)
      if (other) throw duplicateKey(collection, this.name, this.describe(key))
    }
  }

  private holder(
    key: readonly unknown[],
    record: StoredRecord,
    except: ReadonlySet<StoredRecord> | undefined,
  ): StoredRecord | undefined {
    const bound = { key, inclusive: true }
    for (const found of this.scan(bound, bound, false)) {
      if (found !== record && !except?.has(found)) return found
    }
    return undefined
  }

  private describe(key: readonly unknown[]): string {
    return `{ ${this.fields.map(({ field }, i) => `${field}: ${writeValue(key[i])}`).join(', ')} }`
  }

  add(record: StoredRecord, document: Record<string, unknown>): void {
    const { keys, arrayAt } = this.keysOf(document)
    if (arrayAt !== -1) this.multikey[arrayAt] = (this.multikey[arrayAt] ?? 0) + 1
    for (const key of keys) this.insert({ key, record })
  }

  remove(record: StoredRecord, document: Record<string, unknown>): void {
    const { keys, arrayAt } = this.keysOf(document)
    if (arrayAt !== -1) this.multikey[arrayAt] = (this.multikey[arrayAt] ?? 0) - 1
    for (const key of keys) this.delete({ key, record })
  }

  /** Fills an empty index at once. Sorting all entries is faster than inserting them one by one. */
  fill(
    records: Iterable<{ record: StoredRecord; document: Record<string, unknown> }>,
    collection: string,
  ): void {
    const entries: Entry[] = []
    for (const { record, document } of records) {
      const { keys, arrayAt } = this.keysOf(document)
      if (arrayAt !== -1) this.multikey[arrayAt] = (this.multikey[arrayAt] ?? 0) + 1
      for (const key of keys) entries.push({ key, record })
    }
    entries.sort((a, b) => this.compare(a, b))
    if (this.unique) {
      for (let i = 1; i < entries.length; i++) {
        const before = entries[i - 1] as Entry
        const entry = entries[i] as Entry
        if (before.record !== entry.record && this.compareKeys(before.key, entry.key) === 0) {
          throw duplicateKey(collection, this.name, this.describe(entry.key))
        }
      }
    }
    this.chunks = []
    for (let i = 0; i < entries.length; i += CHUNK) this.chunks.push(entries.slice(i, i + CHUNK))
    if (this.chunks.length === 0) this.chunks.push([])
  }

  /** Documents between two bounds, in index order or in reverse. A multikey document may appear more than once. */
  *scan(from: Bound | null, to: Bound | null, reverse: boolean): Generator<StoredRecord> {
    let [chunk, offset] = reverse ? this.seek(to, true) : this.seek(from, false)
    const stop = reverse ? from : to
    for (;;) {
      let entries = this.chunks[chunk]
      if (entries === undefined) return
      if (reverse ? offset < 0 : offset >= entries.length) {
        chunk += reverse ? -1 : 1
        entries = this.chunks[chunk]
        if (entries === undefined) return
        offset = reverse ? entries.length - 1 : 0
        continue
      }
      const entry = entries[offset] as Entry
      if (stop) {
        const order = this.compareKeys(entry.key, stop.key)
        if (order === 0 ? !stop.inclusive : reverse ? order < 0 : order > 0) return
      }
      yield entry.record
      offset += reverse ? -1 : 1
    }
  }

  /** Position of the first entry inside the lower bound, or of the last entry inside the upper bound. */
  private seek(bound: Bound | null, last: boolean): [number, number] {
    const lastChunk = this.chunks.length - 1
    if (bound === null) return last ? [lastChunk, (this.chunks[lastChunk] as Entry[]).length - 1] : [0, 0]
    // From some entry on, all entries are `inside`. Finds that entry, or the one before it.
    const afterwards = last === bound.inclusive
    const inside = (entry: Entry): boolean => {
      const order = this.compareKeys(entry.key, bound.key)
      return afterwards ? order > 0 : order >= 0
    }
    let low = 0
    let high = lastChunk
    while (low < high) {
      const middle = (low + high) >> 1
      const entries = this.chunks[middle] as Entry[]
      if (entries.length > 0 && inside(entries[entries.length - 1] as Entry)) high = middle
      else low = middle + 1
    }
    const entries = this.chunks[low] as Entry[]
    let start = 0
    let end = entries.length
    while (start < end) {
      const middle = (start + end) >> 1
      if (inside(entries[middle] as Entry)) end = middle
      else start = middle + 1
    }
    return last ? [low, start - 1] : [low, start]
  }

  private insert(entry: Entry): void {
    const [chunk, offset] = this.place(entry)
    const entries = this.chunks[chunk] as Entry[]
    entries.splice(offset, 0, entry)
    if (entries.length > CHUNK * 2) this.chunks.splice(chunk + 1, 0, entries.splice(CHUNK))
  }

  private delete(entry: Entry): void {
    const [chunk, offset] = this.place(entry)
    const entries = this.chunks[chunk] as Entry[]
    if (entries[offset]?.record !== entry.record) throw new Error(`index ${this.name} lost an entry`)
    entries.splice(offset, 1)
    if (entries.length === 0 && this.chunks.length > 1) this.chunks.splice(chunk, 1)
  }

  private place(entry: Entry): [number, number] {
    let low = 0
    let high = this.chunks.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      const entries = this.chunks[middle] as Entry[]
      if (this.compare(entries[entries.length - 1] as Entry, entry) >= 0) high = middle
      else low = middle + 1
    }
    const entries = this.chunks[low] as Entry[]
    let start = 0
    let end = entries.length
    while (start < end) {
      const middle = (start + end) >> 1
      if (this.compare(entries[middle] as Entry, entry) >= 0) end = middle
      else start = middle + 1
    }
    return [low, start]
  }

  private compare(a: Entry, b: Entry): number {
    return this.compareKeys(a.key, b.key) || a.record.seq - b.record.seq
  }

  /** Compares only the fields that both keys have. */
  private compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
    const length = Math.min(a.length, b.length)
    for (let i = 0; i < length; i++) {
      const order = compareValues(a[i], b[i])
      if (order !== 0) return (this.directions[i] as number) < 0 ? -order : order
    }
    return 0
  }
}

function distinct(values: unknown[]): unknown[] {
  const sorted = values.slice().sort(compareValues)
  return sorted.filter((value, i) => i === 0 || compareValues(sorted[i - 1], value) !== 0)
}
