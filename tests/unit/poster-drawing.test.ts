/// <reference path="../../src/globals.d.ts" />
import type { Article } from '#contract/article'
import { drawnAfter, runHook } from '../support/run-hook'
import { standardArticle } from '../support/standard-article'

// The build replaces it.
Object.assign(globalThis, { SITE_URL: 'https://site.example' })

/** The phone: what fails, and what was asked of it. */
let fails: 'nothing' | 'canvas' | 'cover' | 'code' | 'file' = 'nothing'
let status = 200
const phone = new Map<string, unknown>()
const themeListeners = new Set<() => void>()
let theme = 'light'
const did: string[] = []
/** The colour behind everything on the poster drawn last. */
let paper = ''
const canvas = {
  width: 0,
  height: 0,
  createImage() {
    const image = { width: 4, height: 3, onload: () => {}, onerror: () => {} }
    return Object.defineProperty(image, 'src', {
      set: (src: string) => {
        const isCode = src.startsWith('data:')
        did.push(`picture ${isCode ? 'code' : src}`)
        queueMicrotask(() =>
          (isCode && fails === 'code') || src === 'broken' ? image.onerror() : image.onload(),
        )
      },
    })
  },
  getContext: () => ({
    measureText: (text: string) => ({ width: text.length }),
    scale() {},
    fillStyle: '',
    fillRect(x: number, y: number) {
      if (x === 0 && y === 0) paper = this.fillStyle
    },
    fillText() {},
    drawImage: () => did.push('drawn picture'),
  }),
}
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    nextTick: (run: () => void) => run(),
    createSelectorQuery: () => {
      const query = { select: () => query, fields, exec: () => undefined }
      function fields(_: object, found: (node: object | null) => void) {
        found(fails === 'canvas' ? null : { node: canvas })
        return query
      }
      return query
    },
    cloud: {
      downloadFile: ({ fileID }: { fileID: string }) =>
        Promise.resolve({ tempFilePath: `copy of ${fileID}` }),
    },
    downloadFile: ({ url }: { url: string }) =>
      fails === 'cover'
        ? Promise.reject(new Error('url not in domain list'))
        : Promise.resolve({ tempFilePath: `of ${url}`, statusCode: status }),
    canvasToTempFilePath: ({ destWidth, destHeight, fileType }: Record<string, unknown>) =>
      fails === 'file'
        ? Promise.reject(new Error('no room'))
        : Promise.resolve({ tempFilePath: `poster ${destWidth}×${destHeight}.${fileType}` }),
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
    getEnterOptionsSync: () => ({ scene: 1007 }),
    getAppBaseInfo: () => ({ theme }),
    onThemeChange: (run: () => void) => themeListeners.add(run),
    offThemeChange: (run: () => void) => themeListeners.delete(run),
    onNetworkStatusChange: () => undefined,
  },
}))

interface Sent {
  action: string
  data: Record<string, unknown>
}
const sent: Sent[] = []
let refusal: string | undefined
jest.mock('#cloud/transport', () => ({
  invoke: (_: string, request: Sent) => {
    sent.push(request)
    if (request.action !== 'drawCode') return Promise.resolve({ ok: true, data: {} })
    return Promise.resolve(
      refusal
        ? { ok: false, error: { code: refusal, message: '' } }
        : { ok: true, data: { code: 'data:image/png;base64,iVBORw0KGgo=' } },
    )
  },
}))

import { chooseLook } from '#platform/look-choice'
import { usePoster } from '../../src/more/poster/use-poster'

const cover = { src: 'https://site.example/cover.jpg', width: 4, height: 3, alt: '' }
const article = (id: string, change: Partial<Article> = {}): Article => ({
  ...{ ...standardArticle, id, cover },
  ...change,
})
const open = async (story: Article | undefined, parent = '') => {
  const page = runHook(() => usePoster('#poster', story, parent))
  const first = page.now().poster
  await later()
  return { page, first, poster: () => page.now().poster }
}
const later = () => drawnAfter(() => jest.advanceTimersByTimeAsync(500))
const asked = (action: string) => sent.filter(one => one.action === action).map(({ data }) => data)

beforeEach(() => {
  jest.useFakeTimers()
  fails = 'nothing'
  status = 200
  theme = 'light'
  refusal = undefined
  did.length = 0
  sent.length = 0
})
afterEach(() => jest.useRealTimers())

describe('a poster on the phone', () => {
  test('has the cover and the code of its story, and its share is recorded once it is drawn', async () => {
    const { page, first, poster } = await open(article('poster0001'), 'parent0001')
    expect(first).toEqual({ state: 'drawing' })
    const mark = asked('drawCode')[0]?.mark
    expect(asked('drawCode')).toEqual([
      { articleId: 'poster0001', mark: expect.stringMatching(/^[0-9a-z]{10}$/) },
    ])
    expect(poster()).toEqual({ state: 'drawn', mark, file: `poster ${canvas.width}×${canvas.height}.png` })
    expect(canvas.width).toBe(750)
    expect(did.filter(what => what.startsWith('picture')).sort()).toEqual([
      'picture code',
      `picture of ${cover.src}`,
    ])
    expect(did.filter(what => what === 'drawn picture')).toHaveLength(2)
    await later()
    expect(asked('recordShare')).toEqual([
      { articleId: 'poster0001', channel: 'poster', mark, parent: 'parent0001' },
    ])
    page.leave()

    // The same story again: the same code, drawn by the cloud once, and no other share.
    const again = await open(article('poster0001'))
    expect(again.poster()).toMatchObject({ state: 'drawn', mark })
    await later()
    expect([asked('drawCode').length, asked('recordShare').length]).toEqual([1, 1])
    again.page.leave()
  })

  test('of a story that has not come waits', async () => {
    const { page, poster } = await open(undefined)
    expect([poster(), sent]).toEqual([{ state: 'drawing' }, []])
    page.leave()
  })

  test.each([
    [
      '分享图 before the cover',
      { shareCover: { ...cover, src: 'cloud://kepu/share.jpg' } },
      'copy of cloud://kepu/share.jpg',
    ],
    [
      'the cover of the site',
      { cover: { ...cover, src: '/cover.jpg' } },
      'of https://site.example/cover.jpg',
    ],
  ])('takes %s', async (_, change, src) => {
    const { page, poster } = await open(article('poster0002', change))
    expect(poster().state).toBe('drawn')
    expect(did).toContain(`picture ${src}`)
    page.leave()
  })

  test.each([
    ['the phone may not download', () => (fails = 'cover')],
    ['the site does not have', () => (status = 404)],
  ])('is drawn without a cover that %s', async (_, happens) => {
    happens()
    const { page, poster } = await open(article('poster0003'))
    expect(poster().state).toBe('drawn')
    expect(did.filter(what => what === 'drawn picture')).toHaveLength(1)
    page.leave()
  })

  test.each(['canvas', 'code', 'file'] as const)(
    'says what helps where the phone has no %s, records no share, and is drawn at the next try',
    async what => {
      fails = what
      const { page, poster } = await open(article('poster0004'))
      expect(poster()).toEqual({
        state: 'failed',
        words: '这台手机没能画出海报，请用右上角的菜单分享',
      })
      await later()
      expect(asked('recordShare')).toEqual([])
      fails = 'nothing'
      page.act(({ retry }) => retry())
      expect(poster()).toEqual({ state: 'drawing' })
      await later()
      expect(poster().state).toBe('drawn')
      page.leave()
    },
  )

  test('says why the cloud draws no code', async () => {
    refusal = 'unavailable'
    const { page, poster } = await open(article('poster0005'))
    expect(poster()).toEqual({ state: 'failed', words: '网络不太顺畅，请检查后重试' })
    refusal = undefined
    page.act(({ retry }) => retry())
    await later()
    expect(poster().state).toBe('drawn')
    page.leave()
  })

  test('is drawn anew when the theme changes, until the page is left', async () => {
    const { page } = await open(article('poster0006'))
    const drawn = () => did.filter(what => what === 'picture code').length
    const change = (to: string) => {
      theme = to
      return drawnAfter(() => {
        for (const listener of themeListeners) listener()
        return jest.advanceTimersByTimeAsync(500)
      })
    }
    await change('dark')
    expect(drawn()).toBe(2)
    // The same theme is no change.
    await change('dark')
    expect([drawn(), paper]).toEqual([2, '#141414'])
    // The reader's own choice comes before the phone's.
    await drawnAfter(() => {
      chooseLook({ theme: 'light' })
      return jest.advanceTimersByTimeAsync(500)
    })
    await later()
    expect([drawn(), paper]).toEqual([3, '#fbfaf7'])
    // However often it is drawn, it is one share.
    expect(asked('recordShare')).toHaveLength(1)
    page.leave()
    expect(themeListeners.size).toBe(0)
    chooseLook({ theme: 'system' })
  })

  test('of a page that was left is neither shown nor shared', async () => {
    const page = runHook(() => usePoster('#poster', article('poster0007'), ''))
    page.leave()
    await later()
    await later()
    expect(asked('recordShare')).toEqual([])
    expect(did).not.toContain('drawn picture')
  })

  test('keeps the codes of the ten stories drawn last', async () => {
    const drawn = async (n: number) =>
      (await open(article(`kept0000${String(n).padStart(2, '0')}`))).page.leave()
    for (let n = 0; n < 10; n++) await drawn(n)
    await drawn(0)
    await drawn(10)
    expect(asked('drawCode')).toHaveLength(11)
    await drawn(0)
    expect(asked('drawCode')).toHaveLength(11)
    await drawn(1)
    expect(asked('drawCode')).toHaveLength(12)
  })
})
