import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askAsClient } from '../../../local-cloud/client-database'
import { openDatabase } from '../../../local-cloud/database/database'
import type { Client } from '../../../local-cloud/identity'
import { compileRule } from '../../../local-cloud/rule-expression'
import { readRules } from '../../../local-cloud/rules'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const put = (name: string, rules: object) => writeFileSync(join(folder, name), JSON.stringify(rules))
const reader: Client = { kind: 'reader', openid: 'o1', uid: 'o1' }
const visitor: Client = { kind: 'visitor', openid: null, uid: 'v1' }
const guest: Client = { kind: 'guest', openid: null, uid: null }

describe('the rules of a folder', () => {
  test('for collections: each has its own, the others those of `*`', () => {
    put('database.json', {
      '*': 'ADMINWRITE',
      diaries: 'PRIVATE',
      comments: 'READONLY',
      secrets: 'ADMINONLY',
      letters: { read: 'auth.openid == doc._openid', write: 'auth.loginType == "WECHAT"' },
    })
    const { documents } = readRules(folder)
    const of = (collection: string) =>
      [reader, visitor, guest].map(
        client => `${documents(collection, 'read', client)} ${documents(collection, 'write', client)}`,
      )
    expect(of('anything')).toEqual(['all none', 'all none', 'all none'])
    expect(of('diaries')).toEqual(['own own', 'own own', 'none none'])
    expect(of('comments')).toEqual(['all own', 'all own', 'all none'])
    expect(of('secrets')).toEqual(['none none', 'none none', 'none none'])
    expect(of('letters')).toEqual(['own-asked all', 'none none', 'none none'])
  })

  test('for functions: each has its own, the others those of `*`', () => {
    put('functions.json', {
      '*': { invoke: 'auth != null' },
      panel: { invoke: false },
      open: { invoke: true },
    })
    const { mayInvoke } = readRules(folder)
    const may = (name: string) => [reader, visitor, guest].map(client => mayInvoke(name, client))
    expect(may('anything')).toEqual([true, true, false])
    expect(may('panel')).toEqual([false, false, false])
    expect(may('open')).toEqual([true, true, true])
  })

  test('for files: a file of a function belongs to nobody, also to nobody without an identity', () => {
    put('storage.json', { read: 'resource.openid == auth.openid', write: 'resource.openid == auth.uid' })
    const { mayRead, mayWrite, isPublic } = readRules(folder)
    const may = (owner: string | null) =>
      [reader, visitor, guest].map(client => {
        const file = { path: 'a.jpg', owner }
        return [mayRead(client, file), mayWrite(client, file)]
      })
    expect(may('o1')).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
    expect(may('v1')[1]).toEqual([false, true])
    expect(may(null)).toEqual(Array(3).fill([false, false]))
    expect(isPublic({ path: 'a.jpg', owner: null })).toBe(false)
  })

  test('that are missing let signed-in clients call, everybody read files, and nobody read documents', () => {
    const { mayInvoke, mayRead, mayWrite, isPublic, documents } = readRules(folder)
    const file = { path: 'a.jpg', owner: 'v1' }
    expect([reader, visitor, guest].map(client => mayInvoke('content', client))).toEqual([true, true, false])
    expect([isPublic(file), mayRead(guest, file)]).toEqual([true, true])
    expect([reader, visitor, guest].map(client => mayWrite(client, file))).toEqual([false, true, false])
    expect(documents('articles', 'read', reader)).toBe('none')
  })
})

test('a rule compares from left to right', () => {
  expect(compileRule('1 == 1 == true && 2 != 1 == true', [])({})).toBe(true)
})

test('a client counts what its query matches, and only what it may read', async () => {
  put('database.json', { diaries: 'PRIVATE', notices: 'ADMINWRITE' })
  const database = openDatabase({ file: null })
  const rows = [1, 2, 2].map((n, at) => JSON.stringify({ n, _openid: at === 1 ? 'o2' : 'o1' }))
  for (const collectionName of ['diaries', 'notices']) {
    database.ensureCollection(collectionName)
    await database.handle('database.insertDocument', { collectionName, data: rows })
  }
  const count = async (collectionName: string, query?: object) => {
    const action = 'database.calculateDocument'
    const { data } = await askAsClient(database, readRules(folder), reader, { action, collectionName, query })
    return (data as { total: number }).total
  }
  expect([await count('notices'), await count('notices', { n: 2 })]).toEqual([3, 2])
  expect([await count('diaries'), await count('diaries', { n: 2 })]).toEqual([2, 1])
  // Not even by asking for those of somebody else.
  const ofOthers = [{ _openid: 'o2' }, { _openid: { $exists: true } }, { $or: [{ _openid: 'o2' }, { n: 1 }] }]
  expect(await Promise.all(ofOthers.map(query => count('diaries', query)))).toEqual([0, 2, 1])
})

test('a client’s page is as long as it asks, up to twenty, in its order, from its place, with its fields', async () => {
  put('database.json', { notices: 'ADMINWRITE' })
  const database = openDatabase({ file: null })
  database.ensureCollection('notices')
  const data = Array.from({ length: 30 }, (_, n) => JSON.stringify({ _id: n, n, m: -n }))
  await database.handle('database.insertDocument', { collectionName: 'notices', data })
  const ask = async (more: object, action = 'database.getDocument') => {
    const request = { action, collectionName: 'notices', ...more }
    const { data: found } = await askAsClient(database, readRules(folder), reader, request)
    return (found as { list: string[] }).list.map(text => JSON.parse(text) as Record<string, unknown>)
  }
  const numbers = async (more: object) =>
    (await ask(more)).map(({ n }) => Number(Object.values(n as object)[0]))
  expect(await numbers({ limit: 3 })).toEqual([0, 1, 2])
  expect((await ask({ limit: 20 })).length).toBe(20)
  expect((await ask({ limit: 21 })).length).toBe(20)
  expect(await numbers({ limit: 2, offset: 5, order: { n: -1 } })).toEqual([24, 23])
  expect(await numbers({ limit: 2, order: '[{"field":"n","direction":"desc"}]' })).toEqual([29, 28])
  expect(Object.keys((await ask({ limit: 1, projection: { m: 1 } }))[0] ?? {})).toEqual(['_id', 'm'])
  // Transactions, and what lies deeper than the engine reads, are for functions.
  for (const [more, code] of [
    [{ transactionId: 'x' }, 'DATABASE_PERMISSION_DENIED'],
    [{ query: deep(98) }, undefined],
    [{ query: deep(101) }, 'INVALID_PARAM'],
    [{ order: { n: 2 } }, 'DATABASE_REQUEST_FAILED'],
  ] as const) {
    const told = await ask(more).then(
      () => undefined,
      (error: { code: string }) => error.code,
    )
    expect([more, told]).toEqual([more, code])
  }
  await expect(ask({}, 'database.startTransaction')).rejects.toMatchObject({ code: 'INVALID_PARAM' })
})

/** A query that is so many levels deep. */
const deep = (levels: number): object =>
  Array.from({ length: levels - 1 }).reduce<object>(inner => ({ a: inner }), { a: 1 })

describe('a client of a collection with a rule on `doc`', () => {
  const ask = async (query: object) => {
    put('database.json', { letters: { read: 'doc._openid == auth.openid', write: false } })
    const database = openDatabase({ file: null })
    database.ensureCollection('letters')
    const data = ['o1', 'o2'].map(_openid => JSON.stringify({ _openid, n: 1 }))
    await database.handle('database.insertDocument', { collectionName: 'letters', data })
    const request = {
      action: 'database.getDocument',
      collectionName: 'letters',
      query: JSON.stringify(query),
    }
    const { data: found } = await askAsClient(database, readRules(folder), reader, request)
    return (found as { list: string[] }).list.map(text => (JSON.parse(text) as { _openid: string })._openid)
  }

  test.each([
    ['by the words for it', { _openid: '{openid}' }],
    ['by their OPENID', { n: 1, _openid: 'o1' }],
    ['by an operator', { _openid: { $eq: '{openid}' } }],
  ])('reads their own documents when they ask for those %s', async (_, query) => {
    expect(await ask(query)).toEqual(['o1'])
  })

  test.each([
    ['nothing about the owner', { n: 1 }],
    ['another owner', { _openid: 'o2' }],
    ['any owner', { _openid: { $exists: true } }],
    ['more than equality', { _openid: { $eq: '{openid}', $ne: null } }],
    ['the owner in one of two ways', { $or: [{ _openid: '{openid}' }, { n: 1 }] }],
  ])('is refused with %s', async (_, query) => {
    await expect(ask(query)).rejects.toMatchObject({ code: 'DATABASE_PERMISSION_DENIED' })
  })
})

/** A rule that was read in another sense than the real cloud reads it would open or close something silently. */
test.each([
  ['auth', 'auth in', 'found the end'],
  ['auth', 'auth.1 == 1', 'does not know .1'],
  ["auth.'x' == 1", "auth.'x' == 1", "does not know .'x'"],
  ['a call', 'auth.openid.match(1) == true', 'does not know .match'],
  ['another name', 'request.x == 1', 'does not know request here'],
  ['a name on the prototype', 'constructor == 1', 'does not know constructor here'],
  ['a missing end of a list', "'a' in ['a', 'b'", 'found the end'],
  ['a list without commas', "'a' in ['a' 'b']", ', expected'],
  ['a missing parenthesis', '(1 == 1', ') expected, found the end'],
  ['something more', '1 == 1 2', '2 is too much'],
  ['an unknown sign', '1 == 1 & 2 == 2', 'not understood from'],
  ['an unfinished text', "auth.x == 'a", 'not understood from'],
  ['a text with an escape', "auth.x == 'a\\'b'", 'not understood from'],
])('%s cannot be read as a rule', (_name, rule, words) => {
  expect(() => compileRule(rule, ['auth'])).toThrow(SyntaxError)
  expect(() => compileRule(rule, ['auth'])).toThrow(words)
})

test.each<[string, boolean]>([
  ['true', true],
  [' false ', false],
  ['null == undefined', true],
  ['!true', false],
  ['!!true', true],
  ['!(1 == 2)', true],
  ['1.5 > 1', true],
  ['2 > 10', false],
  ['"2" > "10"', true],
  ['1 < 1', false],
  ['1 <= 1', true],
  ['1 > 1', false],
  ['1 >= 1', true],
  ['1 != 1', false],
  ["'a' in ['b', 'a']", true],
  ["'a' in []", false],
  ["'a' in 'a'", false],
  ['1 == 1 || 1 == 2 && 1 == 3', true],
  ['(1 == 1 || 1 == 2) && 1 == 3', false],
  ['1 < 2 == true', true],
  ['auth.a.b == 1', true],
  ['(auth.a).b == 1', true],
  ['auth.a.c == null', true],
  ['auth.a', false],
  ['1', false],
  ["'true'", false],
  ['1 || true', true],
  ['1 && true', false],
  ['true && 1', false],
])('the rule %j is %s', (rule, holds) => {
  expect(compileRule(rule, ['auth'])({ auth: { a: { b: 1 } } })).toBe(holds)
})

test.each<[string, unknown, string]>([
  ['database.json', { notes: 'OPEN' }, 'database.json'],
  ['database.json', { notes: { read: true } }, 'database.json'],
  ['database.json', { notes: { read: 'doc.x == 1', write: false } }, 'database.json: notes.read'],
  ['database.json', { notes: { read: true, write: 'auth.f()' } }, 'database.json: notes.write'],
  ['functions.json', { content: { invoke: true } }, '*'],
  [
    'functions.json',
    { '*': { invoke: true }, content: { invoke: 'resource.x == 1' } },
    'functions.json: content',
  ],
  ['storage.json', { read: true }, 'write'],
  ['storage.json', { read: 'doc.x == 1', write: true }, 'storage.json: read'],
  ['storage.json', { read: true, write: 'doc.x == 1' }, 'storage.json: write'],
  ['storage.json', { read: true, write: true, more: 1 }, 'more'],
])('a fault in %s is named: %j', (file, rules, words) => {
  put(file, rules as object)
  expect(() => readRules(folder)).toThrow(words)
})

test('rules that are no JSON, and a folder that is none, stop the start; no folder has no rules', () => {
  writeFileSync(join(folder, 'storage.json'), '{')
  expect(() => readRules(folder)).toThrow('storage.json')
  expect(() => readRules(join(folder, 'storage.json'))).toThrow('ENOTDIR')
  expect(readRules(null).documents('articles', 'read', reader)).toBe('none')
})
