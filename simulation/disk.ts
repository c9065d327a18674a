import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Journal, openJournal } from '../local-cloud/database/journal'

/** Hears each row that the database changes, in order, before it is on disk. A null `body` deletes the row. */
export type RowListener = (collection: string, seq: number, body: string | null) => void

/** The disk of the cloud. What was written survives the process, but the last write may be torn. */
export interface Disk {
  /** Opens the journal. `heard` hears its rows, and after that every change. */
  open(heard: RowListener): Journal
  /** The bytes of the last write to the log, or null if nothing was written since `forgetLastWrite`. */
  lastWrite(): { from: number; to: number } | null
  forgetLastWrite(): void
  /**
   * The process dies: what the files hold now stays, up to byte `until` of the log. `abandon` closes the files of the
   * dead process.
   */
  crash(abandon: () => void, until: number): void
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

export interface DiskOptions {
  folder: string
  /** Planted fault: a write is acknowledged before it is on disk. */
  acknowledgesEarly: boolean
}

export function openDisk({ folder, acknowledgesEarly }: DiskOptions): Disk {
  const file = join(folder, 'cloud.db')
  const log = `${file}-wal`
  let writtenFrom: number | null = null
  return {
    open(heard) {
      const journal = openJournal(file, {
        synchronous: 'NORMAL',
        beforeWrite: () => {
          writtenFrom = sizeOf(log)
        },
      })
      return {
        ...journal,
        load() {
          const { collections, rows } = journal.load()
          const all = [...rows]
          for (const { collection, seq, body } of all) heard(collection, seq, body)
          return { collections, rows: all }
        },
        put(collection, seq, body) {
          journal.put(collection, seq, body)
          heard(collection, seq, body)
        },
        flushed() {
          const flushed = journal.flushed()
          if (!acknowledgesEarly) return flushed
          flushed.catch(() => undefined)
          return Promise.resolve()
        },
      }
    },
    lastWrite() {
      if (writtenFrom === null) return null
      const to = sizeOf(log)
      return to > writtenFrom ? { from: writtenFrom, to } : null
    },
    forgetLastWrite() {
      writtenFrom = null
    },
    crash(abandon, until) {
      // SQLite moves the log into the file when the last connection closes, which a killed process never does.
      const kept = readFileSync(file)
      const keptLog = existsSync(log) ? readFileSync(log).subarray(0, until) : null
      abandon()
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
      writeFileSync(file, kept)
      if (keptLog) writeFileSync(log, keptLog)
    },
  }
}
