import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CloudError } from './cloud-error'
import { describeError, readBody, sendJson } from './http'
import { httpStatus } from './web-api'

/** A command of the control surface. It parses its own body and returns a JSON value. */
export type Command = (body: unknown) => Promise<unknown> | unknown

const bodyLimit = 256 * 1024 * 1024

/** `POST /local/<command>` for tests, benchmarks and the command line, guarded by the key made at start. */
export function createControl(
  key: string,
  commands: ReadonlyMap<string, Command>,
  nextRequestId: () => string,
) {
  return async function handle(req: IncomingMessage, res: ServerResponse, name: string): Promise<void> {
    const requestId = nextRequestId()
    try {
      // Checked before the body is read: a caller without the key must not make the cloud buffer anything.
      if (!sameKey(req.headers['x-local-key'], key)) {
        throw new CloudError('UNAUTHENTICATED', 'the control surface wants its key in x-local-key')
      }
      const body = await readBody(
        req,
        bodyLimit,
        () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'more than 256 MB'),
      )
      const command = commands.get(name)
      if (!command) {
        throw new CloudError(
          'NOT_FOUND',
          `no command ${name}; there are ${[...commands.keys()].sort().join(', ')}`,
        )
      }
      const result = await command(parse(body))
      sendJson(res, 200, JSON.stringify(result ?? null))
    } catch (error) {
      const described = isBadInput(error)
        ? { code: 'INVALID_PARAM', message: error.message, requestId }
        : describeError(error, requestId)
      sendJson(res, httpStatus(described.code), JSON.stringify(described))
    }
  }
}

function sameKey(given: string | string[] | undefined, key: string): boolean {
  const [a, b] = [Buffer.from(String(given ?? '')), Buffer.from(key)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function isBadInput(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ValiError'
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw new CloudError('INVALID_PARAM', `not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}
