import { type CloudProcess, type Reader, startCloudProcess } from '../../support/local-cloud'

let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  cloud = await startCloudProcess()
  reader = await cloud.signIn()
})
afterAll(() => cloud?.stop())

interface Answer<Value> {
  ok?: Value
  errCode?: number
  message?: string
}
interface FileStatus {
  fileID: string
  status: number
  tempFileURL: string
}

const files = <Value>(action: string, input: object) =>
  cloud.call<Answer<Value>>(reader, 'files', { action, ...input })

async function upload(path: string, text: string): Promise<string> {
  const { ok, message } = await files<string>('upload', { path, text })
  if (ok === undefined) throw new Error(message)
  return ok
}

/** A request of a client to one of the storage routes. */
async function ask<Reply>(client: Reader, route: string, body: unknown): Promise<Reply> {
  const response = await fetch(`${cloud.url}/v1/storages/${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}` },
    body: JSON.stringify(body),
  })
  return JSON.parse(await response.text())
}

describe('files of functions', () => {
  test('an uploaded file gets a cloud:// id of this environment and comes back byte for byte', async () => {
    const id = await upload('covers/月亮 1.txt', 'a full moon')
    expect(id).toMatch(/^cloud:\/\/local\.[\w-]+\/covers\/月亮 1\.txt$/)
    expect(await files('download', { id })).toEqual({ ok: 'a full moon' })
  })

  test('a second upload replaces the file, and a path may continue below the name of a file', async () => {
    const id = await upload('same', 'first')
    expect(await upload('same', 'second')).toBe(id)
    const below = await upload('same/below', 'other')
    expect(await files('download', { id })).toEqual({ ok: 'second' })
    expect(await files('download', { id: below })).toEqual({ ok: 'other' })
  })

  test('a temporary address serves the file with its type and size', async () => {
    const id = await upload('notes/a.json', '{"a":1}')
    const { ok } = await files<FileStatus[]>('urls', { ids: [id] })
    const address = ok?.[0]?.tempFileURL ?? ''
    const got = await fetch(address)
    expect(got.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await got.text()).toBe('{"a":1}')
    // What a browser asks for a file that it has kept.
    const known = { 'if-none-match': got.headers.get('etag') ?? '' }
    expect((await fetch(address, { headers: known })).status).toBe(304)
    const head = await fetch(address, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('7')
  })

  test('each file of a list has its own status: a missing file does not affect the others', async () => {
    const id = await upload('here', 'x')
    const missing = id.replace(/here$/, 'gone')
    const foreign = 'cloud://other.6f/here'
    const { ok } = await files<FileStatus[]>('urls', { ids: [id, missing, foreign] })
    expect(ok?.map(({ status }) => status)).toEqual([0, -503003, -503003])
    const removed = await files<FileStatus[]>('remove', { ids: [id, missing] })
    expect(removed.ok?.map(({ status }) => status)).toEqual([0, -503003])
    expect((await files<FileStatus[]>('urls', { ids: [id] })).ok?.[0]?.status).toBe(-503003)
  })

  test('an invalid id is reported as a file that does not exist', async () => {
    const ids = ['moon.jpg', 'https://pictures.example/moon.jpg', 'cloud://']
    expect((await files<FileStatus[]>('urls', { ids })).ok?.map(({ status }) => status)).toEqual(
      ids.map(() => -503003),
    )
    Object.assign(process.env, cloud.adminEnv)
    const { init } = require('@cloudbase/node-sdk') as {
      init(options: object): { downloadFile(options: object): Promise<unknown> }
    }
    const app = init({ env: cloud.adminEnv.TCB_ENV })
    for (const fileID of ids) {
      await expect(app.downloadFile({ fileID })).rejects.toMatchObject({ code: 'STORAGE_FILE_NONEXIST' })
    }
  })

  test('a path out of the folder is refused', async () => {
    for (const path of [
      '../outside',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      'a\\b',
      'a\0b',
      '.',
      'x'.repeat(900),
    ]) {
      expect((await files('upload', { path, text: 'x' })).errCode).toBeDefined()
    }
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2e%2e/x', '%00', '%']) {
      expect((await fetch(`${cloud.url}/storage/${path}`)).ok).toBe(false)
    }
  })

  test('an upload without a permit, or with a permit for another path, is refused', async () => {
    const put = (path: string, authorization: string) =>
      fetch(`${cloud.url}/storage/${path}`, { method: 'PUT', headers: { authorization }, body: 'x' })
    expect((await put('free', '')).status).toBe(403)
    const [permit] = await ask<{ authorization: string }[]>(reader, 'get-objects-upload-info', [
      { objectId: 'mine' },
    ])
    expect((await put('other', permit?.authorization ?? '')).status).toBe(403)
    expect((await put('mine', permit?.authorization ?? '')).status).toBe(200)
  })
})

describe('files of clients under the rules', () => {
  let ruled: CloudProcess

  beforeAll(async () => {
    ruled = await startCloudProcess({ rulesFolder: `${__dirname}/../../support/private-rules` })
  })
  afterAll(() => ruled?.stop())

  const request = async (client: Reader, route: string, body: unknown) => {
    const response = await fetch(`${ruled.url}/v1/storages/${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}` },
      body: JSON.stringify(body),
    })
    return JSON.parse(await response.text())[0] as Record<string, string>
  }

  test('a file that only its owner may read is closed to others, and its address expires', async () => {
    const [owner, other, guest] = [await ruled.signIn(), await ruled.signIn(), await ruled.guest()]
    const permit = await request(owner, 'get-objects-upload-info', [{ objectId: 'diary' }])
    await fetch(permit.uploadUrl ?? '', {
      method: 'PUT',
      headers: { authorization: permit.authorization ?? '' },
      body: 'secret',
    })
    const id = [{ cloudObjectId: permit.cloudObjectId, maxAge: 60 }]
    const { downloadUrl = '' } = await request(owner, 'get-objects-download-info', id)
    expect(await (await fetch(downloadUrl)).text()).toBe('secret')
    expect((await fetch(downloadUrl.replace(/\?.*/, ''))).status).toBe(403)
    for (const client of [other, guest]) {
      expect(await request(client, 'get-objects-download-info', id)).toMatchObject({
        code: 'STORAGE_EXCEED_AUTHORITY',
      })
      expect(await request(client, 'delete-objects', id)).toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY' })
      expect(await request(client, 'get-objects-upload-info', [{ objectId: 'diary' }])).toMatchObject({
        code: 'STORAGE_EXCEED_AUTHORITY',
      })
    }
    const unused = await request(owner, 'get-objects-upload-info', [{ objectId: 'letter' }])
    await ruled.control('clock', { move: 61_000 })
    expect((await fetch(downloadUrl)).status).toBe(403)
    await ruled.control('clock', { move: 15 * 60_000 })
    const late = await fetch(unused.uploadUrl ?? '', {
      method: 'PUT',
      headers: { authorization: unused.authorization ?? '' },
      body: 'too late',
    })
    expect(late.status).toBe(403)
  })

  test('a function can ask what its calling reader may do with a file', async () => {
    const event = { action: 'upload', path: 'authority.txt', text: 'x' }
    const { result } = await ruled.control<{ result: { ok: string } }>('invoke', { name: 'files', event })
    const owner = await ruled.signIn()
    const permit = await request(owner, 'get-objects-upload-info', [{ objectId: 'mine.txt' }])
    await fetch(permit.uploadUrl ?? '', {
      method: 'PUT',
      headers: { authorization: permit.authorization ?? '' },
      body: 'x',
    })
    Object.assign(process.env, ruled.adminEnv, { WX_CONTEXT_KEYS: 'WX_OPENID', WX_OPENID: owner.openid })
    const { init } = require('@cloudbase/node-sdk') as {
      init(options: object): {
        getFileAuthority(
          options: object,
        ): Promise<{ data: { read?: boolean; write?: boolean; cosFileId: string }[] }>
      }
    }
    try {
      const { data } = await init({ env: ruled.adminEnv.TCB_ENV }).getFileAuthority({
        fileList: [
          { path: permit.cloudObjectId, type: 'READWRITE' },
          { path: 'mine.txt', type: 'READ' },
          { path: result.ok, type: 'READWRITE' },
        ],
      })
      expect(data.map(({ read, write }) => [read, write])).toEqual([
        [true, true],
        [true, undefined],
        [false, false],
      ])
      expect(data[0]?.cosFileId).toBeTruthy()
    } finally {
      delete process.env.WX_CONTEXT_KEYS
      delete process.env.WX_OPENID
    }
  })
})
