import path from 'node:path'
import { compile } from 'sass'

const root = path.resolve(__dirname, '../../../src')
const cssOf = (file: string) => compile(path.join(root, file)).css
interface JsDom {
  JSDOM: new (html: string) => { window: Window & typeof globalThis }
}
const { JSDOM } = require('jsdom') as JsDom

/** A document with the site's or the mini-program's own styles, and a body. No medium but the screen exists. */
function styled(css: string, body: string) {
  const { window } = new JSDOM(
    `<!doctype html><html><head><style>${css}</style></head><body>${body}</body></html>`,
  )
  const { document } = window
  const styleOf = (selector: string) => window.getComputedStyle(document.querySelector(selector) as Element)
  return {
    root: document.documentElement,
    styleOf,
    isSeen: (selector: string) => styleOf(selector).display !== 'none',
  }
}

const site = cssOf('web/base.scss')
const app = cssOf('app.scss')

describe.each([
  ['the site', site, 'html'],
  ['the mini-program', app, 'body > div'],
])('a page of %s', (name, css, where) => {
  const looks = ['', 'look--light', 'look--dark']
  const colours = ['paper', 'raised', 'ink', 'ink-soft', 'ink-faint', 'line', 'accent', 'accent-soft']
  const wearing = (look: string) => {
    const page = styled(css, `<div class="${name === 'the site' ? '' : `look ${look}`}"></div>`)
    if (name === 'the site') page.root.className = look
    const style = page.styleOf(where)
    return { style, colours: colours.map(colour => style.getPropertyValue(`--${colour}`)) }
  }

  test('has the colours of the theme that its reader has chosen', () => {
    const [, light, dark] = looks.map(wearing)
    expect(light?.colours).toEqual([
      '#fbfaf7',
      '#ffffff',
      '#1b1b1a',
      '#55534e',
      '#75726b',
      '#e7e4dd',
      '#0b6e63',
      '#e3f1ee',
    ])
    expect(dark?.colours).toEqual([
      '#141414',
      '#1e1e1e',
      '#e8e6e1',
      '#b0ada6',
      '#8f8c86',
      '#2c2c2c',
      '#4fb8a8',
      '#15302c',
    ])
    if (name === 'the site')
      expect([light, dark].map(one => one?.style.getPropertyValue('color-scheme'))).toEqual(['light', 'dark'])
  })

  test('is dark on a dark system, unless its reader has chosen otherwise', () => {
    const [, rule = ''] = /@media \(prefers-color-scheme: dark\) \{\s*([^{]+\{[^}]*\})/.exec(css) ?? []
    expect(rule).toMatch(name === 'the site' ? /^:root \{/ : /^page \{/)
    expect(rule).toContain('--paper: #141414')
    if (name !== 'the site') return
    // What the reader has chosen weighs more.
    const page = styled(css.replace('@media (prefers-color-scheme: dark) {', '@media screen {'), '')
    page.root.className = 'look--light'
    expect(page.styleOf('html').getPropertyValue('--paper')).toBe('#fbfaf7')
  })

  test('in 关怀 has fewer things, and larger ones to tap', () => {
    const parts = ['feed-item-teaser', 'found-teaser', 'share-row']
    const body = parts.map(part => `<i class="${part}"></i>`).join('')
    for (const isOn of [true, false]) {
      const page = styled(css, `<div class="look ${isOn ? 'look--care' : ''}">${body}</div>`)
      if (isOn && name === 'the site') page.root.className = 'look--care'
      page.root.classList.add('js')
      expect(parts.map(part => page.isSeen(`.${part}`))).toEqual(parts.map(() => !isOn))
      expect(page.styleOf('.look').getPropertyValue('--target')).toBe(isOn ? '52px' : '')
    }
  })
})

describe('on the site', () => {
  const body = [
    ...[
      'scripted',
      'unscripted',
      'action-bar',
      'share-row',
      'search-box-clear',
      'setting',
      'article-fold',
      'article-behind',
    ].map(name => `<div class="${name}"></div>`),
    ...['article-link', 'state-action', 'about-action'].map(
      name => `<button class="${name}"></button><a class="${name}"></a>`,
    ),
  ].join('')
  const seenWith = (...classes: string[]) => {
    const page = styled(site, body)
    page.root.className = classes.join(' ')
    return (...selectors: string[]) => selectors.map(page.isSeen)
  }
  const needScript = [
    '.scripted',
    '.action-bar',
    '.share-row',
    '.search-box-clear',
    '.setting',
    '.article-fold',
  ]
  const buttons = ['button.article-link', 'button.state-action', 'button.about-action']
  const links = ['a.article-link', 'a.state-action', 'a.about-action']

  test('what needs a script is seen with it alone, and what stands for it without it', () => {
    const [without, withIt] = [seenWith(), seenWith('js')]
    expect(without(...needScript, ...buttons)).toEqual([...needScript, ...buttons].map(() => false))
    expect(withIt(...needScript, ...buttons)).toEqual([...needScript, ...buttons].map(() => true))
    for (const seen of [without, withIt]) expect(seen(...links)).toEqual([true, true, true])
    expect([without('.unscripted'), withIt('.unscripted')]).toEqual([[true], [false]])
  })

  test.each(['home', 'ranking', 'shelf'])('the tab %s has its own sign, a full one on its own page', tab => {
    const link = (current: string) => `<a class="tab tab--${tab}" ${current}></a>`
    const page = styled(cssOf('web/TabBar.scss'), `${link('')}<b></b>${link('aria-current="page"')}`)
    const signs = ['a', 'b + a'].map(selector => page.styleOf(selector).getPropertyValue('--tab'))
    expect(signs.map(sign => /tab\/([\w-]+)\.png/.exec(sign)?.[1])).toEqual([tab, `${tab}-on`])
  })

  test('a story’s end is behind its fold until that is opened; without a script there is no fold', () => {
    const parts = ['.article-fold', '.article-behind']
    expect(seenWith('js')(...parts)).toEqual([true, false])
    expect(seenWith('js', 'article-unfolded')(...parts)).toEqual([false, true])
    expect(seenWith()(...parts)).toEqual([false, true])
  })

  test('on paper a story is whole and dark on white, with its address and nothing to tap', () => {
    const paper = (css: string) => css.replaceAll('@media print {', '@media screen {')
    const parts = [
      'action-bar',
      'tabs',
      'reading-bar',
      'site-search',
      'article-fold',
      'site-header',
      'site-footer',
    ]
    const page = styled(
      paper(site) + paper(cssOf('web/more.scss')),
      `<div class="site-body"></div>${parts.map(part => `<div class="${part}"></div>`).join('')}<div class="article-behind"></div><p class="own-address" hidden></p>`,
    )
    page.root.className = 'js look--dark'
    expect(parts.map(part => page.isSeen(`.${part}`))).toEqual(parts.map(() => false))
    expect([page.isSeen('.article-behind'), page.isSeen('.own-address')]).toEqual([true, true])
    expect(page.styleOf('html').getPropertyValue('--paper')).toBe('#fbfaf7')
    expect(page.styleOf('html').getPropertyValue('color-scheme')).toBe('light')
  })
})
