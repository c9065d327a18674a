import { execFileSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { lastingPort } from '../support/lasting-port'

/** A site of three documents, a script and a picture. Tests change its content and take it offline. */
const documents = new Map<string, { status: number; body: string }>()
let version = 'a'
/** Addresses that the server was asked for. */
let asked: string[] = []
let server: Server
let port: number
let browser: Browser
let page: Page

const root = path.resolve(__dirname, '../..')
const workers = new Map<string, string>()

/** The worker as the build makes it. esbuild refuses to run inside jest's realm. */
function workerOf(name: string): string {
  const known = workers.get(name)
  if (known) return known
  const text = execFileSync(
    path.join(root, 'node_modules/.bin/esbuild'),
    ['src/web/service-worker.ts', '--bundle', '--format=iife', `--define:SITE_ASSETS=["/assets/${name}.js"]`],
    { cwd: root, encoding: 'utf8' },
  )
  workers.set(name, text)
  return text
}

const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

function listen(): Promise<void> {
  server = createServer((req, res) => {
    const url = req.url ?? '/'
    asked.push(url)
    const send = (status: number, type: string, body: string | Buffer) => {
      // As the real site does: browsers cache a 410 without a time limit unless a header forbids it.
      res.writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'cache-control': 'no-cache',
      })
      res.end(body)
    }
    if (url === '/sw.js') send(200, 'text/javascript', workerOf(version))
    else if (url === `/assets/${version}.js`) {
      send(200, 'text/javascript', `document.title += ' ${version}'`)
    } else if (url === '/pictures/large.gif')
      send(200, 'image/gif', Buffer.concat([pixel, Buffer.alloc(1 << 20)]))
    else if (url === '/pictures/unknown.gif') {
      res.writeHead(200, { 'content-type': 'image/gif' })
      res.write(pixel)
      res.end()
    } else if (url.startsWith('/pictures/')) send(200, 'image/gif', pixel)
    else {
      const known = documents.get(url)
      if (known) send(known.status, 'text/html; charset=utf-8', known.body)
      else send(404, 'text/html', 'lost')
    }
  })
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', done)
  })
}

function goAway(): Promise<void> {
  return new Promise(done => {
    server.close(() => done())
    server.closeAllConnections()
  })
}

const address = (where: string) => `http://127.0.0.1:${port}${where}`
const html = (title: string, more = '') =>
  `<!doctype html><title>${title}</title><script src="/assets/${version}.js"></script>${more}`

function publish(name: string): void {
  version = name
  documents.set('/', { status: 200, body: html('home') })
  documents.set('/a/1', { status: 200, body: html('story', '<img src="/pictures/1.gif">') })
  documents.set('/offline', { status: 200, body: html('offline') })
}

/** Registers the worker and waits until the newest one is active. */
async function register(): Promise<void> {
  await page.evaluate(async () => {
    const before = await navigator.serviceWorker.getRegistration()
    const registration = await (before?.update() ?? navigator.serviceWorker.register('/sw.js'))
    const fresh = registration.installing
    if (!fresh) return
    await new Promise<void>((done, fail) => {
      fresh.addEventListener('statechange', () => {
        if (fresh.state === 'activated') done()
        if (fresh.state === 'redundant') fail(new Error('the worker was not installed'))
      })
    })
  })
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

const caches = () =>
  page.evaluate(async () => {
    const names = await globalThis.caches.keys()
    return Promise.all(
      names.map(async name => {
        const keys = await (await globalThis.caches.open(name)).keys()
        return [name, keys.map(key => new URL(key.url).pathname).sort()] as const
      }),
    )
  })

/** Waits until the cache holds this number of pictures, `last` as the newest. */
async function waitForPictures(count: number, last: string): Promise<void> {
  for (let kept: string[] = []; kept.length !== count || kept.at(-1) !== last; ) {
    kept = await page.evaluate(async () => {
      const keys = await (await globalThis.caches.open('pictures')).keys()
      return keys.map(key => new URL(key.url).pathname)
    })
  }
}

beforeAll(async () => {
  port = await lastingPort()
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  publish('a')
  await listen()
  page = await browser.newPage()
  await page.goto(address('/'))
})
afterEach(async () => {
  await page.context().close()
  await goAway()
})

test('caches the script and one document, and no story', async () => {
  await register()
  await page.goto(address('/a/1'))
  expect(await caches()).toEqual(
    expect.arrayContaining([['site /assets/a.js', ['/assets/a.js', '/offline']]]),
  )
  expect(JSON.stringify(await caches())).not.toContain('/a/1')
})

test('fetches an opened document once', async () => {
  await register()
  asked = []
  await page.goto(address('/a/1'), { waitUntil: 'networkidle' })
  expect(asked.filter(url => url === '/a/1')).toHaveLength(1)
})

test('shows the offline document, with its script, when there is no network', async () => {
  await register()
  await goAway()
  await page.goto(address('/a/1'))
  expect(await page.title()).toBe('offline a')
  expect(page.url()).toBe(address('/a/1'))
  await listen()
  await page.reload()
  expect(await page.title()).toBe('story a')
})

test('passes on every answer: a withdrawn story is never shown while there is a network', async () => {
  await register()
  await page.goto(address('/a/1'))
  documents.set('/a/1', { status: 410, body: html('withdrawn') })
  const response = await page.goto(address('/a/1'))
  expect([response?.status(), await page.title()]).toEqual([410, 'withdrawn a'])
  documents.set('/a/1', { status: 503, body: html('busy') })
  expect((await page.goto(address('/a/1')))?.status()).toBe(503)
})

test('shows a picture again that was seen before, and misses one that was never seen', async () => {
  await register()
  await page.goto(address('/a/1'))
  await waitForPictures(1, '/pictures/1.gif')
  await goAway()
  const seen = (where: string) =>
    page.evaluate(
      src =>
        new Promise<boolean>(done => {
          const image = new Image()
          image.onload = () => done(true)
          image.onerror = () => done(false)
          image.src = src
        }),
      where,
    )
  // The page's memory may hold the picture of this address; a new document starts without it.
  await page.goto(address('/'))
  expect(await seen('/pictures/1.gif')).toBe(true)
  expect(await seen('/pictures/2.gif')).toBe(false)
  await listen()
})

test('caches the latest 80 pictures at most, and none of more than a megabyte or of unknown length', async () => {
  await register()
  await page.evaluate(async () => {
    for (const name of [...Array.from({ length: 84 }, (_, n) => n + 1), 'large', 'unknown', 85]) {
      const image = new Image()
      image.src = `/pictures/${name}.gif`
      await image.decode()
    }
  })
  await waitForPictures(80, '/pictures/85.gif')
  expect(JSON.stringify(await caches())).not.toMatch(/large|unknown/)
})

test('a new build replaces the previous one completely', async () => {
  await register()
  publish('b')
  await page.goto(address('/'))
  await register()
  expect((await caches()).filter(([name]) => name.startsWith('site'))).toEqual([
    ['site /assets/b.js', ['/assets/b.js', '/offline']],
  ])
})

test.each([
  ['a document of another build', 200, () => '<!doctype html><title>offline</title>of another build'],
  ['an answer that is none', 503, () => html('busy')],
])('a build with %s is not cached: the previous one stays active', async (_, status, body) => {
  await register()
  publish('b')
  documents.set('/offline', { status, body: body() })
  await page.goto(address('/'))
  await expect(register()).rejects.toThrow()
  expect((await caches()).filter(([name]) => name.startsWith('site'))).toEqual([
    ['site /assets/a.js', ['/assets/a.js', '/offline']],
  ])
})
