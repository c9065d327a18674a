import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { logsOf, putRows, startAppCloud } from '../support/app-cloud'
import { breakQuotes, oddStories, onePoint } from '../support/hard-stories'
import type { CloudProcess } from '../support/local-cloud'
import { arrive, openPhone, startWebSite } from './phone'

const dist = path.resolve(__dirname, '../../dist')

let cloud: CloudProcess
let browser: Browser
let phone: BrowserContext
let page: Page

beforeAll(async () => {
  ;({ cloud, browser } = await startWebSite())
  await putRows(cloud, 'articles', Object.values(oddStories))
}, 300_000)
beforeEach(async () => {
  phone = await openPhone(browser)
  page = await phone.newPage()
})
afterEach(() => phone?.close())
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const seen = (selector: string) => page.locator(`${selector}:visible`)
const visit = async (story: { _id: string }, base = cloud.url) => {
  await arrive(page, `${base}/a/${story._id}`)
}

describe('a story with something odd, on the web', () => {
  test('breaks a line where its author did', async () => {
    await visit(oddStories.hardBreak)
    const lines = await seen('.block-p').evaluate(
      one => one.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(one).lineHeight),
    )
    expect(lines).toBe(2)
    const counts = await seen('.head-fix, .block-h2, .block-td, .figure-caption').evaluateAll(all =>
      all.map(one => {
        const words = document.createRange()
        words.selectNodeContents(one)
        const tops = Array.from(words.getClientRects(), ({ top }) => top)
        return `${one.className.split(' ').at(-1)} ${new Set(tops).size}`
      }),
    )
    expect(counts).toEqual([
      'head-fix 2',
      'block-h2 2',
      ...['block-td 2', 'block-td 1', 'block-td 2', 'block-td 1'],
      'figure-caption 2',
    ])
  })

  test('lowers and raises text between its lines, and counts a list on from its first number', async () => {
    await visit(oddStories.shifted)
    const [first] = await seen('.block-p').evaluateAll(all => {
      const line = Number.parseFloat(getComputedStyle(all[0] as Element).lineHeight)
      return all.map(one => one.getBoundingClientRect().height / line)
    })
    expect(first).toBe(1)
    expect(await seen('.block-p sub').first().textContent()).toBe('2')
    expect(await seen('.block-p sup').allTextContents()).toEqual(['−9'])
    const list = seen('ol').first()
    expect(await list.getAttribute('start')).toBe('7')
    expect(await list.locator('.block-li-mark').allTextContents()).toEqual(['7.', '8.'])
  })

  test('enlarges the picture that was tapped, also where the story shows it twice', async () => {
    await page.route('**/pictures/*', route => route.fulfill({ contentType: 'image/png', body: onePoint }))
    await visit(oddStories.samePicture)
    await seen('a.figure-picture').nth(2).click()
    const pictures = await page
      .locator('.overlay-pictures img')
      .evaluateAll(all =>
        (all as HTMLImageElement[]).map(({ src, alt }) => `${src.split('/').at(-1)} ${alt}`),
      )
    expect(pictures).toEqual(['whale-fall.jpg 图二', 'soap-bubble-colours.jpg 图三'])
    await page.waitForFunction(() => {
      const last = document.querySelector('.overlay-pictures img:last-of-type')
      return last !== null && last.getBoundingClientRect().left < innerWidth / 2
    })
    await page.keyboard.press('Escape')
    await seen('a.figure-picture').nth(0).click()
    await page.waitForFunction(() => {
      const all = Array.from(document.querySelectorAll('.overlay-pictures img'))
      return all.findIndex(one => Math.abs(one.getBoundingClientRect().left) < innerWidth / 2) === 0
    })
    const words = await page
      .locator('.overlay-pictures img')
      .evaluateAll(all => all.map(one => one.getAttribute('alt')))
    expect(words).toEqual(['图一', '图二', '图三'])
  })

  test('offers to load a picture again that failed before the script ran', async () => {
    let tellFailed = () => {}
    const failed = new Promise<void>(done => {
      tellFailed = done
    })
    page.on('requestfailed', request => {
      if (request.url().includes('/pictures/whale-fall')) tellFailed()
    })
    await page.route('**/pictures/whale-fall*', route => route.abort())
    await page.route('**/assets/site-*.js', async route => {
      await failed
      await route.continue()
    })
    await visit(oddStories.samePicture)
    await page.getByText('图片没有加载出来，点此重试').waitFor()
  })

  test('shows a picture of the cloud’s storage at its public address, and https where no protocol is named', async () => {
    const asked: string[] = []
    await page.route(/\/storage\/|pictures\.example/, route => {
      asked.push(route.request().url())
      return route.fulfill({ contentType: 'image/png', body: onePoint })
    })
    await visit(oddStories.inCloud)
    await seen('.figure-picture img').waitFor()
    await visit(oddStories.noProtocol)
    await seen('.figure-picture img').waitFor()
    expect([...new Set(asked)]).toEqual([
      `${cloud.url}/storage/covers/%E5%B0%81%E9%9D%A2%20b.jpg`,
      'https://pictures.example/a.jpg',
    ])
  })

  test('with addresses that are none stands in full, and on the home page', async () => {
    const faults: string[] = []
    page.on('pageerror', error => faults.push(String(error)))
    await visit(oddStories.badAddress)
    await seen('.related').waitFor()
    expect(await seen('.block-p').count()).toBe(1)
    await page.goto(cloud.url)
    await seen('.feed-item').first().waitFor()
    expect(faults).toEqual([])
  })

  test('is requested again where the data in its document is not what the page expects', async () => {
    const faults: string[] = []
    page.on('pageerror', error => faults.push(String(error)))
    await page.route(`**/a/${oddStories.hardBreak._id}`, async route => {
      const response = await route.fetch()
      const [html = '', data = ''] = (await response.text()).split('id="data"')
      const body = `${html}id="data"${data.replace('"blocks":[', '"blocks":{},"were":[')}`
      await route.fulfill({ response, body })
    })
    const asked = page.waitForRequest(request => !!request.postData()?.includes('openArticle'))
    await visit(oddStories.hardBreak)
    await asked
    await seen('.block-p').waitFor()
    expect(faults).toEqual([])
  })

  test.each([
    ['no header takes', '坏的令牌\n'],
    ['no server takes', 'a'.repeat(20_000)],
  ])('is read by a browser that keeps a token %s', async (_, data) => {
    await phone.addInitScript(stored => localStorage.setItem('cloud-token', stored), JSON.stringify({ data }))
    await visit(oddStories.hardBreak, cloud.previewUrl)
    await seen('button.mood-happy').click()
    await seen('.mood-happy.mood--own:not(.mood--wait)').waitFor()
  })
})

describe('a part that cannot be drawn', () => {
  let broken: CloudProcess
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'web-broken-'))
    for (const name of ['cloudfunctions', 'web']) {
      cpSync(path.join(dist, name), path.join(folder, name), { recursive: true })
    }
    const scripts = readdirSync(path.join(dist, 'web/assets')).filter(name => /^site-.*\.js$/.test(name))
    for (const file of ['cloudfunctions/web/index.js', ...scripts.map(name => `web/assets/${name}`)]) {
      const code = readFileSync(path.join(folder, file), 'utf8')
      const planted = breakQuotes(code)
      expect({ file, same: planted === code }).toEqual({ file, same: false })
      writeFileSync(path.join(folder, file), planted)
    }
    broken = await startAppCloud({
      functionsFolder: path.join(folder, 'cloudfunctions'),
      hostingFolder: path.join(folder, 'web'),
    })
    await putRows(broken, 'articles', Object.values(oddStories))
  }, 120_000)
  afterAll(async () => {
    await broken?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('is left out of the document and of the page, and the log says so', async () => {
    const answer = await fetch(`${broken.url}/a/${oddStories.quoted._id}`)
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).toMatch(/引文之前。<\/p>.*引文之后。<\/p>/s)
    await visit(oddStories.quoted, broken.url)
    await seen('.related').waitFor()
    expect(await seen('.block-p').allInnerTexts()).toEqual(['引文之前。', '引文之后。'])
    const lines = (await logsOf(broken)).flatMap(record => record.lines.map(({ text }) => text))
    expect(lines.filter(text => text.includes('part-failed'))).toHaveLength(1)
  })

  test('leaves other pages as they are', async () => {
    await visit(oddStories.hardBreak, broken.url)
    expect(await seen('.block-p').count()).toBe(1)
  })
})
