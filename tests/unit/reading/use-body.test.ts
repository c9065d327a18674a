import type { Article } from '#contract/article'
import { bodyOf } from '#features/reading/body-of'
import { useBody } from '#features/reading/use-body'
import { useBody as useBodyOfDocument } from '#features/reading/use-body.h5'
import { drawnAfter, runHook } from '../../support/run-hook'

let ticks: (() => void)[] = []
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: { nextTick: (run: () => void) => ticks.push(run) },
}))

const article = (paragraphs: number, length: number): Article => ({
  id: `story0000${paragraphs % 10}`,
  version: 1,
  title: '日食',
  teaser: '',
  channel: 'earth',
  column: 'ocean',
  publishedAt: 0,
  source: '',
  author: '',
  editor: '',
  tags: [],
  cover: { src: '/a.jpg', width: 4, height: 3, alt: '' },
  blocks: Array.from({ length: paragraphs }, (_, n) => ({
    type: 'paragraph',
    spans: [`${n} ${'字'.repeat(length)}`],
  })),
})
const short = article(3, 10)
const long = article(40, 200)
const drawAll = async () => {
  for (let times = 0; times < 20; times++)
    await drawnAfter(() => {
      for (const run of ticks.splice(0)) run()
    })
}
const blocksOf = (batches: readonly (readonly object[])[]) =>
  batches.flat().map(piece => (piece as { block: unknown }).block)

describe.each([
  ['on the phone', useBody],
  ['of a document', useBodyOfDocument],
])('the body %s', (_, use) => {
  beforeEach(() => {
    ticks = []
  })

  test('of a short story is whole, and has no fold', async () => {
    const body = runHook(() => use(short, true, false))
    await drawAll()
    expect(blocksOf(body.now().batches)).toEqual(bodyOf(short))
    expect(body.now()).toMatchObject({ drawn: true, folds: false, rest: 0 })
    expect(body.now().upTo).toBeGreaterThanOrEqual(body.now().batches.length)
  })

  test('of a long story has a fold, and every block in its order before and behind it', async () => {
    const body = runHook(() => use(long, true, false))
    await drawAll()
    const { rest, batches, behind = batches.length } = body.now()
    expect(body.now()).toMatchObject({ drawn: true, folds: true, pictures: [{ src: '/a.jpg' }] })
    expect(rest).toBeGreaterThan(25)
    const front = blocksOf(batches.slice(0, behind))
    expect(front).toEqual(bodyOf(long).slice(0, front.length))
    expect(front.length).toBeLessThan(41)
    body.draw(() => use(long, true, true))
    await drawAll()
    expect(blocksOf(body.now().batches)).toEqual(bodyOf(long))
    expect(body.now()).toMatchObject({ drawn: true, folds: true, rest: 0, upTo: body.now().batches.length })
    expect(body.now().behind).toBeUndefined()
  })

  test('in Moments is whole, however long', async () => {
    const body = runHook(() => use(long, false, false))
    await drawAll()
    expect(blocksOf(body.now().batches)).toEqual(bodyOf(long))
    expect(body.now()).toMatchObject({ drawn: true, folds: false, rest: 0 })
  })

  test('of a story that has not come is empty', () => {
    expect(runHook(() => use(undefined, true, false)).now()).toMatchObject({
      drawn: false,
      rest: 0,
      pictures: [],
    })
  })
})

test('on the phone, the first screen comes first, and what follows the text stays when the fold opens', async () => {
  const body = runHook(() => useBody(long, true, false))
  const seen = [body.now()]
  while (ticks.length > 0) {
    await drawnAfter(() => {
      for (const run of ticks.splice(0)) run()
    })
    seen.push(body.now())
  }
  expect(seen.map(({ upTo }) => upTo)).toEqual(seen.map((_, n) => n + 1))
  expect(seen.map(({ drawn }) => drawn)).toEqual(seen.map((_, n) => n > 0))
  body.draw(() => useBody(long, true, true))
  expect(body.now().drawn).toBe(true)
})

test('on the phone, what follows the text stays when the cloud has a longer text than the phone', async () => {
  const body = runHook(() => useBody(short, true, false))
  await drawAll()
  const longer = { ...article(400, 200), id: short.id, version: 2 }
  body.draw(() => useBody(longer, true, false))
  expect(body.now().upTo).toBeLessThan(body.now().batches.length)
  expect(body.now().drawn).toBe(true)
  // Another story begins with its first screen.
  body.draw(() => useBody({ ...longer, id: 'other00001' }, true, false))
  expect(body.now()).toMatchObject({ upTo: 1, drawn: false })
})
