import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import { contentTypeOf } from './content-type'

/** Metadata of a stored file. */
const StoredFile = v.object({
  path: v.string(),
  size: v.number(),
  /** OPENID or uid of the client who uploaded the file; null for a function. */
  owner: v.nullable(v.string()),
  /** Cloud time, ms. */
  uploadedAt: v.number(),
})
export type StoredFile = v.InferOutput<typeof StoredFile>

export interface StorageOptions {
  folder: string
  envId: string
  /** Signs upload permits and temporary addresses. */
  key: Buffer
  url: () => string
  now: () => number
  isPublic: (file: StoredFile) => boolean
}

export interface Storage {
  fileId(path: string): string
  /**
   * The path in a `cloud://` id of this environment. @throws CloudError for an id of another environment, or an invalid
   * id
   */
  pathOf(fileId: string): string
  find(path: string): StoredFile | null
  /**
   * An address for a PUT of the bytes, valid for 15 minutes. A client's permit (`uploader` is not null) is valid only
   * while the path has the same owner, or no file, as when the rules were checked.
   * @throws CloudError for an invalid path
   */
  permitUpload(
    path: string,
    uploader: { uid: string | null } | null,
  ): { url: string; authorization: string; fileId: string }
  /** An address for a GET. Signed and valid for `maxAge` seconds, unless everybody may read the file. */
  address(file: StoredFile, maxAge: number): string
  /** Where the bytes of a file are on this machine. @throws CloudError STORAGE_FILE_NONEXIST */
  locate(path: string): string
  remove(path: string): boolean
  reset(): void
  /** Serves PUT and GET under /storage/. Returns false for other paths. */
  handle(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> | undefined | false
}

/** Maximum size of one file in bytes: larger than any picture, and small enough for a laptop. */
const fileLimit = 100 * 1024 * 1024
/** A function's permit replaces any existing file. */
const anything = 'anything'
const uploadPermitLife = 15 * 60 * 1000
export const defaultMaxAge = 24 * 3600

/**
 * File storage. The file name on disk is the hash of the cloud path, so that no path can lead out of the folder, and
 * `a` and `a/b` may both exist, as in the real cloud.
 */
export function createStorage(options: StorageOptions): Storage {
  const { folder, envId, key, now } = options
  const host = `${envId}.6c6f-${envId}-1250000000`
  mkdirSync(folder, { recursive: true })

  const place = (path: string) => join(folder, createHash('sha256').update(path).digest('hex'))
  const sign = (...parts: (string | number | null)[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')

  function find(path: string): StoredFile | null {
    const about = `${place(path)}.json`
    let text: string
    try {
      text = readFileSync(about, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    try {
      return v.parse(StoredFile, JSON.parse(text))
    } catch (error) {
      // Not as if there were no file: then anybody could take it over.
      throw new Error(
        `${about}, which describes the stored file ${path}, is damaged: ${error}. Delete it to go on without.`,
      )
    }
  }

  /** The owner of the file at a path, in the form that a permit stores. */
  function stateOf(path: string): string {
    const file = find(path)
    return file ? JSON.stringify([file.owner]) : 'nothing'
  }

  async function receive(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const permit = String(req.headers.authorization ?? '')
    const [expires, owner, replaces, signature] = permit
      .split('.')
      .map(part => Buffer.from(part, 'base64url').toString())
    const known =
      expires !== undefined &&
      owner !== undefined &&
      replaces !== undefined &&
      signature !== undefined &&
      same(signature, sign('put', path, expires, owner, replaces)) &&
      Number(expires) >= now() &&
      (replaces === anything || replaces === stateOf(path))
    if (!known) {
      req.resume()
      sendXml(
        res,
        403,
        'SignatureDoesNotMatch',
        'the upload permit is not of this cloud, not for this path, or too old',
      )
      return
    }
    const target = place(path)
    const fresh = `${target}.${process.pid}.${Date.now().toString(36)}.part`
    let size = 0
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length
        if (size > fileLimit) done(new CloudError('STORAGE_REQUEST_FAIL', 'too large'))
        else done(null, chunk)
      },
    })
    try {
      await pipeline(req, counted, createWriteStream(fresh))
    } catch (error) {
      rmSync(fresh, { force: true })
      if (isRefusalOfDisk(error)) {
        sendXml(res, 503, 'ServiceUnavailable', 'there is no room for it on this disk')
        return
      }
      // The client has disconnected.
      if (!(error instanceof CloudError) && req.errored) return
      if (!(error instanceof CloudError)) throw error
      sendXml(res, 400, 'EntityTooLarge', `a file may have ${fileLimit / 1024 / 1024} MB here`)
      return
    }
    const about: StoredFile = { path, size, owner: owner === '' ? null : owner, uploadedAt: now() }
    try {
      // First everything that needs disk space: the bytes must not change while the old metadata still describes them.
      writeFileSync(`${fresh}.json`, JSON.stringify(about))
      renameSync(fresh, target)
      renameSync(`${fresh}.json`, `${target}.json`)
    } catch (error) {
      for (const left of [fresh, `${fresh}.json`]) rmSync(left, { force: true })
      if (!isRefusalOfDisk(error)) throw error
      sendXml(res, 503, 'ServiceUnavailable', 'there is no room for it on this disk')
      return
    }
    res.writeHead(200, { 'content-length': 0, etag: etagOf(about), ...anyOrigin })
    res.end()
  }

  function send(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): void {
    const file = find(path)
    if (!file) {
      sendXml(res, 404, 'NoSuchKey', 'The specified key does not exist.')
      return
    }
    const expires = query.get('t')
    const signature = query.get('sign')
    const signed =
      expires !== null &&
      signature !== null &&
      same(signature, sign('get', path, expires)) &&
      Number(expires) >= now()
    if (!signed && !options.isPublic(file)) {
      sendXml(res, 403, 'AccessDenied', 'the address is not signed, or its time is over')
      return
    }
    const headers = {
      'content-type': contentTypeOf(path),
      'content-length': file.size,
      etag: etagOf(file),
      'cache-control': 'max-age=600',
      'x-content-type-options': 'nosniff',
      // The real storage has a domain of its own, so scripts in an uploaded page do not run on our domain. `sandbox`
      // has the same effect.
      'content-security-policy': "sandbox; frame-ancestors 'self'",
      ...anyOrigin,
    }
    if (req.headers['if-none-match'] === headers.etag) {
      res.writeHead(304, headers)
      res.end()
      return
    }
    res.writeHead(200, headers)
    if (req.method === 'HEAD') res.end()
    else
      createReadStream(place(path))
        .once('error', () => res.destroy())
        .pipe(res)
  }

  return {
    fileId: path => `cloud://${host}/${path}`,
    pathOf(fileId) {
      const match = /^cloud:\/\/([^/]+)\/(.+)$/.exec(fileId)
      if (!match?.[1] || !match[2]) {
        throw new CloudError('STORAGE_FILE_NONEXIST', `${JSON.stringify(fileId)} is no cloud:// file id`)
      }
      if (match[1] !== host && match[1] !== envId) {
        throw new CloudError(
          'STORAGE_FILE_NONEXIST',
          `${fileId} belongs to another environment than ${envId}`,
        )
      }
      return match[2]
    },
    find,
    permitUpload(path, uploader) {
      checkPath(path)
      const expires = String(now() + uploadPermitLife)
      const name = uploader?.uid ?? ''
      const replaces = uploader ? stateOf(path) : anything
      const parts = [expires, name, replaces, sign('put', path, expires, name, replaces)]
      return {
        url: `${options.url()}/storage/${encodeURI(path)}`,
        authorization: parts.map(part => Buffer.from(part).toString('base64url')).join('.'),
        fileId: this.fileId(path),
      }
    },
    address(file, maxAge) {
      // Not encoded: the SDK encodes the address itself before it downloads.
      const plain = `${options.url()}/storage/${file.path}`
      if (options.isPublic(file)) return plain
      const expires = String(now() + maxAge * 1000)
      return `${plain}?sign=${sign('get', file.path, expires)}&t=${expires}`
    },
    locate(path) {
      if (!find(path)) throw new CloudError('STORAGE_FILE_NONEXIST', `there is no file ${path}`)
      return place(path)
    },
    remove(path) {
      if (!find(path)) return false
      // Deletes the metadata first: bytes without metadata do not count as a file.
      rmSync(`${place(path)}.json`)
      rmSync(place(path), { force: true })
      return true
    },
    reset() {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
    },
    handle(req, res, encoded, query) {
      if (!encoded.startsWith('/storage/')) return false
      let path: string
      try {
        path = decodeURIComponent(encoded.slice('/storage/'.length))
        checkPath(path)
      } catch {
        req.resume()
        sendXml(res, 400, 'InvalidURI', 'not a cloud path')
        return
      }
      if (req.method === 'OPTIONS') {
        res.writeHead(204, {
          ...anyOrigin,
          'access-control-allow-methods': 'GET, HEAD, PUT',
          'access-control-allow-headers': req.headers['access-control-request-headers'] ?? '*',
        })
        res.end()
        return
      }
      if (req.method === 'PUT') return receive(req, res, path)
      if (req.method === 'GET' || req.method === 'HEAD') {
        send(req, res, path, query)
        return
      }
      sendXml(res, 405, 'MethodNotAllowed', 'PUT, GET and HEAD only')
    },
  }
}

/** Canvas and fetch need this header to read a picture. Rules and signatures decide who may read the file. */
const anyOrigin = { 'access-control-allow-origin': '*' }

/** The disk is full, over quota or a limit (ulimit), read-only, or fails. */
function isRefusalOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function etagOf(file: StoredFile): string {
  return `"${file.size.toString(36)}-${file.uploadedAt.toString(36)}"`
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** @throws CloudError unless the path is relative and consists of plain names */
function checkPath(path: string): void {
  const segments = path.split('/')
  const plain =
    path.length <= 850 &&
    segments.every(segment => segment !== '' && segment !== '.' && segment !== '..') &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    !/[\u0000-\u001f\u007f\\?#%]/.test(path)
  if (!plain) throw new CloudError('STORAGE_REQUEST_FAIL', `${JSON.stringify(path)} is not a cloud path`)
}

/** Errors of the object store are XML, and the SDK reads all four fields. */
function sendXml(res: ServerResponse, status: number, code: string, message: string): void {
  const text =
    `<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>${code}</Code><Message>${message}</Message>` +
    '<Resource>/</Resource><RequestId>local</RequestId><TraceId>local</TraceId></Error>'
  res.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(text),
    ...anyOrigin,
  })
  res.end(text)
}
