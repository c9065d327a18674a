import { renameSync, rmSync, statSync } from 'node:fs'
import Libsql from 'libsql'
import { DamagedDatabase, writeRefused } from './errors'
import { damageOfWal } from './wal'

/** One document as the journal stores it. `seq` is its position in the natural order of its collection. */
export interface JournalRow {
  collection: string
  seq: number
  body: string
}

export interface JournalCollection {
  name: string
  indexes: string
}

export interface Journal {
  load(): { collections: JournalCollection[]; rows: Iterable<JournalRow> }
  saveCollection(collection: JournalCollection): void
  /** Null as `body` deletes the document. The next flush writes the change to disk. */
  put(collection: string, seq: number, body: string | null): void
  /** Writes all pending changes to disk before it returns. */
  flushNow(): void
  /** Resolves when all pending changes are on disk. Rejects if the disk refuses them. */
  flushed(): Promise<void>
  /** Whether there are changes that are not on disk yet. */
  pending(): boolean
  /**
   * Registers a listener that runs before any `flushed` promise settles, once for each flush with changes. `written`
   * tells whether they are on disk.
   */
  onFlush(listener: (written: boolean) => void): void
  reset(): void
  /** Writes all pending changes and closes the file. */
  close(): void
  /** Closes the file without writing, as if the process had been killed. */
  abandon(): void
}

export interface JournalOptions {
  synchronous: 'NORMAL' | 'FULL'
  /** Receives one message when the file can no longer be written, and one when it can be written again. */
  report?: (line: string) => void
  /** Called before each write to the file. If it throws, that counts as the disk refusing the write. For tests. */
  beforeWrite?: () => void
}

type Statement = { run(...parameters: unknown[]): unknown; all(...parameters: unknown[]): unknown[] }

/**
 * A libsql file in WAL mode. Writes of one turn of the event loop share one SQLite transaction, which contains only the
 * last state of each document. `flushed` resolves after the commit. So an answered write survives `kill -9`
 * (synchronous=NORMAL: the operating system has it) or a power cut as well (FULL).
 */
export function openJournal(file: string, options: JournalOptions): Journal {
  const log = `${file}-wal`
  const found = statSync(file, { throwIfNoEntry: false })
  // SQLite would take an empty file for a new database, and delete the log with all that is not in the file yet.
  if (found && !(found.isFile() && found.size > 0)) throw new DamagedDatabase(file, 'it is empty or no file')
  const damage = damageOfWal(log)
  if (damage !== null) throw new DamagedDatabase(log, damage)
  if (!found) {
    if (statSync(log, { throwIfNoEntry: false })?.size) {
      throw new DamagedDatabase(log, `${file}, to which it belongs, is missing`)
    }
    create(file)
  }
  try {
    return open(file, options)
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    // SQLITE_ERROR: the tables are not ours, or are missing.
    if (/^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code)) throw new DamagedDatabase(file, message)
    throw error
  }
}

/** Makes a database that appears whole or not at all, whenever the process ends: so an empty file is a damaged one. */
function create(file: string): void {
  const fresh = `${file}.new`
  const remove = () => {
    for (const part of [fresh, `${fresh}-wal`, `${fresh}-shm`]) rmSync(part, { force: true })
  }
  remove()
  try {
    const db = new Libsql(fresh)
    try {
      db.exec(`PRAGMA journal_mode=WAL;
        CREATE TABLE collections(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, indexes TEXT NOT NULL);
        CREATE TABLE documents(seq INTEGER PRIMARY KEY, collection INTEGER NOT NULL, body TEXT NOT NULL)`)
    } finally {
      db.close()
    }
    renameSync(fresh, file)
  } catch (error) {
    remove()
    throw error
  }
}

function open(file: string, { synchronous, report = () => {}, beforeWrite }: JournalOptions): Journal {
  const db = new Libsql(file)
  db.exec('PRAGMA journal_mode=WAL')
  db.exec(`PRAGMA synchronous=${synchronous}`)
  // One statement for several rows takes a third of the time of one per row: the calls into SQLite are the expensive
  // part.
  const upserts = [16, 4, 1].map(rows => ({ rows, statement: prepareUpsert(rows) }))
  const remove: Statement = db.prepare('DELETE FROM documents WHERE seq = ?')
  const saveCollection: Statement = db.prepare(
    'INSERT INTO collections(name, indexes) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET indexes = excluded.indexes',
  )
  const begin: Statement = db.prepare('BEGIN IMMEDIATE')
  const commit: Statement = db.prepare('COMMIT')
  const ids = new Map<string, number>()
  let pending = new Map<number, { collection: string; body: string | null }>()
  let flush: Promise<void> | null = null
  let refused = false
  let heard: (written: boolean) => void = () => {}

  function prepareUpsert(rows: number): Statement {
    const values = Array.from({ length: rows }, () => '(?, ?, ?)').join(', ')
    return db.prepare(
      `INSERT INTO documents(seq, collection, body) VALUES ${values} ON CONFLICT(seq) DO UPDATE SET body = excluded.body`,
    )
  }

  const readIds = (): void => {
    for (const row of db.prepare('SELECT id, name FROM collections').all() as {
      id: number
      name: string
    }[]) {
      ids.set(row.name, row.id)
    }
  }
  readIds()

  /** For changes that are written at once, without a batch. */
  function orRefused(change: () => void): void {
    try {
      beforeWrite?.()
      change()
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw writeRefused(error instanceof Error ? error.message : String(error))
    }
  }

  const write = (): void => {
    const batch = pending
    pending = new Map()
    if (batch.size === 0) return
    const removed: number[] = []
    const rows: [number, number | undefined, string][] = []
    for (const [seq, { collection, body }] of batch) {
      if (body === null) removed.push(seq)
      else rows.push([seq, ids.get(collection), body])
    }
    try {
      // A single statement is already a transaction.
      const alone = batch.size === 1
      if (!alone) begin.run()
      beforeWrite?.()
      for (const seq of removed) remove.run(seq)
      let at = 0
      for (const { rows: count, statement } of upserts) {
        for (; rows.length - at >= count; at += count) statement.run(...rows.slice(at, at + count).flat())
      }
      if (!alone) commit.run()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (db.inTransaction) db.exec('ROLLBACK')
      if (!refused) {
        report(`${file} cannot be written (${reason}). Writes are refused, and change nothing, until it can.`)
      }
      refused = true
      heard(false)
      throw writeRefused(reason)
    }
    if (refused) report(`${file} can be written again.`)
    refused = false
    heard(true)
  }

  /**
   * Reads rows in order, many in one text: one call into SQLite per row would take a third of the opening time. EJSON
   * contains no line breaks of its own.
   */
  function* readRows(): Generator<JournalRow> {
    const names = new Map([...ids].map(([name, id]) => [id, name]))
    const [{ longest }] = db.prepare('SELECT max(length(body)) AS longest FROM documents').all() as [
      { longest: number | null },
    ]
    const atOnce = Math.max(1, Math.min(1000, Math.floor(2 ** 25 / (longest ?? 1))))
    const read = db.prepare(
      `SELECT group_concat(line, char(10)) AS lines FROM (
         SELECT seq || ' ' || collection || ' ' || body AS line FROM documents WHERE seq > ? ORDER BY seq LIMIT ?
       )`,
    ) as Statement
    let last = 0
    for (;;) {
      const [{ lines }] = read.all(last, atOnce) as [{ lines: string | null }]
      if (lines === null) return
      for (const line of lines.split('\n')) {
        const afterSeq = line.indexOf(' ')
        const afterCollection = line.indexOf(' ', afterSeq + 1)
        const seq = Number(line.slice(0, afterSeq))
        const collection = names.get(Number(line.slice(afterSeq + 1, afterCollection))) as string
        yield { seq, collection, body: line.slice(afterCollection + 1) }
        last = Math.max(last, seq)
      }
    }
  }

  return {
    load() {
      const collections = db
        .prepare('SELECT name, indexes FROM collections ORDER BY id')
        .all() as JournalCollection[]
      return { collections, rows: readRows() }
    },
    saveCollection({ name, indexes }) {
      orRefused(() => saveCollection.run(name, indexes))
      readIds()
    },
    put(collection, seq, body) {
      pending.set(seq, { collection, body })
    },
    flushNow() {
      write()
    },
    flushed() {
      flush ??= new Promise((resolve, reject) => {
        setImmediate(() => {
          flush = null
          try {
            write()
            resolve()
          } catch (error) {
            reject(error)
          }
        })
      })
      return flush
    },
    pending: () => pending.size > 0,
    onFlush(listener) {
      heard = listener
    },
    reset() {
      orRefused(() => db.exec('BEGIN IMMEDIATE; DELETE FROM documents; DELETE FROM collections; COMMIT'))
      pending.clear()
      ids.clear()
    },
    close() {
      try {
        write()
      } finally {
        db.close()
      }
    },
    abandon: () => db.close(),
  }
}

/** Stores nothing: for a database that lives only in memory. */
export function noJournal(): Journal {
  return {
    load: () => ({ collections: [], rows: [] }),
    saveCollection() {},
    put() {},
    flushNow() {},
    flushed: () => Promise.resolve(),
    pending: () => false,
    onFlush() {},
    reset() {},
    close() {},
    abandon() {},
  }
}
