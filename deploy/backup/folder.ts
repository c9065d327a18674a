import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { Misuse } from '../../config/given'

const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const Count = v.pipe(v.number(), v.integer(), v.minValue(0))

const common = {
  environment: v.string(),
  at: v.string(),
  /** Digest of the salt of readers' hashes, which is not in the backup. Null where none was made yet. */
  salt: v.nullable(Digest),
  /** By `cloud://` id: digest of the file's content. It lies in `files/` under the path of its id. */
  files: v.record(v.pipe(v.string(), v.regex(/^cloud:\/\/[^/]+\/(?!.*\.\.\/)[^\0\\]+$/)), Digest),
}
/** By collection. Each has its file `collections/<name>.jsonl`; the digest is that of the file's bytes. */
const collectionsOf = <Schema extends v.GenericSchema>(saved: Schema) =>
  v.record(v.pipe(v.string(), v.regex(/^[\w-]+$/)), saved)
const countOnly = v.pipe(
  Count,
  v.transform(documents => ({ documents, digest: null })),
)

/** `manifest.json` of a backup. It is written last: a folder without one is not a whole backup. */
export const Manifest = v.variant('format', [
  v.object({
    ...common,
    format: v.literal(2),
    collections: collectionsOf(v.object({ documents: Count, digest: Digest })),
  }),
  // Of collections it has the number of documents only. No longer written.
  v.object({ ...common, format: v.literal(1), collections: collectionsOf(countOnly) }),
])
export type Manifest = v.InferOutput<typeof Manifest>

/** A file of the backup is not as it was saved. The message names the file. */
export class DamagedBackup extends Misuse {}

export const manifestFile = 'manifest.json'
export const collectionFile = (folder: string, name: string): string =>
  path.join(folder, 'collections', `${name}.jsonl`)

/** A `cloud://` id's environment and bucket, and its path. */
export function partsOf(file: string): { prefix: string; path: string } {
  const [, prefix = '', rest = ''] = /^(cloud:\/\/[^/]+\/)(.+)$/.exec(file) ?? []
  return { prefix, path: rest }
}

export const storedFile = (folder: string, file: string): string =>
  path.join(folder, 'files', partsOf(file).path)

/** The document of `settings` that holds the salt. It never goes into a backup. */
export const isSalt = (collection: string, id: unknown): boolean =>
  collection === 'settings' && id === 'identity'

/** @throws Misuse saying why the folder is no backup */
export function readManifest(folder: string): Manifest {
  let text: string
  try {
    text = readFileSync(path.join(folder, manifestFile), 'utf8')
  } catch {
    throw new Misuse(`${folder} holds no whole backup: ${manifestFile} is missing.`)
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Manifest), text)
  if (!parsed.success)
    throw new Misuse(
      `${folder}/${manifestFile}: ${v.getDotPath(parsed.issues[0]) ?? 'its JSON'} is not valid.`,
    )
  return parsed.output
}
