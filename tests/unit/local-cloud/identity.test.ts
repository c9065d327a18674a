import type { IncomingMessage } from 'node:http'
import { clientAuthRoutes } from '../../../local-cloud/client-auth'
import { createIdentity, publicName } from '../../../local-cloud/identity'

const key = Buffer.alloc(32, 1)

test('a reader stays the same after a restart, and is nobody in another cloud', () => {
  const { token, client } = createIdentity(key).signIn('reader')
  expect(client).toEqual({ kind: 'reader', openid: client.uid, uid: expect.stringMatching(/^o[\w]{27}$/) })
  expect(createIdentity(key).clientOf(token)).toEqual(client)
  expect(createIdentity(Buffer.alloc(32, 2)).clientOf(token)).toBeUndefined()
  expect(token).not.toContain(client.openid)
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain(client.openid)
})

test('each kind of client has its own names', () => {
  const identity = createIdentity(key)
  const [reader, visitor, guest] = (['reader', 'visitor', 'guest'] as const).map(
    kind => identity.signIn(kind).client,
  )
  expect(visitor).toEqual({ kind: 'visitor', openid: null, uid: expect.any(String) })
  expect(guest).toEqual({ kind: 'guest', openid: null, uid: null })
  expect(identity.signIn('reader', 'oGiven').client).toEqual({
    kind: 'reader',
    openid: 'oGiven',
    uid: 'oGiven',
  })
  expect(visitor && publicName(visitor)).toBe(visitor?.uid)
  expect(guest && publicName(guest)).toBe('')
  // A reader's public name does not say the OPENID, and is the same each time.
  expect(reader && publicName(reader)).toMatch(/^[0-9a-f]{32}$/)
  expect(publicName(identity.signIn('reader', 'oGiven').client)).toBe(
    publicName(identity.signIn('reader', 'oGiven').client),
  )
  expect(publicName(identity.signIn('reader', 'oA').client)).not.toBe(
    publicName(identity.signIn('reader', 'oB').client),
  )
})

test('a changed or invented token belongs to nobody', () => {
  const { token } = createIdentity(key).signIn('reader')
  const bytes = Buffer.from(token, 'base64url')
  const changed = (at: number) => {
    const copy = Buffer.from(bytes)
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
    return copy.toString('base64url')
  }
  const others = [
    changed(0),
    changed(12),
    changed(28),
    changed(bytes.length - 1),
    `${token}=`,
    `${token} `,
    token.slice(0, -4),
    '',
    'x',
    bytes.subarray(0, 28).toString('base64url'),
  ]
  for (const other of others) expect([other, createIdentity(key).clientOf(other)]).toEqual([other, undefined])
})

test('who signs out is nobody any more; others stay who they are', () => {
  const identity = createIdentity(key)
  const [first, second] = [identity.signIn('reader'), identity.signIn('reader')]
  identity.revoke(first.token)
  identity.revoke(first.token)
  identity.revoke('not a token')
  expect(identity.clientOf(first.token)).toBeUndefined()
  expect(identity.clientOf(second.token)).toEqual(second.client)
})

describe('the web login', () => {
  const identity = createIdentity(key)
  const routes = clientAuthRoutes(identity, ['visitor', 'guest'])
  const ask = (path: string, { query = '', body = '', token = '' } = {}) =>
    routes
      .get(`/auth/v1/${path}`)
      ?.answer(
        { headers: { authorization: `Bearer ${token}` } } as IncomingMessage,
        new URLSearchParams(query),
        body,
      ) as Record<string, unknown>

  test('signs a visitor in for thirty days, or whom the address allows', () => {
    const signed = ask('signin/anonymously')
    const client = identity.clientOf(String(signed.access_token))
    expect(client?.kind).toBe('visitor')
    expect(signed).toEqual({
      token_type: 'Bearer',
      access_token: signed.access_token,
      refresh_token: signed.access_token,
      expires_in: 2_592_000,
      scope: 'anonymous',
      sub: client?.uid,
      groups: [],
    })
    expect(
      identity.clientOf(String(ask('signin/anonymously', { query: 'as=guest' }).access_token))?.kind,
    ).toBe('guest')
    expect(() => ask('signin/anonymously', { query: 'as=reader' })).toThrow('as must be visitor or guest')
  })

  test('says who is signed in', () => {
    const visitor = identity.signIn('visitor')
    const rest = { picture: '', email: '', phone_number: '', groups: [] }
    expect(ask('user/me', { token: visitor.token })).toEqual({
      sub: visitor.client.uid,
      name: 'anonymous',
      ...rest,
    })
    const reader = identity.signIn('reader')
    expect(ask('user/me', { token: reader.token })).toEqual({
      sub: publicName(reader.client),
      name: '',
      ...rest,
    })
    expect(() => ask('user/me', { token: identity.signIn('guest').token })).toThrow(
      'a guest is not signed in',
    )
  })

  test('renews a token for the same client, and for nobody else', () => {
    const { token, client } = identity.signIn('visitor')
    const refresh = (text: object) => ask('token', { body: JSON.stringify(text) })
    const renewed = refresh({ grant_type: 'refresh_token', refresh_token: token })
    expect(identity.clientOf(String(renewed.access_token))).toEqual(client)
    expect(() => refresh({ grant_type: 'password', refresh_token: token })).toThrow(
      'only refresh_token is offered',
    )
    expect(() => refresh({ grant_type: 'refresh_token', refresh_token: 'x' })).toThrow('not good')
    expect(() => ask('token', { body: '{' })).toThrow('the request is not JSON')
    const guest = refresh({ grant_type: 'refresh_token', refresh_token: identity.signIn('guest').token })
    expect(identity.clientOf(String(guest.access_token))).toEqual({ kind: 'guest', openid: null, uid: null })
  })

  test('signs out', () => {
    const { token } = identity.signIn('visitor')
    expect(ask('revoke', { body: JSON.stringify({ token }) })).toEqual({})
    expect(identity.clientOf(token)).toBeUndefined()
    expect(() => ask('revoke', { body: '{}' })).toThrow('token')
  })
})
