import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { restoreBackup, WrongSalt } from '../../../deploy/backup/restore'
import { saveBackup } from '../../../deploy/backup/save'
import type { Document } from '../../../deploy/documents'
import { fakeDocuments } from './fake-documents'

type Environment = Awaited<ReturnType<typeof fakeDocuments>>

const salt = 'the-salt-of-readers'
let old: Environment
let other: Environment
let folder: string

const put = ({ rows }: Environment, name: string, documents: Document[]): void => {
  rows.set(name, new Map(documents.map(one => [one._id, one])))
}
const story = { _id: 'a', at: new Date(0), none: null, tags: ['鲸'], odd: Number.POSITIVE_INFINITY }
const picture = 'cloud://old.bucket/covers/a.png'

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'backup-'))
  old = await fakeDocuments('cloud://old.bucket/')
  other = await fakeDocuments('cloud://other.bucket/')
  put(old, 'articles', [story, { _id: 'b', cover: picture, shareCover: picture }, { _id: 7 }])
  put(old, 'settings', [{ _id: 'identity', salt }, { _id: 'more' }])
  put(old, 'empty', [])
  old.files.set(picture, Buffer.from('picture'))
})
afterEach(() => {
  old.close()
  other.close()
  rmSync(folder, { recursive: true })
})

const save = () =>
  saveBackup({ documents: old.documents, environment: 'old', collections: [...old.rows.keys()] }, folder)
const restore = (to: Environment, options: { writes?: boolean; salt?: string | null } = {}) =>
  restoreBackup(to.documents, folder, { writes: true, salt, ...options })

test('restores documents, pictures and the given salt into an empty environment under its own addresses', async () => {
  await save()
  const moved = 'cloud://other.bucket/covers/a.png'
  const { collections, files } = await restore(other)
  expect(collections.articles).toEqual({ missing: 3, different: 0, same: 0, extra: 0 })
  // The salt is in no backup, so it is not extra.
  expect(collections.settings).toEqual({ missing: 1, different: 0, same: 0, extra: 0 })
  expect(files).toMatchObject({ missing: 1 })
  expect([...(other.rows.get('articles')?.values() ?? [])]).toEqual([
    story,
    { _id: 'b', cover: moved, shareCover: moved },
    { _id: 7 },
  ])
  expect(other.files.get(moved)?.toString()).toBe('picture')
  expect(other.rows.get('settings')?.get('identity')).toEqual({ _id: 'identity', salt })
  expect(other.rows.has('empty')).toBe(true)
})

test('counts what differs and changes nothing in a dry run, then mends it and leaves the rest', async () => {
  await save()
  put(old, 'articles', [
    { ...story, tags: [] },
    { _id: 'b', cover: picture, shareCover: picture },
    { _id: 'new' },
  ])
  const wanted = { missing: 1, different: 1, same: 1, extra: 1 }
  expect((await restore(old, { writes: false })).collections.articles).toEqual(wanted)
  expect(old.rows.get('articles')?.has(7)).toBe(false)
  expect((await restore(old)).collections.articles).toEqual(wanted)
  expect((await restore(old)).collections.articles).toEqual({ missing: 0, different: 0, same: 3, extra: 1 })
  expect(old.rows.get('articles')?.get('a')).toEqual(story)
})

test('a dry run looks at an environment without any collection', async () => {
  await save()
  const { collections } = await restore(other, { writes: false })
  expect(collections.articles).toEqual({ missing: 3, different: 0, same: 0, extra: 0 })
  expect(other.rows.size).toBe(0)
})

test('never writes the salt, and refuses a restore with another or none', async () => {
  const { manifest } = await save()
  expect(manifest.salt).toMatch(/^[0-9a-f]{64}$/)
  for (const file of ['manifest.json', 'collections/settings.jsonl'])
    expect(readFileSync(path.join(folder, file), 'utf8')).not.toContain(salt)
  await expect(restore(other, { salt: null })).rejects.toThrow(WrongSalt)
  await expect(restore(other, { salt: 'another' })).rejects.toThrow(WrongSalt)
  put(other, 'settings', [{ _id: 'identity', salt: 'another' }])
  await expect(restore(other, { salt: null })).rejects.toThrow(/another salt/)
  expect([...other.rows.keys()]).toEqual(['settings'])
  // The environment of the backup has it already.
  await restore(old, { salt: null })
})

test('refuses a collection with documents that it cannot list', async () => {
  const documents = {
    ...old.documents,
    count: async (name: string) => (await old.documents.count(name)) + 101,
  }
  const source = { documents, environment: 'old', collections: ['articles'] }
  await expect(saveBackup(source, folder)).rejects.toThrow('101 documents have an _id')
})

test('refuses a folder that is in use, incomplete or damaged, and a document that it cannot write', async () => {
  await expect(restore(other)).rejects.toThrow(/manifest.json is missing/)
  put(old, 'articles', [{ _id: 'x', when: { at: { _bsontype: 'Binary' } } }])
  await expect(save()).rejects.toThrow('x.when.at')
  await expect(save()).rejects.toThrow(/not empty/)
  rmSync(folder, { recursive: true })
  put(old, 'articles', [{ _id: 'b', cover: 'cloud://old.bucket/c.png' }])
  old.files.set('cloud://old.bucket/c.png', Buffer.from('whole'))
  await save()
  writeFileSync(path.join(folder, 'files/c.png'), 'half')
  await expect(restore(other)).rejects.toThrow(/damaged/)
  const file = path.join(folder, 'manifest.json')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('cloud://old.bucket/c.png', 'cloud://old.bucket/../../c.png'),
  )
  await expect(restore(other)).rejects.toThrow(/not valid/)
})
