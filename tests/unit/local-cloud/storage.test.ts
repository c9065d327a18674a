import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { clientDataRoutes } from '../../../local-cloud/client-data'
import { readRules } from '../../../local-cloud/rules'
import { createStorage } from '../../../local-cloud/storage'
import { storageActions } from '../../../local-cloud/storage-actions'

const million = Buffer.alloc(1024 * 1024)

const storageIn = (folder: string) =>
  createStorage({
    ...{ folder, envId: 'local', key: Buffer.alloc(32, 1), url: () => '', now: () => 0 },
    isPublic: () => true,
  })

/** Uploads a file of so many bytes to an empty storage: the answer's status, the file's size, and what is left on disk. */
async function upload(bytes: number): Promise<{ status: number; size: number | undefined; left: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'storage-'))
  try {
    const storage = storageIn(folder)
    const { authorization } = storage.permitUpload('large.bin', null)
    function* pieces() {
      for (let left = bytes; left > 0; left -= million.length) yield million.subarray(0, left)
    }
    const request = Object.assign(Readable.from(pieces()), { method: 'PUT', headers: { authorization } })
    let status = 0
    const response = {
      writeHead(given: number) {
        status = given
      },
      end() {},
    }
    await storage.handle(request as never, response as never, '/storage/large.bin', new URLSearchParams())
    return { status, size: storage.find('large.bin')?.size, left: readdirSync(folder).length }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a file may have 100 MB; of a larger one nothing stays', async () => {
  expect(await upload(100 * million.length)).toEqual({ status: 200, size: 100 * million.length, left: 2 })
  expect(await upload(100 * million.length + 1)).toEqual({ status: 400, size: undefined, left: 0 })
})

test('a file whose description is damaged is named, and belongs to nobody who asks for it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'storage-'))
  try {
    const storage = storageIn(folder)
    const about = path.join(folder, `${createHash('sha256').update('a.txt').digest('hex')}.json`)
    for (const text of ['', '{', '{"path":"a.txt"}']) {
      writeFileSync(about, text)
      for (const ask of [() => storage.find('a.txt'), () => storage.permitUpload('a.txt', { uid: 'me' })]) {
        expect(ask).toThrow(about)
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a function asks separately whether a reader may read and may write a file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'storage-'))
  try {
    const storage = storageIn(folder)
    const name = createHash('sha256').update('a.txt').digest('hex')
    const about = { path: 'a.txt', size: 1, owner: null, uploadedAt: 0 }
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(about))
    // Without rules of its own, a cloud lets everybody read and owners write.
    const ask = new Map(storageActions(storage, readRules(null))).get('storage.getFileAuthority')
    const fileList = ['READ', 'WRITE', 'READWRITE'].map(type => ({ path: 'a.txt', type }))
    const nobody = { record: undefined, context: undefined, openapi: undefined }
    expect(await ask?.({ openId: 'oReader', fileList }, nobody)).toMatchObject({
      response: { data: [{ read: true }, { write: false }, { read: true, write: false }] },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('stored files', () => {
  const hour = 3_600_000
  let folder: string
  let time: number
  let open: boolean
  let storage: ReturnType<typeof createStorage>
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'storage-'))
    time = 1_700_000_000_000
    open = false
    storage = createStorage({
      folder: path.join(folder, 'files'),
      envId: 'local',
      key: Buffer.alloc(32, 1),
      url: () => 'http://127.0.0.1:8787',
      now: () => time,
      isPublic: () => open,
    })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  interface Answered {
    status: number
    headers: Record<string, unknown>
    text: string
  }

  async function ask(
    method: string,
    address: string,
    headers: Record<string, string> = {},
    body = '',
  ): Promise<Answered | false> {
    const { pathname, searchParams } = new URL(address, 'http://127.0.0.1:8787')
    const request = Object.assign(Readable.from([Buffer.from(body)]), { method, headers })
    const response = new PassThrough()
    const answered: Answered = { status: 0, headers: {}, text: '' }
    Object.assign(response, {
      writeHead(status: number, given: Record<string, unknown>) {
        Object.assign(answered, { status, headers: given })
        return response
      },
    })
    const handled = storage.handle(request as never, response as never, pathname, searchParams)
    if (handled === false) return false
    answered.text = await text(response)
    await handled
    return answered
  }
  const status = async (...asked: Parameters<typeof ask>) => ((await ask(...asked)) as Answered).status

  const put = (name: string, body: string, uploader: { uid: string | null } | null = null) =>
    ask(
      'PUT',
      `/storage/${encodeURI(name)}`,
      { authorization: storage.permitUpload(name, uploader).authorization },
      body,
    )

  test('come back byte for byte, with their type, from a signed address that ends', async () => {
    expect(await put('图/a b.txt', '内容', { uid: 'o1' })).toMatchObject({ status: 200, text: '' })
    const file = storage.find('图/a b.txt')
    expect(file).toEqual({ path: '图/a b.txt', size: 6, owner: 'o1', uploadedAt: time })
    if (!file) throw new Error('not stored')
    const address = storage.address(file, 3600)
    expect(address).toContain('http://127.0.0.1:8787/storage/图/a b.txt?sign=')
    const answer = await ask('GET', address)
    expect(answer).toMatchObject({
      status: 200,
      text: '内容',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': 6,
        'cache-control': 'max-age=600',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; frame-ancestors 'self'",
        'access-control-allow-origin': '*',
      },
    })
    const { etag } = (answer as Answered).headers as { etag: string }
    expect(await ask('GET', address, { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
    expect(await ask('GET', address, { 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
    expect(await ask('HEAD', address)).toMatchObject({ status: 200, text: '' })
    time += hour
    expect(await status('GET', address)).toBe(200)
    time += 1
    expect(await ask('GET', address)).toMatchObject({
      status: 403,
      text: expect.stringContaining('<Code>AccessDenied</Code>'),
    })
  })

  test('are closed without their own signature, unless everybody may read them', async () => {
    await put('a.txt', 'a')
    await put('b.txt', 'b')
    await put('C.PNG', 'c')
    await put('none', 'd')
    open = true
    for (const [name, type] of [
      ['C.PNG', 'image/png'],
      ['none', 'application/octet-stream'],
    ] as const)
      expect(await ask('GET', `/storage/${name}`)).toMatchObject({ headers: { 'content-type': type } })
    open = false
    const [a, b] = ['a.txt', 'b.txt'].map(name => storage.address(storage.find(name) as never, 60)) as [
      string,
      string,
    ]
    const plain = 'http://127.0.0.1:8787/storage/a.txt'
    const [, sign, t] = /sign=(.*)&t=(.*)/.exec(a) ?? []
    for (const address of [
      plain,
      a.replace('a.txt', 'b.txt'),
      `${plain}?sign=${sign}`,
      `${plain}?t=${t}`,
      `${plain}?sign=${sign}&t=${Number(t) + 1}`,
    ])
      expect([address, await status('GET', address)]).toEqual([address, 403])
    expect([await status('GET', a), await status('GET', b)]).toEqual([200, 200])
    open = true
    expect(storage.address(storage.find('a.txt') as never, 60)).toBe(plain)
    expect(await status('GET', plain)).toBe(200)
    expect(await ask('GET', '/storage/none.txt')).toMatchObject({
      status: 404,
      text: expect.stringContaining('NoSuchKey'),
    })
  })

  test('are replaced only with a permit for their path, of their time, and of their owner', async () => {
    const { authorization, url, fileId } = storage.permitUpload('a b.txt', null)
    expect(url).toBe('http://127.0.0.1:8787/storage/a%20b.txt')
    expect(fileId).toBe(storage.fileId('a b.txt'))
    const upload = (name: string, permit: string) =>
      status('PUT', `/storage/${encodeURI(name)}`, { authorization: permit }, 'x')
    expect(await upload('other.txt', authorization)).toBe(403)
    expect(await upload('a b.txt', '')).toBe(403)
    expect(await upload('a b.txt', authorization.slice(0, -1))).toBe(403)
    const [expires, ...rest] = authorization.split('.')
    const later = Buffer.from(String(Number(Buffer.from(expires ?? '', 'base64url')) + 1)).toString(
      'base64url',
    )
    expect(await upload('a b.txt', [later, ...rest].join('.'))).toBe(403)
    time += 15 * 60_000
    expect(await upload('a b.txt', authorization)).toBe(200)
    time += 1
    expect(await upload('a b.txt', authorization)).toBe(403)
    // A client's permit holds while the file has the owner that it had; a function's replaces anything.
    const mine = storage.permitUpload('c.txt', { uid: 'o1' }).authorization
    const others = storage.permitUpload('c.txt', { uid: 'o2' }).authorization
    expect(await upload('c.txt', mine)).toBe(200)
    expect(await upload('c.txt', others)).toBe(403)
    expect(storage.find('c.txt')?.owner).toBe('o1')
    expect(await upload('c.txt', storage.permitUpload('c.txt', null).authorization)).toBe(200)
    expect(storage.find('c.txt')?.owner).toBeNull()
    expect(await upload('c.txt', storage.permitUpload('c.txt', { uid: null }).authorization)).toBe(200)
  })

  test('have ids of this environment', () => {
    const id = storage.fileId('a/b.txt')
    expect(id).toBe('cloud://local.6c6f-local-1250000000/a/b.txt')
    expect([storage.pathOf(id), storage.pathOf('cloud://local/a/b.txt')]).toEqual(['a/b.txt', 'a/b.txt'])
    for (const other of ['cloud://other/a', 'cloud://local', 'cloud://local/', 'http://local/a', 'a'])
      expect(() => storage.pathOf(other)).toThrow()
  })

  test('are located, removed, and all gone after a reset', async () => {
    await put('a.txt', 'a')
    await put('a.txt/b', 'b')
    expect(readFileSync(storage.locate('a.txt'), 'utf8')).toBe('a')
    expect([storage.remove('a.txt'), storage.remove('a.txt')]).toEqual([true, false])
    expect([storage.find('a.txt'), storage.find('a.txt/b')?.size]).toEqual([null, 1])
    expect(() => storage.locate('a.txt')).toThrow('there is no file a.txt')
    expect(readdirSync(path.join(folder, 'files'))).toHaveLength(2)
    storage.reset()
    expect(readdirSync(path.join(folder, 'files'))).toEqual([])
  })

  test.each([
    '',
    '.',
    '..',
    'a/../b',
    'a//b',
    '/a',
    'a/',
    'a\\b',
    'a?b',
    'a#b',
    'a%b',
    'a\nb',
    'a\u007fb',
    'a'.repeat(851),
  ])('may not be at %j', async name => {
    expect(() => storage.permitUpload(name, null)).toThrow('is not a cloud path')
    if (name !== '.' && name !== '..' && !name.includes('..'))
      expect(await status('GET', `/storage/${encodeURIComponent(name)}`)).toBe(400)
  })

  test('may be at any other path', () => {
    for (const name of ['a', '.a', '..a', 'a/...', '图', 'a'.repeat(850)])
      expect(storage.permitUpload(name, null).fileId).toContain(name)
  })

  test('are asked for by few methods, and only at their addresses', async () => {
    expect(await ask('GET', '/stories/a')).toBe(false)
    expect(await ask('DELETE', '/storage/a')).toMatchObject({ status: 405 })
    expect(await ask('GET', '/storage/%zz')).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/xml' },
    })
    expect(
      await ask('OPTIONS', '/storage/a', { 'access-control-request-headers': 'authorization' }),
    ).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, PUT',
        'access-control-allow-headers': 'authorization',
      },
    })
    expect(await ask('OPTIONS', '/storage/a')).toMatchObject({
      headers: { 'access-control-allow-headers': '*' },
    })
  })

  test('are uploaded, read and deleted by clients as the rules allow, each on its own', async () => {
    const rules = readRules(null)
    const routes = clientDataRoutes({ storage, rules })
    const call = async (name: string, uid: string | null, body: unknown) =>
      (await routes.get(`/v1/storages/${name}`)?.(
        uid === null ? { kind: 'guest', openid: null, uid } : { kind: 'reader', openid: uid, uid },
        body,
        {} as never,
      )) as Record<string, unknown>[]
    const [permit] = await call('get-objects-upload-info', 'o1', [{ objectId: 'a b.txt' }])
    expect(permit).toEqual({
      objectId: 'a b.txt',
      uploadUrl: 'http://127.0.0.1:8787/storage/a%20b.txt',
      authorization: expect.any(String),
      token: 'local',
      cloudObjectMeta: 'local',
      cloudObjectId: storage.fileId('a b.txt'),
    })
    expect(
      await status('PUT', String(permit?.uploadUrl), { authorization: String(permit?.authorization) }, 'x'),
    ).toBe(200)
    await put('function.txt', 'f')
    const refused = { code: 'STORAGE_EXCEED_AUTHORITY', message: expect.stringContaining('-503002') }
    const ids = ['a b.txt', 'none.txt', 'function.txt'].map(name => ({ cloudObjectId: storage.fileId(name) }))
    const none = { code: 'STORAGE_FILE_NONEXIST', message: expect.any(String) }
    expect(
      await call('get-objects-upload-info', 'o2', [
        { objectId: 'a b.txt' },
        { objectId: 'function.txt' },
        { objectId: '..' },
        { objectId: 'o2.txt' },
      ]),
    ).toEqual([
      refused,
      refused,
      { code: 'STORAGE_REQUEST_FAIL', message: expect.any(String) },
      expect.objectContaining({ objectId: 'o2.txt' }),
    ])
    expect(await call('get-objects-upload-info', null, [{ objectId: 'guest.txt' }])).toEqual([refused])
    const [found, missing] = await call('get-objects-download-info', null, ids)
    expect(missing).toEqual(none)
    expect(found?.downloadUrl).toContain('/storage/a%20b.txt?sign=')
    expect(found?.downloadUrl).toContain(`&t=${time + 24 * hour}`)
    expect(
      (await call('get-objects-download-info', 'o1', [{ ...ids[0], maxAge: 60 }]))[0]?.downloadUrl,
    ).toContain(`&t=${time + 60_000}`)
    expect(await call('delete-objects', 'o2', ids)).toEqual([refused, none, refused])
    expect(await call('delete-objects', 'o1', ids)).toEqual([
      { cloudObjectId: ids[0]?.cloudObjectId },
      none,
      refused,
    ])
    expect(storage.find('a b.txt')).toBeNull()
    for (const [name, item] of [
      ['get-objects-upload-info', { objectId: 'x' }],
      ['delete-objects', { cloudObjectId: 'cloud://local/x' }],
    ] as const) {
      expect(await call(name, 'o1', Array(50).fill(item))).toHaveLength(50)
      await expect(call(name, 'o1', Array(51).fill(item))).rejects.toMatchObject({ code: 'INVALID_PARAM' })
    }
    await expect(call('get-objects-download-info', 'o1', [{ ...ids[0], maxAge: 0 }])).rejects.toMatchObject({
      code: 'INVALID_PARAM',
    })
    const closed = clientDataRoutes({ storage, rules: { ...rules, mayRead: () => false } })
    expect(
      closed.get('/v1/storages/get-objects-download-info')?.(
        { kind: 'guest', openid: null, uid: null },
        ids.slice(2),
        {} as never,
      ),
    ).toEqual([refused])
  })

  test('are signed, deleted and asked about by functions, each on its own', async () => {
    await put('a.txt', 'a', { uid: 'o1' })
    const actions = new Map(storageActions(storage, readRules(null)))
    const act = async (name: string, params: Record<string, unknown>) => {
      const nobody = { record: undefined, context: undefined, openapi: undefined }
      const result = await actions.get(`storage.${name}`)?.(params, nobody)
      expect(result?.kind).toBe('storage')
      return result?.response.data as Record<string, unknown>
    }
    const [id, none] = ['a.txt', 'none.txt'].map(storage.fileId) as [string, string]
    expect(await act('getUploadMetadata', { path: 'b.txt' })).toEqual({
      url: 'http://127.0.0.1:8787/storage/b.txt',
      authorization: expect.any(String),
      token: 'local',
      fileId: storage.fileId('b.txt'),
      cosFileId: 'local',
    })
    const missing = (fileID: string) => ({ code: 'STORAGE_FILE_NONEXIST', fileID, tempFileURL: '' })
    const { download_list: signed } = await act('batchGetDownloadUrl', {
      file_list: [{ fileid: id }, { fileid: id, max_age: 60 }, { fileid: none }, { fileid: 'x' }],
    })
    expect(signed).toEqual([
      {
        code: 'SUCCESS',
        fileID: id,
        tempFileURL: expect.stringContaining(`&t=${time + 24 * hour}`),
        maxAge: 86_400,
      },
      {
        code: 'SUCCESS',
        fileID: id,
        tempFileURL: expect.stringContaining(`&t=${time + 60_000}`),
        maxAge: 60,
      },
      missing(none),
      missing('x'),
    ])
    const fileList = [
      { path: id, type: 'READWRITE' },
      { path: 'new.txt', type: 'WRITE' },
      { path: 'a.txt', type: 'READ' },
    ]
    const may = async (who: object) =>
      (await act('getFileAuthority', { ...who, fileList })) as unknown as Record<string, unknown>[]
    expect(await may({ openId: 'o1' })).toEqual([
      { path: id, cosFileId: id, read: true, write: true },
      { path: 'new.txt', cosFileId: storage.fileId('new.txt'), write: true },
      { path: 'a.txt', cosFileId: id, read: true },
    ])
    expect((await may({ openId: 'o2' })).map(({ write }) => write)).toEqual([false, true, undefined])
    expect((await may({ uid: 'o1' })).map(({ write }) => write)).toEqual([true, true, undefined])
    expect((await may({})).map(({ write }) => write)).toEqual([false, false, undefined])
    expect(await act('batchDeleteFile', { fileid_list: [id, id] })).toEqual({
      delete_list: [{ code: 'SUCCESS', fileID: id }, missing(id)],
    })
    for (const [name, params] of [
      ['batchDeleteFile', { fileid_list: Array(51).fill(id) }],
      ['batchGetDownloadUrl', { file_list: Array(51).fill({ fileid: id }) }],
      ['getFileAuthority', { fileList: Array(51).fill(fileList[0]) }],
      ['batchGetDownloadUrl', { file_list: [{ fileid: id, max_age: -1 }] }],
      ['getUploadMetadata', {}],
    ] as const)
      await expect(act(name, params)).rejects.toMatchObject({ code: 'INVALID_PARAM' })
  })
})
