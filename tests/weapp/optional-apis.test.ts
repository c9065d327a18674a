import { beforeAll, expect, test } from '@jest/globals'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
import type { ApiFault } from '../../weapp-host/protocol'
import { standardArticle, standardFeed } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { fullCloud } from './full-cloud'
import { standardCloud } from './measure'

/** The APIs that bring the stories; without them no story can open. */
const cloudApis = ['cloud', 'cloud.init', 'cloud.callFunction']
const card = { path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 }

let dist: string
/** Every API that the app calls during the tour. */
let called: string[]

beforeAll(async () => {
  dist = await weappDist()
  called = await tour({})
}, 240_000)

/**
 * Uses the app for a minute on a phone where some APIs fail. Throws if the app does not start or a story does not open;
 * jest itself fails a test with an unhandled rejection. Returns the names of the APIs that the app called.
 */
async function tour(faults: Record<string, ApiFault>): Promise<string[]> {
  const host = await createNodeHost({ dist, cloud: standardCloud(), faults })
  const [onHome, onStory] = [await readHome(host), await readStory(host)]
  expect([...onHome.errors, ...onStory.errors]).toEqual([])
  return [...new Set([...onHome.calls, ...onStory.calls].map(call => call.name))].sort()
}

async function readHome(host: NodeHost) {
  await host.open({})
  expect(await host.text()).toContain(standardFeed[0]?.title)
  await host.pullDown()
  await host.settle()
  return host.record()
}

async function readStory(host: NodeHost) {
  await host.open(card)
  expect(await host.text()).toContain(standardArticle.title)
  await host.tap('开心')
  await host.tap('朋友圈')
  await host.tap('复制链接')
  await host.changeDevice({ online: false })
  await host.changeDevice({ online: true, theme: 'dark' })
  await host.order('hide')
  await host.order('show')
  return host.record()
}

/** The pages that the tour leaves out. The Node host has no canvas, so the poster cannot be drawn in any case. */
const otherPages = [
  ['pages/ranking/index', {}, '占本文投票的'],
  ['pages/shelf/index', {}, '跟随系统'],
  ['more/channel/index', { channel: 'earth' }, '全部'],
  ['more/topic/index', { id: 'deepsea001' }, '深海热泉'],
  ['more/search/index', {}, '看看这些栏目'],
  ['more/about/index', {}, '意见反馈'],
  ['more/poster/index', { id: standardArticle.id }, '这台手机没能画出海报'],
] as const

/** Opens pages, as `tour` does home and a story. Returns the pages that called an API, by its name. */
async function openPages(
  pages: readonly (typeof otherPages)[number][],
  faults: Record<string, ApiFault>,
): Promise<Map<string, Set<(typeof otherPages)[number]>>> {
  const host = await createNodeHost({ dist, cloud: fullCloud(), faults })
  const callers = new Map<string, Set<(typeof otherPages)[number]>>()
  for (const page of pages) {
    const [path, query, words] = page
    await host.open({ path, query, scene: 1007 })
    await host.settle()
    const { errors, calls } = await host.record()
    expect({ path, errors, text: await host.text() }).toEqual({
      path,
      errors: [],
      text: expect.stringContaining(words),
    })
    for (const { name } of calls) callers.set(name, (callers.get(name) ?? new Set()).add(page))
  }
  return callers
}

test('the other pages open whichever of the further APIs fails that they call', async () => {
  const callers = [...(await openPages(otherPages, {}))]
  const further = callers.filter(([name]) => !called.includes(name) && !cloudApis.includes(name))
  expect(further.map(([name]) => name)).toContain('createSelectorQuery')
  for (const [name, pages] of further)
    for (const fault of ['missing', 'throws', 'fails'] as const)
      await openPages([...pages].slice(-1), { [name]: fault })
}, 120_000)

test('the tour calls the APIs that some phones are known to lack', () => {
  expect(called).toEqual(
    expect.arrayContaining(['getUpdateManager', 'onNetworkStatusChange', 'stopPullDownRefresh']),
  )
})

test.each<ApiFault>(['missing', 'throws', 'fails'])(
  'the app starts and a story opens whichever API fails: %s',
  async fault => {
    const problems: string[] = []
    for (const name of called.filter(one => !cloudApis.includes(one))) {
      await tour({ [name]: fault }).catch((error: unknown) => problems.push(`${name}: ${String(error)}`))
    }
    expect(problems).toEqual([])
  },
  120_000,
)

test.each<ApiFault>(['missing', 'throws', 'fails'])(
  'the app starts and a story opens when every API but the cloud fails: %s',
  async fault => {
    const { apis } = await (async () => {
      const host = await createNodeHost({ dist, cloud: standardCloud() })
      await host.open({})
      return host.record()
    })()
    const optional = apis.filter(name => !cloudApis.includes(name) && !name.startsWith('cloud.'))
    await tour(Object.fromEntries(optional.map(name => [name, fault])))
  },
  120_000,
)

test('a phone that refuses the clipboard says what else the reader can do there', async () => {
  const faults: Record<string, ApiFault> = { setClipboardData: 'fails' }
  const host = await createNodeHost({ dist, cloud: standardCloud(), faults })
  await host.open(card)
  await host.tap('朋友圈')
  await host.tap('复制链接')
  const { calls } = await host.record()
  const told = calls.filter(({ name }) => name === 'showToast').map(({ args }) => args[0])
  expect(told).toEqual([expect.objectContaining({ title: '没能复制，请用右上角的菜单分享' })])
})

test('without a cloud the app starts and offers a retry', async () => {
  for (const name of cloudApis) {
    const host = await createNodeHost({ dist, cloud: standardCloud(), faults: { [name]: 'missing' } })
    await host.open(card)
    expect((await host.record()).errors).toEqual([])
    expect(await host.text()).toContain('重新加载')
  }
})
