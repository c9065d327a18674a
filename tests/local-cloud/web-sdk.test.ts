import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page, Route } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'

/*
 * @cloudbase/js-sdk as published on npm, in Chromium, with its own end points. The requests are redirected to a local
 * cloud, and Chromium checks this cloud's CORS headers.
 * The rules (tests/support/web-rules): signed-in clients may call context, diaries is PRIVATE, notices ADMINWRITE.
 */
const endPoints = /^https:\/\/local\.(api\.tcloudbasegateway|ap-shanghai\.tcb-api\.tencentcloudapi)\.com\//

jest.setTimeout(120_000)

let folder: string
let cloud: CloudProcess
let browser: Browser
let page: Page

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-sdk-'))
  const site = join(folder, 'site')
  mkdirSync(site)
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>site</title><script src="/sdk.js"></script>')
  // Runs in a separate process: esbuild does not accept the values of jest's realm.
  const bundle = {
    stdin: {
      contents: "import sdk from '@cloudbase/js-sdk'; window.cloudbase = sdk",
      resolveDir: resolve(__dirname),
    },
    bundle: true,
    format: 'iife',
    outfile: join(site, 'sdk.js'),
    logLevel: 'error',
  }
  execFileSync(process.execPath, ['-e', `require('esbuild').buildSync(${JSON.stringify(bundle)})`], {
    cwd: resolve(__dirname, '../..'),
  })
  cloud = await startCloudProcess({
    siteFolder: site,
    rulesFolder: resolve(__dirname, '../support/web-rules'),
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  page = await browser.newPage()
  await page.route(endPoints, toCloud)
  await page.goto(cloud.url)
  await inPage(
    "app = cloudbase.init({ env: 'local' }); auth = app.auth({ persistence: 'local' }); db = app.database()",
  )
})
afterEach(() => close(page))

const closing = new WeakSet<Page>()
async function close(left: Page): Promise<void> {
  closing.add(left)
  await left.close()
}

/** Redirects a request of the SDK to the local cloud. One that is under way when its page closes gets no answer. */
async function toCloud(route: Route): Promise<void> {
  const { pathname, search } = new URL(route.request().url())
  const from = route.request().frame().page()
  try {
    await route.fulfill({ response: await route.fetch({ url: cloud.url + pathname + search }) })
  } catch (error) {
    if (!closing.has(from)) throw error
  }
}

/** Runs code in the page. Returns its result as JSON, an error as `{ thrown }`. */
async function inPage<Value>(code: string): Promise<Value> {
  const body = code.includes(';') ? code : `return await (${code})`
  const text = await page.evaluate(
    `(async () => { try { return JSON.stringify({ ok: await (async () => { ${body} })() }) } catch (error) {
      return JSON.stringify({ ok: { thrown: error.code ?? error.error ?? String(error), message: String(error.message) } })
    } })()`,
  )
  return (JSON.parse(String(text)) as { ok: Value }).ok
}

const signIn = () =>
  inPage<{ error: unknown; id: string; anonymous: boolean }>(
    'auth.signInAnonymously().then(({ error, data }) => ({ error, id: data.user?.id, anonymous: data.user?.is_anonymous }))',
  )

test('an anonymous visitor has a uid and no OPENID, survives reload and refresh, and ends with sign-out', async () => {
  const visitor = await signIn()
  expect(visitor).toEqual({ error: null, id: expect.stringMatching(/^.{20,}$/), anonymous: true })
  expect(await inPage('auth.getCurrentUser().then(user => user.uid)')).toBe(visitor.id)
  const called = await inPage<{ result: { context: Record<string, string> } }>(
    "app.callFunction({ name: 'context', data: { a: 1 } })",
  )
  expect(called.result).toMatchObject({ event: { a: 1 }, context: { SOURCE: 'wx_client' } })
  expect(called.result.context.OPENID).toBeUndefined()

  const token = 'auth.getSession().then(({ data }) => data.session.access_token)'
  const before = await inPage<string>(token)
  expect(await inPage('auth.refreshSession().then(({ error, data }) => [error, data.user.id])')).toEqual([
    null,
    visitor.id,
  ])
  expect(await inPage(token)).not.toBe(before)
  const me = (bearer: string) =>
    fetch(`${cloud.url}/auth/v1/user/me`, { headers: { authorization: `Bearer ${bearer}` } })
  expect(await (await me(await inPage<string>(token))).json()).toMatchObject({ sub: visitor.id })
  await page.reload()
  await inPage("app = cloudbase.init({ env: 'local' }); auth = app.auth({ persistence: 'local' })")
  expect(await inPage('auth.getLoginState().then(state => state.user.uid)')).toBe(visitor.id)

  const last = await inPage<string>(token)
  expect(await inPage('auth.signOut().then(({ error }) => error)')).toBeNull()
  expect(await inPage('auth.getLoginState()')).toBeNull()
  expect((await me(last)).status).toBe(401)
})

test('functions are called under the rules, and each failure has its own error', async () => {
  await signIn()
  const failing = (name: string) =>
    inPage<{ thrown: string }>(`app.callFunction({ name: '${name}', data: {} })`)
  expect((await failing('state')).thrown).toBe('PERMISSION_DENIED')
  expect((await failing('throws')).thrown).toBe('FUNCTIONS_EXECUTE_FAIL')
})

test('a file can be uploaded, downloaded from its address, and deleted', async () => {
  await signIn()
  const { fileID } = await inPage<{ fileID: string }>(
    "app.uploadFile({ cloudPath: 'web/月亮.txt', filePath: new File(['hello'], 'a.txt') })",
  )
  expect(fileID).toMatch(/^cloud:\/\/.*\/web\/月亮\.txt$/)
  const address = `app.getTempFileURL({ fileList: ['${fileID}'] }).then(({ fileList }) => fileList[0])`
  const { tempFileURL } = await inPage<{ tempFileURL: string }>(address)
  expect(await (await fetch(tempFileURL)).text()).toBe('hello')
  const remove = `app.deleteFile({ fileList: ['${fileID}'] }).then(({ fileList }) => fileList[0].code)`
  expect(await inPage(remove)).toBe('SUCCESS')
  expect(await inPage(address)).toMatchObject({ code: 'STORAGE_FILE_NONEXIST' })
})

describe('the database', () => {
  beforeEach(async () => {
    await signIn()
  })

  test('writes and reads a visitor’s own documents', async () => {
    const uid = await inPage<string>('auth.getCurrentUser().then(user => user.uid)')
    const { id } = await inPage<{ id: string }>(
      "db.collection('diaries').add({ text: 'a', n: 1, at: new Date(1700000000000) })",
    )
    expect(
      await inPage("db.collection('diaries').add([{ n: 2 }, { n: 3 }]).then(({ ids }) => ids.length)"),
    ).toBe(2)
    expect(await inPage(`db.collection('diaries').doc('${id}').get().then(({ data }) => data)`)).toEqual([
      { _id: id, text: 'a', n: 1, at: '2023-11-14T22:13:20.000Z', _openid: uid },
    ])
    expect(
      await inPage(
        "db.collection('diaries').where({ n: db.command.gt(1) }).orderBy('n', 'desc').skip(1).limit(1).field({ n: true, _id: false }).get().then(({ data }) => data)",
      ),
    ).toEqual([{ n: 2 }])
    expect(await inPage("db.collection('diaries').where({ n: db.command.gt(1) }).count()")).toMatchObject({
      total: 2,
    })
    expect(
      await inPage("db.collection('diaries').where({ n: 1 }).update({ text: 'b', n: db.command.inc(4) })"),
    ).toMatchObject({ updated: 1 })
    expect(
      await inPage(
        "db.collection('diaries').aggregate().group({ _id: null, sum: db.command.aggregate.sum('$n') }).end().then(({ data }) => data)",
      ),
    ).toEqual([{ _id: null, sum: 10 }])
    expect(await inPage(`db.collection('diaries').doc('${id}').remove()`)).toMatchObject({ deleted: 1 })
    expect(await inPage("db.collection('diaries').where({ n: db.command.gt(0) }).remove()")).toMatchObject({
      deleted: 2,
    })
    const times = '({ data }) => [data[0].at, data[0].in.soon].map(text => Date.parse(text))'
    await inPage(
      "db.collection('diaries').add({ at: db.serverDate(), in: { soon: db.serverDate({ offset: 60000 }) } })",
    )
    const [at = 0, soon] = await inPage<number[]>(`db.collection('diaries').get().then(${times})`)
    expect(Math.abs(Date.now() - at)).toBeLessThan(60_000)
    expect(soon).toBe(at + 60_000)
    expect(
      await inPage("db.collection('diaries').where({ at: db.command.lte(db.serverDate()) }).remove()"),
    ).toMatchObject({ deleted: 1 })
    expect(await inPage("db.collection('diaries').doc('gone').get().then(({ data }) => data)")).toEqual([])
  })

  test('hides each visitor’s documents from other visitors', async () => {
    await inPage("db.collection('diaries').add({ _id: 'secret', text: 'mine' })")
    const other = await browser.newContext()
    const mine = page
    page = await other.newPage()
    try {
      await page.route(endPoints, toCloud)
      await page.goto(cloud.url)
      await inPage("app = cloudbase.init({ env: 'local' }); auth = app.auth(); db = app.database()")
      await signIn()
      expect(await inPage("db.collection('diaries').get().then(({ data }) => data)")).toEqual([])
      expect(await inPage("db.collection('diaries').doc('secret').remove()")).toMatchObject({ deleted: 0 })
    } finally {
      await close(page)
      await other.close()
      page = mine
    }
    expect(await inPage("db.collection('diaries').doc('secret').get().then(({ data }) => data.length)")).toBe(
      1,
    )
  })

  test.each([
    ["db.collection('secrets').get()", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('secrets').doc('x').get()", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('secrets').where({ a: 1 }).count()", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('secrets').aggregate().match({}).end()", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('notices').add({ a: 1 })", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('notices').doc('x').update({ a: 1 })", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('notices').where({}).remove()", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('diaries').add({ _openid: 'x' })", 'DATABASE_PERMISSION_DENIED'],
    ["db.collection('diaries').doc('x').set({ a: 1 })", 'INVALID_PARAM'],
    [
      "db.collection('diaries').aggregate().lookup({ from: 'secrets', localField: 'a', foreignField: 'a', as: 'b' }).end()",
      'DATABASE_PERMISSION_DENIED',
    ],
    ["db.createCollection('new')", 'DATABASE_PERMISSION_DENIED'],
    ['db.startTransaction()', 'DATABASE_PERMISSION_DENIED'],
  ])('refuses %s with %s, and does not resolve', async (code, thrown) => {
    expect(await inPage(code)).toMatchObject({ thrown })
  })
})

test('watch is refused by name, not like a broken network', async () => {
  await signIn()
  const refused = page.waitForEvent('console', message => message.text().includes('connect fail'))
  await inPage("db.collection('diaries').where({}).watch({ onChange() {}, onError() {} }) && null")
  expect((await refused).text()).toContain('INVALID_PARAM')
})

describe('unsupported routes are refused by name, never answered with a page', () => {
  test.each([
    '/v1/model/prod/post/list',
    '/v1/rdb/rest/x',
    '/v1/anything',
    '/auth/v1/signin',
    '/auth/v1/user/me/x',
  ])('%s', async path => {
    for (const method of ['GET', 'POST']) {
      const origin = 'http://localhost:1'
      const reply = await fetch(cloud.url + path, { method, headers: { origin } })
      expect(reply.status).toBe(404)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
      expect(JSON.parse(await reply.text())).toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('a preflight allows the headers that the SDK sends', async () => {
    const reply = await fetch(
      `${cloud.url}/v1/database/instances/(default)/databases/(default)/collections/a/documents`,
      {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:1',
          'access-control-request-headers': 'x-device-id, x-sdk-version',
        },
      },
    )
    expect(reply.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(reply.headers.get('access-control-allow-headers')).toBe('x-device-id, x-sdk-version')
  })
})
