import { beforeAll, expect, test } from '@jest/globals'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
import type { ApiFault } from '../../weapp-host/protocol'
import { standardArticle, standardFeed } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { standardCloud } from './measure'

/** Without these there is no story to show: the cloud. */
const needed = ['cloud', 'cloud.init', 'cloud.callFunction']
const card = { path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 }

let dist: string
/** Every API that the app calls on the tour. */
let called: string[]

beforeAll(async () => {
  dist = await weappDist()
  const host = await createNodeHost({ dist, cloud: standardCloud() })
  called = await tour(host)
}, 240_000)

/** What a reader does in a minute. Gives the names of all APIs the app called. */
async function tour(host: NodeHost): Promise<string[]> {
  await host.open({})
  expect(await host.text()).toContain(standardFeed[0]?.title)
  await host.pullDown()
  await host.settle()
  const onHome = await host.record()
  await host.open(card)
  expect(await host.text()).toContain(standardArticle.title)
  await host.tap('开心')
  await host.tap('朋友圈')
  await host.tap('复制链接')
  await host.changeDevice({ online: false })
  await host.changeDevice({ online: true, theme: 'dark' })
  await host.order('hide')
  await host.order('show')
  const onStory = await host.record()
  expect([...onHome.errors, ...onStory.errors]).toEqual([])
  return [...new Set([...onHome.calls, ...onStory.calls].map(call => call.name))].sort()
}

test('the tour calls the APIs that a phone may lack', () => {
  console.log(called)
  expect(called).toEqual(expect.arrayContaining(['onNetworkStatusChange', 'stopPullDownRefresh']))
})

test.each<ApiFault>(['missing', 'throws', 'fails'])(
  'the app starts and a story opens when any one optional API %s',
  async fault => {
    const problems: string[] = []
    for (const name of called.filter(one => !needed.includes(one))) {
      try {
        await tour(await createNodeHost({ dist, cloud: standardCloud(), faults: { [name]: fault } }))
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : JSON.stringify(error)}`.slice(0, 300))
      }
    }
    expect(problems).toEqual([])
  },
  120_000,
)
