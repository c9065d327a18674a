import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { aiNotice } from '#contract/ai-notice'
import { coverWithin, inTime } from '../../src/features/poster/in-time'
import { breakLines, codeSize, layOut, type Measure, width } from '../../src/features/poster/layout'
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
