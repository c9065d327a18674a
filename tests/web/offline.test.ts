import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { built, putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { lastingPort } from '../support/lasting-port'
import type { CloudProcess } from '../support/local-cloud'
import { hydrated } from './phone'

const read = { id: 'readstory1', title: '鲸落' }
const other = { id: 'readstory2', title: '潮汐为何一天两次' }
const unread = { id: 'unreadone1', title: '雪花' }
const rows = [read, other, unread].map(({ id, title }, n) =>
  storyRow(id, n, { title, blocks: [{ type: 'paragraph', spans: [`${title}的正文。`] }] }),
)

let browser: Browser
let cloud: CloudProcess
let page: Page
let dataFolder: string
let port: number

/**
 * Starts the cloud at the same port with the same rows: for the browser it is one site that goes down and comes back.
 */
async function start(): Promise<void> {
  cloud = await startAppCloud({
    dataFolder,
    hostingFolder: path.resolve(__dirname, '../../dist/web'),
    args: ['--port', String(port)],
  })
}

beforeAll(async () => {
  await built('functions', 'stories', 'web')
  dataFolder = mkdtempSync(path.join(tmpdir(), 'offline-'))
  port = await lastingPort()
  browser = await launchBrowser()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  rmSync(dataFolder, { recursive: true, force: true })
})
beforeEach(async () => {
  await start()
  await putRows(cloud, 'articles', rows)
  page = await browser.newPage()
  page.setDefaultTimeout(15_000)
})
afterEach(async () => {
  await page.context().close()
  await cloud.stop()
})

const visit = (where: string) => page.goto(cloud.url + where)
const words = () => page.innerText('main')

/**
 * Waits until the worker answers navigations. The page itself may not be controlled yet, where it began to load just
 * before the worker became active.
 */
async function workerIsActive(): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready
    if (active?.state === 'activated') return
    await new Promise(changed => active?.addEventListener('statechange', changed, { once: true }))
  })
}

/** Reads stories until the browser has cached them and the worker answers. */
async function readStories(...stories: { id: string }[]): Promise<void> {
  for (const { id } of stories) {
    await visit(`/a/${id}`)
    await page.waitForFunction(key => localStorage.getItem(key) !== null, `cache:article:${id}`)
  }
  await workerIsActive()
}

test('a story that was read is complete without a network, at its own address and with its own title', async () => {
  await readStories(read)
  await cloud.stop()
  // As a link from elsewhere may write it: the site, which would redirect, cannot be asked.
  await visit(`/a/${read.id}/`)
  await page.waitForSelector(`text=${read.title}的正文。`)
  await visit(`/a/${read.id}`)
  await page.waitForSelector(`text=${read.title}的正文。`)
  expect(await words()).toContain('离线')
  expect(await page.title()).toContain(read.title)
  expect(page.url()).toBe(`${cloud.url}/a/${read.id}`)
  await start()
})

test('a story that cannot be read without a network says so and offers stories that can', async () => {
  await readStories(read, other)
  // Added to the shelf long ago, in the other order: the story read last comes first.
  await page.evaluate(() => {
    const rows = JSON.parse(localStorage.getItem('shelf-history') ?? '').data as object[]
    const data = rows.reverse().map((row, index) => ({ ...row, at: 2 - index }))
    localStorage.setItem('shelf-favourites', JSON.stringify({ data }))
  })
  await cloud.stop()
  for (const where of [`/a/${unread.id}`, '/', '/search?q=a']) {
    await visit(where)
    await page.waitForSelector('text=没有网络')
    expect(await page.title()).toBe('没有网络')
    await page.waitForSelector('text=离线可读')
    const shown = await words()
    expect(shown).toContain(read.title)
    expect(shown.indexOf(other.title)).toBeGreaterThan(-1)
    expect(shown.indexOf(other.title)).toBeLessThan(shown.indexOf(read.title))
    expect(shown).not.toContain(unread.title)
  }
  await page.click(`text=${other.title}`)
  await page.waitForSelector(`text=${other.title}的正文。`)
  await start()
})

test('every story that the shelf marks as readable offline can be read offline', async () => {
  await readStories(read)
  await cloud.stop()
  await visit('/shelf')
  await page.click('text=看过')
  await page.waitForSelector('text=离线可读')
  await page.click(`text=${read.title}`)
  await page.waitForSelector(`text=${read.title}的正文。`)
  await start()
})

test('a browser with an empty cache says so, and continues when the network is back', async () => {
  await visit('/about')
  await workerIsActive()
  await cloud.stop()
  await visit('/')
  await page.waitForSelector('text=还没有可以离线读的文章')
  await start()
  // The page listens once React's effects have run, which follow its drawing.
  await hydrated(page)
  await page.evaluate(
    () => new Promise(done => requestAnimationFrame(() => setTimeout(() => setTimeout(done)))),
  )
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.waitForSelector(`text=${unread.title}`)
})

test('a withdrawn story disappears once the browser has learned of it, and stays away without a network', async () => {
  await readStories(read, other)
  await putRows(cloud, 'articles', [{ ...rows[0], state: 'withdrawn' }])
  let status: number | undefined
  do status = (await visit(`/a/${read.id}`))?.status()
  while (status === 200)
  expect(status).toBe(410)
  // The page drops the copy once it is hydrated, which may be after `load`.
  await page.waitForFunction(key => localStorage.getItem(key) === null, `cache:article:${read.id}`)
  await cloud.stop()
  await visit(`/a/${read.id}`)
  await page.waitForSelector('text=没有网络')
  await page.waitForSelector('text=离线可读')
  expect(await words()).not.toContain(read.title)
  expect(await words()).toContain(other.title)
  await start()
})
