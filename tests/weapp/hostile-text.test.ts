import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Driver, launch } from '../../weapp-host/driver'
import type { Card } from '../../weapp-host/entry'
import { putRows, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { attack, field, hostileRows, shortField } from '../support/hostile-rows'
import type { CloudProcess } from '../support/local-cloud'
import { previewScene } from '../support/preview-row'
import { weappDist } from '../support/weapp-dist'
import { phoneCloud } from './phone-cloud'

interface AppJson {
  pages: string[]
  subPackages: { root: string; pages: string[] }[]
}

let dist: string
let browser: Browser
let cloud: CloudProcess
let me: Driver
const dialogs: string[] = []

beforeAll(async () => {
  dist = await weappDist()
  ;[browser, cloud] = await Promise.all([launchBrowser(), startAppCloud({ args: ['--no-timers'] })])
  for (const [table, rows] of Object.entries(hostileRows)) await putRows(cloud, table, rows)
  me = await launch({ browser, dist, cloud: await phoneCloud(cloud) })
  me.window.on('dialog', dialog => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
}, 240_000)

afterAll(async () => {
  await me?.close()
  await browser?.close()
  await cloud?.stop()
})

/** Elements and attributes on the screen that only markup from a field could have made. */
const foreign = () =>
  me.window.evaluate(() =>
    Array.from(document.querySelectorAll('.host-frame *')).flatMap(one => {
      const tag = one.localName
      const handlers = one.getAttributeNames().filter(name => name.startsWith('on'))
      const isForeign = ['script', 'iframe', 'object', 'embed', 'svg', 'link', 'title'].includes(tag)
      return isForeign || /^(x$|javascript:)/.test(one.getAttribute('src') ?? '')
        ? [tag]
        : handlers.map(name => `${tag} ${name}`)
    }),
  )

/** The page's text, as readers and screen readers get it. */
const words = async () => {
  const labels = await me
    .find('[aria-label]')
    .evaluateAll(all => all.map(one => one.getAttribute('aria-label')).join('\n'))
  return `${await me.text()}\n${labels}`
}

const article = (id: string, scene = 1007): Card => ({ path: 'pages/article/index', query: { id }, scene })
const body = [
  'plain',
  'bold',
  'italic',
  'mono',
  'link',
  'below',
  'above',
  'heading',
  'quote',
  'item',
  'bullet',
]
const story = [
  ...body,
  'caption',
  'owner',
  'head',
  'cell',
  'code',
  'title',
  'source',
  'author',
  'credit',
  'reason',
]

/** Every page, and the fields that it shows. */
const pages: [what: string, card: Card, shows: string[]][] = [
  ['home', { scene: 1001 }, ['title', 'teaser', 'topic', 'long']],
  ['ranking', { path: 'pages/ranking/index' }, ['title']],
  ['a story', article('hostile001'), [...story, 'editor', 'topic', 'long', 'question']],
  ['a story in Moments', article('hostile001', 1154), [...story, 'long']],
  ['a long story', article('hostile002'), [...body, 'caption', 'head', 'cell', 'code']],
  ['a long story in Moments', article('hostile002', 1154), [...body, 'caption', 'head', 'cell', 'code']],
  ['a withdrawn story', article('hostile004'), []],
  ['a story whose id is the attack', article(attack), []],
  ['the shelf', { path: 'pages/shelf/index' }, ['title']],
  ['a channel', { path: 'more/channel/index', query: { channel: 'earth' } }, ['title', 'teaser', 'long']],
  ['a channel named by the attack', { path: 'more/channel/index', query: { channel: attack } }, []],
  ['a topic', { path: 'more/topic/index', query: { id: 'hostile003' } }, ['topic', 'lead', 'title']],
  ['a search', { path: 'more/search/index', query: { q: 'title' } }, ['title', 'teaser']],
  ['a search for the attack', { path: 'more/search/index', query: { q: attack } }, []],
  ['a poster', { path: 'more/poster/index', query: { id: 'hostile001' } }, []],
  ['about', { path: 'more/about/index' }, []],
  ['the principles', { path: 'more/principles/index' }, []],
  [
    'a preview',
    { path: 'more/preview/index', query: { scene: previewScene('hostile005') } },
    [...story, 'editor', 'topic'],
  ],
  ['a preview named by the attack', { path: 'more/preview/index', query: { scene: attack } }, []],
  ['an address that does not exist', { path: 'more/lost/index', query: { id: attack } }, []],
]

describe('hostile text in every field', () => {
  test.each(pages)('is text and nothing else: %s', async (_, card, shows) => {
    await me.open(card)
    await me.waitFor(async () => (await me.text()).trim().length > 8)
    await me.quiet()
    if ((await me.find('看过').count()) > 0) await me.tap('看过')
    const missing = async () => {
      const text = await words()
      return shows.filter(name => !text.includes(field(name)))
    }
    let isOpen = false
    await me
      .waitFor(async () => {
        // The fold comes after the first screen. It stays there for a moment after the tap.
        if (!isOpen && (await me.find('.article-fold').count()) > 0) {
          isOpen = true
          await me.tap(me.find('.article-fold'))
        }
        return (await missing()).length === 0
      })
      .catch(async error => {
        expect(await missing()).toEqual([])
        throw error
      })
    // The shelf, which is opened later, gets a story a moment after it was drawn.
    const { id = '' } = card.query ?? {}
    if (shows.includes('bold') && card.scene === 1007)
      await me.waitFor(async () => (await me.storage())['shelf-history']?.includes(id) === true)
    expect(await foreign()).toEqual([])
    expect(dialogs).toEqual([])
    expect(await me.errors()).toEqual([])
  })

  test('is text and nothing else: a poll', async () => {
    await me.open(article('hostile001'))
    await me.waitFor(shortField('one'))
    await me.tap(shortField('two'))
    await me.quiet()
    expect(await words()).toContain(shortField('two'))
    expect(await foreign()).toEqual([])
    expect(dialogs).toEqual([])
  })

  test('is tested on every page of the app', () => {
    const app = JSON.parse(readFileSync(path.join(dist, 'app.json'), 'utf8')) as AppJson
    const all = [
      ...app.pages,
      ...app.subPackages.flatMap(({ root, pages: own }) => own.map(one => `${root}/${one}`)),
    ]
    const visited = pages.map(([, card]) => card.path ?? 'pages/home/index')
    expect([...new Set(visited)].sort()).toEqual(all.sort())
  })
})
