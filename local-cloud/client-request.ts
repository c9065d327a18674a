import type { IncomingMessage } from 'node:http'
import { CloudError } from './cloud-error'
import type { Client, Identity } from './identity'

/**
 * The client that sent a request. Only the bearer token identifies it; nothing else in the request counts.
 * @throws CloudError UNAUTHENTICATED
 */
export function clientOf(req: IncomingMessage, identity: Identity): Client {
  const [scheme, token] = (req.headers.authorization ?? '').split(' ')
  return clientOfToken(scheme?.toLowerCase() === 'bearer' ? token : undefined, identity)
}

/** @throws CloudError UNAUTHENTICATED */
export function clientOfToken(token: unknown, identity: Identity): Client {
  const client = typeof token === 'string' && token !== '' ? identity.clientOf(token) : undefined
  if (!client) {
    throw new CloudError(
      'UNAUTHENTICATED',
      'no bearer token of this cloud: sign in at /auth/v1/signin/anonymously',
    )
  }
  return client
}

/** Pages on this machine may call from any port. The simulator of the WeChat tool sends no page origin at all. */
export function crossOrigin(req: IncomingMessage): Record<string, string> {
  const { origin } = req.headers
  if (!origin || !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    'access-control-expose-headers': 'x-request-id',
  }
}

/** @throws CloudError INVALID_PARAM with the parser's message, which contains the position */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CloudError(
      'INVALID_PARAM',
      `${what} is not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
}
