import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { answerFetch, type Cloud, CloudRefusal } from '../../../weapp-host/cloud-door'
import { defaultDevice, enterOptions } from '../../../weapp-host/entry'
import { keysOf, setAt } from '../../../weapp-host/logic/data-path'
import { createModuleLoader, resolvePath } from '../../../weapp-host/logic/module-loader'
import { splitUrl } from '../../../weapp-host/logic/pages'
import { utf8Length } from '../../../weapp-host/logic/utf8'
import { pagesOf, readProgram } from '../../../weapp-host/program'
import type { Json, Program } from '../../../weapp-host/protocol'
import { serveSite } from '../../../weapp-host/server'
import { compileSite } from '../../../weapp-host/site'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'weapp-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes a mini-program's files; what is no text becomes JSON. */
function write(files: Record<string, unknown>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

test('a text has as many bytes as UTF-8 gives it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => utf8Length(text) === Buffer.byteLength(text)),
  )
  expect(['a', 'é', '海', '😀', 'a海😀'].map(utf8Length)).toEqual([1, 2, 3, 4, 8])
})

test.each<[path: string, keys: string[]]>([
  ['log', ['log']],
  ['root.cn.[3].v', ['root', 'cn', '3', 'v']],
  ['root.cn[3].v', ['root', 'cn', '3', 'v']],
  ['list[0]', ['list', '0']],
  ['a[1][2]', ['a', '1', '2']],
])('the path %s of setData has the keys %j', (given, keys) => expect(keysOf(given)).toEqual(keys))

test('setData sets what is deep inside, makes what is missing, and leaves what is beside', () => {
  const data: Record<string, unknown> = { a: { b: 1, c: null }, list: [1] }
  setAt(data, 'a.b', 2)
  setAt(data, 'a.c.d', 3)
  setAt(data, 'list[1]', 4)
  setAt(data, 'new[1].x', 5)
  setAt(data, 'grid[0][1]', 6)
  expect(data).toEqual({
    ...{ a: { b: 2, c: { d: 3 } }, list: [1, 4] },
    ...{ new: [undefined, { x: 5 }], grid: [[undefined, 6]] },
  })
  expect([data.new, (data.grid as unknown[])[0]].map(Array.isArray)).toEqual([true, true])
  expect(() => setAt(data, '', 1)).toThrow('is not a path')
})

test.each<[url: string, place: string, query: Record<string, string>]>([
  ['/pages/a/index?id=1&t=a=b', 'pages/a/index', { id: '1', t: 'a=b' }],
  ['pages/a/index', 'pages/a/index', {}],
  ['/a?word=%E6%98%9F&flag&', 'a', { word: '%E6%98%9F', flag: '' }],
])('%s leads to the page and its query as it was written', (url, place, query) =>
  expect(splitUrl(url)).toEqual({ path: place, query }),
)

test.each([
  ['pages/home/index', '../a', 'pages/a'],
  ['pages/home/index', './part.js', 'pages/home/part'],
  ['pages/home/index', 'part', 'pages/home/part'],
  ['pages/home/index', '/common', 'common'],
  ['app', './x//y', 'x/y'],
  ['pages/home/index', '../../vendors.js', 'vendors'],
])('in %s, %s is %s', (from, wanted, found) => expect(resolvePath(from, wanted)).toBe(found))

test('a module is evaluated once, and one of a subpackage only when that is loaded', async () => {
  type Scope = { require: ((name: string) => unknown) & { async: (name: string) => Promise<unknown> } } & {
    module: { exports: unknown }
    exports: Record<string, unknown>
    own: string
  }
  const bodies: Record<string, (scope: Scope) => void> = {
    app: ({ exports, own }) => Object.assign(exports, { own, at: loader.current() }),
    'pages/one': scope => {
      scope.module.exports = [scope.require('../app'), scope.require('/app.js'), loader.current()]
    },
    'pages/reaching': scope => scope.require('../more/far'),
    'pages/asking': scope => {
      scope.exports.far = scope.require.async('../more/far')
    },
    'more/far': ({ exports }) => {
      exports.far = true
    },
    'pages/broken': () => {
      throw new Error('broken')
    },
  }
  const scripts = Object.fromEntries(Object.keys(bodies).map(name => [name, name]))
  const app = { pages: [], subPackages: [{ root: 'more/', pages: ['far'] }], window: {} }
  const loader = createModuleLoader(scripts, app, { own: 'x' }, (_path, source, scope) =>
    bodies[source]?.(scope as Scope),
  )
  const [first, second, current] = loader.load('pages/one') as unknown[]
  expect([first, second === first, current]).toEqual([{ own: 'x', at: 'app' }, true, 'pages/one'])
  expect(() => loader.load('pages/broken')).toThrow('broken')
  expect(loader.current()).toBe('')
  const missing = "module 'more/far.js' is not defined, require args is 'more/far'"
  expect(() => loader.load('pages/reaching')).toThrow(missing)
  expect(() => loader.load('none')).toThrow("module 'none.js' is not defined")
  expect(loader.evaluated()).not.toContain('more/far')
  const { far } = loader.load('pages/asking') as { far: Promise<unknown> }
  expect(await far).toEqual({ far: true })
  expect(loader.load('more/far')).toEqual({ far: true })
})

describe('a built mini-program', () => {
  const page = { 'pages/a/index.wxml': '<view/>', 'pages/a/index.js': 'Page({})' }

  test('is read with the settings that the host needs, and without those that it does not know', () => {
    const program = readProgram(
      write({
        'app.json': {
          pages: ['pages/a/index'],
          subpackages: [{ root: 'more/', pages: ['b/index'], independent: false }],
          window: { navigationBarTitleText: '科普云', onReachBottomDistance: 80, other: 1 },
          themeLocation: 'theme.json',
          singlePage: { navigationBarFit: 'float' },
        },
        'theme.json': { light: { bar: '#fff' }, dark: { bar: '#000' } },
        ...page,
        'pages/a/index.json': {
          ...{ enablePullDownRefresh: true, navigationStyle: 'custom', styleIsolation: 'shared' },
          ...{ singlePage: { navigationBarFit: 'squeezed' }, usingComponents: { part: './part' }, more: 1 },
        },
        'data.json': { not: 'a page' },
      }),
    )
    expect(program).toEqual({
      app: {
        pages: ['pages/a/index'],
        subPackages: [{ root: 'more/', pages: ['b/index'] }],
        window: {
          ...{ navigationBarTitleText: '科普云', onReachBottomDistance: 80 },
          singlePage: { navigationBarFit: 'float' },
        },
        theme: { light: { bar: '#fff' }, dark: { bar: '#000' } },
      },
      json: {
        'pages/a/index': {
          ...{ enablePullDownRefresh: true, navigationStyle: 'custom', styleIsolation: 'shared' },
          ...{ singlePage: { navigationBarFit: 'squeezed' }, usingComponents: { part: './part' } },
        },
      },
      scripts: { 'pages/a/index': 'Page({})' },
    })
    expect(pagesOf(program.app)).toEqual(['pages/a/index', 'more/b/index'])
  })

  test.each<[what: string, files: Record<string, unknown>]>([
    ['no app.json', {}],
    ['an app.json without pages', { 'app.json': {} }],
    ['half an app.json', { 'app.json': '{' }],
    ['half a page’s JSON', { 'app.json': { pages: [] }, ...page, 'pages/a/index.json': '{' }],
    ['no theme.json', { 'app.json': { pages: [], themeLocation: 'theme.json' } }],
  ])('with %s is an error', (_what, files) => expect(() => readProgram(write(files))).toThrow())

  test('has its styles in the browser’s units and under the names of its pages and components', async () => {
    const dist = write({
      'app.json': { pages: ['pages/a/index'] },
      'app.wxss': `@import './parts/base.wxss';\n.top { padding-top: env(safe-area-inset-top, 2px) }`,
      'parts/base.wxss': `@import "../app.wxss"; @import '/parts/more.wxss'; page, .base { width: -1.5rpx }`,
      'parts/more.wxss':
        '.more { margin: .5rpx 20rpx 10px; height: 50vh; bottom: constant(safe-area-inset-bottom) }',
      ...page,
      'pages/a/index.json': {},
      'pages/a/index.wxss':
        'page .x > view, .y { color: red } .only { color: red } @keyframes k { from { top: 750rpx } }',
      ...{ 'c/own.wxml': '<view/>', 'c/own.json': { component: true }, 'c/own.wxss': '.a.b text { top: 0 }' },
      'c/open.wxml': '<view/>',
      'c/open.json': { component: true, styleIsolation: 'apply-shared' },
      'c/open.wxss': '.a { top: 0 }',
    })
    const { assets } = await compileSite(dist)
    const text = String(assets.get('/sheets.js')?.body)
    const { app, own } = JSON.parse(text.replace('window.sheets=', '')) as {
      app: string
      own: Record<string, { css: string; scope?: string }>
    }
    const squeezed = (css = '') => css.replace(/\s+/g, ' ').trim()
    expect(squeezed(app)).toBe(
      '.more { margin: calc(.5 * var(--rpx)) calc(20 * var(--rpx)) 10px; height: calc(50 * var(--vh)); ' +
        'bottom: var(--safe-bottom) } wx-page, .base { width: calc(-1.5 * var(--rpx)) } ' +
        '.top { padding-top: var(--safe-top) }',
    )
    const inPage = ':where(wx-page[data-route="pages/a/index"])'
    expect(squeezed(own['pages/a/index']?.css)).toBe(
      `wx-page:where([data-route="pages/a/index"]) .x > wx-view,${inPage} .y { color: red } ` +
        `${inPage} .only { color: red } @keyframes k { from { top: calc(750 * var(--rpx)) } }`,
    )
    expect(own['c/own']).toEqual({ css: '.c-own--a.c-own--b wx-text { top: 0 }', scope: 'c-own' })
    expect(own['c/open']).toEqual({ css: '.a { top: 0 }' })
    // Unchanged, it is compiled once.
    expect((await compileSite(dist)).assets).toBe(assets)
    write({ 'c/open.wxss': '.longer { top: 0 }' })
    expect(String((await compileSite(dist)).assets.get('/sheets.js')?.body)).toContain('.longer')
  })

  test('whose template is broken is named', async () => {
    const app = { 'app.json': { pages: ['pages/a/index'] } }
    const broken = write({ ...app, 'pages/a/index.wxml': '<view/>\n<view a="{{a b}}"/>' })
    await expect(compileSite(broken)).rejects.toThrow('pages/a/index.wxml:2: ')
    // A warning is none.
    await compileSite(write({ ...app, 'pages/a/index.wxml': '<view wx:else/>' }))
  })
})

test('a card opens the page that it names, with its query encoded, as its scene says', () => {
  const program = { app: { pages: ['pages/first/index'], subPackages: [], window: {} } } as unknown as Program
  expect(enterOptions(program, {})).toEqual({
    ...{ path: 'pages/first/index', query: {}, scene: 1001, referrerInfo: {} },
  })
  expect(enterOptions(program, { path: 'a', query: { q: '海 &=' }, scene: 1154 })).toEqual({
    ...{ path: 'a', query: { q: '%E6%B5%B7%20%26%3D' }, scene: 1154, referrerInfo: {} },
    apiCategory: 'browseOnly',
  })
  expect(enterOptions(program, { scene: 1007, apiCategory: 'default' }).apiCategory).toBe('default')
  expect(enterOptions(program, { scene: 1154, apiCategory: 'other' }).apiCategory).toBe('other')
  expect(defaultDevice).toMatchObject({ theme: 'light', fontScale: 1, online: true, networkType: 'wifi' })
})

test('a phone’s own server gives its files, pictures, addresses of the cloud, and carries out its calls', async () => {
  write({ 'pictures/a.jpg': 'jpeg', 'secret.txt': 'outside' })
  const assets = new Map([['/字.js', { type: 'text/javascript', body: 'start()' }]])
  const asked: unknown[] = []
  const phone = await serveSite(
    { program: {} as Program, assets },
    {
      callFunction: async (...call) => asked.push(call),
      fileUrl: async id => (id === 'cloud://a b' ? 'http://files/a' : Promise.reject(new Error('none'))),
    },
    path.join(folder, 'pictures'),
  )
  const bare = await serveSite({ program: {} as Program, assets }, { callFunction: async () => null })
  try {
    const get = async (address: string, from = phone) => {
      const reply = await fetch(from.url + address, { redirect: 'manual' })
      const { status, headers } = reply
      const text = await reply.text()
      return [status, text, headers.get('cache-control') ?? headers.get('location')]
    }
    // The files are on the phone: what is loaded once is not loaded again. Pictures come from the network.
    expect(await get('/%E5%AD%97.js?x=1')).toEqual([200, 'start()', 'max-age=86400'])
    expect(await get('/pictures/a.jpg')).toEqual([200, 'jpeg', null])
    for (const none of ['/none', '/pictures/none.jpg', '/pictures/..%2fsecret.txt', '/pictures/'])
      expect([none, (await get(none))[0]]).toEqual([none, 404])
    expect((await get('/pictures/a.jpg', bare))[0]).toBe(404)
    expect(await get('/cloud-file?id=cloud%3A%2F%2Fa%20b')).toEqual([302, '', 'http://files/a'])
    expect((await get('/cloud-file?id=other'))[0]).toBe(404)
    expect((await get('/cloud-file?id=cloud%3A%2F%2Fa%20b', bare))[0]).toBe(404)
    const body = JSON.stringify({
      caller: 'guest',
      name: 'call-function',
      args: { name: '读', data: { a: 1 } },
    })
    const call = await fetch(`${phone.url}/network`, { method: 'POST', body })
    expect([await call.json(), asked]).toEqual([{ type: 'answered', value: 1 }, [['读', { a: 1 }, 'guest']]])
  } finally {
    await Promise.all([phone.close(), bare.close()])
  }
})

describe('a call to the network', () => {
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', chunk => {
      body += chunk
    })
    req.on('end', () => {
      const { method, url, headers } = req
      if (url === '/text') res.writeHead(404).end('no JSON')
      else res.setHeader('x-own', 'y').end(JSON.stringify({ method, own: headers['x-a'] ?? '', body }))
    })
  })
  let url: string
  beforeAll(async () => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })

  const asked: unknown[] = []
  const cloud: Cloud = {
    async callFunction(name, event, caller) {
      asked.push([name, event, caller])
      if (name === 'closed') throw new CloudRefusal(-501023, 'closed')
      if (name === 'broken') throw Object.assign(new Error('broken'), { code: 'ECONNRESET' })
      return name === 'silent' ? undefined : { at: new Date(0), left: undefined }
    },
    fileUrl: async id => `http://files/${id.slice(-1)}`,
  }
  const ask = (name: string, args: Json, more: Cloud = cloud) => answerFetch(more, 'guest', name, args)

  test('of a function gives its result as JSON, or what the platform says', async () => {
    const result = { type: 'answered', value: { at: '1970-01-01T00:00:00.000Z' } }
    expect(await ask('call-function', { name: 'f', data: { a: 1 } })).toEqual(result)
    expect(await ask('call-function', { name: 'silent' })).toEqual({ type: 'answered', value: null })
    expect(asked).toEqual([
      ['f', { a: 1 }, 'guest'],
      ['silent', {}, 'guest'],
    ])
    expect(await ask('call-function', { name: 'closed' })).toEqual({
      ...{ type: 'refused', message: 'closed', code: -501023 },
    })
    // A code that is no number is none of the platform's.
    expect(await ask('call-function', { name: 'broken' })).toEqual({ type: 'refused', message: 'broken' })
    expect(await ask('unknown', null)).toMatchObject({ message: 'the host cannot fetch unknown' })
  })

  test('for files gives their addresses, if the cloud has files', async () => {
    expect(
      await ask('temp-file-url', { fileList: ['cloud://a', { fileID: 'cloud://b', maxAge: 1 }] }),
    ).toEqual({
      type: 'answered',
      value: {
        fileList: [
          { fileID: 'cloud://a', tempFileURL: 'http://files/a', status: 0, errMsg: 'ok' },
          { fileID: 'cloud://b', tempFileURL: 'http://files/b', status: 0, errMsg: 'ok' },
        ],
      },
    })
    expect(await ask('download-file', { fileID: 'cloud://c' })).toMatchObject({
      value: { tempFilePath: 'http://files/c', statusCode: 200 },
    })
    expect(await ask('downloadFile', { url: 'http://a/b' })).toMatchObject({
      value: { tempFilePath: 'http://a/b', statusCode: 200 },
    })
    const { fileUrl: _, ...without } = cloud
    for (const [name, args] of [
      ['temp-file-url', { fileList: ['cloud://a'] }],
      ['download-file', { fileID: 'cloud://a' }],
    ] as const)
      expect(await ask(name, args as never, without)).toMatchObject({ type: 'refused', code: -503003 })
  })

  test('of an address gives status, headers and data, as JSON where it is', async () => {
    expect(
      await ask('request', { url: `${url}/`, header: { 'x-a': 7 }, data: { not: 'sent' } }),
    ).toMatchObject({
      type: 'answered',
      value: { statusCode: 200, data: { method: 'GET', own: '7', body: '' }, header: { 'x-own': 'y' } },
    })
    expect(await ask('request', { url: `${url}/`, method: 'POST', data: { a: 1 } })).toMatchObject({
      value: { data: { method: 'POST', body: '{"a":1}' } },
    })
    expect(await ask('request', { url: `${url}/text` })).toMatchObject({
      type: 'answered',
      value: { statusCode: 404, data: 'no JSON' },
    })
    expect(await ask('request', { url: 'http://127.0.0.1:1/' })).toMatchObject({ type: 'refused' })
  })
})
