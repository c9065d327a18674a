import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { dressed } from '../web/phone'
import { barriersOf } from './barriers'
import { inspectPage, linesOf } from './inspector'

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  page = await browser.newPage({ viewport: { width: 390, height: 844 } })
}, 60_000)
afterAll(() => browser?.close())

/** Inspects a page of a few lines of HTML, black on white by default. */
async function saidOf(body: string, allowed?: Parameters<typeof inspectPage>[1]): Promise<string[]> {
  await page.setContent(
    `<!doctype html><style>body { margin: 0; background: #fff; color: #000; font: 16px/24px sans-serif }</style>${body}`,
  )
  return linesOf(await inspectPage(page, allowed ?? []))
}

const one = async (body: string) => {
  const said = await saidOf(body)
  expect(said).toHaveLength(1)
  return said[0]
}

const quiet =
  '<p class="fine">Words on paper.</p><a class="way" href="#" style="display:block;height:44px">On</a>'

test('a correct page has no flaws', async () => {
  expect(await saidOf(quiet)).toEqual([])
})

describe('sideways overflow', () => {
  test('a box wider than the window is reported', async () => {
    expect((await saidOf('<div class="wide" style="width:420px;height:9px"></div>')).join('\n')).toContain(
      'overflow: .wide “” reaches from 0 to 420 in 390',
    )
  })

  test('a box past the left side, which adds no scroll bar, is reported', async () => {
    expect(await one('<div class="left" style="margin-left:-9px;height:9px"></div>')).toContain(
      'overflow: .left',
    )
  })

  test('a line that leaves its own box is reported, even if it fits in the window', async () => {
    expect(
      await one('<div class="tight" style="width:80px;white-space:nowrap">wider than eighty pixels</div>'),
    ).toContain('overflow: .tight “wider than eighty pixels” its text leaves its box')
  })

  test('a strip that scrolls sideways may be wider', async () => {
    expect(
      await saidOf('<div style="overflow-x:auto"><div style="width:900px;height:9px">strip</div></div>'),
    ).toEqual([])
  })

  test('the blank half of a full-width mark at the end of a line is not reported, half of a character is', async () => {
    const said = async (words: string) => {
      // Five characters and a half, of a font that has them.
      await page.setContent(
        `<!doctype html><div style="width:88px;font:16px Noto Sans SC;white-space:nowrap">${words}</div>`,
      )
      await dressed(page)
      return linesOf(await inspectPage(page, [])).filter(line => line.startsWith('overflow'))
    }
    expect(await said('以选几（项）')).toEqual([])
    for (const words of ['可以选几项吗', '可以选几项吗）'])
      expect(await said(words)).toEqual([expect.stringContaining('its text leaves its box')])
  })

  test('a space that hangs over the end of a line is not reported', async () => {
    expect(await saidOf('<div style="width:64px;background:#eee">四个字的　四个字的</div>')).toEqual([])
  })

  test('an element that is not drawn is not reported', async () => {
    expect(await saidOf(`${quiet}<div style="display:none;width:900px;color:#eee">away</div>`)).toEqual([])
  })
})

describe('clipped text', () => {
  test('a line cut off at its foot is reported', async () => {
    expect(await one('<div class="low" style="height:12px;overflow:hidden">cut</div>')).toContain(
      'clipped: .low',
    )
  })

  test('a line that a far outer container cuts off is reported', async () => {
    expect(
      await one(
        '<div class="outer" style="width:60px;overflow:hidden"><div style="width:300px"><p>a long line of words</p></div></div>',
      ),
    ).toContain('clipped: .outer')
  })

  test('an ellipsis is reported unless it is allowed by name', async () => {
    const line =
      '<div class="short" style="width:60px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">a long line</div>'
    const said = await saidOf(line)
    expect(said.join('\n')).toContain('clipped: .short')
    const allowance = { name: 'short', rule: 'clipped', selector: '.short', because: 'a test' } as const
    expect(await saidOf(line, [{ ...allowance, cut: 'across' }])).toEqual([])
    expect((await saidOf(line, [{ ...allowance, cut: 'down' }])).join('\n')).toContain('clipped: .short')
  })

  test('a placeholder longer than its field is reported', async () => {
    expect(
      await one(
        '<input class="field" style="width:90px;height:44px" placeholder="what one may look for here">',
      ),
    ).toContain('clipped: .field')
  })
})

describe('tap targets', () => {
  test.each([
    ['link', '<a class="small" href="#" style="display:block;width:80px;height:40px">On</a>'],
    ['button', '<button class="small" style="width:40px;height:60px">On</button>'],
    ['role of a mini-program', '<div class="small" aria-role="button" style="height:30px">On</div>'],
    ['role of the web', '<div class="small" role="radio" style="height:30px">On</div>'],
    ['link alone in its line', '<p><a class="small" href="#">On</a></p>'],
  ])('a small %s is reported', async (_, markup) => {
    expect(await one(markup)).toContain('target: .small “On” is')
  })

  test('a link within a line of text may be as high as the line', async () => {
    expect(await saidOf('<p>Words with a <a href="#" style="color:#000">link</a> in them.</p>')).toEqual([])
  })
})

describe('contrast', () => {
  test.each([
    ['grey on white', '<p class="pale" style="color:#888">pale</p>'],
    ['black that is nearly clear', '<p class="pale" style="color:rgba(0,0,0,.4)">pale</p>'],
    ['black in a faded box', '<div style="opacity:.4"><p class="pale">pale</p></div>'],
    [
      'grey on a ground further out',
      '<div style="background:#222"><p class="pale" style="color:#666">pale</p></div>',
    ],
    [
      'white on a veil over white',
      '<div style="background:rgba(0,0,0,.3)"><p class="pale" style="color:#fff">pale</p></div>',
    ],
    [
      'white high on a gradient that is dark at its foot only',
      '<p class="pale" style="margin:0;height:200px;background:linear-gradient(rgba(0,0,0,0), #000);color:#fff">pale</p>',
    ],
    [
      'ink on what ::before lays under it',
      '<style>.pale::before{content:"";position:absolute;inset:0;background:#555;z-index:-1}</style><p class="pale" style="position:relative">pale</p>',
    ],
  ])('%s is reported', async (_, markup) => {
    expect(await one(markup)).toContain('contrast: ')
  })

  test('white text directly on a picture is reported, whatever the picture shows', async () => {
    const picture = `<img style="width:100px;height:60px;background:#000" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">`
    const words = (ground: string) =>
      `<div style="position:relative;width:100px;background:#000">${picture}<p class="on" style="position:absolute;top:0;color:#fff;background:${ground}">words</p></div>`
    expect(await one(words('none'))).toContain('contrast: .on')
    expect(await saidOf(words('rgba(0,0,0,.7)'))).toEqual([])
  })

  test('a pale placeholder is reported', async () => {
    const field = (colour: string) =>
      `<style>input::placeholder{color:${colour}}</style><input class="field" style="width:200px;height:44px" placeholder="words">`
    expect(await one(field('#aaa'))).toContain('contrast: .field')
    expect(await saidOf(field('#555'))).toEqual([])
  })

  test('the background of the current theme counts', async () => {
    const themed =
      '<style>@media (prefers-color-scheme: dark){body{background:#111}}</style><p class="pale">black</p>'
    expect(await saidOf(themed)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await one(themed)).toContain('contrast: .pale')
    await page.emulateMedia({ colorScheme: 'light' })
  })
})

describe('axe-core', () => {
  const whole = (body: string) =>
    page.setContent(
      `<!doctype html><html lang="zh"><title>t</title><main><h1>Words</h1>${body}</main></html>`,
    )

  test.each([
    ['a button without a name', '<button></button>', 'critical button-name'],
    ['a picture without a text', '<img src="data:,">', 'critical image-alt'],
    ['a heading that skips a level', '<h4>Far below</h4>', 'moderate heading-order'],
    [
      'a name that lacks the visible words',
      '<a href="#" aria-label="On">More</a>',
      'label-content-name-mismatch',
    ],
    ['pale text', '<p style="color:#ccc;background:#fff">Pale</p>', 'serious color-contrast'],
  ])('reports %s', async (_, body, rule) => {
    await whole('<p>Words on paper.</p>')
    expect(await barriersOf(page)).toEqual([])
    await whole(body)
    expect(await barriersOf(page)).toEqual([expect.stringContaining(rule)])
  })

  test('reports what is outside every landmark', async () => {
    await whole('')
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p>Outside</p>'))
    expect(await barriersOf(page)).toEqual([expect.stringContaining('moderate region')])
    expect(await barriersOf(page, ['color-contrast'])).toEqual([])
  })
})
