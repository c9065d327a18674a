import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Libsql from 'libsql'
import * as v from 'valibot'
import { namedPath } from '../config/given'

/**
 * Written beside the data while a local cloud has the folder open, so that tools find the cloud. The lock is another
 * file.
 */
const Running = v.object({
  pid: v.number(),
  /** Null during the start. */
  url: v.nullable(v.string()),
  key: v.string(),
})
export type Running = v.InferOutput<typeof Running>

/**
 * Where the data of the local cloud lies: the given folder, else that of the variable KEPU_DATA, else `.cloud` in the
 * repository.
 * @throws Misuse where either is empty
 */
export function dataFolderOf(given?: string, { KEPU_DATA: set } = process.env): string {
  if (given !== undefined) return resolve(namedPath('--data', given))
  return resolve(set === undefined ? join(__dirname, '../.cloud') : namedPath('KEPU_DATA', set))
}

/** How a person chooses another folder: `npm start` takes no option. */
const otherFolder = 'KEPU_DATA=<folder>, or with --data <folder> where the command has it'

/** The data folder cannot be used. The message says why and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolder {
  path: string
  databaseFile: string
  storageFolder: string
  /** Encrypts clients' tokens. Created once, so that readers keep their identity. */
  identityKey: Buffer
  /** Publishes the address of the cloud that has the folder open. */
  announce(url: string): void
  release(): void
}

/**
 * Creates the folder if necessary, locks it for this process, and checks that it is writable.
 * @param key opens the control surface of the cloud that takes the folder
 * @throws DataFolderError, also if another cloud has the folder open
 */
export function openDataFolder(folder: string, key: string): DataFolder {
  const path = resolve(folder)
  try {
    mkdirSync(join(path, 'storage'), { recursive: true })
    accessSync(path, constants.W_OK)
    const probe = join(path, `.writable-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw notWritable(path, error)
  }
  const unlock = lock(path)
  try {
    const runningFile = join(path, runningName)
    const mine = (url: string | null) => JSON.stringify({ pid: process.pid, url, key } satisfies Running)
    writeAtomically(runningFile, mine(null))
    return {
      path,
      databaseFile: join(path, 'database.sqlite'),
      storageFolder: join(path, 'storage'),
      identityKey: readOrMakeKey(join(path, 'identity.key')),
      announce: url => writeAtomically(runningFile, mine(url)),
      release() {
        rmSync(runningFile, { force: true })
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error instanceof DataFolderError ? error : notWritable(path, error)
  }
}

export function notWritable(path: string, error: unknown): DataFolderError {
  return new DataFolderError(
    `The data folder ${path} cannot be written (${messageOf(error)}). Choose another with ${otherFolder}.`,
  )
}

const runningName = 'running.json'
const keyBytes = 32

function readOrMakeKey(file: string): Buffer {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw damaged(file, messageOf(error))
    const key = randomBytes(keyBytes)
    writeAtomically(file, key.toString('base64url'))
    return key
  }
  const key = Buffer.from(text.trim(), 'base64url')
  // A short key is easy to guess, and with the key anybody can act as any reader.
  if (key.length !== keyBytes || key.toString('base64url') !== text.trim()) {
    throw damaged(file, `it holds no key of ${keyBytes} bytes`)
  }
  return key
}

/** The error for a damaged file of the folder, with advice on what to do. */
export function damaged(file: string, reason: string): DataFolderError {
  return new DataFolderError(
    `The data folder is damaged: ${file}: ${reason}. Put back a copy of the folder, or choose another with ` +
      `${otherFolder}. ` +
      'To go on without what this file held, delete it: a new identity.key makes every reader a new one, and ' +
      'without database.sqlite all documents are gone.',
  )
}

/**
 * Takes an SQLite lock on a file of its own, held as long as the process lives. The file system keeps the lock. So it
 * also works between processes that do not see each other (containers), and ends with a killed process.
 * @returns a function that releases the lock
 */
function lock(path: string): () => void {
  const file = join(path, 'lock.sqlite')
  let db: InstanceType<typeof Libsql> | undefined
  try {
    db = new Libsql(file, { timeout: 0 })
    db.exec('BEGIN EXCLUSIVE')
    const held = db
    return () => {
      held.exec('ROLLBACK')
      held.close()
    }
  } catch (error) {
    db?.close()
    const code = (error as { code?: string }).code ?? ''
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw damaged(file, messageOf(error))
    if (code === 'SQLITE_FULL') throw notWritable(path, error)
    if (!code.startsWith('SQLITE_BUSY') && !/locked/.test(messageOf(error))) {
      throw new DataFolderError(
        `The data folder ${path} cannot be locked (${messageOf(error)}). Choose one on a local disk with ${otherFolder}.`,
      )
    }
    throw inUse(path, readRunning(path))
  }
}

/** @param other what the other cloud wrote about itself, if that is known */
function inUse(path: string, other: Running | null): DataFolderError {
  const where = other ? ` (process ${other.pid}${other.url ? `, ${other.url}` : ''})` : ''
  return new DataFolderError(
    `The data folder ${path} is open in another local cloud${where}. ` +
      `End that one, or choose another folder with ${otherFolder}.`,
  )
}

function readRunning(path: string): Running | null {
  try {
    return v.parse(Running, JSON.parse(readFileSync(join(path, runningName), 'utf8')))
  } catch {
    return null
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function writeAtomically(file: string, text: string, mode = 0o600): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, text, { mode })
  renameSync(fresh, file)
}

/** A running cloud refused a command, for the reason in the message. */
export class CommandRefused extends Error {}

/** Runs a command of a running cloud's control surface. @throws CommandRefused; TypeError if it does not answer */
export async function askRunning({ url, key }: Running, command: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${url}/local/${command}`, {
    method: 'POST',
    headers: { 'x-local-key': key },
    body: JSON.stringify(body),
  })
  const reply: unknown = JSON.parse(await response.text())
  if (!response.ok) throw new CommandRefused((reply as { message: string }).message)
  return reply
}

/** A cloud that is busy answers late (ms). Another program at its old address may never answer. */
const answersWithin = 5_000

/**
 * Asks the cloud that last had the folder, because people delete a lock that they take for an old one.
 * @throws DataFolderError if it still runs
 */
export async function requireFree(folder: string): Promise<void> {
  const running = await findRunning(folder)
  if (running) throw inUse(resolve(folder), running)
}

/**
 * The running cloud that has this folder open and accepts its key, or null. Null does not mean that the folder is free:
 * only the lock tells that.
 */
export async function findRunning(folder: string): Promise<Running | null> {
  const running = readRunning(resolve(folder))
  if (!running?.url) return null
  try {
    const headers = { 'x-local-key': running.key }
    const signal = AbortSignal.timeout(answersWithin)
    const response = await fetch(`${running.url}/local/about`, { method: 'POST', headers, signal })
    return response.ok ? running : null
  } catch {
    return null
  }
}
