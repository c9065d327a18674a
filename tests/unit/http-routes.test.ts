import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readHttpReply } from '../../local-cloud/http-reply'
import { type HttpRoute, readHttpRoutes, routeFinder } from '../../local-cloud/http-routes'

const route = (Path: string, more: object = {}) =>
  ({
    Path,
    UpstreamResourceType: 'SCF',
    UpstreamResourceName: 'web',
    EnablePathTransmission: false,
    EnableAuth: false,
    EnableSafeDomain: false,
    ...more,
  }) as HttpRoute

const files = (Path: string) =>
  route(Path, { UpstreamResourceType: 'STATIC_STORE', UpstreamResourceName: 'staticstore' })

describe('a path finds its route', () => {
  const find = routeFinder([route('/'), route('/api'), route('/api/more'), files('/assets')])
  const led = (path: string) => {
    const found = find(path)
    return [found?.route.Path, found?.path]
  }

  test.each([
    ['/', ['/', '/']],
    ['/a/1', ['/', '/a/1']],
    ['/api', ['/api', '/']],
    ['/api/', ['/api', '/']],
    ['/api/x/y', ['/api', '/x/y']],
    ['/api/more/x', ['/api/more', '/x']],
    ['/api/morex', ['/api', '/morex']],
    ['/assets/a.js', ['/assets', '/a.js']],
    ['/assets-old/a.js', ['/', '/assets-old/a.js']],
    ['//assets/a.js', ['/', '//assets/a.js']],
    ['/x/assets/a.js', ['/', '/x/assets/a.js']],
    ['/API/x', ['/', '/API/x']],
  ])('%s leads to %j', (path, expected) => {
    expect(led(path)).toEqual(expected)
  })

  test('with path transmission the resource receives the whole path', () => {
    const whole = routeFinder([route('/api', { EnablePathTransmission: true })])
    expect(whole('/api/x')?.path).toBe('/api/x')
    expect(whole('/other')).toBeUndefined()
  })
})

describe('http.json', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'routes-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const read = (...routes: object[]) => {
    writeFileSync(join(folder, 'http.json'), JSON.stringify({ Routes: routes }))
    return readHttpRoutes(folder)
  }

  test('this repository’s routes are read: pages go to the function, files to the hosting', () => {
    const find = readHttpRoutes(resolve(__dirname, '../../cloudfunctions/rules'))
    expect(find('/a/1')).toMatchObject({ route: { UpstreamResourceName: 'web' }, path: '/a/1' })
    expect(find('/assets/a.js')).toMatchObject({
      route: { UpstreamResourceType: 'STATIC_STORE' },
      path: '/assets/a.js',
    })
    expect(find('/pictures/a.jpg')).toMatchObject({
      route: { UpstreamResourceType: 'STATIC_STORE' },
      path: '/pictures/a.jpg',
    })
  })

  test.each([
    ['a wildcard', route('/api/*')],
    ['no slash at the start', route('api')],
    ['a slash at the end', route('/api/')],
    ['a segment of 51 characters', route(`/${'a'.repeat(51)}`)],
    ['a climbing path', route('/a/..')],
    ["the platform's own path", route('/.well-known/x')],
    ["the web API's path", route('/v1/functions')],
    ['a login page', route('/', { EnableAuth: true })],
    ['blocked origins', route('/', { EnableSafeDomain: true })],
    ['a limit of requests', route('/', { QPSPolicy: { QPSTotal: 1 } })],
    ['an HTTP function', route('/', { UpstreamResourceType: 'WEB_SCF' })],
    ['static files two levels down', files('/a/b')],
  ])('%s is refused, and the file is named', (_, given) => {
    expect(() => read(given)).toThrow('http.json')
    expect(() => read(route('/'))).not.toThrow()
  })

  test('two routes with the same path are refused', () => {
    expect(() => read(route('/'), files('/'))).toThrow('http.json')
  })

  test('without the file no path has a route', () => {
    expect(readHttpRoutes(null)('/')).toBeUndefined()
  })
})

test('only an answer that may have a body gets a content type by default', () => {
  const typeOf = (statusCode: number, headers = {}) =>
    readHttpReply(JSON.stringify({ statusCode, headers, body: '' })).headers['content-type']
  expect(typeOf(200)).toBe('text/plain; charset=utf-8')
  expect(typeOf(304)).toBeUndefined()
  expect(typeOf(304, { 'Content-Type': 'text/html' })).toBe('text/html')
})
