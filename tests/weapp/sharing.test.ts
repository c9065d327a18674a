import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Cloud } from '../../weapp-host/cloud-door'
import { enterOptions } from '../../weapp-host/entry'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
import { readProgram } from '../../weapp-host/program'
import type { Json } from '../../weapp-host/protocol'
import { standardArticle, standardFeed } from '../support/standard-article'
import { weappDist } from '../support/weapp-dist'
import { standardCloud } from './measure'

let dist: string
beforeAll(async () => {
  dist = await weappDist()
}, 300_000)

const { id } = standardArticle
const mark = '0123456789'
const page = 'pages/article/index'
const card = { path: page, query: { id, mark }, scene: 1007 }
const aMark = /^[0-9a-z]{10}$/
const gone = { ok: false, error: { code: 'not-found', message: 'gone' } }
const fails = { ok: false, error: { code: 'unavailable', message: 'away' } }

interface Sent {
  action: string
  data: Record<string, Json>
  caller: string
}

/** The standard cloud, with the calls that reached it. `answers` replaces the reply to an action. */
function loggedCloud(answers: Record<string, () => unknown> = {}): { cloud: Cloud; sent: Sent[] } {
  const sent: Sent[] = []
  const standard = standardCloud()
  const cloud: Cloud = {
    callFunction(name, event, caller) {
      const { action, data } = event as unknown as Sent
      sent.push({ action, data, caller })
      if (answers[action]) return Promise.resolve(answers[action]?.())
      if (action === 'recordShare' || action === 'recordOpening')
        return Promise.resolve({ ok: true, data: {} })
      return standard.callFunction(name, event, caller)
    },
  }
  return { cloud, sent }
}

const shapeOf = async (host: NodeHost, kind: 'friend' | 'moments' | 'favorite') =>
  (await host.share(kind)).result as { title: string; path?: string; query?: string; imageUrl: string }

const queryOf = (text = ''): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text.split('?').pop()))

const opened = (sent: readonly Sent[]) =>
  sent.filter(({ action }) => action === 'recordOpening').map(({ data }) => data)

describe('the friend card', () => {
  test('exists on every page, with a title, a path to a page that exists, and a picture', async () => {
    const program = readProgram(dist)
    const pages = [
      ...program.app.pages,
      ...program.app.subPackages.flatMap(part =>
        part.pages.map(one => `${part.root.replace(/\/$/, '')}/${one}`),
      ),
    ].filter(path => !path.includes('preview'))
    expect(pages.length).toBeGreaterThanOrEqual(9)
    const query: Record<string, Record<string, string>> = {
      [page]: { id },
      'more/topic/index': { id: 'topic00001' },
      'more/channel/index': { channel: 'earth' },
    }
    for (const path of pages) {
      const host = await createNodeHost({ dist, cloud: loggedCloud().cloud })
      await host.open({ path, query: query[path] ?? {} })
      const shape = await shapeOf(host, 'friend')
      expect(Object.keys(shape).sort()).toEqual(['imageUrl', 'path', 'title'])
      expect(shape.title).not.toBe('')
      expect(shape.path).toMatch(/^\//)
      expect(pages).toContain(shape.path?.slice(1).split('?')[0])
      expect(shape.imageUrl).toMatch(/\.(jpg|png)$/)
      if (path !== page) await expect(host.share('moments')).rejects.toThrow('does not define')
    }
  })

  test('of a story has its title with the source, its picture, and a path with story and a new mark', async () => {
    const { cloud, sent } = loggedCloud()
    const host = await createNodeHost({ dist, cloud })
    await host.open(card)
    const shape = await shapeOf(host, 'friend')
    expect(shape.title).toBe(`${standardArticle.title}（${standardArticle.source}）`)
    expect(shape.path?.split('?')[0]).toBe(`/${page}`)
    const query = queryOf(shape.path)
    expect(query).toEqual({ id, mark: expect.stringMatching(aMark) })
    expect(query.mark).not.toBe(mark)
    expect(shape.imageUrl).toMatch(/\.jpg$/)
    await host.settle(1_000)
    const share = sent.find(({ action }) => action === 'recordShare')
    expect(share?.data).toEqual({ articleId: id, channel: 'friend', mark: query.mark, parent: mark })
  })

  test('shows 分享图 before the cover', async () => {
    const shareCover = { src: 'https://a.example/share.jpg', width: 5, height: 4, alt: '' }
    const article = { ...standardArticle, shareCover }
    const data = { article, mood: { counts: {}, own: null, wish: 0, canVote: true }, related: [] }
    const { cloud } = loggedCloud({ openArticle: () => ({ ok: true, data }) })
    const host = await createNodeHost({ dist, cloud })
    await host.open(card)
    expect((await shapeOf(host, 'friend')).imageUrl).toBe(shareCover.src)
    expect((await shapeOf(host, 'moments')).imageUrl).toBe(shareCover.src)
  })

  test('from a cold start has the site’s words and the right path until the story has come', async () => {
    let away = true
    const standard = standardCloud()
    const { cloud, sent } = loggedCloud()
    const host = await createNodeHost({
      dist,
      cloud: {
        callFunction: (name, event, caller) =>
          away && (event as unknown as Sent).action === 'openArticle'
            ? Promise.resolve(fails)
            : cloud.callFunction(name, event, caller),
      },
    })
    await host.open(card)
    const early = await shapeOf(host, 'friend')
    expect(early).toMatchObject({ title: '科普云', imageUrl: expect.stringMatching(/\.jpg$/) })
    expect(queryOf(early.path)).toEqual({ id, mark: expect.stringMatching(aMark) })
    away = false
    await host.tap('重新加载')
    expect((await shapeOf(host, 'friend')).title).toContain(standardArticle.title)
    expect(standard).toBeDefined()
    expect(sent.filter(({ action }) => action === 'openArticle')).toHaveLength(1)
  })

  test('from a list is complete although the story has not come', async () => {
    const [plain] = standardFeed
    if (!plain) throw new Error('no story in the feed')
    const first = { ...plain, source: '一家报纸' }
    const { cloud } = loggedCloud({
      openArticle: () => fails,
      readHome: () => ({
        ok: true,
        data: { focus: [first], topics: [], feed: { items: standardFeed, next: null } },
      }),
    })
    const host = await createNodeHost({ dist, cloud })
    await host.open({ path: 'pages/home/index' })
    await host.tap(node => node.v === first.title)
    expect((await host.record()).stack.at(-1)?.path).toBe(page)
    const shape = await shapeOf(host, 'friend')
    expect(shape.title).toBe(`${first.title}（一家报纸）`)
    if (first.cover) expect(shape.imageUrl).toContain(first.cover.src)
    expect(queryOf(shape.path)).toMatchObject({ id: first.id })
  })

  test('from a cached copy is complete although the cloud does not answer', async () => {
    const online = await createNodeHost({ dist, cloud: loggedCloud().cloud })
    await online.open(card)
    await online.settle(1_000)
    const { cloud } = loggedCloud({ openArticle: () => fails })
    const host = await createNodeHost({ dist, cloud, storage: online.storage() })
    await host.open(card)
    for (const kind of ['friend', 'moments'] as const)
      expect((await shapeOf(host, kind)).title).toBe(`${standardArticle.title}（${standardArticle.source}）`)
  })

  test('opens its story with one call before the story is complete', async () => {
    const { cloud, sent } = loggedCloud()
    const host = await createNodeHost({ dist, cloud })
    await host.open(card)
    expect(await host.text()).toContain('相关阅读')
    expect(sent[0]?.action).toBe('openArticle')
    // What follows is off the critical path.
    expect(sent.slice(1).map(({ action }) => action)).toEqual(['recordOpening'])
  })
})

test('the Moments post and a favourite have title, query and picture, and no path', async () => {
  const host = await createNodeHost({ dist, cloud: loggedCloud().cloud })
  await host.open(card)
  for (const kind of ['moments', 'favorite'] as const) {
    const shape = await shapeOf(host, kind)
    expect(Object.keys(shape).sort()).toEqual(['imageUrl', 'query', 'title'])
    expect(shape.title).toContain(standardArticle.title)
    expect(queryOf(shape.query)).toEqual({ id, mark: expect.stringMatching(aMark) })
  }
})

describe('an opening by a mark', () => {
  const entered = async (
    open: { path?: string; query?: Record<string, string>; scene?: number },
    answers: Record<string, () => unknown> = {},
    storage: Record<string, string> = {},
  ) => {
    const { cloud, sent } = loggedCloud(answers)
    const host = await createNodeHost({ dist, cloud, storage })
    await host.open({ ...card, ...open })
    await host.settle(1_000)
    return { host, sent }
  }

  test.each([
    [1007, 'friend'],
    [1008, 'group'],
    [1155, 'moments'],
    [1047, 'poster'],
    [1167, 'link'],
    [1010, 'favourites'],
    [99_999, 'other'],
  ])('from scene %i is recorded once, as %s', async (scene, way) => {
    const { sent } = await entered({ scene })
    expect(opened(sent)).toEqual([{ articleId: id, mark, way }])
  })

  test('by a card that is tapped again is not sent again, by another card it is', async () => {
    const { host, sent } = await entered({})
    for (const next of [mark, 'another001']) {
      const enter = enterOptions(readProgram(dist), { ...card, query: { id, mark: next } })
      await host.order('enter', enter as unknown as Json)
      await host.settle(1_000)
    }
    expect(opened(sent).map(one => one.mark)).toEqual([mark, 'another001'])
  })

  test('in Moments names a random guest, the same one for every story', async () => {
    const { host, sent } = await entered({ scene: 1154 })
    const again = await entered({ query: { id, mark: 'another001' }, scene: 1154 }, {}, host.storage())
    const [one, two] = [...opened(sent), ...opened(again.sent)]
    expect(one).toEqual({ articleId: id, mark, way: 'moments', guest: expect.stringMatching(aMark) })
    expect(two?.guest).toBe(one?.guest)
    expect(sent.every(({ caller }) => caller === 'guest')).toBe(true)
  })

  test('is none for WeChat’s crawler, and for a story without a mark or with a bad one', async () => {
    for (const open of [
      { scene: 1129 },
      { query: { id } },
      { query: { id, mark: 'UPPER00000' } },
      { query: { id, mark: '' } },
    ]) {
      const { host, sent } = await entered(open)
      expect(await host.text()).toContain(standardArticle.title)
      expect(opened(sent)).toEqual([])
    }
  })

  test('that did not reach the cloud is sent again later, also after a restart, and disturbs nobody', async () => {
    let broken = true
    const answers = { recordOpening: () => (broken ? fails : { ok: true, data: {} }) }
    const { host, sent } = await entered({}, answers)
    expect(opened(sent)).toHaveLength(1)
    expect({ shown: host.shown(), errors: (await host.record()).errors }).toEqual({ shown: [], errors: [] })
    broken = false
    await host.open({ ...card, query: { id }, scene: 1001 })
    await host.settle(1_000)
    expect(opened(sent)).toEqual([opened(sent)[0], opened(sent)[0]])
    await host.open({ ...card, query: { id }, scene: 1001 })
    await host.settle(1_000)
    expect(opened(sent)).toHaveLength(2)
  })

  test('that the cloud refuses is not sent again', async () => {
    const refused = { ok: false, error: { code: 'conflict', message: 'no' } }
    const { host, sent } = await entered({}, { recordOpening: () => refused })
    await host.open({ ...card, query: { id } })
    await host.settle(1_000)
    expect(opened(sent)).toHaveLength(1)
  })
})

describe('an address', () => {
  const newest = standardFeed.slice(0, 5)
  const whole = `id=${id}&mark=${mark}`
  const encoded = encodeURIComponent
  test.each<[string, Record<string, string>]>([
    ['of a mini-code', { scene: `${id}-${mark}` }],
    ['of a mini-code, encoded twice', { scene: encoded(encoded(`${id}-${mark}`)) }],
    ['whose values are encoded twice', { id: encoded(encoded(id)), mark: encoded(mark) }],
    ['whose whole query is encoded', { [encoded(whole)]: '' }],
    ['whose whole query is encoded twice', { [encoded(encoded(whole))]: '' }],
    ['that was copied with a full stop', { id: `${id}。`, mark: `${mark} ` }],
  ])('%s opens the story with its mark', async (_name, query) => {
    const { cloud, sent } = loggedCloud()
    const host = await createNodeHost({ dist, cloud })
    await host.open({ ...card, query })
    await host.settle(1_000)
    expect(await host.text()).toContain(standardArticle.title)
    expect(opened(sent)).toMatchObject([{ articleId: id, mark }])
  })

  test.each<[string, Record<string, string>]>([
    ['that is rubbish', { id: '%E0%A4%A', mark: '%' }],
    ['of a mini-code that is rubbish', { scene: '-----' }],
    ['of a withdrawn story', { id: 'withdrawn1', mark }],
    ['that is empty', {}],
  ])('%s shows a page that says so and offers other stories', async (_name, query) => {
    const { cloud, sent } = loggedCloud({ openArticle: () => gone })
    const host = await createNodeHost({ dist, cloud })
    await host.open({ ...card, query })
    await host.settle(1_000)
    const text = await host.text()
    expect(text).toContain('这篇内容已下线')
    expect(text).toContain('去首页看看')
    expect(opened(sent)).toEqual([])
    expect(sent.filter(({ action }) => action === 'readHome')).toHaveLength(1)
    for (const { title } of newest) expect(text).toContain(title)
    const [, , second] = await host.listeners('tap')
    await host.tap(node => node.sid === second?.sid)
    expect((await host.record()).stack.at(-1)).toMatchObject({ path: page, query: { id: 'stdhome0001' } })
    expect((await host.record()).errors).toEqual([])
  })

  test('of a withdrawn story offers what the phone has cached, without the story itself', async () => {
    const online = await createNodeHost({ dist, cloud: loggedCloud().cloud })
    await online.open({ path: 'pages/home/index' })
    await online.settle(1_000)
    const [withdrawn, next] = newest
    const { cloud } = loggedCloud({ openArticle: () => gone, readHome: () => fails })
    const host = await createNodeHost({ dist, cloud, storage: online.storage() })
    await host.open({ ...card, query: { id: 'stdhome0000', mark } })
    const text = await host.text()
    expect(text).toContain(next?.title)
    expect(text).not.toContain(withdrawn?.title)
  })

  test('of a withdrawn story in Moments has the titles of others as text, and nothing to tap', async () => {
    const host = await createNodeHost({ dist, cloud: loggedCloud({ openArticle: () => gone }).cloud })
    await host.open({ ...card, query: { id: 'withdrawn1', mark }, scene: 1154 })
    const text = await host.text()
    for (const { title } of newest) expect(text).toContain(title)
    expect(text).not.toContain('去首页看看')
    expect(await host.listeners('tap')).toEqual([])
  })

  test('that is copied from WeChat’s menu has story and mark, and only on the story’s page', async () => {
    const { cloud, sent } = loggedCloud()
    const host = await createNodeHost({ dist, cloud })
    await host.open(card)
    const { result } = await host.share('link')
    const query = queryOf((result as { query: string }).query)
    expect(query).toEqual({ id, mark: expect.stringMatching(aMark) })
    await host.settle(1_000)
    const share = sent.find(({ action }) => action === 'recordShare')
    expect(share?.data).toEqual({ articleId: id, channel: 'link', mark: query.mark, parent: mark })
    await host.tap('首页')
    await expect(host.share('link')).rejects.toThrow('does not listen')
  })
})
