import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Cloud } from '../../weapp-host/cloud-door'
import { createNodeHost } from '../../weapp-host/node-host'
import { standardFeed } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'

let dist: string
beforeAll(async () => {
  dist = await weappDist()
}, 300_000)

const start = { path: 'pages/home/index', scene: 1001 }
const first = standardFeed.slice(0, 8)
const rest = standardFeed.slice(8)
const away = { ok: false, error: { code: 'unavailable', message: 'away' } }

/** A cloud with a feed of two pages; an entry of `answers` replaces the reply to that action. */
function feedCloud(answers: Record<string, () => unknown> = {}) {
  const calls: string[] = []
  const cloud: Cloud = {
    callFunction(_name, event) {
      const { action } = event as { action: string }
      calls.push(action)
      const answer = answers[action]
      if (answer) return Promise.resolve(answer())
      const data =
        action === 'readHome'
          ? { focus: [], topics: [], feed: { items: first, next: 'k1standard-std1000000-1st' } }
          : { items: rest, next: null }
      return Promise.resolve({ ok: true, data })
    },
  }
  return { cloud, calls }
}

describe('the home page', () => {
  test('requests the next page once when the end is reached twice, and then says that it is the end', async () => {
    const { cloud, calls } = feedCloud()
    const host = await createNodeHost({ dist, cloud })
    await host.open(start)
    expect(await host.text()).toContain('加载更多')
    await Promise.all([host.reachBottom(), host.reachBottom()])
    await host.reachBottom()
    expect(calls.filter(action => action === 'readFeed')).toHaveLength(1)
    expect(await host.text()).toContain('没有更多了')
  })

  test('keeps its stories if the next page fails, and shows a retry control below them', async () => {
    let broken = true
    const { cloud, calls } = feedCloud({
      readFeed: () => (broken ? away : { ok: true, data: { items: rest, next: null } }),
    })
    const host = await createNodeHost({ dist, cloud })
    await host.open(start)
    await host.reachBottom()
    await host.reachBottom()
    expect(calls.filter(action => action === 'readFeed')).toHaveLength(1)
    expect(await host.text()).toContain(first[0]?.title)
    broken = false
    await host.tap(node => typeof node.v === 'string' && node.v.includes('点此再试'))
    expect(await host.text()).toContain('没有更多了')
  })

  test('tells after a pull how many stories are new, or that there are none', async () => {
    let pulls = 0
    const answers = [first, first, standardFeed.slice(2, 12), standardFeed.slice(1, 12)]
    const { cloud } = feedCloud({
      readHome: () => ({
        ok: true,
        data: {
          focus: [],
          topics: [],
          feed: { items: answers[pulls++] ?? [], next: null },
        },
      }),
    })
    const host = await createNodeHost({ dist, cloud })
    await host.open(start)
    await host.pullDown()
    expect(JSON.stringify(host.shown())).toContain('已经是最新的了')
    await host.pullDown()
    expect(JSON.stringify(host.shown())).toContain('有 4 篇新文章')
    await host.pullDown()
    expect(JSON.stringify(host.shown())).toContain('有 1 篇新文章')
  })

  test('tells after a pull that the cloud could not be reached, and keeps its stories', async () => {
    let pulls = 0
    const { cloud } = feedCloud({
      readHome: () =>
        pulls++ > 0
          ? away
          : { ok: true, data: { focus: [], topics: [], feed: { items: first, next: null } } },
    })
    const host = await createNodeHost({ dist, cloud })
    await host.open(start)
    await host.pullDown()
    expect(JSON.stringify(host.shown())).toContain('网络不太顺畅')
    expect(JSON.stringify(host.shown())).toContain('pull-down-off')
    expect(await host.text()).toContain(first[0]?.title)
  })

  test('shows the last cached home page, marked 离线, when there is no network', async () => {
    const online = await createNodeHost({ dist, cloud: feedCloud().cloud })
    await online.open(start)
    const offline = await createNodeHost({
      dist,
      cloud: feedCloud({ readHome: () => away }).cloud,
      storage: online.storage(),
    })
    await offline.open(start)
    const text = await offline.text()
    expect(text).toContain(first[0]?.title)
    expect(text).toContain('离线')
    expect(text).toContain('点此再试')
  })

  test('shows no link in single-page mode, where links do nothing', async () => {
    const host = await createNodeHost({ dist, cloud: feedCloud().cloud })
    await host.open({ path: 'pages/home/index', scene: 1154 })
    const text = await host.text()
    expect(text).toContain(first[0]?.title)
    expect(text).not.toContain('搜索')
    const roles = (await host.nodes()).filter(node => Object.values(node).includes('link'))
    expect(roles).toEqual([])
  })
})

describe('the ranking page', () => {
  test('after a quick change of mood shows no rows and no time of the previous mood', async () => {
    const ranking = (title: string, updatedAt: number) => ({
      ok: true,
      data: {
        items: [{ rank: 1, id: first[0]?.id, title, publishedAt: 0, count: 5, share: 1 }],
        next: null,
        updatedAt,
      },
    })
    const answers: Record<string, unknown> = {
      happy: ranking('让人开心的', Date.UTC(2026, 9, 9, 1, 30)),
      sad: ranking('让人难过的', Date.UTC(2026, 10, 1, 2, 0)),
      like: away,
    }
    const cloud: Cloud = {
      callFunction: (_name, event) =>
        Promise.resolve(answers[(event as { data: { mood: string } }).data.mood]),
    }
    const host = await createNodeHost({ dist, cloud })
    await host.open({ path: 'pages/ranking/index', scene: 1001 })
    expect(await host.text()).toContain('10-09 09:30 更新')
    // The reply for 难过 arrives while 点赞 is selected, and the request for 点赞 fails.
    await Promise.all([host.tap('难过'), host.tap('点赞')])
    const text = await host.text()
    expect(text).toContain('重新加载')
    expect(text).not.toMatch(/让人|更新/)
  })
})
