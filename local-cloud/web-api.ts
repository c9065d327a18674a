import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AuthRoute, clientAuthRoutes } from './client-auth'
import type { ClientRoute } from './client-data'
import { documentsRequest, isDatabasePath } from './client-documents'
import { clientOf, clientOfToken, crossOrigin, parseJson } from './client-request'
import { CloudError } from './cloud-error'
import { requestLimit } from './function-call'
import { describeError, readBody, sendJson } from './http'
import type { Client, ClientKind, Identity } from './identity'
import { isJsonObject } from './json-object'
import type { Rules } from './rules'
import type { Weather } from './weather'
import type { Workers } from './workers'

export interface WebApiOptions {
  identity: Identity
  rules: Rules
  workers: Workers
  /** More routes with JSON requests and replies, by path. */
  dataRoutes: ReadonlyMap<string, ClientRoute>
  /** Runs a database request of the SDK's protocol under the security rules. */
  askDatabase: (client: Client, body: unknown) => Promise<Record<string, unknown>>
  weather: Weather
  /** The kinds of clients that signing in may create. The first is the default. */
  signsIn: readonly [ClientKind, ...ClientKind[]]
  /** 未登录访问: whether guests may call functions at all. */
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
  DATABASE_REQUEST_FAILED: 400,
  DATABASE_COLLECTION_NOT_EXIST: 404,
  STORAGE_FILE_NONEXIST: 404,
  STORAGE_REQUEST_FAIL: 400,
  METHOD_NOT_ALLOWED: 405,
  EXCEED_MAX_PAYLOAD_SIZE: 413,
  URI_TOO_LONG: 414,
  EXCEED_CONCURRENT_REQUEST_LIMIT: 429,
  INVALID_RESPONSE: 502,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 504,
}

/** HTTP status of an error code. */
export function httpStatus(code: string): number {
  return Object.hasOwn(statusOf, code) ? (statusOf[code] ?? 500) : 500
}

/** Maximum size in bytes of a client's direct request to database or storage. */
const dataLimit = 1024 * 1024

/**
 * The routes that clients use, as in CloudBase's web API: login, functions, database and, with `dataRoutes`, storage.
 * Returns false for other routes.
 */
export function createWebApi(options: WebApiOptions) {
  const { identity, rules, workers, dataRoutes, askDatabase, weather, guestsAllowed, nextRequestId } = options
  const authRoutes = clientAuthRoutes(identity, options.signsIn)

  function admitted(req: IncomingMessage): Client {
    return requireAllowed(clientOf(req, identity))
  }

  function requireAllowed(client: Client): Client {
    if (client.kind === 'guest' && !guestsAllowed()) {
      throw new CloudError('UNAUTHENTICATED_ACCESS_DENIED', '-501023 unauthenticated access is switched off')
    }
    return client
  }

  const textOf = async (req: IncomingMessage): Promise<string> => {
    const tooLarge = () => new CloudError('EXCEED_MAX_PAYLOAD_SIZE', 'request too large')
    return (await readBody(req, dataLimit, tooLarge)).toString()
  }

  async function answerJson(
    req: IncomingMessage,
    res: ServerResponse,
    answer: () => Promise<unknown>,
    statusOfError: (code: string) => number = httpStatus,
  ): Promise<void> {
    const requestId = nextRequestId()
    try {
      sendJson(res, 200, JSON.stringify(await answer()), crossOrigin(req))
    } catch (error) {
      const described = describeError(error, requestId)
      sendJson(res, statusOfError(described.code), JSON.stringify(described), crossOrigin(req))
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

  const handleAuth = (req: IncomingMessage, res: ServerResponse, route: AuthRoute, query: URLSearchParams) =>
    answerJson(req, res, async () => route.answer(req, query, await textOf(req)))

  const handleData = (req: IncomingMessage, res: ServerResponse, route: ClientRoute) =>
    answerJson(req, res, async () => {
      const client = admitted(req)
      return route(client, parseJson(await textOf(req), 'the request'), req)
    })

  /**
   * `POST /web`, the protocol of older SDKs, of which the database is offered. They put the token into the body, and
   * take every status but 200 for a broken network.
   */
  const handleActions = (req: IncomingMessage, res: ServerResponse) =>
    answerJson(
      req,
      res,
      async () => {
        const body = parseJson(await textOf(req), 'the request')
        const token = isJsonObject(body) ? body.access_token : undefined
        const client =
          req.headers.authorization === undefined ? clientOfToken(token, identity) : clientOf(req, identity)
        return askDatabase(requireAllowed(client), body)
      },
      () => 200,
    )

  const handleDocuments = (req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams) =>
    answerJson(req, res, async () => {
      const client = admitted(req)
      const text = await textOf(req)
      const json = () => parseJson(text, 'the request')
      const { body, reply } = documentsRequest(req.method ?? '', path, query, json)
      return reply(await askDatabase(client, body))
    })

  async function handleInvoke(
    req: IncomingMessage,
    res: ServerResponse,
    functionName: string,
  ): Promise<void> {
    const requestId = nextRequestId()
    const answer = await weather.pass('calls', res, async twice => {
      try {
        return { status: 200, reply: await invoke(req, requestId, functionName, twice) }
      } catch (error) {
        const described = describeError(error, requestId)
        return { status: httpStatus(described.code), reply: JSON.stringify(described) }
      }
    })
    if (answer) sendJson(res, answer.status, answer.reply, { 'x-request-id': requestId, ...crossOrigin(req) })
  }

  return function handle(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> | void | false {
    // All of /auth/ and /v1/ belongs to the API. Unsupported routes must be refused here; otherwise the site would
    // answer with a page.
    const isOurs = path === '/web' || path.startsWith('/auth/') || path.startsWith('/v1/')
    if (!isOurs) return false
    if (req.method === 'OPTIONS') {
      res.writeHead(204, {
        ...crossOrigin(req),
        'access-control-allow-methods': 'GET, POST, PATCH, OPTIONS',
        'access-control-allow-headers':
          req.headers['access-control-request-headers'] ?? 'authorization, content-type',
        'access-control-max-age': '600',
      })
      res.end()
      return
    }
    if (path === '/web') {
      if (req.method !== 'POST') throw new CloudError('NOT_FOUND', '/web takes POST')
      return handleActions(req, res)
    }
    if (isDatabasePath(path)) return handleDocuments(req, res, path, query)
    const authRoute = authRoutes.get(path)
    const dataRoute = dataRoutes.get(path)
    const isInvoke = path.startsWith('/v1/functions/')
    if (!authRoute && !dataRoute && !isInvoke) {
      throw new CloudError('NOT_FOUND', `the local cloud does not offer ${path}`)
    }
    const method = authRoute?.method ?? 'POST'
    if (req.method !== method) throw new CloudError('NOT_FOUND', `${path} takes ${method}`)
    if (authRoute) return handleAuth(req, res, authRoute, query)
    return dataRoute ? handleData(req, res, dataRoute) : handleInvoke(req, res, functionNameIn(path))
  }
}

/** An event is a JSON object. Without a body it is an empty object. */
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
