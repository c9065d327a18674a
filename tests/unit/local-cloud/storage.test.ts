import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
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
