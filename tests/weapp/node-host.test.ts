import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Block } from '#contract/article'
import { createNodeHost } from '../../weapp-host/node-host'
import { standardArticle, standardMood, standardRelated } from '../support/standard-article'
import { copyDist, type DistCopy, weappDist } from '../support/weapp-dist'
import { measurePackages, measurePayloads, standardCloud } from './measure'

let dist: string
beforeAll(async () => {
  dist = await weappDist()
}, 120_000)

const card = { path: 'pages/article/index', query: { id: standardArticle.id }, scene: 1007 }

describe('the built mini-program, run in Node', () => {
  test('a card opens the whole story without an error', async () => {
    const host = await createNodeHost({ dist, cloud: standardCloud() })
    await host.open(card)
    const { errors, stack } = await host.record()
    const text = await host.text()
    expect(errors).toEqual([])
    expect(stack).toEqual([{ path: 'pages/article/index', query: { id: standardArticle.id } }])
    expect(text).toContain(standardArticle.title)
    expect(text).toContain('相关阅读')
    // The rest stays folded until the reader asks for it.
    expect(text).not.toContain('地球已经给出了回答')
  })

  test('Moments has the whole story, without a fold', async () => {
    const host = await createNodeHost({ dist, cloud: standardCloud() })
    await host.open({ ...card, scene: 1154 })
    expect((await host.record()).errors).toEqual([])
    expect(await host.text()).toContain('地球已经给出了回答')
  })

  test('two runs send exactly the same data', async () => {
    const payloads = async () => {
      const host = await createNodeHost({ dist, cloud: standardCloud() })
      await host.open(card)
      await host.tap('开心')
      return (await host.record()).data.map(entry => entry.json)
    }
    expect(await payloads()).toEqual(await payloads())
  })

  test('a tap on a mood reaches the cloud, and the new count is shown', async () => {
    const host = await createNodeHost({ dist, cloud: standardCloud() })
    await host.open(card)
    await host.tap('开心')
    expect(await host.text()).toContain('129')
    const votes = (await host.record()).calls.filter(call => JSON.stringify(call.args).includes('setMood'))
    expect(votes).toHaveLength(1)
  })

  test('storage outlives the app, and the app runs on a phone without Intl', async () => {
    const host = await createNodeHost({ dist, cloud: standardCloud(), storage: { kept: '{"data":1}' } })
    await host.open(card)
    await host.open(card)
    expect(host.storage()).toHaveProperty('kept', '{"data":1}')
    expect((await host.record()).errors).toEqual([])
  })
})

describe('a story as long as publishing allows', () => {
  const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one)
  const words = (count: number) => many(count, '一')
  const bold = { text: '粗'.repeat(100), bold: true as const }

  test.each<[string, Block[]]>([
    ['paragraphs', many(828, { type: 'paragraph', spans: ['字'.repeat(200), bold, '。'] })],
    ['small tables', many(1_400, { type: 'table', head: ['甲', '乙'], rows: [['一', '二']] })],
    ['larger tables', many(60, { type: 'table', head: words(6), rows: many(10, words(6)) })],
    ['long paragraphs', many(14, { type: 'paragraph', spans: ['字'.repeat(20_000)] })],
  ])(
    'of many %s: no update reaches WeChat’s 256 KB, also with its fold open and lists below it',
    async (_, blocks) => {
      const standard = standardCloud()
      const host = await createNodeHost({
        dist,
        cloud: {
          callFunction: (name, event, caller) =>
            (event as { action: string }).action === 'openArticle'
              ? Promise.resolve({
                  ok: true,
                  data: {
                    article: { ...standardArticle, blocks },
                    mood: standardMood,
                    related: standardRelated,
                  },
                })
              : standard.callFunction(name, event, caller),
        },
      })
      await host.open(card)
      await host.tap(({ cl }) => cl === 'article-fold')
      await host.intersect('.related')
      expect(await host.text()).toContain('推荐阅读')
      const { data, errors } = await host.record()
      expect(errors).toEqual([])
      expect(Math.max(...data.map(({ bytes }) => bytes))).toBeLessThan(256 * 1024)
    },
  )
})

describe('single-page mode', () => {
  test('the story opens whole, as a guest, and the app uses nothing that the mode switches off', async () => {
    const callers = new Set<string>()
    const cloud = standardCloud()
    const host = await createNodeHost({
      dist,
      cloud: {
        callFunction(name, event, caller) {
          callers.add(caller)
          return cloud.callFunction(name, event, caller)
        },
      },
    })
    await host.open({ ...card, scene: 1154 })
    const { errors, violations } = await host.record()
    expect({ errors, violations }).toEqual({ errors: [], violations: [] })
    expect(await host.text()).toContain('地球已经给出了回答')
    expect([...callers]).toEqual(['guest'])
  })

  test('without the start-up guard the app does not start', async () => {
    const copy = copyDist(dist)
    try {
      copy.edit('taro.js', text =>
        text.replace(/try\{(?:void )?wx\[\w+\]\}catch\(\w*\)\{\w+\.delete\(\w+\)\}/, ''),
      )
      const host = await createNodeHost({ dist: copy.folder, cloud: standardCloud() })
      await expect(host.open({ ...card, scene: 1154 })).rejects.toThrow('rejected due to no permission')
    } finally {
      copy.remove()
    }
  })
})

describe('the figures change with the build', () => {
  const changed = async <T>(
    plant: (copy: DistCopy) => void,
    measure: (folder: string) => T,
  ): Promise<Awaited<T>> => {
    const copy = copyDist(dist)
    try {
      plant(copy)
      return await measure(copy.folder)
    } finally {
      copy.remove()
    }
  }
  let before: Awaited<ReturnType<typeof measurePayloads>>
  beforeAll(async () => {
    before = await measurePayloads(dist)
  })

  test('a kilobyte more in the main package shows in its size, plain and zipped', async () => {
    // Text that looks random, because a zip would shrink repeated text.
    const kilobyte = Array.from({ length: 256 }, (_, i) =>
      ((i * 2654435761) >>> 0).toString(36).slice(-4),
    ).join('')
    const { main } = await changed(
      copy => copy.write('extra.js', `//${kilobyte.padEnd(1022, '0').slice(0, 1022)}`),
      folder => measurePackages(folder),
    )
    expect(main?.bytes).toBe((measurePackages(dist).main?.bytes ?? 0) + 1024)
    expect(main?.zip).toBeGreaterThan((measurePackages(dist).main?.zip ?? 0) + 500)
  })

  test('licences and maps are not counted', async () => {
    const sizes = await changed(
      copy => {
        copy.write('extra.js.LICENSE.txt', 'x'.repeat(1000))
        copy.write('extra.js.map', '{}')
      },
      folder => measurePackages(folder),
    )
    expect(sizes).toEqual(measurePackages(dist))
  })

  test('a kilobyte more in a page’s first update shows in the figures of the first screen and of the whole page', async () => {
    const padded = 'x'.repeat(1024)
    const after = await changed(
      // The headline is in the first update; its class gets longer.
      copy =>
        copy.edit('common.js', text =>
          text.replace(/className:"head-title"/g, `className:"head-title${padded}"`),
        ),
      measurePayloads,
    )
    expect(after['weapp.article.firstScreenBytes']).toBeGreaterThanOrEqual(
      before['weapp.article.firstScreenBytes'] + 1024,
    )
    expect(after['weapp.article.setDataBytes']).toBeGreaterThanOrEqual(
      before['weapp.article.setDataBytes'] + 1024,
    )
  })

  /** Replaces a page's `setData` by `code`, in which `s` is the original function and `p` the data to send. */
  const withSetData = (copy: DistCopy, page: string, code: string) =>
    copy.edit(`${page}.js`, text =>
      text.replace(
        /\bPage\((\w+)\)/,
        `Page((function(d){var h=d.onLoad;d.onLoad=function(){var s=this.setData.bind(this);this.setData=function(p,done){${code}};return h.apply(this,arguments)};return d})($1))`,
      ),
    )

  test('a kilobyte more in a page of the feed shows in the feed’s figure, to the byte, and in no other', async () => {
    const pad = 'x'.repeat(1024 - '"pad":"",'.length)
    const after = await changed(
      copy =>
        withSetData(
          copy,
          'pages/home/index',
          `if(JSON.stringify(p).length>8000)p=Object.assign({pad:'${pad}'},p);s(p,done)`,
        ),
      measurePayloads,
    )
    expect(after).toEqual({ ...before, 'weapp.feed.setDataBytes': before['weapp.feed.setDataBytes'] + 1024 })
  })

  test('one more update after a vote counts as one more call', async () => {
    const after = await changed(
      copy =>
        withSetData(
          copy,
          'pages/article/index',
          // Only the vote and the changed vote send a label of 开心.
          `s(p,done);if(JSON.stringify(p).length<1000&&JSON.stringify(p).indexOf('开心')>=0)s({more:1})`,
        ),
      measurePayloads,
    )
    expect(after['weapp.vote.setDataCalls']).toBe(before['weapp.vote.setDataCalls'] + 1)
    expect(after['weapp.article.setDataCalls']).toBe(before['weapp.article.setDataCalls'])
  })

  test('one more update of a page counts as one more call', async () => {
    const after = await changed(
      copy => withSetData(copy, 'pages/article/index', 'if(!this.told){this.told=1;s({extra:1})}s(p,done)'),
      measurePayloads,
    )
    expect(after['weapp.article.setDataCalls']).toBe(before['weapp.article.setDataCalls'] + 1)
  })

  test('a byte more in a mood’s class shows in the figures of the vote and the changed vote', async () => {
    const after = await changed(
      copy => copy.edit('pages/article/index.js', text => text.replace(/mood--own/g, 'mood--ownx')),
      measurePayloads,
    )
    expect(after['weapp.vote.setDataBytes']).toBeGreaterThan(before['weapp.vote.setDataBytes'])
    expect(after['weapp.vote.changeBytes']).toBeGreaterThan(before['weapp.vote.changeBytes'])
  })
})
