import { readFileSync } from 'node:fs'
import { Refusal } from '../command'
import type { Document, Documents } from '../documents'
import { digestOf } from '../state'
import { checkBackup, linesOf } from './check'
import { documentOf, documentText } from './document-text'
import { collectionFile, type Manifest, partsOf, readManifest, storedFile } from './folder'
import { contentOf, each } from './save'

/** How a collection, or the storage, differs from the backup. */
export interface Difference {
  /** In the backup only. A restore adds it. */
  missing: number
  /** In both, with other content. A restore replaces it. */
  different: number
  same: number
  /** In the environment only. A restore leaves it. */
  extra: number
}

export interface Restored {
  collections: Record<string, Difference>
  files: Difference
}

/** Bytes and documents that one request writes at most. */
const bytesAtOnce = 512 * 1024
const documentsAtOnce = 500
/** Requests at once that replace one document, or fetch or store one file. */
const lanes = 6

const none = (): Difference => ({ missing: 0, different: 0, same: 0, extra: 0 })

/** The salt does not fit the backup's readers. */
export class WrongSalt extends Refusal {}

/**
 * Puts the salt in place, unless it is there.
 * @param given the salt from where it is kept
 * @throws WrongSalt where readers' hashes of the backup would not be those of the environment
 */
async function restoreSalt(
  documents: Documents,
  { salt: wanted }: Manifest,
  given: string | null,
  writes: boolean,
): Promise<void> {
  if (wanted === null) return
  const [there] = await documents.find('settings', ['identity']).catch((): Document[] => [])
  if (typeof there?.salt === 'string' && digestOf(there.salt) === wanted) return
  if (given === null)
    throw new WrongSalt(
      there
        ? 'The environment has another salt than the backup: with it, readers would be cut off from their votes (--salt-from).'
        : 'The environment has no salt yet, and the backup does not hold it: give the one that was kept elsewhere (--salt-from).',
    )
  if (digestOf(given) !== wanted)
    throw new WrongSalt('The given salt is not the one of this backup (--salt-from).')
  if (!writes) return
  await documents.create('settings')
  await documents.put('settings', { _id: 'identity', salt: given })
}

/** Stores the files. Returns how they differed, and where they are now: another environment has another prefix. */
async function restoreFiles(
  documents: Documents,
  folder: string,
  { files }: Manifest,
  writes: boolean,
): Promise<{ files: Difference; moved: Map<string, string> }> {
  const found = none()
  const moved = new Map<string, string>()
  const addresses = await documents.addresses(Object.keys(files))
  await each(Object.entries(files), lanes, async ([id, digest]) => {
    const address = addresses.get(id)
    if (address !== undefined && digestOf(await contentOf(address)) === digest) {
      found.same += 1
      return
    }
    found[address === undefined ? 'missing' : 'different'] += 1
    if (!writes) return
    const { prefix, path } = partsOf(id)
    const now = partsOf(await documents.upload(path, readFileSync(storedFile(folder, id)))).prefix
    if (now !== prefix) moved.set(prefix, now)
  })
  return { files: found, moved }
}

async function restoreCollection(
  documents: Documents,
  name: string,
  file: string,
  moved: Map<string, string>,
  writes: boolean,
): Promise<Difference> {
  const found = none()
  const total = await documents.count(name).catch((error: unknown) => {
    // A dry run may look at an environment that does not have the collection.
    if (writes) throw error
    return 0
  })
  let batch: { document: Document; line: string }[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    const there = new Map<unknown, string>()
    if (total > 0)
      for (const document of await documents.find(
        name,
        batch.map(({ document: { _id } }) => _id),
      ))
        there.set(document._id, documentText(document))
    const missing: Document[] = []
    const different: Document[] = []
    for (const { document, line } of batch) {
      const old = there.get(document._id)
      if (old === line) found.same += 1
      else (old === undefined ? missing : different).push(document)
    }
    found.missing += missing.length
    found.different += different.length
    batch = []
    bytes = 0
    if (!writes) return
    if (missing.length > 0) await documents.add(name, missing)
    await each(different, lanes, document => documents.put(name, document))
  }
  for await (const read of linesOf(file)) {
    let line = read
    for (const [old, now] of moved) line = line.replaceAll(old, now)
    batch.push({ document: documentOf(line), line })
    bytes += line.length
    if (batch.length >= documentsAtOnce || bytes >= bytesAtOnce) await flush()
  }
  if (batch.length > 0) await flush()
  found.extra = Math.max(0, total - found.same - found.different - (name === 'settings' && total > 0 ? 1 : 0))
  return found
}

/**
 * Brings an environment to what a backup holds: adds what is missing and replaces what differs. What the backup does not
 * have stays. May be repeated, and goes on after an error where it stopped. With `writes: false` it only counts.
 * @throws DamagedBackup naming the file, or WrongSalt, before anything is written
 */
export async function restoreBackup(
  documents: Documents,
  folder: string,
  options: { writes: boolean; salt: string | null },
  report: (line: string) => void = () => undefined,
): Promise<Restored> {
  const { writes, salt } = options
  const manifest = readManifest(folder)
  if (manifest.format === 1)
    report('This backup has no digests of its collections: only their numbers of documents can be compared.')
  await checkBackup(folder, manifest)
  await restoreSalt(documents, manifest, salt, writes)
  const { files, moved } = await restoreFiles(documents, folder, manifest, writes)
  const collections: Record<string, Difference> = {}
  for (const name of Object.keys(manifest.collections)) {
    if (writes) await documents.create(name)
    const found = await restoreCollection(documents, name, collectionFile(folder, name), moved, writes)
    collections[name] = found
    report(
      `${name}: ${found.missing} missing, ${found.different} different, ${found.same} same, ${found.extra} extra`,
    )
  }
  report(`files: ${files.missing} missing, ${files.different} different, ${files.same} same`)
  return { collections, files }
}
