import { randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import * as v from 'valibot'

/** What is written beside the data while a local cloud has it open. */
const Running = v.object({
  pid: v.number(),
  /** Null while it is starting. */
  url: v.nullable(v.string()),
  key: v.string(),
})
export type Running = v.InferOutput<typeof Running>

/** The data folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolder {
  path: string
  databaseFile: string
  storageFolder: string
  /** Signs clients' tokens; made once, so that readers stay who they are. */
  identityKey: Buffer
}

/** Makes the folder if need be and makes sure it can be written. @throws DataFolderError */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder)
  try {
    mkdirSync(join(path, 'storage'), { recursive: true })
    accessSync(path, constants.W_OK)
    const keyFile = join(path, 'identity.key')
    const probe = join(path, `.writable-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
    return {
      path,
      databaseFile: join(path, 'database.sqlite'),
      storageFolder: join(path, 'storage'),
      identityKey: readOrMakeKey(keyFile),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DataFolderError(
      `The data folder ${path} cannot be written (${reason}). Choose another with --data <folder>.`,
    )
  }
}

function readOrMakeKey(file: string): Buffer {
  try {
    return Buffer.from(readFileSync(file, 'utf8'), 'base64url')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const key = randomBytes(32)
  writeAtomically(file, key.toString('base64url'))
  return key
}

function writeAtomically(file: string, text: string, mode = 0o600): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, text, { mode })
  renameSync(fresh, file)
}

const lockName = 'running.json'

/** A lock without an address is of a cloud that is starting, for this long (ms). */
const startLimit = 30_000

/**
 * The cloud that has this folder open, or null. A lock may have been left by a killed process, whose number may since
 * have gone to another one: so what is written there must also answer, under its key.
 */
export async function findRunning(folder: string): Promise<Running | null> {
  const file = join(resolve(folder), lockName)
  let running: Running
  try {
    running = v.parse(Running, JSON.parse(readFileSync(file, 'utf8')))
    process.kill(running.pid, 0)
  } catch {
    return null
  }
  if (running.url === null) {
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    return age < startLimit ? running : null
  }
  try {
    const headers = { 'x-local-key': running.key }
    const response = await fetch(`${running.url}/local/about`, { method: 'POST', headers })
    return response.ok ? running : null
  } catch {
    return null
  }
}

/**
 * Takes the folder for this process, so that no two write one database. A lock left by a dead process is taken over.
 * @throws DataFolderError if a living one has it
 */
export async function lockDataFolder(
  folder: string,
  key: string,
): Promise<{ announce(url: string): void; release(): void }> {
  const file = join(resolve(folder), lockName)
  const mine = (url: string | null) => JSON.stringify({ pid: process.pid, url, key } satisfies Running)
  const take = () => writeFileSync(file, mine(null), { flag: 'wx', mode: 0o600 })
  try {
    take()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const other = await findRunning(folder)
    if (other) {
      throw new DataFolderError(
        `The data folder ${resolve(folder)} is open in another local cloud (process ${other.pid}${other.url ? `, ${other.url}` : ''}). ` +
          'End that one, or choose another folder with --data <folder>.',
      )
    }
    rmSync(file, { force: true })
    take()
  }
  return {
    announce: url => writeAtomically(file, mine(url)),
    release: () => rmSync(file, { force: true }),
  }
}
