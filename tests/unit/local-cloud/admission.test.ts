import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { admit, requireOwnPage, requireThisMachine } from '../../../local-cloud/admission'
import { clientOf, crossOrigin } from '../../../local-cloud/client-request'
import { createIdentity } from '../../../local-cloud/identity'

interface Asked {
  url?: string
  headers?: IncomingHttpHeaders
  from?: string
  at?: string
}

/** A request as the HTTP server describes it. */
const request = ({ url = '/', headers = {}, from = '127.0.0.1', at = '127.0.0.1' }: Asked) =>
  ({
    url,
    headers: { host: 'localhost:8787', ...headers },
    socket: { remoteAddress: from, localAddress: at },
  }) as unknown as IncomingMessage

/** What a check answers: nothing, or the code of its error. */
function answer(check: () => void): string {
  try {
    check()
    return 'admitted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test.each([
  ['localhost', 'admitted'],
  ['LOCALHOST:8787', 'admitted'],
  ['news.localhost', 'admitted'],
  ['127.0.0.1:8787', 'admitted'],
  ['192.168.1.5', 'admitted'],
  ['[::1]:8787', 'admitted'],
  ['[::1]', 'admitted'],
  ['kepu.example:8787', 'admitted'],
  ['Kepu.Example', 'admitted'],
  ['evil.example', 'PERMISSION_DENIED'],
  ['evillocalhost', 'PERMISSION_DENIED'],
  ['localhost.evil.example', 'PERMISSION_DENIED'],
  ['127.0.0.1.evil.example', 'PERMISSION_DENIED'],
  ['kepu.example.evil', 'PERMISSION_DENIED'],
  ['kepu.example:x', 'PERMISSION_DENIED'],
  ['', 'PERMISSION_DENIED'],
])('a request for the host %j is %s, lest a foreign page be taken for ours', (host, expected) => {
  const hosts = new Set(['kepu.example'])
  expect(answer(() => admit(request({ headers: { host } }), hosts))).toBe(expected)
})

test.each([
  ['an address at the limit', `/${'a'.repeat(2047)}`, 'admitted'],
  ['a longer path', `/${'a'.repeat(2048)}`, 'URI_TOO_LONG'],
  ['a longer path in which a file’s address stands', `/a/storage/${'a'.repeat(2048)}`, 'URI_TOO_LONG'],
  ['a long query', `/a?${'a'.repeat(8189)}`, 'admitted'],
  ['a longer query', `/a?${'a'.repeat(8190)}`, 'URI_TOO_LONG'],
  ['a file at the limit', `/storage/${'a'.repeat(8183)}`, 'admitted'],
  ['a longer file', `/storage/${'a'.repeat(8184)}`, 'URI_TOO_LONG'],
])('%s is answered as it should', (_name, url, expected) => {
  expect(answer(() => admit(request({ url }), new Set()))).toBe(expected)
})

const nearby: [string, Asked, string, string][] = [
  // who asks, and what the tools' address and the console answer
  ['a program', {}, 'admitted', 'admitted'],
  ['a program by an address', { headers: { host: '127.0.0.1:8787' } }, 'admitted', 'admitted'],
  ['a program over IPv6', { from: '::1', headers: { host: '[::1]:8787' } }, 'admitted', 'admitted'],
  ['a program over mapped IPv4', { from: '::ffff:127.0.0.1' }, 'admitted', 'admitted'],
  [
    'a program by the machine’s own address',
    { from: '192.168.1.5', at: '192.168.1.5', headers: { host: '192.168.1.5' } },
    'admitted',
    'admitted',
  ],
  [
    'another machine',
    { from: '192.168.1.6', at: '192.168.1.5', headers: { host: '192.168.1.5' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  [
    'a machine whose address looks like ours',
    { from: '10.127.0.1' },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  [
    'an allowed name that is not this machine',
    { headers: { host: 'kepu.example' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  ...['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].map((name): [string, Asked, string, string] => [
    `a proxy that sends ${name}`,
    { headers: { [name]: '' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ]),
  [
    'a page of the console',
    { headers: { origin: 'http://localhost:8787', 'sec-fetch-site': 'same-origin' } },
    'PERMISSION_DENIED',
    'admitted',
  ],
  ['a typed address', { headers: { 'sec-fetch-site': 'none' } }, 'PERMISSION_DENIED', 'admitted'],
  [
    'a page on another port',
    { headers: { origin: 'http://localhost:1' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  [
    'a page whose address ends like ours',
    { headers: { origin: 'http://evil-localhost:8787' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  [
    'a link on another site',
    { headers: { 'sec-fetch-site': 'cross-site' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
  [
    'a page of a sibling site',
    { headers: { origin: 'http://localhost:8787', 'sec-fetch-site': 'same-site' } },
    'PERMISSION_DENIED',
    'PERMISSION_DENIED',
  ],
]

test.each(nearby)('%s: may use the address of tools, and the console', (_name, asked, tools, console) => {
  expect(answer(() => requireThisMachine(request(asked)))).toBe(tools)
  expect(answer(() => requireOwnPage(request(asked)))).toBe(console)
})

test.each([
  ['http://localhost:3000', true],
  ['https://localhost', true],
  ['http://127.0.0.1:8788', true],
  ['http://[::1]:8788', true],
  ['http://localhost.evil.example', false],
  ['http://evil.example', false],
  ['http://evil.example/http://localhost', false],
  ['null', false],
  [undefined, false],
])('a page at %s may read replies: %s', (origin, may) => {
  const headers = crossOrigin(request({ headers: origin === undefined ? {} : { origin } }))
  expect(headers).toEqual(
    may
      ? {
          'access-control-allow-origin': origin,
          vary: 'origin',
          'access-control-expose-headers': 'x-request-id',
        }
      : {},
  )
})

test('only the bearer token says who a client is', () => {
  const identity = createIdentity(Buffer.alloc(32, 1))
  const { token, client } = identity.signIn('reader')
  const who = (authorization?: string) =>
    answer(() => {
      const req = request({ headers: authorization === undefined ? {} : { authorization } })
      expect(clientOf(req, identity)).toEqual(client)
    })
  expect([who(`Bearer ${token}`), who(`bearer ${token}`)]).toEqual(['admitted', 'admitted'])
  for (const refused of [undefined, '', token, `Basic ${token}`, 'Bearer', 'Bearer ', `Bearer ${token}x`])
    expect([refused, who(refused)]).toEqual([refused, 'UNAUTHENTICATED'])
})
