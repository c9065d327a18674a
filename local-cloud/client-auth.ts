import type { IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { parse } from './client-database'
import { clientOf, parseJson } from './client-request'
import { CloudError } from './cloud-error'
import { type Client, type ClientKind, type Identity, publicName } from './identity'

/**
 * The lifetime (in seconds) that clients are told: 30 days. In fact a token of this cloud is valid as long as its data
 * exists.
 */
const tokenLife = 30 * 24 * 3600

const Refresh = v.object({
  grant_type: v.literal('refresh_token', 'only refresh_token is offered locally'),
  refresh_token: v.string(),
})
const Revoke = v.object({ token: v.string() })

export interface AuthRoute {
  method: 'GET' | 'POST'
  /** Returns the reply as a JSON value. Throws CloudError. */
  answer(req: IncomingMessage, query: URLSearchParams, body: string): unknown
}

/**
 * The anonymous part of CloudBase's web login: sign in, current user, refresh, sign out.
 * @param signsIn the kinds of client that signing in may create; the first is the default
 */
export function clientAuthRoutes(
  identity: Identity,
  signsIn: readonly [ClientKind, ...ClientKind[]],
): ReadonlyMap<string, AuthRoute> {
  const SignInKind = v.picklist(signsIn)

  function signIn(kind: ClientKind, id?: string): Record<string, unknown> {
    const { token, client } = identity.signIn(kind, id)
    return {
      token_type: 'Bearer',
      access_token: token,
      refresh_token: token,
      expires_in: tokenLife,
      scope: 'anonymous',
      sub: publicName(client),
      groups: [],
    }
  }

  return new Map<string, AuthRoute>([
    [
      '/auth/v1/signin/anonymously',
      {
        method: 'POST',
        answer(_req, query) {
          const kind = v.safeParse(SignInKind, query.get('as') ?? signsIn[0])
          if (!kind.success) throw new CloudError('INVALID_PARAM', `as must be ${signsIn.join(' or ')}`)
          return signIn(kind.output)
        },
      },
    ],
    [
      '/auth/v1/user/me',
      {
        method: 'GET',
        answer(req) {
          const client = clientOf(req, identity)
          if (client.kind === 'guest') throw new CloudError('UNAUTHENTICATED', 'a guest is not signed in')
          return describeUser(client)
        },
      },
    ],
    [
      '/auth/v1/token',
      {
        method: 'POST',
        answer(_req, _query, body) {
          const { refresh_token: token } = parse(Refresh, parseJson(body, 'the request'))
          const client = identity.clientOf(token)
          if (!client) throw new CloudError('UNAUTHENTICATED', 'this refresh token is not good (any more)')
          return signIn(client.kind, client.uid ?? undefined)
        },
      },
    ],
    [
      '/auth/v1/revoke',
      {
        method: 'POST',
        answer(_req, _query, body) {
          identity.revoke(parse(Revoke, parseJson(body, 'the request')).token)
          return {}
        },
      },
    ],
  ])
}

/** The user name that the SDK expects for an anonymous user. */
function describeUser(client: Client): Record<string, unknown> {
  const name = client.kind === 'visitor' ? 'anonymous' : ''
  return { sub: publicName(client), name, picture: '', email: '', phone_number: '', groups: [] }
}
