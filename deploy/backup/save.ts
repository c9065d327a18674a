import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Misuse } from '../../config/given'
import type { Documents } from '../documents'
import { digestOf } from '../state'
import { documentText } from './document-text'
import { collectionFile, isSalt, type Manifest, manifestFile, storedFile } from './folder'

export interface Source {
  documents: Documents
  environment: string
  collections: readonly string[]
}

/** Files that are fetched at once. */
const filesAtOnce = 6
/** Ids of files, wherever a document names them. */
const fileId = /cloud:\/\/[^\s"\\<>)]+/g

export async function contentOf(address: string): Promise<Buffer> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address.split('?')[0]} answers ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Runs a task for each item, a few at a time. */
export async function each<Item>(
  items: readonly Item[],
  atOnce: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (const item of left) await task(item)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

/** Counts what a backup would write. */
export async function countDocuments({ documents, collections }: Source): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of collections) counts[name] = await documents.count(name)
  return counts
}

async function saveCollection(
  { documents }: Source,
  name: string,
  file: string,
  files: Set<string>,
): Promise<{ written: number; digest: string; salt: string | null }> {
  const hash = createHash('sha256')
  let written = 0
  let salt: string | null = null
  async function* lines(): AsyncGenerator<string> {
    for await (const page of documents.pages(name)) {
      let text = ''
      for (const document of page) {
        if (isSalt(name, document._id)) {
          salt = typeof document.salt === 'string' ? document.salt : null
          continue
        }
        const line = documentText(document)
        for (const [id] of line.matchAll(fileId)) files.add(id)
        text += `${line}\n`
        written += 1
      }
      hash.update(text)
      yield text
    }
  }
  await pipeline(lines, createWriteStream(file, { flags: 'wx' }))
  return { written, digest: hash.digest('hex'), salt }
}

/**
 * Writes every collection, and every file of the storage that a document names, into a new folder. It holds one page of
 * documents in memory at a time. Collections are read one after another, so a vote that comes meanwhile may be in one
 * and not in the other; the clock's recount mends that after a restore.
 * @returns the manifest, files that documents name and that do not exist, and the salt, which is not in the folder
 * @throws Misuse where the folder is not empty; Error where a document cannot be written
 */
export async function saveBackup(
  source: Source,
  folder: string,
  report: (line: string) => void = () => undefined,
): Promise<{ manifest: Manifest; lost: string[]; salt: string | null }> {
  const there = statSync(folder, { throwIfNoEntry: false })
  if (there && !there.isDirectory()) throw new Misuse(`${folder} is a file: name a new folder.`)
  if (there && readdirSync(folder).length > 0) throw new Misuse(`${folder} is not empty: name a new folder.`)
  mkdirSync(path.join(folder, 'collections'), { recursive: true })
  const { documents, environment } = source
  const manifest: Manifest = {
    format: 2,
    environment,
    at: new Date().toISOString(),
    salt: null,
    collections: {},
    files: {},
  }
  const files = new Set<string>()
  let salt: string | null = null
  for (const name of source.collections) {
    const total = await documents.count(name)
    const saved = await saveCollection(source, name, collectionFile(folder, name), files)
    manifest.collections[name] = { documents: saved.written, digest: saved.digest }
    if (saved.salt !== null) salt = saved.salt
    const missed = total - saved.written - (saved.salt === null ? 0 : 1)
    report(`${name}: ${saved.written} documents`)
    // Documents that came or went meanwhile are few.
    if (missed > Math.max(100, total / 100))
      throw new Error(`${name}: ${missed} documents have an _id that is neither text nor a number.`)
  }
  if (salt !== null) manifest.salt = digestOf(salt)
  const addresses = await documents.addresses([...files])
  const lost = [...files].filter(id => !addresses.has(id)).sort()
  await each([...addresses], filesAtOnce, async ([id, address]) => {
    const content = await contentOf(address)
    const file = storedFile(folder, id)
    mkdirSync(path.dirname(file), { recursive: true })
    // Where a file system takes two paths for one, the second must not replace the first.
    writeFileSync(file, content, { flag: 'wx' })
    manifest.files[id] = digestOf(content)
  })
  report(`${addresses.size} files`)
  writeFileSync(path.join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
  return { manifest, lost, salt }
}
