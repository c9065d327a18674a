import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { contentTypeOf } from './content-type'

/**
 * Serves the built web app: existing files, and index.html for every other path, because the router uses the browser's
 * history. Browsers may cache files with a hash in their name forever. They must revalidate all others.
 */
export function createSite(folder: string | null) {
  const root = folder === null ? null : resolve(folder)

  return function handle(req: IncomingMessage, res: ServerResponse, path: string): undefined | false {
    if (root === null || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    const file = find(root, path)
    if (file === null) return false
    const { size, mtimeMs } = statSync(file)
    const etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`
    const headers = {
      'content-type': contentTypeOf(file),
      'cache-control': /[.-][0-9a-f]{8,}\.\w+$/.test(file)
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      etag,
      'x-content-type-options': 'nosniff',
    }
    if (req.headers['if-none-match'] === etag) {
      res.writeHead(304, headers)
      res.end()
      return
    }
    res.writeHead(200, { ...headers, 'content-length': size })
    if (req.method === 'HEAD') res.end()
    // A new build may delete the file while it is being read.
    else
      createReadStream(file)
        .once('error', () => res.destroy())
        .pipe(res)
  }
}

/** The file to serve for a path, or null. Never a file outside the root. */
function find(root: string, path: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return null
  }
  if (decoded.includes('\0')) return null
  const wanted = join(root, decoded)
  if (wanted !== root && !wanted.startsWith(root + sep)) return null
  if (isFile(wanted)) return wanted
  // A missing picture or script is an error. Only the address of a page falls back to the app.
  if (extname(wanted) !== '' && extname(wanted) !== '.html') return null
  const index = join(root, 'index.html')
  return isFile(index) ? index : null
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    // The name is longer than the file system allows.
    return false
  }
}
