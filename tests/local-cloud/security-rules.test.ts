import fc from 'fast-check'
import { compileRule } from '../../local-cloud/rule-expression'
import { type CloudProcess, type Reader, startCloudProcess } from '../support/local-cloud'

describe('a rule', () => {
  const scope = { auth: { openid: 'o1', loginType: 'WECHAT' }, resource: { openid: 'o1', path: 'a/b' } }
  const holds = (rule: string | boolean, more = {}) =>
    compileRule(rule, ['auth', 'resource'])({ ...scope, ...more })

  test.each([
    [true, true],
    [false, false],
    ['auth != null', true],
    ['auth == null', false],
    ['resource.openid == auth.openid', true],
    ["auth.loginType != 'ANONYMOUS' && resource.path == 'a/b'", true],
    ['auth.loginType in [\'ANONYMOUS\', "CUSTOM"]', false],
    ['!(auth == null) || false', true],
    ['1 < 2 && 2 >= 2 && !(3 <= 2)', true],
    ['2 < 2 || 3 < 2 || 2 > 2 || 2 > 3 || 1 >= 2 || 3 <= 2', false],
    ["2 <= 2 && 1 <= 2 && 3 > 2 && 3 >= 2 && 'b' > 'a' && '10' < '9'", true],
    // Values of different kinds have no order.
    ["1 < '2' || '2' > 1 || auth.nothing < 1 || null <= 0", false],
    ['true || true && false', true],
    ['auth.nothing.deeper == null', true],
    // A file without an owner does not belong to a client without an OPENID.
    ['resource.nothing == auth.nothing', false],
    ['resource.nothing != auth.nothing', true],
    ['auth.nothing in [resource.nothing]', false],
    // Only own fields count. Members of JavaScript's Object are not visible.
    ['auth.constructor == null && auth.__proto__ == null', true],
  ])('%j is %s', (rule, expected) => {
    expect(holds(rule)).toBe(expected)
  })

  test('without login auth is null, and its fields equal nothing', () => {
    expect(holds('resource.openid == auth.openid', { auth: null })).toBe(false)
    expect(holds('auth != null', { auth: null })).toBe(false)
  })

  test.each([
    'doc.x == 1',
    'auth ==',
    'auth.openid.match(1)',
    'get("a")',
    'auth = null',
    '(auth',
    'auth auth',
    '',
    '1 +1',
    'auth constructor auth',
  ])('%j is refused when the rules are read', rule => {
    expect(() => compileRule(rule, ['auth', 'resource'])).toThrow(SyntaxError)
  })

  test('any text is a rule or refused, and is read quickly', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), text => {
        try {
          expect(typeof compileRule(text, ['auth'])({ auth: null })).toBe('boolean')
        } catch (error) {
          expect((error as Error).name).toBe('SyntaxError')
        }
      }),
    )
  })
})

describe('rules of a deployment', () => {
  let cloud: CloudProcess
  let reader: Reader
  let other: Reader
  let guest: Reader

  beforeAll(async () => {
    cloud = await startCloudProcess({ rulesFolder: `${__dirname}/../support/private-rules` })
    reader = await cloud.signIn()
    other = await cloud.signIn()
    guest = await cloud.guest()
  })
  afterAll(() => cloud?.stop())

  test('clients can call only what the rules allow, and functions bypass the rules', async () => {
    expect(await cloud.call(guest, 'context')).toBeTruthy()
    await expect(cloud.call(guest, 'echo')).rejects.toMatchObject({ status: 403, code: 'PERMISSION_DENIED' })
    expect(await cloud.call(await cloud.visitor(), 'echo')).toBeTruthy()
    await expect(cloud.call(reader, 'state')).rejects.toMatchObject({ status: 403 })
    expect(await cloud.call(reader, 'calls', { name: 'state', data: {} })).toMatchObject({
      result: { runs: 1 },
    })
    expect(await cloud.control('invoke', { name: 'state' })).toBeTruthy()
  })

  const ask = async (client: Reader, action: string, collectionName: string, more: object = {}) => {
    const response = await fetch(`${cloud.url}/web`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}` },
      body: JSON.stringify({ action: `database.${action}`, collectionName, ...more }),
    })
    return JSON.parse(await response.text())
  }
  const list = async (client: Reader, collection: string) =>
    ((await ask(client, 'getDocument', collection, { query: '{}', limit: 1000 })).data?.list ?? []).map(
      (text: string) => JSON.parse(text),
    )
  const add = (client: Reader, collection: string, document: object) =>
    ask(client, 'insertDocument', collection, { data: [JSON.stringify(document)] })

  test('a private document is visible only to the client who created it', async () => {
    await add(reader, 'diaries', { _id: 'd1', text: 'mine' })
    expect(await list(reader, 'diaries')).toEqual([{ _id: 'd1', text: 'mine', _openid: reader.openid }])
    expect(await list(other, 'diaries')).toEqual([])
    expect(await ask(guest, 'getDocument', 'diaries', { query: '{}' })).toMatchObject({
      code: 'DATABASE_PERMISSION_DENIED',
    })
    const removed = await ask(other, 'removeDocument', 'diaries', { query: '{"_id":"d1"}', multi: true })
    expect(removed.data.deleted).toBe(0)
    expect(await list(reader, 'diaries')).toHaveLength(1)
  })

  test('only the platform writes _openid', async () => {
    const refused = { code: 'DATABASE_PERMISSION_DENIED' }
    expect(await add(other, 'comments', { _openid: reader.openid })).toMatchObject(refused)
    await add(other, 'comments', { _id: 'c1', text: 'x' })
    const data = JSON.stringify({ $set: { _openid: reader.openid } })
    expect(
      await ask(other, 'modifyDocument', 'comments', {
        query: '{}',
        data,
        multi: true,
        merge: true,
        upsert: false,
      }),
    ).toMatchObject(refused)
    expect(await list(reader, 'comments')).toEqual([{ _id: 'c1', text: 'x', _openid: other.openid }])
  })

  test('everybody may read an ADMINWRITE collection and no client may write it; others are closed', async () => {
    const refused = { code: 'DATABASE_PERMISSION_DENIED' }
    expect(await list(guest, 'notices')).toEqual([])
    expect(await add(reader, 'notices', {})).toMatchObject(refused)
    expect(await ask(reader, 'getDocument', 'secrets', { query: '{}' })).toMatchObject(refused)
    expect(await ask(reader, 'startTransaction', 'comments')).toMatchObject({ code: 'INVALID_PARAM' })
  })

  test('a client gets at most 20 documents, whatever it asks for', async () => {
    for (let n = 0; n < 25; n += 1) await add(reader, 'comments', { n })
    expect(await list(guest, 'comments')).toHaveLength(20)
  })

  test('a rule that cannot be parsed stops the start with an error that names its file', async () => {
    await expect(startCloudProcess({ rulesFolder: `${__dirname}/../support/broken-rules` })).rejects.toThrow(
      /functions\.json: content.*doc/,
    )
  })
})
