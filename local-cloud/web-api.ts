import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { FunctionRules } from './function-rules'
import { describeError, readBody, sendJson, sleep } from './http'
import type { Client, Identity } from './identity'
import type { Weather } from './weather'
import { requestLimit, type Workers } from './workers'

export interface WebApiOptions {
  identity: Identity
  rules: FunctionRules
  workers: Workers
  weather: Weather
  /** 未登录访问: whether guests may call at all. */
  guestsAllowed: () => boolean
  nextRequestId: () => string
}

const statusOf: Record<string, number> = {
  INVALID_PARAM: 400,
  UNAUTHENTICATED: 401,
  UNAUTHENTICATED_ACCESS_DENIED: 401,
  PERMISSION_DENIED: 403,
  FUNCTION_NOT_FOUND: 404,
  NOT_FOUND: 404,
  EXCEED_MAX_PAYLOAD_SIZE: 413,
  EXCEED_CONCURRENT_REQUEST_LIMIT: 429,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 504,
}

/** HTTP status of an error's code. */
export function httpStatus(code: string): number {
  return statusOf[code] ?? 500
}

/** 30 days in seconds: what a client may count on. A token of this cloud in fact stays good as long as its data. */
const tokenLife = 30 * 24 * 3600

const SignInKind = v.picklist(['reader', 'visitor', 'guest'])

/**
 * The routes a client uses, as CloudBase's web API has them: sign in anonymously, invoke a function.
 * Returns false if the route is another's.
 */
export function createWebApi(options: WebApiOptions) {
  const { identity, rules, workers, weather, guestsAllowed, nextRequestId } = options

  function clientOf(req: IncomingMessage): Client {
    const [scheme, token] = (req.headers.authorization ?? '').split(' ')
    const client = scheme?.toLowerCase() === 'bearer' && token ? identity.clientOf(token) : undefined
    if (!client) {
      throw new CloudError(
        'UNAUTHENTICATED',
        'no bearer token of this cloud: sign in at /auth/v1/signin/anonymously',
      )
    }
    return client
  }

  async function invoke(
    req: IncomingMessage,
    requestId: string,
    functionName: string,
    twice: boolean,
  ): Promise<string> {
    const client = clientOf(req)
    if (client.kind === 'guest' && !guestsAllowed()) {
      throw new CloudError('UNAUTHENTICATED_ACCESS_DENIED', '-501023 unauthenticated access is switched off')
    }
    const body = await readBody(
      req,
      requestLimit,
      new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'function request exceeds the limit of 100 KB'),
    )
    const event = parseEvent(body)
    if (!rules.mayInvoke(functionName, client)) {
      throw new CloudError(
        'PERMISSION_DENIED',
        `[PERMISSION_DENIED] a client may not call the function ${functionName}`,
      )
    }
    const invocation = {
      functionName,
      event,
      context: { openid: client.openid, source: 'wx_client' },
      requestId,
    }
    const first = workers.invoke(invocation)
    if (twice) workers.invoke({ ...invocation, requestId: nextRequestId() }).catch(() => undefined)
    return first
  }

  function signIn(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): void {
    const kind = v.safeParse(SignInKind, query.get('as') ?? 'reader')
    if (!kind.success) throw new CloudError('INVALID_PARAM', 'as must be reader, visitor or guest')
    req.resume()
    const { token, client } = identity.signIn(kind.output)
    sendJson(
      res,
      200,
      JSON.stringify({
        token_type: 'Bearer',
        access_token: token,
        refresh_token: token,
        expires_in: tokenLife,
        scope: 'anonymous',
        sub: client.uid ?? '',
        groups: [],
      }),
      crossOrigin(req),
    )
  }

  async function handleInvoke(
    req: IncomingMessage,
    res: ServerResponse,
    functionName: string,
  ): Promise<void> {
    const requestId = nextRequestId()
    const luck = weather.of('calls')
    if (luck) {
      if (luck.delay > 0) await sleep(luck.delay)
      if (luck.droppedBefore) {
        res.destroy()
        return
      }
    }
    let status = 200
    let reply: string
    try {
      reply = await invoke(req, requestId, functionName, luck?.repeated ?? false)
    } catch (error) {
      const described = describeError(error, requestId)
      status = httpStatus(described.code)
      reply = JSON.stringify(described)
    }
    if (luck?.droppedAfter) {
      res.destroy()
      return
    }
    if (luck && luck.lateBy > 0) await sleep(luck.lateBy)
    sendJson(res, status, reply, { 'x-request-id': requestId, ...crossOrigin(req) })
  }

  return function handle(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> | void | false {
    const isInvoke = path.startsWith('/v1/functions/')
    const isSignIn = path === '/auth/v1/signin/anonymously'
    if (!isInvoke && !isSignIn) return false
    if (req.method === 'OPTIONS') {
      res.writeHead(204, {
        ...crossOrigin(req),
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers':
          req.headers['access-control-request-headers'] ?? 'authorization, content-type',
        'access-control-max-age': '600',
      })
      res.end()
      return
    }
    if (req.method !== 'POST') throw new CloudError('NOT_FOUND', `${path} takes POST`)
    if (isSignIn) {
      signIn(req, res, query)
      return
    }
    return handleInvoke(req, res, functionNameIn(path))
  }
}

/** Pages on this machine may call, whatever their port; the WeChat tool's simulator sends no page origin at all. */
function crossOrigin(req: IncomingMessage): Record<string, string> {
  const { origin } = req.headers
  if (!origin || !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    'access-control-expose-headers': 'x-request-id',
  }
}

/** An event is a JSON object, or nothing, which is an empty one. */
function parseEvent(body: Buffer): string {
  const text = body.toString()
  if (text.trim() === '') return '{}'
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch (error) {
    throw new CloudError(
      'INVALID_PARAM',
      `the event is not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new CloudError('INVALID_PARAM', 'the event must be a JSON object')
  }
  return text
}

function functionNameIn(path: string): string {
  const encoded = path.slice('/v1/functions/'.length)
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
