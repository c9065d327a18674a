import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import type { ClientRoute } from './client-data'
import { clientOf, crossOrigin, parseJson } from './client-request'
import { CloudError } from './cloud-error'
import { requestLimit } from './function-call'
import { describeError, readBody, sendJson, sleep } from './http'
import { type Client, type ClientKind, type Identity, publicName } from './identity'
import type { Rules } from './rules'
import type { Weather } from './weather'
import type { Workers } from './workers'

export interface WebApiOptions {
  identity: Identity
  rules: Rules
  workers: Workers
  /** More routes that take and give JSON, by path. */
  dataRoutes: ReadonlyMap<string, ClientRoute>
  weather: Weather
  /** Whom signing in may make; the first one where the client says nothing. */
  signsIn: readonly [ClientKind, ...ClientKind[]]
  /** 未登录访问: whether guests may call at all. */
  guestsAllowed: () => boolean
  nextRequestId: () => string
}

const statusOf: Record<string, number> = {
  INVALID_PARAM: 400,
  INVALID_PATH: 400,
  UNAUTHENTICATED: 401,
  UNAUTHENTICATED_ACCESS_DENIED: 401,
  PERMISSION_DENIED: 403,
  DATABASE_PERMISSION_DENIED: 403,
  STORAGE_EXCEED_AUTHORITY: 403,
  CONFLICT: 409,
  FUNCTION_NOT_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EXCEED_MAX_PAYLOAD_SIZE: 413,
  URI_TOO_LONG: 414,
  EXCEED_CONCURRENT_REQUEST_LIMIT: 429,
  INVALID_RESPONSE: 502,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 504,
}

/** HTTP status of an error's code. */
export function httpStatus(code: string): number {
  return Object.hasOwn(statusOf, code) ? (statusOf[code] ?? 500) : 500
}

/** 30 days in seconds: what a client may count on. A token of this cloud in fact stays good as long as its data. */
const tokenLife = 30 * 24 * 3600

/** Bytes of a client's direct request to database or storage. */
const dataLimit = 1024 * 1024

/**
 * The routes a client uses, as CloudBase's web API has them: sign in anonymously, invoke a function, and with
 * `dataRoutes` database and storage.
 * Returns false if the route is another's.
 */
export function createWebApi(options: WebApiOptions) {
  const { identity, rules, workers, dataRoutes, weather, signsIn, guestsAllowed, nextRequestId } = options

  function admitted(req: IncomingMessage): Client {
    const client = clientOf(req, identity)
    if (client.kind === 'guest' && !guestsAllowed()) {
      throw new CloudError('UNAUTHENTICATED_ACCESS_DENIED', '-501023 unauthenticated access is switched off')
    }
    return client
  }

  async function handleData(req: IncomingMessage, res: ServerResponse, route: ClientRoute): Promise<void> {
    const requestId = nextRequestId()
    try {
      const client = admitted(req)
      const body = await readBody(
        req,
        dataLimit,
        () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'request too large'),
      )
      const reply = await route(client, parseJson(body.toString(), 'the request'), req)
      sendJson(res, 200, JSON.stringify(reply), crossOrigin(req))
    } catch (error) {
      const described = describeError(error, requestId)
      sendJson(res, httpStatus(described.code), JSON.stringify(described), crossOrigin(req))
    }
  }

  async function invoke(
    req: IncomingMessage,
    requestId: string,
    functionName: string,
    twice: boolean,
  ): Promise<string> {
    const client = admitted(req)
    const body = await readBody(
      req,
      requestLimit,
      () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'function request exceeds the limit of 100 KB'),
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

  const SignInKind = v.picklist(signsIn)

  function signIn(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): void {
    const kind = v.safeParse(SignInKind, query.get('as') ?? signsIn[0])
    if (!kind.success) throw new CloudError('INVALID_PARAM', `as must be ${signsIn.join(' or ')}`)
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
        sub: publicName(client),
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
    const dataRoute = dataRoutes.get(path)
    if (!isInvoke && !isSignIn && !dataRoute) return false
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
    return dataRoute ? handleData(req, res, dataRoute) : handleInvoke(req, res, functionNameIn(path))
  }
}

/** An event is a JSON object, or nothing, which is an empty one. */
function parseEvent(body: Buffer): string {
  const text = body.toString()
  if (text.trim() === '') return '{}'
  const event = parseJson(text, 'the event')
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
