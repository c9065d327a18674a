import type { Browser, BrowserContext, Page } from 'playwright-core'
import { putRows } from '../support/app-cloud'
import { anyUnseen, hostileRows } from '../support/hostile-rows'
import type { CloudProcess } from '../support/local-cloud'
import { previewScene } from '../support/preview-row'
import { arrive, openPhone, startWebSite } from './phone'

let cloud: CloudProcess
let browser: Browser

beforeAll(async () => {
  // Without timers, because the clock would take the story off the rankings: nobody has voted on it.
  ;({ cloud, browser } = await startWebSite(false, ['--no-timers']))
  for (const [table, rows] of Object.entries(hostileRows)) await putRows(cloud, table, rows)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})
/** It runs no script, so React does not hydrate it. */
const preview = `/preview?scene=${previewScene('hostile005')}`

/** The pages that show the hostile story, the long one, their topic, their votes, the withdrawn story, and a preview. */
const pages = [
  '/',
  '/a/hostile001',
  '/a/hostile001?scene=1154',
  '/a/hostile002',
  '/t/hostile003',
  '/c/earth',
  '/c/earth/ocean',
  '/ranking',
  '/search?q=title',
  '/a/hostile004',
  preview,
]

/** Every element that our pages and their overlays consist of. */
const ours = new Set(
  (
    'HTML HEAD META TITLE LINK SCRIPT BODY DIV SPAN HEADER NAV MAIN ASIDE FOOTER FORM INPUT BUTTON LABEL A H1 H2 P ' +
    'IMG I EM STRONG MARK CODE PRE BLOCKQUOTE FIGURE FIGCAPTION UL OL LI TABLE THEAD TBODY TR TH TD TIME SUB SUP B DIALOG'
  ).split(' '),
)

/** What the page consists of, and whether anything of it is an attack's. */
function strangers(known: string[]): string[] {
  const found: string[] = []
  for (const element of Array.from(document.querySelectorAll('*'))) {
    const { tagName } = element
    if (!known.includes(tagName)) found.push(`<${tagName}>`)
    for (const { name, value } of Array.from(element.attributes)) {
      if (/^on/i.test(name)) found.push(`${tagName} ${name}`)
      const leads = /^(href|src|action|formaction|srcdoc)$/.test(name)
      if (leads && /^\s*(javascript|vbscript|data:)/i.test(value))
        found.push(`${tagName} ${name}=${value.slice(0, 30)}`)
    }
    if (tagName === 'IMG' && element.getAttribute('src') === 'x') found.push('IMG src=x')
    // Browsers do not run these two kinds: the page's data, and what search engines read. Both must be whole JSON.
    const isData = /^application\/(ld\+)?json$/.test(element.getAttribute('type') ?? '')
    if (tagName === 'SCRIPT' && isData) {
      try {
        JSON.parse(element.textContent ?? '')
      } catch {
        found.push('SCRIPT with broken JSON')
      }
    } else if (tagName === 'SCRIPT' && !/^\/assets\//.test(element.getAttribute('src') ?? ''))
      found.push('SCRIPT')
  }
  return found
}

describe.each([
  ['with the site’s own policy', false],
  // Then only the page itself keeps an attack from running.
  ['without any policy', true],
])('hostile text in every field of every row, %s', (_, bypassCSP) => {
  let phone: BrowserContext
  let page: Page
  let ran: string[]
  let asked: string[]

  // One page for all addresses: a new one would load and compile the site again.
  beforeAll(async () => {
    phone = await openPhone(browser, { bypassCSP, serviceWorkers: 'block', deviceScaleFactor: 1 })
    page = await phone.newPage()
    page.on('dialog', dialog => {
      ran.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('pageerror', error => ran.push(String(error)))
    page.on('request', request => asked.push(request.url()))
  })
  afterAll(() => phone?.close())

  test.each(pages)('adds no element and runs nothing on %s', async path => {
    for (const base of [cloud.url, cloud.previewUrl]) {
      ran = []
      asked = []
      await (path === preview ? page.goto(base + path) : arrive(page, base + path))
      const fold = page.locator('.article-fold:visible')
      if ((await fold.count()) > 0) await fold.click()
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))
      const text = await page.locator('main').innerText()
      expect({ path, ran, strangers: await page.evaluate(strangers, [...ours]) }).toEqual({
        path,
        ran: [],
        strangers: [],
      })
      expect(anyUnseen.exec(await page.content())).toBeNull()
      // The text is shown, as text.
      expect(text).toContain('<script>alert(1)</script>')
      expect(asked.filter(url => new URL(url).pathname.endsWith('/x'))).toEqual([])
    }
  })
})

test('an element that is not ours would be noticed', async () => {
  const page = await (await openPhone(browser)).newPage()
  await page.goto(cloud.url)
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<svg></svg><img src="x" onerror="1"><a href="javascript:1">a</a>',
    )
    document.body.append(document.createElement('script'))
    const broken = Object.assign(document.createElement('script'), {
      type: 'application/ld+json',
      text: '{"a',
    })
    document.body.append(broken)
  })
  expect(await page.evaluate(strangers, [...ours])).toEqual([
    '<svg>',
    'IMG onerror',
    'IMG src=x',
    'A href=javascript:1',
    'SCRIPT',
    'SCRIPT with broken JSON',
  ])
})
