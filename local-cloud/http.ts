import type { IncomingMessage, ServerResponse } from 'node:http'
import { CloudError } from './cloud-error'

/**
 * How many bytes beyond a limit are still read and dropped. Most clients read the answer only after they have sent
 * everything.
 */
const drained = 4 * 1024 * 1024

/**
 * Reads a request's body.
 * @param limit bytes
 * @throws CloudError `tooLarge` if the body is longer. Up to 4 MB more are drained, so that the client can read the
 * error.
 */
export function readBody(req: IncomingMessage, limit: number, tooLarge: () => CloudError): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    if (Number(req.headers['content-length'] ?? 0) > limit + drained) {
      reject(tooLarge())
      return
    }
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else chunks.length = 0
      if (size > limit + drained) reject(tooLarge())
    })
    req.on('end', () => {
      if (size > limit) reject(tooLarge())
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    req.on('error', reject)
    req.on('aborted', () => reject(new CloudError('INVALID_PARAM', 'the request was cut off')))
  })
}

export const jsonType = 'application/json; charset=utf-8'

/** Sends JSON text. */
export function sendJson(
  res: ServerResponse,
  status: number,
  text: string,
  headers?: Record<string, string>,
): void {
  if (res.destroyed) return
  res.writeHead(status, { 'content-type': jsonType, 'content-length': Buffer.byteLength(text), ...headers })
  res.end(text)
}

/** Sends an error: as words to a browser that would show it, else as JSON. */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  described: ReturnType<typeof describeError>,
  headers: Record<string, string>,
): void {
  if (!/\btext\/html\b/.test(req.headers.accept ?? '')) {
    sendJson(res, status, JSON.stringify(described), headers)
    return
  }
  const words = `${status} ${described.code}: ${described.message}\n`
  sendJson(res, status, words, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
}

/** The error as the client sees it. An unexpected error is logged to stderr in full and sent without details. */
export function describeError(
  error: unknown,
  requestId: string,
): { code: string; message: string; requestId: string } {
  if (error instanceof CloudError) return { code: error.code, message: error.message, requestId }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`[local-cloud] ${requestId} ${text}\n`)
  return { code: 'SYS_ERR', message: 'internal error of the local cloud', requestId }
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
