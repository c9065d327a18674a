import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { Misuse } from '../../../config/given'
import { documentOf, documentText } from '../../../deploy/backup/document-text'
import { DamagedBackup } from '../../../deploy/backup/folder'
import { restoreBackup, WrongSalt } from '../../../deploy/backup/restore'
import { contentOf, countDocuments, saveBackup } from '../../../deploy/backup/save'
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

test.each([
  [0, 100, true],
  [0, 101, false],
  [20_000, 202, true],
  [20_000, 203, false],
])('of %i documents and %i that came meanwhile a backup is made: %s', async (there, more, isMade) => {
  put(
    old,
    'votes',
    Array.from({ length: there }, (_, n) => ({ _id: `v${n}` })),
  )
  const documents = {
    ...old.documents,
    count: async (name: string) => (await old.documents.count(name)) + more,
  }
  const saving = saveBackup({ documents, environment: 'old', collections: ['votes'] }, folder)
  if (isMade) expect((await saving).manifest.collections.votes?.documents).toBe(there)
  else await expect(saving).rejects.toThrow(`${more} documents`)
})

test('the salt is no document that a backup misses', async () => {
  const documents = {
    ...old.documents,
    count: async (name: string) => (await old.documents.count(name)) + 100,
  }
  const source = { documents, environment: 'old', collections: ['settings'] }
  expect((await saveBackup(source, folder)).salt).toBe(salt)
})

test('a document of another collection may be called as the salt’s is', async () => {
  put(old, 'topics', [{ _id: 'identity', title: '身份' }])
  await save()
  expect((await restore(other)).collections.topics).toMatchObject({ missing: 1 })
  expect(other.rows.get('topics')?.get('identity')).toEqual({ _id: 'identity', title: '身份' })
})

test('a dry run with the salt that was kept writes nothing, not even the salt', async () => {
  await save()
  await restore(other, { writes: false, salt })
  expect(other.rows.size).toBe(0)
})

test('refuses a folder that is in use, incomplete or damaged, and a document that it cannot write', async () => {
  await expect(restore(other)).rejects.toThrow(/manifest.json is missing/)
  put(old, 'articles', [{ _id: 'x', when: { at: { _bsontype: 'Binary' } } }])
  await expect(save()).rejects.toThrow('x.when.at')
  await expect(save()).rejects.toThrow(new Misuse(`${folder} is not empty: name a new folder.`))
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  const source = { documents: old.documents, environment: 'old', collections: [] }
  await expect(saveBackup(source, file)).rejects.toThrow(new Misuse(`${file} is a file: name a new folder.`))
  rmSync(folder, { recursive: true })
  put(old, 'articles', [{ _id: 'b', cover: 'cloud://old.bucket/c.png' }])
  old.files.set('cloud://old.bucket/c.png', Buffer.from('whole'))
  await save()
  const manifest = path.join(folder, 'manifest.json')
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace('cloud://old.bucket/c.png', 'cloud://old.bucket/../../c.png'),
  )
  await expect(restore(other)).rejects.toThrow(/not valid/)
  writeFileSync(manifest, '{"format":2')
  await expect(restore(other)).rejects.toThrow(`${manifest}: its JSON is not valid.`)
})

test('two pictures that would be one file stop the backup', async () => {
  const twice = ['cloud://old.bucket/covers/a.png', 'cloud://old.bucket/covers//a.png']
  for (const id of twice) old.files.set(id, Buffer.from(id))
  put(old, 'articles', [{ _id: 'b', twice }])
  await expect(save()).rejects.toThrow(/EEXIST.*a\.png/)
})

/** Replaces a file of the backup. Null removes it. */
const inFolder = (file: string, change: (text: string) => string | Buffer | null): void => {
  const place = path.join(folder, file)
  const content = change(existsSync(place) ? readFileSync(place, 'utf8') : '')
  rmSync(place, { force: true })
  if (content !== null) writeFileSync(place, content)
}
const anotherSalt = '{"_id":"identity","salt":"0000000000000000evilsalt"}'
const textOf = (lines: object[]): string => lines.map(line => `${JSON.stringify(line)}\n`).join('')
/** Puts something in the place of the last document of `articles`. */
const last = (line: string) => (text: string) => text.replace('{"_id":7}', line)
const withBytes = (text: string, ...bytes: number[]) => Buffer.concat([Buffer.from(text), Buffer.from(bytes)])
const [articles, settings] = ['collections/articles.jsonl', 'collections/settings.jsonl']

test.each<[what: string, file: string, change: Parameters<typeof inFolder>[1], how: RegExp]>([
  [
    'fewer documents',
    articles,
    text => text.replace(/.*\n/, ''),
    /it holds 2 documents, and manifest\.json counts 3\. /,
  ],
  ['a collection without documents', articles, () => '', /holds 0 documents/],
  ['another document in the place of one', articles, last('{"_id":8}'), /its digest is not the one/],
  ['a line that is cut', articles, last('{"_id"'), /line 3 holds no document/],
  ['a line that is null', articles, last('null'), /line 3 holds no document/],
  ['a date that is none', articles, last('{"_id":7,"at":{"$date":"soon"}}'), /line 3 holds no document/],
  ['a line that is a list', articles, last('[7]'), /line 3 holds no document/],
  ['an _id that no backup can list', articles, last('{"_id":{"$date":"7"}}'), /line 3 holds no document/],
  ['bytes that are no text', articles, text => withBytes(text, 0xff, 0x0a), /it is not UTF-8/],
  ['a letter that is cut', articles, text => withBytes(text, 0xe9, 0xb2), /it is not UTF-8/],
  ['a salt of somebody’s', settings, text => `${text}${anotherSalt}\n`, /line 2 holds a salt/],
  [
    'no file of a collection',
    'collections/empty.jsonl',
    () => null,
    /it is not there, and manifest\.json lists it/,
  ],
  ['a collection that is not listed', 'collections/votes.jsonl', () => '', /manifest\.json does not list it/],
  ['a picture that is not whole', 'files/covers/a.png', () => 'pict', /its digest is not the one/],
  ['no picture', 'files/covers/a.png', () => null, /it is not there/],
  ['a picture that is not listed', 'files/b.png', () => 'b', /does not list it/],
])('a backup with %s is refused by its file before anything is written', async (_what, file, change, how) => {
  await save()
  inFolder(file, change)
  for (const writes of [false, true]) {
    const refused = await restore(other, { writes }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(DamagedBackup)
    expect(String(refused)).toContain(`${path.join(folder, file)} is damaged: `)
    expect(String(refused)).toMatch(how)
  }
  expect([other.rows.size, other.files.size]).toEqual([0, 0])
})

describe('a backup from before collections had digests', () => {
  const older = async (documents: object[]): Promise<void> => {
    const { manifest } = await save()
    const collections = { articles: 3, settings: 1, empty: 0 }
    inFolder('manifest.json', () => JSON.stringify({ ...manifest, format: 1, collections }))
    inFolder(articles, () => textOf(documents))
  }

  test('is restored, and says that only its numbers of documents are compared', async () => {
    await older([{ _id: 7 }, { _id: 'a' }, { _id: '7' }])
    const told: string[] = []
    await restoreBackup(other.documents, folder, { writes: true, salt }, line => told.push(line))
    expect(told[0]).toMatch(/no digests of its collections/)
    expect([...(other.rows.get('articles')?.keys() ?? [])]).toEqual([7, 'a', '7'])
  })

  test.each<[what: string, documents: object[], how: RegExp]>([
    ['fewer documents', [{ _id: 7 }], /holds 1 documents, and manifest\.json counts 3/],
    [
      'a document twice',
      [{ _id: 'a' }, { _id: 'b' }, { _id: 'a', n: 1 }],
      /line 3 has the _id of an earlier line/,
    ],
  ])('is refused with %s', async (_what, documents, how) => {
    await older(documents)
    await expect(restore(other)).rejects.toThrow(how)
    expect(other.rows.size).toBe(0)
  })

  test('is refused with a salt, though the number of documents fits', async () => {
    await older([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    inFolder(settings, () => anotherSalt)
    await expect(restore(old)).rejects.toThrow(/settings\.jsonl is damaged: line 1 holds a salt/)
    expect(old.rows.get('settings')?.get('identity')).toEqual({ _id: 'identity', salt })
  })
})

test('texts with every kind of line end, and letters longer than one read, are restored', async () => {
  const text = `a\r\nb\rc\u2028d\u2029${'鲸🐋'.repeat(30_000)}`
  put(old, 'articles', [{ _id: 'a', text }])
  await save()
  await restore(other)
  expect(other.rows.get('articles')?.get('a')).toEqual({ _id: 'a', text })
})

test('a backup names the files that do not exist, and tells what it has written', async () => {
  const gone = 'cloud://old.bucket/gone.png'
  put(old, 'topics', [{ _id: 't', covers: [gone, picture], text: `见 ${picture}）和 <${gone}>` }])
  const told: string[] = []
  const source = { documents: old.documents, environment: 'old', collections: [...old.rows.keys()] }
  const { manifest, lost, salt: found } = await saveBackup(source, folder, line => told.push(line))
  expect([lost, found]).toEqual([[gone, 'cloud://old.bucket/covers/a.png）和'].sort(), salt])
  expect(told).toEqual([
    'articles: 3 documents',
    'settings: 1 documents',
    'empty: 0 documents',
    'topics: 1 documents',
    '1 files',
  ])
  expect(manifest).toMatchObject({
    ...{ format: 2, environment: 'old' },
    collections: {
      articles: { documents: 3 },
      settings: { documents: 1 },
      // As `sha256sum` says it of the file.
      empty: { documents: 0, digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      topics: { documents: 1 },
    },
    files: { [picture]: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  expect(await countDocuments(source)).toEqual({ articles: 3, settings: 2, empty: 0, topics: 1 })
})

test('a picture that cannot be fetched stops the backup, which is then no whole one', async () => {
  const addresses = async () => new Map([[picture, 'http://127.0.0.1:1/?secret=1']])
  const source = { documents: { ...old.documents, addresses }, environment: 'old', collections: ['articles'] }
  await expect(saveBackup(source, folder)).rejects.toThrow()
  await expect(restore(other)).rejects.toThrow(/manifest.json is missing/)
  const server = createServer((_, response) => response.writeHead(404).end())
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  // Without the signature of the address, which opens the file.
  await expect(contentOf(`http://127.0.0.1:${port}/a.png?sign=1`)).rejects.toThrow(
    new Error(`http://127.0.0.1:${port}/a.png answers 404`),
  )
  server.close()
})

test('more documents than one request takes are restored in order, in several', async () => {
  const many = Array.from({ length: 1_201 }, (_, n) => ({ _id: `n${n}`, n }))
  put(old, 'many', [...many, { _id: 'long', text: 'x'.repeat(600_000) }, { _id: 'last' }])
  await save()
  const added: number[] = []
  const { add } = other.documents
  other.documents.add = async (name, documents) => {
    if (name === 'many') added.push(documents.length)
    await add(name, documents)
  }
  const told: string[] = []
  const options = { writes: true, salt }
  const { collections } = await restoreBackup(other.documents, folder, options, line => told.push(line))
  expect(collections.many).toEqual({ missing: 1_203, different: 0, same: 0, extra: 0 })
  expect(added).toEqual([500, 500, 202, 1])
  expect([...(other.rows.get('many')?.keys() ?? [])]).toEqual([...many.map(({ _id }) => _id), 'long', 'last'])
  expect(told).toEqual([
    'articles: 3 missing, 0 different, 0 same, 0 extra',
    'settings: 1 missing, 0 different, 0 same, 0 extra',
    'empty: 0 missing, 0 different, 0 same, 0 extra',
    'many: 1203 missing, 0 different, 0 same, 0 extra',
    'files: 1 missing, 0 different, 0 same',
  ])
})

test('a file that has changed is put back, one that has not is not sent again', async () => {
  await save()
  const sent: string[] = []
  const { upload } = old.documents
  old.documents.upload = async (path, content) => {
    sent.push(path)
    return upload(path, content)
  }
  expect((await restore(old)).files).toMatchObject({ missing: 0, different: 0, same: 1 })
  old.files.set(picture, Buffer.from('changed'))
  expect((await restore(old, { writes: false })).files).toMatchObject({ missing: 0, different: 1, same: 0 })
  expect(sent).toEqual([])
  expect((await restore(old)).files).toMatchObject({ missing: 0, different: 1, same: 0 })
  expect([sent, String(old.files.get(picture))]).toEqual([['covers/a.png'], 'picture'])
})

test('a document’s line holds the whole document, and equal documents have equal lines', () => {
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double().filter(one => !Object.is(one, -0)),
      fc.date({ noInvalidDate: true }),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('any'), { maxKeys: 4 }),
    ),
  })).any
  fc.assert(
    fc.property(value, one => {
      const document = { _id: 'a', b: one }
      const line = documentText(document)
      expect(line).not.toContain('\n')
      expect(documentOf(line)).toEqual(document)
      expect(documentText({ b: one, _id: 'a' })).toBe(line)
    }),
  )
  // Objects that only look like the two wrappers.
  for (const odd of [{ $date: 5 }, { $numberDouble: 1 }, { $date: 'x', b: 1 }])
    expect(documentOf(JSON.stringify({ _id: 'a', odd }))).toEqual({ _id: 'a', odd })
  expect(() => documentText({ _id: 'a', list: [1, { deep: () => 1 }] })).toThrow(
    'a.list.1.deep holds a value',
  )
})

test.each<[what: string, change: (manifest: Record<string, unknown>) => object, where: string]>([
  ['another format', manifest => ({ ...manifest, format: 3 }), 'format'],
  [
    'a collection with a path as its name',
    manifest => ({ ...manifest, format: 1, collections: { '../a': 1 } }),
    'collections.',
  ],
  [
    'a part of a document',
    manifest => ({ ...manifest, format: 1, collections: { a: 1.5 } }),
    'collections.a is not valid',
  ],
  [
    'a collection without a digest',
    manifest => ({ ...manifest, collections: { a: 1 } }),
    'collections.a is not valid',
  ],
  ['a digest that is none', manifest => ({ ...manifest, salt: 'aa' }), 'salt'],
  ['a file outside', manifest => ({ ...manifest, files: { 'cloud://e.b/../x': 'a'.repeat(64) } }), 'files.'],
])('a manifest with %s is refused by its field', async (_what, change, where) => {
  const { manifest } = await save()
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(change({ ...manifest })))
  await expect(restore(other)).rejects.toThrow(`manifest.json: ${where}`)
  expect(other.rows.size).toBe(0)
})

test('a backup from before the first vote has no salt, and needs none to be restored', async () => {
  put(old, 'settings', [{ _id: 'more' }])
  const { manifest, salt: found } = await saveBackup(
    { documents: old.documents, environment: 'old', collections: [...old.rows.keys()] },
    folder,
  )
  expect([manifest.salt, found]).toEqual([null, null])
  const { collections } = await restore(other, { salt: null })
  expect(collections.settings).toEqual({ missing: 1, different: 0, same: 0, extra: 0 })
  expect([...(other.rows.get('settings')?.keys() ?? [])]).toEqual(['more'])
})

test('a collection that cannot be counted stops a restore, but not a look at what it would do', async () => {
  await save()
  other.documents.count = () => Promise.reject(new Error('the network is gone'))
  await expect(restore(other)).rejects.toThrow('the network is gone')
  expect((await restore(other, { writes: false })).collections.articles).toMatchObject({ missing: 3 })
})
