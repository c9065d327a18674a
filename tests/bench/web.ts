import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { ensureBuilt } from '../../config/build'
import { putRows, startAppCloud, storyRow } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'
import { standardArticle } from '../support/standard-article'
import type { Figure } from './figure'
import { createCaller, createGetter, median, poolArgs, ratePerSecond, warmUp, width } from './load'

const hostingFolder = path.resolve(__dirname, '../../dist/web')
const { id, publishedAt: _, ...story } = standardArticle

/** The standard story, and others for 相关阅读 to choose from. */
const rows = [
  storyRow(id, 500, { ...story, tags: ['深海'] }),
  ...Array.from({ length: 40 }, (_, i) =>
    storyRow(`other${String(i).padStart(5, '0')}`, i, { ...story, title: `第${i}篇`, tags: ['深海'] }),
  ),
]

function measureScript(): Figure {
  const assets = path.join(hostingFolder, 'assets')
  // What every page loads: only a tap on 生成海报 loads the script that draws posters.
  const scripts = readdirSync(assets).filter(name => name.endsWith('.js') && !name.startsWith('poster-'))
  const value = scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(path.join(assets, name)), { level: 9 }).length,
    0,
  )
  return { name: 'web.script.zip', value, unit: 'B', how: `gzip -9 of ${scripts.length} scripts in dist/web` }
}

/**
 * Everything that must arrive before a story's text can be read: its document, and what the browser waits for before it
 * draws (scripts without defer, and styles).
 */
async function measureFirstText(cloud: CloudProcess): Promise<Figure> {
  const getter = createGetter(cloud.url, 1)
  try {
    const page = await (await fetch(`${cloud.url}/a/${id}`)).text()
    const head = page.slice(0, page.indexOf('</head>'))
    const waited = [
      ...head.matchAll(/<script src="([^"]+)">/g),
      ...head.matchAll(/<link rel="stylesheet" href="([^"]+)">/g),
    ].map(([, address = '']) => address)
    let value = 0
    for (const address of [`/a/${id}`, ...waited]) value += (await getter.get(address)).length
    const how = `bytes of bodies as sent (gzip): the standard story’s document and ${waited.length} files it waits for`
    return { name: 'web.firstText.bytes', value, unit: 'B', how }
  } finally {
    getter.close()
  }
}

/** Layout shift of a page that a four times slower phone loads and scrolls to its end. */
async function shiftOf(page: Page, address: string): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.addInitScript(() => {
    const seen = { shift: 0 }
    Object.assign(globalThis, { seen })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        seen.shift += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.keyboard.press('End')
  await page.waitForLoadState('networkidle')
  return page.evaluate(() => (globalThis as unknown as { seen: { shift: number } }).seen.shift)
}

async function measureShift(cloud: CloudProcess): Promise<Figure> {
  const browser = await launchBrowser()
  try {
    const shifts: number[] = []
    for (const address of [cloud.url, cloud.previewUrl].flatMap(url => [`${url}/a/${id}`, `${url}/`])) {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
      shifts.push(await shiftOf(page, address))
      await page.context().close()
    }
    const how =
      'the worst of home and the standard story, on the site and in the preview: 390 wide, 4× slower'
    return { name: 'web.cls', value: Math.max(...shifts), unit: '', how }
  } finally {
    await browser.close()
  }
}

async function measureRates(cloud: CloudProcess): Promise<Figure[]> {
  // The echo function has a cloud of its own: in one pool the two functions would end each other's instances.
  const echoCloud = await startCloudProcess({ args: poolArgs })
  const echoer = createCaller(echoCloud.url, (await echoCloud.signIn()).token, width)
  const getter = createGetter(cloud.url, width)
  const page = () => getter.get(`/a/${id}`)
  const echo = () => echoer.call('echo', '{}')
  const rounds: { page: number; echo: number }[] = []
  try {
    await warmUp(echoCloud, echo)
    await warmUp(cloud, page)
    for (let round = 0; round < 5; round++) {
      rounds.push({ echo: await ratePerSecond(echo, width, 2), page: await ratePerSecond(page, width, 2) })
    }
  } finally {
    echoer.close()
    getter.close()
    await echoCloud.stop()
  }
  const how = `${width} at a time from one process, warm, the standard story, median of five rounds of two seconds`
  return [
    { name: 'web.html.perSecond', value: median(rounds.map(({ page }) => page)), unit: '/s', how },
    {
      name: 'web.html.perSecond / echo.perSecond',
      value: median(rounds.map(({ page, echo }) => page / echo)),
      unit: '',
      how: `${how}; echo is a function that only answers`,
    },
  ]
}

/** How long a visitor of the site waits, and what a page costs the cloud. */
export async function measureWeb(): Promise<Figure[]> {
  await ensureBuilt(['stories', 'web'])
  const cloud = await startAppCloud({ hostingFolder, args: poolArgs })
  try {
    await putRows(cloud, 'articles', rows)
    return [
      measureScript(),
      await measureFirstText(cloud),
      await measureShift(cloud),
      ...(await measureRates(cloud)),
    ]
  } finally {
    await cloud.stop()
  }
}
