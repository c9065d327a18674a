import fs from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import type { Cloud } from '../../weapp-host/cloud-door'
import { launch } from '../../weapp-host/driver'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
import { filesUnder, readProgram } from '../../weapp-host/program'
import type { DataEntry, Json } from '../../weapp-host/protocol'
import { standardArticle, standardFeed, standardMood, standardRelated } from '../support/standard-article'

/** Bytes of one package, plain and zipped. */
export interface PackageSize {
  bytes: number
  zip: number
}

/** Files that WeChat's upload leaves out or that a phone never runs. */
const beside = /\.(LICENSE\.txt|map)$|^project\.(private\.)?config\.json$/

/** Sizes of the main package (key `main`) and of each subpackage (key: its root), without licences and source maps. */
export function measurePackages(dist: string): Record<string, PackageSize> {
  const roots = readProgram(dist).app.subPackages.map(part => part.root.replace(/\/$/, ''))
  const packages: Record<string, Record<string, Uint8Array>> = { main: {} }
  for (const root of roots) packages[root] = {}
  for (const file of filesUnder(dist)) {
    if (beside.test(file)) continue
    const home = roots.find(root => file.startsWith(`${root}/`)) ?? 'main'
    Object.assign(packages[home] ?? {}, { [file]: new Uint8Array(fs.readFileSync(path.join(dist, file))) })
  }
  return Object.fromEntries(
    Object.entries(packages).map(([name, files]) => {
      const bytes = Object.values(files).reduce((sum, content) => sum + content.length, 0)
      // A fixed date, because a zip contains the time of each file.
      const zip = zipSync(files, { level: 9, mtime: new Date('2026-01-01T00:00:00Z') }).length
      return [name, { bytes, zip }]
    }),
  )
}

/** The data that the logic thread sends to the view, under the names of the marks. */
export interface PayloadFigures {
  'weapp.article.firstScreenBytes': number
  'weapp.article.setDataBytes': number
  'weapp.article.setDataCalls': number
  'weapp.feed.setDataBytes': number
  'weapp.vote.setDataBytes': number
  'weapp.vote.changeBytes': number
  'weapp.vote.setDataCalls': number
}

/** A cloud that answers with the standard story and feed and keeps one reader's mood. */
export function standardCloud(): Cloud {
  let mood = standardMood
  const reply = (data: unknown) => Promise.resolve({ ok: true, data })
  return {
    callFunction(_name, event) {
      const { action, data } = event as { action: string; data: Record<string, Json> }
      switch (action) {
        case 'openArticle':
          return reply({ article: standardArticle, mood, related: standardRelated })
        case 'readHome':
          // Fewer and other stories than on the measured page, so that its update can be recognised.
          return reply({
            focus: [],
            topics: [],
            feed: {
              items: standardFeed.slice(0, 5).map((item, index) => ({ ...item, id: `stdhome000${index}` })),
              next: 'k1standard-std1000000-1st',
            },
          })
        case 'readFeed':
          return reply({ items: standardFeed, next: 'k1standard-std1000019-1st' })
        case 'setMood': {
          const wanted = typeof data.mood === 'string' ? data.mood : null
          const counts = { ...mood.counts }
          if (mood.own) counts[mood.own] = (counts[mood.own] ?? 1) - 1
          if (wanted) counts[wanted] = (counts[wanted] ?? 0) + 1
          mood = { ...mood, counts, own: wanted, wish: Number(data.wish) }
          return reply(mood)
        }
        default:
          // Other requests of a page do not belong to the figures; they get the reply not-found.
          return Promise.resolve({
            ok: false,
            error: { code: 'not-found', message: 'not in the standard cloud' },
          })
      }
    },
  }
}

const sum = (entries: readonly DataEntry[]) => entries.reduce((total, entry) => total + entry.bytes, 0)

/** All calls up to the one that brought the last of `words` to the page; throws if some words never came. */
function upTo(entries: readonly DataEntry[], words: readonly string[]): DataEntry[] {
  let seen = ''
  for (const [index, { json }] of entries.entries()) {
    seen += json
    if (words.every(word => seen.includes(JSON.stringify(word).slice(1, -1))))
      return entries.slice(0, index + 1)
  }
  throw new Error(`the page never showed ${words.find(word => !seen.includes(word))}`)
}

async function dataAfter(host: NodeHost, act: () => Promise<void>): Promise<DataEntry[]> {
  const before = (await host.record()).data.length
  await act()
  return (await host.record()).data.slice(before)
}

/**
 * Measures a built mini-program on the standard story and feed, in the Node host. Time and random numbers are fixed, so
 * the figures are the same on every run.
 */
export async function measurePayloads(dist: string): Promise<PayloadFigures> {
  const host = await createNodeHost({ dist, cloud: standardCloud() })
  await host.open({ path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 })
  const opened = (await host.record()).data
  const paragraphs = standardArticle.blocks.flatMap(block => (block.type === 'paragraph' ? block.spans : []))
  const firstFive = paragraphs.slice(0, 5).filter(span => typeof span === 'string')
  const firstScreen = upTo(opened, [standardArticle.title, ...firstFive])
  const lastRelated = standardRelated[standardRelated.length - 1]?.title ?? ''
  const whole = upTo(opened, [lastRelated])

  const vote = await dataAfter(host, () => host.tap('开心'))
  const change = await dataAfter(host, () => host.tap('点赞'))

  await host.open({ path: 'pages/home/index', scene: 1001 })
  // 加载更多: the first update shows that the page is loading, the second one brings a page of the feed.
  const more = await dataAfter(host, () => host.reachBottom())
  const feed = more.filter(entry => entry.json.includes(standardFeed[19]?.title ?? ''))
  if (feed.length !== 1) throw new Error(`the home page showed the feed in ${feed.length} calls`)

  // A reader's page folds the story; Moments shows all of it. The figure is the larger of the two.
  const moments = await createNodeHost({ dist, cloud: standardCloud() })
  await moments.open({ path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1154 })
  const unfolded = upTo((await moments.record()).data, [lastRelated, paragraphs.at(-1) as string])

  const { errors } = await host.record()
  if (errors.length > 0) throw new Error(`the app failed while it was measured: ${errors[0]}`)
  return {
    'weapp.article.firstScreenBytes': sum(firstScreen),
    'weapp.article.setDataBytes': Math.max(sum(whole), sum(unfolded)),
    'weapp.article.setDataCalls': Math.max(whole.length, unfolded.length),
    'weapp.feed.setDataBytes': sum(feed),
    'weapp.vote.setDataBytes': sum(vote),
    'weapp.vote.changeBytes': sum(change),
    'weapp.vote.setDataCalls': Math.max(vote.length, change.length),
  }
}

/**
 * Number of elements on the standard story's page, counted from wx-page, and the level of the deepest; wx-page is level
 * 1.
 */
export async function measureNodes(
  dist: string,
  browser: Browser,
): Promise<{ 'weapp.nodes': number; 'weapp.depth': number }> {
  const phone = await launch({ dist, browser, cloud: standardCloud() })
  try {
    await phone.open({ path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 })
    await phone.waitFor('相关阅读')
    await phone.quiet()
    const { count, depth } = await phone.nodes()
    return { 'weapp.nodes': count, 'weapp.depth': depth }
  } finally {
    await phone.close()
  }
}

/** Number of requests that one pending vote makes when the network returns while its page is open. */
export async function measureReconnect(dist: string, browser: Browser): Promise<number> {
  const standard = standardCloud()
  let requests = 0
  const cloud: Cloud = {
    callFunction(name, event, caller) {
      if ((event as { action: string }).action === 'setMood') requests++
      return standard.callFunction(name, event, caller)
    },
  }
  const phone = await launch({ dist, browser, cloud })
  try {
    await phone.open({ path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 })
    const face = phone.find('[aria-role="radio"][aria-label^="点赞"]')
    await face.waitFor()
    await phone.goOffline()
    await phone.tap(face)
    await phone.waitFor(async () => (await phone.find('.mood--wait').count()) === 1)
    const before = requests
    await phone.goOnline()
    await phone.waitFor(async () => (await phone.find('.mood--own:not(.mood--wait)').count()) === 1)
    await phone.quiet()
    return requests - before
  } finally {
    await phone.close()
  }
}
