import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { ArticleId } from '#contract/ids'
import { command, type Document, db } from '../cloud'
import { isDuplicate } from '../failures'
import { rowReader, When } from './rows'

const settings = () => db.collection('settings')
const identityId = 'identity'

let salt: Promise<string> | undefined

const saltIn = (row: Document | null | undefined): string | null =>
  typeof row?.salt === 'string' ? row.salt : null

const findSalt = async (): Promise<string | null> => saltIn((await settings().doc(identityId).get()).data)

async function loadSalt(): Promise<string> {
  const known = await findSalt()
  if (known !== null) return known
  try {
    const made = randomBytes(24).toString('base64url')
    await settings().add({ data: { _id: identityId, salt: made } })
    return made
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Another cold instance was faster; its salt is the one to use.
    const others = await findSalt()
    if (others !== null) return others
    throw new Error(`settings/${identityId} has no salt: put back the one that was kept with the backup`)
  }
}

/**
 * The salt of readers' hashes. It is made once per deployment and stored with its data, because a new salt would cut
 * all readers off from their votes. Each instance reads it once.
 */
export function readSalt(): Promise<string> {
  salt ??= remembered(loadSalt())
  return salt
}

const remembered = (loading: Promise<string>): Promise<string> =>
  loading.catch((error: unknown) => {
    salt = undefined
    throw error
  })

/**
 * A document of another collection, and in the same operation the salt, where this instance does not have it yet. A
 * `readSalt` called meanwhile waits for it. The lookup's condition is a constant, so it reads by id as `get` does.
 */
export async function readWithSalt(from: string, id: string): Promise<Document | null> {
  const apart = async () => (await db.collection(from).doc(id).get()).data
  if (salt !== undefined) return apart()
  const reading = settings()
    .aggregate()
    .match({ _id: identityId })
    .lookup({ from, pipeline: command.aggregate.pipeline().match({ _id: id }).done(), as: 'found' })
    .end()
    // Whatever failed, the two plain reads decide. Their errors say whether a retry helps; an aggregation's do not.
    .catch(() => ({ list: [] }))
    .then(({ list: [row] }) => row)
  salt = remembered(reading.then(row => saltIn(row) ?? loadSalt()))
  // The caller may not need the salt; then nobody handles its failure.
  salt.catch(() => undefined)
  const found = (await reading)?.found
  return Array.isArray(found) ? ((found[0] as Document | undefined) ?? null) : apart()
}

const siteMapId = 'site-map'
const PositionRow = v.object({ at: When, id: ArticleId })
const SiteMapRow = v.object({ positions: v.array(PositionRow) })
const readRows = rowReader('site map')

/** Where the files of the site map begin, as the clock stored it last; empty if it has not. */
export async function readMapPositions(): Promise<{ at: number; id: string }[]> {
  const { data } = await settings().where({ _id: siteMapId }).limit(1).get()
  return readRows(SiteMapRow, data)[0]?.positions ?? []
}

export async function putMapPositions(positions: readonly { at: number; id: string }[]): Promise<void> {
  await settings()
    .doc(siteMapId)
    .set({ data: { positions: positions.map(({ at, id }) => ({ at: new Date(at), id })) } })
}

/** Ids of the documents that note which files of exports are to be deleted. */
const exported = 'export:'
const notesAtOnce = 50

/** Notes that a file of the storage is to be deleted. */
export async function noteExport(file: string, at: Date): Promise<void> {
  const _id = `${exported}${at.getTime()}:${randomBytes(6).toString('base64url')}`
  await settings().add({ data: { _id, file } })
}

/** The files of exports before a time, each with the id of its note. 50 at most. */
export async function listExportsBefore(time: number): Promise<{ note: string; file: string }[]> {
  const { data } = await settings()
    .where({ _id: command.and([command.gt(exported), command.lt(`${exported}${time}`)]) })
    .limit(notesAtOnce)
    .get()
  return data.map(({ _id, file }) => ({ note: _id, file: String(file) }))
}

export async function forgetExports(notes: readonly string[]): Promise<void> {
  if (notes.length > 0)
    await settings()
      .where({ _id: command.in(notes) })
      .remove()
}
