/**
 * The part of CloudBase's web API that a reader needs: sign in anonymously, invoke a function (docs.cloudbase.net, HTTP
 * API). The real cloud and the local one differ only in base address and token.
 */

/** Sends one JSON request. Resolves with status and parsed body; rejects without network. */
export type Post = (
  url: string,
  headers: Record<string, string>,
  body: object,
) => Promise<{ status: number; body: unknown }>

export interface TokenStore {
  read(): string
  write(token: string): void
}

/** Thrown if a reply does not have the form that the web API documents. */
export class WebApiError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`web api answered ${status}`)
    this.status = status
  }
}

function tokenIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'access_token' in body) {
    if (typeof body.access_token === 'string') return body.access_token
  }
  throw new WebApiError(0)
}

export interface WebApi {
  invoke(functionName: string, event: object): Promise<unknown>
}

/**
 * `signInQuery` is appended to the sign-in address: `?as=guest` makes the local cloud sign in a reader without an
 * identity.
 */
export function createWebApi(options: {
  baseUrl: string
  signInQuery: string
  post: Post
  tokens: TokenStore
}): WebApi {
  const { baseUrl, signInQuery, post, tokens } = options
  let signingIn: Promise<string> | null = null

  const signIn = (): Promise<string> => {
    // Concurrent first calls share one sign-in. Otherwise one page would sign in as several readers.
    signingIn ??= post(`${baseUrl}/auth/v1/signin/anonymously${signInQuery}`, {}, {})
      .then(reply => {
        if (reply.status !== 200) throw new WebApiError(reply.status)
        const token = tokenIn(reply.body)
        tokens.write(token)
        return token
      })
      .finally(() => {
        signingIn = null
      })
    return signingIn
  }

  const send = (functionName: string, event: object, token: string) =>
    post(`${baseUrl}/v1/functions/${functionName}`, { Authorization: `Bearer ${token}` }, event)

  return {
    async invoke(functionName, event) {
      const stored = tokens.read()
      let reply = await send(functionName, event, stored || (await signIn()))
      if (reply.status === 401) {
        tokens.write('')
        reply = await send(functionName, event, await signIn())
      }
      if (reply.status !== 200) throw new WebApiError(reply.status)
      return reply.body
    },
  }
}
