import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { drawLabels, glyphFile, labelTexts, readGlyphs } from '../../stories/build/draw-labels'
import { outlinesOf } from '../../stories/build/label-glyphs'

const stories = path.resolve(__dirname, '../../stories')
const drawings = readdirSync(stories, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.svg'))
  .map(name => ({ name, svg: readFileSync(path.join(stories, name), 'utf8') }))
/** The width of a phone's column, and the smallest label height that is comfortable to read there. */
const column = 350
const least = 11

const glyphs = new Map([
  ['一', { advance: 1000, outline: 'M0 0L1000 0' }],
  ['i', { advance: 250, outline: 'M0 0L100 0' }],
  [' ', { advance: 300, outline: '' }],
])
const draw = (text: string) => drawLabels(`<svg>${text}</svg>`, glyphs)

describe('a label of a drawing', () => {
  test('becomes outlines side by side, scaled to its size', () => {
    const { svg, labels } = draw('<text x="10" y="50" font-size="40" fill="#123">一 i</text>')
    expect(labels).toEqual([{ text: '一 i', left: 10, y: 50, width: 62, size: 40 }])
    expect(svg).toBe(
      '<svg><g transform="translate(10 50) scale(0.04)" fill="#123">' +
        '<path transform="translate(0 0)" d="M0 0L1000 0"/><path transform="translate(1300 0)" d="M0 0L100 0"/></g></svg>',
    )
  })

  test.each([
    ['start', 100],
    ['middle', 80],
    ['end', 60],
  ])('anchored at its %s is placed where SVG would place it', (anchor, left) => {
    const { labels } = draw(`<text x="100" y="0" font-size="40" text-anchor="${anchor}">一</text>`)
    expect(labels[0]?.left).toBe(left)
  })

  test('keeps the width of its halo', () => {
    const { svg } = draw('<text x="0" y="0" font-size="40" stroke="#fff" stroke-width="8">一</text>')
    expect(svg).toContain('stroke="#fff" stroke-width="200"')
  })

  test.each([
    ['<text x="0" y="0" font-size="40">二</text>', '文字“二”里的“二”还没有字形：请运行 npm run labels'],
    ['<text x="0" y="0">一</text>', '文字“一”缺少 font-size'],
    ['<text x="0" y="0" font-size="40" text-anchor="left">一</text>', '不认识：left'],
    ['<text x="0" y="0" font-size="40"><tspan>一</tspan></text>', '只能有一行纯文本'],
  ])('that cannot be drawn is refused: %s', (text, message) => {
    expect(() => draw(text)).toThrow(message)
  })
})

describe('the sample pictures', () => {
  const kept = readGlyphs()
  const drawn = drawings.map(({ name, svg }) => {
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number)
    return { name, width, height, ...drawLabels(svg, kept) }
  })

  test('do not depend on the fonts of a machine', () => {
    expect(drawn.filter(({ svg }) => /<text|font-/.test(svg)).map(({ name }) => name)).toEqual([])
  })

  test('have labels if a text shows them; only the picture of the experiment has none', () => {
    const inText = drawn.filter(({ name }) => /-\d\.svg$/.test(name))
    expect(inText.length).toBeGreaterThan(20)
    expect(inText.filter(({ labels }) => labels.length === 0).map(({ name }) => name)).toEqual([
      'life/blind-spot-2.svg',
    ])
  })

  test('have labels that are large enough for a phone, stay inside the picture and do not overlap', () => {
    const faults: string[] = []
    for (const { name, width, height, labels } of drawn) {
      const boxes = labels.map(({ text, left, y, width: wide, size }) => ({
        text,
        left,
        right: left + wide,
        // The box of a Chinese character, which reaches a little below the baseline.
        top: y - 0.88 * size,
        bottom: y + 0.12 * size,
        size,
      }))
      for (const [i, box] of boxes.entries()) {
        if ((box.size * column) / width < least) faults.push(`${name}: ${box.text} is too small`)
        if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height)
          faults.push(`${name}: ${box.text} is cut off`)
        for (const other of boxes.slice(i + 1)) {
          const apart =
            box.right <= other.left ||
            other.right <= box.left ||
            box.bottom <= other.top ||
            other.bottom <= box.top
          if (!apart) faults.push(`${name}: ${box.text} touches ${other.text}`)
        }
      }
    }
    expect(faults).toEqual([])
  })

  test('are drawn with the outlines of the pinned font', async () => {
    const characters = drawings.flatMap(({ svg }) => labelTexts(svg)).join('')
    const lines = await outlinesOf(characters)
    expect(readFileSync(glyphFile, 'utf8')).toBe(lines.map(line => `${line}\n`).join(''))
  }, 60_000)
})
