import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'

let cloud: CloudProcess
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'))
  const site = join(folder, 'site')
  mkdirSync(join(site, 'js'), { recursive: true })
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>科普云</title>')
  writeFileSync(join(site, 'js/app.1a2b3c4d.js'), 'start()')
  writeFileSync(join(site, 'js/app.js'), 'start()')
  writeFileSync(join(folder, 'secret.txt'), 'outside of the site')
  // Its path begins as that of the site's folder does.
  writeFileSync(join(folder, 'site-secret.txt'), 'outside of the site')
  cloud = await startCloudProcess({ siteFolder: site })
})
afterAll(async () => {
  await cloud?.stop()
  rmSync(folder, { recursive: true })
})

/** Sends the request unchanged: fetch would normalise the dots before sending. */
function raw(path: string): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(cloud.url)
    request({ hostname, port, path }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, text }))
    })
      .on('error', fail)
      .end()
  })
}

test('every page address returns the app, because the router uses the browser history', async () => {
  for (const path of ['/', '/pages/article/index?id=abc', '/pages/home/index']) {
    const page = await fetch(cloud.url + path)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await page.text()).toContain('科普云')
  }
})

test('files have their content type, and those with a hash in their name are immutable', async () => {
  const hashed = await fetch(`${cloud.url}/js/app.1a2b3c4d.js`)
  expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(hashed.headers.get('cache-control')).toContain('immutable')
  const plain = await fetch(`${cloud.url}/js/app.js`)
  expect(plain.headers.get('cache-control')).toBe('no-cache')
  const again = await fetch(`${cloud.url}/js/app.js`, {
    headers: { 'if-none-match': plain.headers.get('etag') ?? '' },
  })
  expect(again.status).toBe(304)
})

test('HEAD has the headers alone, a missing document is the app, and nothing else takes a POST', async () => {
  const head = await fetch(`${cloud.url}/js/app.js`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '7', ''])
  expect(head.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await (await fetch(`${cloud.url}/gone.html`)).text()).toContain('科普云')
  expect((await fetch(`${cloud.url}/js/app.js`, { method: 'POST' })).status).toBe(404)
})

test('a file that changes gets another tag', async () => {
  const tagOf = async () => (await fetch(`${cloud.url}/js/app.js`)).headers.get('etag')
  const before = await tagOf()
  expect(await tagOf()).toBe(before)
  utimesSync(join(folder, 'site/js/app.js'), 1, 1)
  const touched = await tagOf()
  expect(touched).not.toBe(before)
  writeFileSync(join(folder, 'site/js/app.js'), 'start() // now')
  utimesSync(join(folder, 'site/js/app.js'), 1, 1)
  expect(await tagOf()).not.toBe(touched)
})

test('a missing script gives 404, and nothing outside the site is served', async () => {
  expect((await fetch(`${cloud.url}/js/gone.js`)).status).toBe(404)
  for (const path of [
    ...['/../secret.txt', '/%2e%2e/secret.txt', '/js/..%2f..%2fsecret.txt', '/%00', '/%'],
    ...['/../site-secret.txt', '/..%2fsite-secret.txt'],
  ])
    expect([path, (await raw(path)).status]).toEqual([path, 404])
})
