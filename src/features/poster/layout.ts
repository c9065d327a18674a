/** Lengths of a poster in CSS pixels; it is drawn larger (see paint.ts). */
export const width = 375
const margin = 24
const inner = width - 2 * margin
export const codeSize = 96

/** The texts of a poster. Empty ones are left out. */
export interface PosterWords {
  title: string
  teaser: string
  /** Source and date. */
  meta: string
  /** The notice on AI-generated content. */
  notice: string
  /** What stands beside the code. */
  invitation: readonly string[]
}

interface PosterStory extends PosterWords {
  /** Width and height of the cover (px), if it could be loaded. */
  cover?: { width: number; height: number } | undefined
}

/** How a text looks: size and line height in pixels. */
export interface Type {
  size: number
  line: number
  bold: boolean
  colour: 'ink' | 'soft' | 'faint'
}

const types = {
  title: { size: 24, line: 34, bold: true, colour: 'ink' },
  teaser: { size: 15, line: 23, bold: false, colour: 'soft' },
  meta: { size: 13, line: 19, bold: false, colour: 'faint' },
} as const satisfies Record<string, Type>

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Poster {
  width: number
  height: number
  /** Where the cover goes, and the part of it that is shown, in its own pixels. */
  cover?: { to: Box; from: Box }
  /** Lines of text; `y` is the middle of the line. */
  lines: { text: string; x: number; y: number; type: Type }[]
  /** The line above the code. */
  rule: Box
  code: Box
}

/** Width of a text in a type (px). */
export type Measure = (text: string, type: Type) => number

/** Where a line may end: after each Chinese character and each Latin word. */
const pieces = /[\p{Script=Latin}\d][\p{Script=Latin}\d.,%'’-]*|\s+|[\s\S]/gu

/** Ends a line with an ellipsis, and shortens it as far as that needs. */
function cutOff(line: string, type: Type, room: number, measure: Measure): string {
  let kept = [...line.trimEnd()]
  while (kept.length > 0 && measure(`${kept.join('')}…`, type) > room) kept = kept.slice(0, -1)
  return `${kept.join('').trimEnd()}…`
}

/** Breaks a text into at most `most` lines that fit; what is left out becomes an ellipsis. */
export function breakLines(text: string, type: Type, room: number, most: number, measure: Measure): string[] {
  const lines: string[] = []
  let line = ''
  const rest: string[] = text.replace(/\s+/g, ' ').trim().match(pieces) ?? []
  for (let piece = rest.shift(); piece !== undefined; piece = rest.shift()) {
    if (measure(line + piece, type) <= room) {
      line += piece
      continue
    }
    // A word that is longer than a line is broken anywhere.
    const letters = [...piece]
    if (line.trim() === '' && letters.length > 1) {
      rest.unshift(...letters)
      line = ''
      continue
    }
    if (lines.length === most - 1) return [...lines, cutOff(line + piece, type, room, measure)]
    if (line.trim() !== '') lines.push(line.trimEnd())
    line = piece.trimStart()
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()]
}

/** Where everything on a poster goes. Texts never leave the margins, and parts never overlap. */
export function layOut(story: PosterStory, measure: Measure): Poster {
  const lines: Poster['lines'] = []
  let y = 0
  let cover: Poster['cover']
  if (story.cover) {
    const { width: wide, height: high } = story.cover
    const to = { x: 0, y: 0, width, height: 250 }
    const scale = Math.min(wide / to.width, high / to.height)
    const shown = { width: to.width * scale, height: to.height * scale }
    cover = { to, from: { x: (wide - shown.width) / 2, y: (high - shown.height) / 2, ...shown } }
    y = to.height
  }
  y += margin
  const write = (text: string, type: Type, most: number): void => {
    for (const one of breakLines(text, type, inner, most, measure)) {
      lines.push({ text: one, x: margin, y: y + type.line / 2, type })
      y += type.line
    }
  }
  write(story.title, types.title, 4)
  if (story.teaser) {
    y += 12
    write(story.teaser, types.teaser, 5)
  }
  y += 12
  write(story.meta, types.meta, 2)
  write(story.notice, types.meta, 2)
  y += 20
  const rule = { x: margin, y, width: inner, height: 1 }
  y += 20
  const code = { x: width - margin - codeSize, y, width: codeSize, height: codeSize }
  const room = inner - codeSize - 16
  const beside = story.invitation.map((text, n) => {
    const type = n === 0 ? types.teaser : types.meta
    return { text: breakLines(text, type, room, 1, measure)[0] ?? '', type }
  })
  const high = beside.reduce((sum, { type }) => sum + type.line, 0)
  let at = y + (codeSize - high) / 2
  for (const { text, type } of beside) {
    lines.push({ text, x: margin, y: at + type.line / 2, type })
    at += type.line
  }
  return { width, height: y + codeSize + margin, ...(cover ? { cover } : {}), lines, rule, code }
}
