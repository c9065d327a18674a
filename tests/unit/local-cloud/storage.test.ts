import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { createStorage } from '../../../local-cloud/storage'

const million = Buffer.alloc(1024 * 1024)

/** Uploads a file of so many bytes to an empty storage: the answer's status, the file's size, and what is left on disk. */
async function upload(bytes: number): Promise<{ status: number; size: number | undefined; left: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'storage-'))
  try {
    const storage = createStorage({
      ...{ folder, envId: 'local', key: Buffer.alloc(32, 1), url: () => '', now: () => 0 },
      isPublic: () => true,
    })
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
