import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { aiNotice } from '#contract/ai-notice'
import { coverWithin, inTime } from '../../src/features/poster/in-time'
import { type Box, breakLines, codeSize, layOut, type Measure, width } from '../../src/features/poster/layout'
import { type Cover, paintPoster } from '../../src/features/poster/paint'
import { posterWords } from '../../src/features/poster/poster-words'
import { standardArticle } from '../support/standard-article'

/** As a phone's font: Chinese characters are square, others about half as wide. */
const measure: Measure = (text, { size }) =>
  [...text].reduce((sum, letter) => sum + (/[ -ÿ]/.test(letter) ? size * 0.55 : size), 0)

// Shrinking long texts takes minutes.
fc.configureGlobal({ endOnFailure: true })

const margin = 24
const words = fc.string({
  unit: fc.constantFrom('光', '合', '，', '。', ' ', 'a', 'W', '9', '.', '😀', '\n', '（'),
  maxLength: 400,
  // Otherwise no text is longer than ten characters.
  size: 'max',
})
const sides = fc.integer({ min: 1, max: 6_000 })
const story = fc.record({
  title: words,
  teaser: words,
  meta: words,
  notice: words,
  cover: fc.option(fc.record({ width: sides, height: sides }), { nil: undefined }),
  invitation: fc.tuple(words, words),
})

describe('the layout of a poster', () => {
  test('keeps every line within the margins, in order and without overlap, whatever the texts', () => {
    fc.assert(
      fc.property(story, given => {
        const { lines, code, rule, height, cover } = layOut(given, measure)
        const above = lines.filter(({ y }) => y < rule.y)
        let below = cover ? cover.to.height : 0
        for (const { text, x, y, type } of above) {
          expect(x).toBe(margin)
          expect(x + measure(text, type)).toBeLessThanOrEqual(width - margin + 1e-6)
          expect(y - type.line / 2).toBeGreaterThanOrEqual(below)
          below = y + type.line / 2
        }
        expect(rule.y).toBeGreaterThanOrEqual(below)
        expect(code.y).toBeGreaterThan(rule.y)
        for (const { text, x, y, type } of lines.slice(above.length)) {
          expect(x + measure(text, type)).toBeLessThan(code.x)
          expect(y + type.line / 2).toBeLessThanOrEqual(height)
        }
        expect(code).toMatchObject({ width: codeSize, height: codeSize })
        expect(height).toBeGreaterThanOrEqual(code.y + codeSize + margin)
        // WeChat's share menu takes pictures of ordinary proportions.
        expect(height).toBeLessThan(width * 2.2)
      }),
    )
  })

  test('has each of its texts', () => {
    const given = {
      title: '题目',
      teaser: '导语',
      meta: '来源',
      notice: '含 AI',
      invitation: ['扫码', '站名'],
    }
    const { lines, cover } = layOut(given, measure)
    expect(lines.map(({ text }) => text)).toEqual(['题目', '导语', '来源', '含 AI', '扫码', '站名'])
    expect(cover).toBeUndefined()
  })

  test('shows the middle of a cover, undistorted', () => {
    fc.assert(
      fc.property(sides, sides, (wide, high) => {
        const given = {
          title: '题',
          teaser: '',
          meta: '',
          notice: '',
          invitation: [],
          cover: { width: wide, height: high },
        }
        const { cover } = layOut(given, measure)
        if (!cover) throw new Error('no cover')
        const { from, to } = cover
        expect(from.width / from.height).toBeCloseTo(to.width / to.height)
        expect(from.x + from.width / 2).toBeCloseTo(wide / 2)
        expect(from.y + from.height / 2).toBeCloseTo(high / 2)
        expect(from.width).toBeLessThanOrEqual(wide + 1e-6)
        expect(from.height).toBeLessThanOrEqual(high + 1e-6)
      }),
    )
  })

  test('loses no character of a text that fits, and marks a text that does not', () => {
    const type = { size: 15, line: 23, bold: false, colour: 'ink' } as const
    const plain = (text: string) => text.replace(/\s/g, '')
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 6 }), (text, most) => {
        const lines = breakLines(text, type, 300, most, measure)
        expect(lines.length).toBeLessThanOrEqual(most)
        const shown = plain(lines.join(''))
        if (shown.endsWith('…')) expect(plain(text).startsWith(shown.slice(0, -1))).toBe(true)
        else expect(shown).toBe(plain(text))
      }),
    )
  })

  test('leaves room around its parts, as a reader sees it', () => {
    const given = {
      title: '题目',
      teaser: '导语',
      meta: '来源',
      notice: '含 AI',
      invitation: ['扫码', '站名'],
    }
    const edges = (changes: object) => {
      const { lines, rule, code, height } = layOut({ ...given, ...changes }, measure)
      const tops = lines.map(({ y, type }) => y - type.line / 2)
      return { tops, rule: rule.y, code: [code.x, code.y], height }
    }
    expect(edges({})).toEqual({
      // Title, teaser, source, notice; then the two lines beside the middle of the code.
      tops: [24, 70, 105, 124, 210, 233],
      rule: 163,
      code: [255, 183],
      height: 303,
    })
    expect(edges({ teaser: '', notice: '' })).toMatchObject({ tops: [24, 70, 156, 179], rule: 109 })
    const covered = edges({ cover: { width: 1_500, height: 1_000 } })
    expect(covered).toMatchObject({ rule: 163 + 250, height: 303 + 250 })
    expect(covered.tops[0]).toBe(24 + 250)
  })

  test('cuts each text off where it would crowd out the others', () => {
    const long = '光'.repeat(400)
    const { lines } = layOut(
      { title: long, teaser: long, meta: long, notice: long, invitation: [long, long] },
      measure,
    )
    const sizes = lines.map(({ type }) => type.size)
    const count = (size: number) => sizes.filter(one => one === size).length
    expect([count(24), count(15), count(13)]).toEqual([4, 5 + 1, 2 + 2 + 1])
    expect(lines.filter(({ text }) => text.endsWith('…'))).toHaveLength(6)
  })

  test('breaks a word that is longer than a line, and no space begins or ends a line', () => {
    const type = { size: 10, line: 20, bold: false, colour: 'ink' } as const
    const half: Measure = text => [...text].length * 10
    expect(breakLines('supercalifragilistic', type, 80, 9, half)).toEqual(['supercal', 'ifragili', 'stic'])
    expect(breakLines('  一二三四 五六七八九 ', type, 50, 9, half)).toEqual(['一二三四', '五六七八九'])
    expect(breakLines('一二三四五 六七', type, 50, 9, half)).toEqual(['一二三四五', '六七'])
    expect(breakLines('一二三四五六七八', type, 30, 2, half)).toEqual(['一二三', '四五…'])
    expect(breakLines('pH 7.4', type, 60, 1, half)).toEqual(['pH 7.4'])
    expect(breakLines(' \n ', type, 60, 1, half)).toEqual([])
  })

  test('breaks no Latin word that fits on a line', () => {
    const type = { size: 15, line: 23, bold: false, colour: 'ink' } as const
    const lines = breakLines('在实验室里测量 deoxyribonucleic acid 的长度', type, 200, 9, measure)
    expect(lines.join('|')).toMatch(/(^|[^a-z])deoxyribonucleic([^a-z]|$)/)
  })
})

describe('the words of a poster', () => {
  const notice = aiNotice('配图')
  const words = (changes: object) => posterWords({ ...standardArticle, ...changes })

  test('have the source, the day in Beijing, and the notice that stands at the end of the story', () => {
    const blocks = [
      { type: 'paragraph', spans: ['正文。'] },
      { type: 'paragraph', spans: [notice] },
    ]
    const publishedAt = Date.UTC(2026, 10, 27, 16, 30)
    expect(words({ source: '一家报纸', publishedAt, blocks })).toMatchObject({
      title: standardArticle.title,
      teaser: standardArticle.teaser,
      meta: '来源：一家报纸　2026-11-28',
      notice,
    })
  })

  test('have no empty source and no notice of a story without them', () => {
    const blocks = [
      { type: 'paragraph', spans: [notice] },
      { type: 'paragraph', spans: ['正文。'] },
    ]
    const plain = words({ source: undefined, publishedAt: 0, blocks })
    expect(plain).toMatchObject({ meta: '1970-01-01', notice: '' })
    const marked = [{ type: 'paragraph', spans: [{ text: notice, bold: true }] }]
    const heading = [{ type: 'heading', text: notice }]
    expect([marked, heading, []].map(last => words({ blocks: last }).notice)).toEqual(['', '', ''])
  })
})

test('a poster waits for its cover, but not for ever', async () => {
  jest.useFakeTimers()
  const slow = inTime(new Promise(() => undefined))
  jest.advanceTimersByTime(coverWithin)
  await expect(slow).rejects.toBeUndefined()
  jest.useRealTimers()
  await expect(inTime(Promise.resolve('cover'))).resolves.toBe('cover')
  await expect(inTime(Promise.reject(new Error('HTTP 404')))).rejects.toThrow('HTTP 404')
})

describe('a painted poster', () => {
  /** A canvas that keeps what was painted, in order. */
  function canvas() {
    const painted: unknown[][] = []
    const state = { font: '', fillStyle: '', textBaseline: '' }
    const context = Object.assign(state, {
      measureText: (text: string) => ({ width: [...text].length * 10 }),
      scale: (x: number, y: number) => painted.push(['scale', x, y]),
      fillRect: (...box: number[]) => painted.push(['box', state.fillStyle, ...box]),
      drawImage: (picture: object, ...boxes: number[]) => painted.push(['cover', picture, ...boxes]),
      fillText: (text: string, x: number, y: number) =>
        painted.push(['text', text, x, y, state.font, state.fillStyle, state.textBaseline]),
    })
    return { painted, width: 0, height: 0, getContext: () => context as unknown as CanvasRenderingContext2D }
  }
  const words = { title: '题目', teaser: '导语', meta: '来源', notice: '', invitation: ['扫码', '站名'] }
  const drawCode = (context: CanvasRenderingContext2D, { x, y, width, height }: Box) =>
    context.drawImage('code' as never, x, y, width, height)

  test('has its words in their type and colour, and its code on white, whatever the theme', () => {
    const sheet = canvas()
    paintPoster(sheet, words, { drawCode }, 'dark')
    expect([sheet.width, sheet.height]).toEqual([750, 568])
    expect(sheet.painted).toEqual([
      ['scale', 2, 2],
      ['box', '#141414', 0, 0, 375, 284],
      ['text', '题目', 24, 41, 'bold 24px sans-serif', '#e8e6e1', 'middle'],
      ['text', '导语', 24, 81.5, '15px sans-serif', '#b0ada6', 'middle'],
      ['text', '来源', 24, 114.5, '13px sans-serif', '#8f8c86', 'middle'],
      ['text', '扫码', 24, 202.5, '15px sans-serif', '#b0ada6', 'middle'],
      ['text', '站名', 24, 223.5, '13px sans-serif', '#8f8c86', 'middle'],
      ['box', '#2c2c2c', 24, 144, 327, 1],
      ['box', '#ffffff', 255, 164, 96, 96],
      ['cover', 'code', 255, 164, 96, 96],
    ])
  })

  test('has the middle of its cover at the top', () => {
    const sheet = canvas()
    const cover = { width: 750, height: 1_000 } as Cover
    paintPoster(sheet, words, { cover, drawCode }, 'light')
    expect(sheet.painted.filter(([what]) => what === 'cover')[0]).toEqual([
      ...['cover', cover],
      ...[0, 250, 750, 500],
      ...[0, 0, 375, 250],
    ])
    expect(sheet.painted[1]).toEqual(['box', '#fbfaf7', 0, 0, 375, 534])
  })

  test('is refused by a phone without canvas 2d', () => {
    expect(() => paintPoster({ ...canvas(), getContext: () => null }, words, { drawCode }, 'light')).toThrow()
  })
})

test('a poster has the colours of the pages', () => {
  const root = path.resolve(__dirname, '../..')
  const tokens = readFileSync(path.join(root, 'src/styles/tokens.scss'), 'utf8')
  const drawing = readFileSync(path.join(root, 'src/features/poster/paint.ts'), 'utf8')
  const names = { paper: 'paper', ink: 'ink', soft: 'ink-soft', faint: 'ink-faint', line: 'line' }
  for (const theme of ['light', 'dark']) {
    const [, palette = ''] = new RegExp(`${theme}: \\{([^}]*)\\}`).exec(drawing) ?? []
    const [, mixin = ''] = new RegExp(`@mixin ${theme} \\{([^}]*)\\}`).exec(tokens) ?? []
    for (const [name, token] of Object.entries(names)) {
      const [, colour] = new RegExp(`\\b${name}: '(#\\w+)'`).exec(palette) ?? []
      expect(mixin).toContain(`--${token}: ${colour};`)
    }
  }
})
