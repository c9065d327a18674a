import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { CloudError } from './cloud-error'
import { contentTypeOf } from './content-type'

/** Static hosting: the files of one folder. */
export interface Hosting {
  /**
   * Answers GET and HEAD.
   * @param path as sent, still percent-encoded
   * @throws CloudError NOT_FOUND, also for every path that is not a plain path inside the folder
   */
  serve(req: IncomingMessage, res: ServerResponse, path: string): Promise<void>
}

interface Stored {
  /** Changes when the file changes. */
  version: string
  bytes: Buffer
  /** Compressed, if that makes it smaller. */
  zipped: Buffer | null
  hash: string
}

/** Bytes of files cached in memory between requests. */
const cacheLimit = 64 * 1024 * 1024

const compress = promisify(gzip)

/** @param folder null for a cloud without static files */
export function createHosting(folder: string | null): Hosting {
  const cached = new Map<string, Stored>()
  let cachedBytes = 0

  async function read(file: string): Promise<Stored> {
    const { mtimeMs, size, ino } = await stat(file)
    const version = `${mtimeMs}/${size}/${ino}`
    const known = cached.get(file)
    if (known?.version === version) return known
    const bytes = await readFile(file)
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    const smaller = isText(file) ? await compress(bytes) : null
    const zipped = smaller && smaller.length < bytes.length ? smaller : null
    const stored = { version, bytes, zipped, hash }
    if (cachedBytes > cacheLimit) {
      cached.clear()
      cachedBytes = 0
    }
    cached.set(file, stored)
    cachedBytes += bytes.length + (zipped?.length ?? 0)
    return stored
  }

  return {
    async serve(req, res, path) {
      req.resume()
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        res.setHeader('allow', 'GET, HEAD')
        throw new CloudError('METHOD_NOT_ALLOWED', 'static files take GET and HEAD')
      }
      const file = folder === null ? null : await find(folder, path)
      if (file === null) throw new CloudError('NOT_FOUND', 'there is no such file')
      const stored = await read(file)
      const zipped = stored.zipped && acceptsGzip(req) ? stored.zipped : null
      const bytes = zipped ?? stored.bytes
      // Each encoding is a representation of its own, so each needs its own strong tag.
      const etag = zipped ? `"${stored.hash}-gzip"` : `"${stored.hash}"`
      const headers = {
        'cache-control': isHashed(file) ? 'max-age=31536000, immutable' : 'no-cache',
        etag,
        ...(stored.zipped ? { vary: 'accept-encoding' } : {}),
        'x-content-type-options': 'nosniff',
      }
      if (matches(req.headers['if-none-match'], etag)) {
        res.writeHead(304, headers)
        res.end()
        return
      }
      res.writeHead(200, {
        ...headers,
        'content-type': contentTypeOf(file),
        'content-length': bytes.length,
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      })
      res.end(req.method === 'HEAD' ? undefined : bytes)
    },
  }
}

/** The file for a path, or null. Never a file outside the folder, not even through a symbolic link. */
async function find(folder: string, path: string): Promise<string | null> {
  let segments: string[]
  try {
    segments = path.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return null
  }
  // Hidden files are not part of a site, and `.` and `..` are not file names.
  if (!segments.every(segment => /^[^.\\/\0][^\\/\0]{0,254}$/.test(segment))) return null
  try {
    const root = await realpath(resolve(folder))
    const file = await realpath(join(root, ...segments))
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') return null
    throw error
  }
}

/**
 * Names that builds derive from the content: `app.1a2b3c4d.js`, `app-7XK2QMTA.css`. A date does not count as a hash.
 */
function isHashed(file: string): boolean {
  return /[.-]((?=\d*[a-f])[0-9a-f]{8,}|[A-Z2-7]{8})\.\w+$/.test(file)
}

function isText(file: string): boolean {
  return /^text\/|charset=|svg\+xml/.test(contentTypeOf(file))
}

function acceptsGzip(req: IncomingMessage): boolean {
  const accepted = String(req.headers['accept-encoding'] ?? '')
  return /(^|[\s,])gzip\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))/i.test(accepted)
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2). */
function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false
  return given.trim() === '*' || given.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
