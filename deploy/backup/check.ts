import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { documentOf } from './document-text'
import { collectionFile, DamagedBackup, isSalt, type Manifest, manifestFile, storedFile } from './folder'

/**
 * The lines of a file. Holds one line and one piece of the file in memory.
 * @param hash also gets the bytes
 * @throws TypeError where the bytes are not UTF-8
 */
export async function* linesOf(file: string, hash?: Hash): AsyncGenerator<string> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  for await (const bytes of createReadStream(file)) {
    hash?.update(bytes)
    const lines = (rest + text.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += text.decode()
  if (rest !== '') yield rest
}

const damaged = (file: string, how: string): DamagedBackup =>
  new DamagedBackup(`${file} is damaged: ${how}. Nothing was restored.`)

const notText = 'ERR_ENCODING_INVALID_ENCODED_DATA'

const otherDigest = `its digest is not the one in ${manifestFile}`

async function checkCollection(
  name: string,
  file: string,
  { documents, digest }: Manifest['collections'][string],
): Promise<void> {
  const hash = createHash('sha256')
  // Where a digest proves the file, no id is in it twice.
  const ids = digest === null ? new Set<unknown>() : null
  let count = 0
  try {
    for await (const line of linesOf(file, hash)) {
      const { _id } = documentOf(line)
      count += 1
      if (isSalt(name, _id)) throw damaged(file, `line ${count} holds a salt, and no backup does`)
      if (ids?.has(_id)) throw damaged(file, `line ${count} has the _id of an earlier line`)
      ids?.add(_id)
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === notText) throw damaged(file, 'it is not UTF-8')
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    throw damaged(file, `line ${count + 1} holds no document`)
  }
  if (count !== documents)
    throw damaged(file, `it holds ${count} documents, and ${manifestFile} counts ${documents}`)
  if (digest !== null && hash.digest('hex') !== digest) throw damaged(file, otherDigest)
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map(name => path.join(folder, name))
        .filter(file => statSync(file).isFile())
    : []

/**
 * Compares a backup with its manifest: every file is there, none is there besides, and each is as it was saved.
 * @throws DamagedBackup naming the first file that is not
 */
export async function checkBackup(folder: string, { collections, files }: Manifest): Promise<void> {
  const listed = new Set([
    ...Object.keys(collections).map(name => collectionFile(folder, name)),
    ...Object.keys(files).map(id => storedFile(folder, id)),
  ])
  const found = new Set(['collections', 'files'].flatMap(name => filesIn(path.join(folder, name))))
  for (const file of listed)
    if (!found.has(file)) throw damaged(file, `it is not there, and ${manifestFile} lists it`)
  for (const file of found) if (!listed.has(file)) throw damaged(file, `${manifestFile} does not list it`)
  for (const [name, saved] of Object.entries(collections))
    await checkCollection(name, collectionFile(folder, name), saved)
  for (const [id, digest] of Object.entries(files)) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(storedFile(folder, id)), hash)
    if (hash.digest('hex') !== digest) throw damaged(storedFile(folder, id), otherDigest)
  }
}
