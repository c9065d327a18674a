import Libsql from 'libsql'
import { DamagedDatabase, writeRefused } from './errors'
import { damageOfWal } from './wal'

/** One document as the journal keeps it: `seq` is its place in its collection's natural order. */
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
  /** `body` null deletes. Takes effect on disk at the next flush. */
  put(collection: string, seq: number, body: string | null): void
  /** Writes everything put so far before it returns. */
  flushNow(): void
  /** Resolves once everything put so far is on disk, rejects if the disk refuses. */
  flushed(): Promise<void>
  /** Whether something was put that is not on disk yet. */
  pending(): boolean
  /** Who must know, before anybody else, whether what was put is on disk: once for each flush that had something. */
  onFlush(listener: (written: boolean) => void): void
  reset(): void
  close(): void
}

export interface JournalOptions {
  synchronous: 'NORMAL' | 'FULL'
  /** Hears, once each, that the file cannot be written and that it can be again. */
  report?: (line: string) => void
  /** Called before each write to the file; what it throws counts as the disk's refusal. For tests. */
  beforeWrite?: () => void
}

type Statement = { run(...parameters: unknown[]): unknown; all(...parameters: unknown[]): unknown[] }

/**
 * A libsql file in WAL mode. Writes of one turn of the event loop share one SQLite transaction, and the last state of
 * a document in that turn is the only one written; `flushed` answers after the commit, so an answered write
 * survives `kill -9` (synchronous=NORMAL: the operating system has it; FULL also survives a power cut).
 */
export function openJournal(file: string, options: JournalOptions): Journal {
  const damage = damageOfWal(`${file}-wal`)
  if (damage !== null) throw new DamagedDatabase(`${file}-wal`, damage)
  try {
    return open(file, options)
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw new DamagedDatabase(file, message)
    throw error
  }
}

function open(file: string, { synchronous, report = () => {}, beforeWrite }: JournalOptions): Journal {
  const db = new Libsql(file)
  db.exec('PRAGMA journal_mode=WAL')
  db.exec(`PRAGMA synchronous=${synchronous}`)
  db.exec(`CREATE TABLE IF NOT EXISTS collections(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, indexes TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS documents(seq INTEGER PRIMARY KEY, collection INTEGER NOT NULL, body TEXT NOT NULL)`)
  // One statement for several rows costs a third of one for each: crossing into SQLite is what takes the time.
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
      beforeWrite?.()
      // A statement by itself is a transaction already.
      const alone = batch.size === 1
      if (!alone) begin.run()
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
   * Rows in order, many in one text: a call into SQLite for each would take a third of the time it takes to open. EJSON
   * holds no line breaks of its own.
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
      saveCollection.run(name, indexes)
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
      db.exec('BEGIN IMMEDIATE; DELETE FROM documents; DELETE FROM collections; COMMIT')
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
  }
}

/** Keeps nothing: for a database that lives in memory only. */
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
  }
}
