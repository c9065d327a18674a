import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A character of the labels' font: its advance width and its outline, 1,000 units per em, y pointing down. */
interface Glyph {
  advance: number
  outline: string
}

/** A text in a drawing with its position and width, in the drawing's units. */
export interface Label {
  text: string
  left: number
  /** The y of the baseline. */
  y: number
  width: number
  size: number
}

export const glyphFile = path.join(__dirname, 'label-glyphs.jsonl')
const unitsPerEm = 1000

/** Reads the outlines in label-glyphs.jsonl, which `npm run labels` writes: one line per character. */
export function readGlyphs(file = glyphFile): Map<string, Glyph> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return new Map(
    lines.map(line => {
      const [character, advance, outline] = JSON.parse(line) as [string, number, string]
      return [character, { advance, outline }]
    }),
  )
}

const textElement = /<text\b([^>]*)>([^<]*)<\/text>/g
const anchors = { start: 0, middle: 0.5, end: 1 }
const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** The text of every `<text>` in a drawing. */
export const labelTexts = (svg: string): string[] =>
  [...svg.matchAll(textElement)].map(([, , text = '']) => plain(text))

const plain = (text: string): string => text.replace(/&(amp|lt|gt);/g, entity => entities[entity] ?? entity)

/**
 * Replaces the `<text>` elements of a drawing by outlines, so that it looks the same on every machine: installed fonts,
 * and the font chosen for Chinese, differ between machines. A label is one line in one font: `x`, `y`, `font-size` and,
 * if it does not start at x, `text-anchor`. Other attributes (fill, stroke, paint-order) stay on the outline.
 * @throws an error that says what is wrong with a label, in Chinese, because illustrators read it
 */
export function drawLabels(
  svg: string,
  glyphs: ReadonlyMap<string, Glyph>,
): { svg: string; labels: Label[] } {
  const labels: Label[] = []
  const drawn = svg.replace(textElement, (_, attributes: string, content: string) => {
    const text = plain(content)
    const given = new Map(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    const numberOf = (name: string): number => {
      const value = Number(given.get(name) ?? Number.NaN)
      if (!Number.isFinite(value)) throw new Error(`文字“${text}”缺少 ${name}`)
      return value
    }
    const [x, y, size] = [numberOf('x'), numberOf('y'), numberOf('font-size')]
    const anchor = given.get('text-anchor') ?? 'start'
    if (!Object.hasOwn(anchors, anchor)) throw new Error(`文字“${text}”的 text-anchor 不认识：${anchor}`)
    const scale = size / unitsPerEm
    const outlines: string[] = []
    let pen = 0
    for (const character of text) {
      const glyph = glyphs.get(character)
      if (!glyph) throw new Error(`文字“${text}”里的“${character}”还没有字形：请运行 npm run labels`)
      if (glyph.outline) outlines.push(`<path transform="translate(${pen} 0)" d="${glyph.outline}"/>`)
      pen += glyph.advance
    }
    const width = pen * scale
    const left = x - width * anchors[anchor as keyof typeof anchors]
    labels.push({ text, left, y, width, size })
    const own = ['x', 'y', 'font-size', 'text-anchor']
    const retained = [...given].filter(([name = '']) => !own.includes(name))
    // The outline is scaled down from font units, so the width of its stroke must be scaled up.
    const look = retained.map(([name, value]) =>
      name === 'stroke-width' ? `stroke-width="${Number(value) / scale}"` : `${name}="${value}"`,
    )
    return `<g transform="translate(${left} ${y}) scale(${scale})" ${look.join(' ')}>${outlines.join('')}</g>`
  })
  if (/<(text|tspan|textPath)\b/.test(drawn)) throw new Error('文字里只能有一行纯文本，不能有别的标签')
  return { svg: drawn, labels }
}
