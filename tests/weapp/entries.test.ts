import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Cloud } from '../../weapp-host/cloud-door'
import { createNodeHost, type NodeHost, type TreeNode } from '../../weapp-host/node-host'
import { standardArticle } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { standardCloud } from './measure'

let dist: string
beforeAll(async () => {
  dist = await weappDist()
}, 300_000)

const card = { path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 }

/** The standard cloud; `answers` replaces the reply to an action. */
function cloudWith(answers: Record<string, () => unknown> = {}): Cloud {
  const standard = standardCloud()
  return {
    callFunction(name, event, caller) {
      const answer = answers[(event as { action: string }).action]
      return answer ? Promise.resolve(answer()) : standard.callFunction(name, event, caller)
    },
  }
}

describe('a button to share', () => {
  const shareButtons = async (host: NodeHost) =>
    (await host.nodes()).filter(node => Object.values(node).includes('share'))

  test('is WeChat’s own where the entry allows it', async () => {
    const host = await createNodeHost({ dist, cloud: cloudWith() })
    await host.open({ ...card, apiCategory: 'default' })
    expect((await shareButtons(host)).length).toBeGreaterThan(0)
  })

  test.each(['nativeFunctionalized', 'embedded', 'chatTool'])(
    'opens the guide in the category %s, which refuses WeChat’s own',
    async apiCategory => {
      const host = await createNodeHost({ dist, cloud: cloudWith() })
      await host.open({ ...card, apiCategory })
      expect(await shareButtons(host)).toEqual([])
      await host.tap('微信好友')
      expect(await host.text()).toContain('点击右上角')
    },
  )
})

describe('single-page mode', () => {
  const picture = { type: 'picture', src: 'https://a.example/1.jpg', width: 400, height: 300, alt: '图' }
  const article = {
    ...standardArticle,
    blocks: [...standardArticle.blocks, picture],
    topic: { id: 'topic00001', title: '一个专题' },
    poll: 'poll000001',
  }
  const related = [{ id: 'related001', title: '一篇相关', publishedAt: 0 }]
  const mood = { counts: { happy: 3 }, own: null, wish: 0, canVote: false }
  const answers = { openArticle: () => ({ ok: true, data: { article, mood, related } }) }
  const moments = { ...card, scene: 1154 }

  test('a tap on anything that listens changes the screen or enlarges a picture', async () => {
    const host = await createNodeHost({ dist, cloud: cloudWith(answers) })
    await host.open(moments)
    await host.settle(2_000)
    const text = await host.text()
    for (const words of ['一篇相关', '一个专题', '您此时的心情', '地球已经给出了回答'])
      expect(text).toContain(words)
    const tapped = await host.listeners('tap')
    expect(tapped.length).toBeGreaterThan(0)
    for (const { sid } of tapped) {
      const before = await host.record()
      await host.tap((node: TreeNode) => node.sid === sid)
      const { data, calls } = await host.record()
      const enlarged = calls.slice(before.calls.length).some(({ name }) => name === 'previewImage')
      expect([sid, enlarged || data.length > before.data.length]).toEqual([sid, true])
    }
    const { errors, violations, stack } = await host.record()
    expect({ errors, violations, pages: stack.length }).toEqual({ errors: [], violations: [], pages: 1 })
    expect(text).not.toMatch(/前往|打开小程序|完整版|请在微信/)
  })

  test('a picture that cannot be enlarged fails silently', async () => {
    const host = await createNodeHost({
      dist,
      cloud: cloudWith(answers),
      faults: { previewImage: 'fails' },
    })
    await host.open(moments)
    await host.settle(2_000)
    for (const { sid } of await host.listeners('tap')) await host.tap((node: TreeNode) => node.sid === sid)
    expect({ shown: host.shown(), errors: (await host.record()).errors }).toEqual({ shown: [], errors: [] })
  })
})
