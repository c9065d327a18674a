import type { List } from 'mdast'
import type { Span } from '#contract/article'
import { withoutUnseen } from '../../unseen-characters'

export type Marks = Omit<Exclude<Span, string>, 'text'>

/** A run of text with the same formatting, before it becomes a span. */
export interface Piece {
  text: string
  marks: Marks
}

/** Placeholder for a soft line break. Body text never contains it, because control characters are removed. */
export const wrap = '\u0000'
const lineEnd = new RegExp(`[\\n${wrap}]`, 'g')

/**
 * Line breaks with the spaces around them. Here and below, the lookbehind lets a match begin only where a run of spaces
 * begins: else the search would read the rest of the run from each of its spaces.
 */
export const breaks = /(?<![ \t])[ \t]*\n[ \t]*/g

/** A character that was written with a backslash, or as a reference by its name. */
const written = /\\([!-/:-@[-`{-~])|&(lt|gt|amp|quot|#42);/g
const referred: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#42': '*' }
/** Stands before a character that was escaped. Body text never contains it, as with `wrap`. */
export const escaped = '\u0001'

/**
 * The text with `escaped` before each character that was written with a backslash or as `&lt;`, so that it is no mark. An
 * asterisk as a reference is one of mendMarkdown's that may be a mark.
 */
export function markEscapes(text: string, source: string): string {
  if (!/[\\&]/.test(source)) return text
  const lines = source.replace(breaks, '\n')
  const decoded = (before: string): string =>
    lines.replace(written, (_, character?: string, name = '') =>
      character === undefined ? `${name === 'lt' ? before : ''}${referred[name]}` : before + character,
    )
  return decoded('') === text.replace(breaks, '\n') ? decoded(escaped) : text
}

declare module 'mdast' {
  interface ListData {
    /** The numbers of an ordered list's items as they were written in Markdown. */
    numbers?: number[]
  }
}

/** The numbers of an ordered list's items as written in the Markdown that it was parsed from. */
export const writtenNumbers = ({ children }: List, source: string): number[] =>
  children.flatMap(({ position }) => {
    const written = source.slice(position?.start.offset, position?.end.offset)
    const digits = /^\s*(\d{1,9})[.)]/.exec(written)?.[1]
    return digits === undefined ? [] : [Number(digits)]
  })

/** Characters that stand beside others without a space, as those of Chinese do. */
export const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFFEF—…“”‘’·]/u

/** An HTML tag, comment or declaration, as CommonMark defines them. Each ends where the next one of its kind begins. */
const tag =
  /<\/?[A-Za-z][A-Za-z0-9:-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'\n]{0,2000}'|"[^"\n]{0,2000}"))?){0,50}\s*\/?>|<!--(?:[^<>]|<(?!!--)){0,2000}-->|<[!?][A-Za-z[](?:[^<>]|<(?![!?])){0,2000}>/g
const opensTag = /<[A-Za-z/!?]/

const sameMarks = (a: Marks, b: Marks): boolean =>
  a.bold === b.bold &&
  a.italic === b.italic &&
  a.code === b.code &&
  a.story === b.story &&
  a.sub === b.sub &&
  a.sup === b.sup

interface Cleaned {
  pieces: Piece[]
  unseen: number
  tags: number
}

/**
 * Cleans the text of a paragraph, list item or cell. Joins wrapped lines, with a space only between Latin words.
 * Removes invisible characters, spaces at both ends, and HTML tags written as text. Replaces each `<` with the
 * full-width character if one could still open a tag. In code, tags and spaces stay.
 */
export function cleanPieces(raw: readonly Piece[]): Cleaned {
  let unseen = 0
  let tags = 0
  let pieces = raw.map(({ text, marks }): Piece => {
    const parts = text.split(wrap).map(part => withoutUnseen(part))
    for (const part of parts) unseen += part.removed
    let retained = parts.map(part => part.text).join(wrap)
    if (!marks.code) {
      retained = retained.replace(/[\u00A0\t]+/g, ' ').replace(tag, () => {
        tags += 1
        return ''
      })
    }
    return { text: retained, marks }
  })
  pieces = joinWraps(pieces)
  const whole = pieces.map(({ text }) => text).join('')
  if (opensTag.test(whole)) {
    // All of them, so that both signs of `5<x<6` look the same.
    for (const piece of pieces) if (!piece.marks.code) piece.text = piece.text.replaceAll('<', '＜')
  }
  return { pieces: trimmed(pieces), unseen, tags }
}

const count = '(?:[0-9０-９]{1,4}|[一二三四五六七八九十百]{1,4}|[A-Za-z]|[ivxIVX]{2,4})'
/** The beginning of a line that belongs to a list of our authors' own style, or a line such as 作者：某. */
const countedLine = new RegExp(
  `^[\\s\u3000]*(?:[（(【［[〔]${count}[)）】］\\]〕]|${count}(?:[、)）．]|\\.(?!\\d))|[\\p{No}\\p{Nl}・•●▪■◆○▶►]|第${count}\\p{Script=Han}?[，、：:]|[一二三四五六七八九十]是|[^\\s：:，。！？；]{1,8}：)`,
  'u',
)

/** The places of soft line breaks that were meant: those before each of several counted lines. */
function meantBreaks(whole: string): Set<number> {
  const meant = new Set<number>()
  const breaks = [...whole.matchAll(lineEnd)].map(({ index }) => index)
  const isCounted = [-1, ...breaks].map((from, at) =>
    countedLine.test(whole.slice(from + 1, Math.min(breaks[at] ?? whole.length, from + 40))),
  )
  for (const [at, index] of breaks.entries())
    if (isCounted[at + 1] && (isCounted[at] || isCounted[at + 2])) meant.add(index)
  return meant
}

/** Joins wrapped lines: without a space in Chinese, with one between Latin words. Breaks that were meant stay. */
function joinWraps(pieces: readonly Piece[]): Piece[] {
  const whole = pieces.map(({ text }) => text).join('')
  if (!whole.includes(wrap)) return pieces.map(piece => ({ ...piece }))
  const meant = meantBreaks(whole)
  let at = 0
  return pieces.map(({ text, marks }) => {
    let joined = ''
    for (const character of text) {
      if (character === wrap && meant.has(at)) joined += '\n'
      else if (character === wrap) {
        if (areApart(whole, at)) joined += ' '
      } else joined += character
      at += character.length
    }
    return { text: joined.replace(/ {2,}/g, ' '), marks }
  })
}

const quote = /[“”‘’]/
const isNarrow = (character: string): boolean => character !== '' && !wide.test(character)

/** Whether a space belongs in place of a line break: between Latin words, also beside their quotation marks. */
function areApart(whole: string, at: number): boolean {
  const sides = [lastVisible, firstVisible].map((visible, side) => {
    let place = at
    let character = visible(whole, place)
    for (let quotes = 0; quotes < 3 && quote.test(character); quotes++) {
      place = side === 0 ? whole.lastIndexOf(character, place - 1) : whole.indexOf(character, place + 1)
      character = visible(whole, place)
    }
    return character
  })
  const isHyphenated = /[0-9A-Za-z][-‐‑–]$/.test(whole.slice(0, at).trimEnd().slice(-2))
  return sides.every(isNarrow) && !isHyphenated
}

/** No program wraps lines of so few characters. */
const shortLine = 12
/** Fewer characters are a part of a word, not a line of its own. */
const shortest = 3

/**
 * Whether lines are joined that were hardly meant as one paragraph: one of them ends long before the others, or they are
 * shorter than any page, with Chinese on both sides of the break; or both are rows of cells with tabs between them.
 */
export function joinsShortLines(pieces: readonly Piece[]): boolean {
  const whole = pieces.map(({ text }) => text).join('')
  if (!whole.includes(wrap)) return false
  const meant = meantBreaks(whole)
  const parts = whole.replaceAll(wrap, (_, at: number) => (meant.has(at) ? '\n' : wrap)).split('\n')
  const lines = parts.map(part => part.split(wrap).map(line => line.trim()))
  const widest = Math.max(...lines.flat().map(line => line.length))
  const isShort = (line: string): boolean => line.length < Math.max(shortLine, widest * 0.6)
  return lines.some(part =>
    part.slice(0, -1).some((line, at) => {
      const next = part[at + 1] ?? ''
      const areChinese = /\p{Script=Han}\p{P}?$/u.test(line) && /^\p{P}?\p{Script=Han}/u.test(next)
      // Rows that were copied from a sheet.
      const areRows = line.includes('\t') && next.includes('\t')
      return areRows || (areChinese && isShort(line) && line.length >= shortest && next.length >= shortest)
    }),
  )
}

const ignorable = (character: string | undefined): boolean =>
  character === wrap || character === ' ' || character === '\t'

function lastVisible(text: string, at: number): string {
  let i = at - 1
  while (i >= 0 && ignorable(text[i])) i--
  if (i < 0 || text[i] === '\n') return ''
  const low = text.charCodeAt(i)
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(i - 1, i + 1) : (text[i] ?? '')
}

function firstVisible(text: string, at: number): string {
  let i = at + 1
  while (i < text.length && ignorable(text[i])) i++
  return text[i] === '\n' ? '' : String.fromCodePoint(text.codePointAt(i) ?? 32).trim()
}

/** Trims both ends and the spaces around line breaks, drops empty pieces, and merges neighbours with equal formatting. */
function trimmed(pieces: readonly Piece[]): Piece[] {
  const retained: Piece[] = []
  for (const { text, marks } of pieces) {
    let rest = marks.code ? text : text.replace(/(?<! ) *\n */g, '\n')
    const last = retained.at(-1)
    if (!last) rest = rest.replace(/^[\s\u3000]+/, '')
    else if (last.text.endsWith('\n')) rest = rest.replace(/^ +/, '')
    if (rest === '') continue
    if (last && sameMarks(last.marks, marks)) last.text += rest
    else retained.push({ text: rest, marks })
  }
  for (let last = retained.at(-1); last; last = retained.at(-1)) {
    last.text = last.text.trimEnd()
    if (last.text !== '') break
    retained.pop()
  }
  return retained
}

export const toSpans = (pieces: readonly Piece[]): Span[] =>
  pieces.map(({ text, marks }) => (Object.keys(marks).length === 0 ? text : { text, ...marks }))

const lowered = new Map(
  [...'0123456789+-−=()aeoxhklmnpst'].map((c, i) => [c, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ'][i] ?? c]),
)
const raised = new Map([...'0123456789+-−=()ni'].map((c, i) => [c, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ'][i] ?? c]))

function shiftedText(text: string, shift: ReadonlyMap<string, string>): string {
  const characters = [...text]
  return characters.every(character => shift.has(character))
    ? characters.map(character => shift.get(character)).join('')
    : text
}

/**
 * Plain text for headings and cells, which have no formatting. Subscript and superscript digits become Unicode (CO₂). A
 * tag written as code keeps its words, but cannot open a tag.
 */
export const plainText = (pieces: readonly Piece[]): string => {
  const text = pieces
    .map(({ text, marks }) => {
      if (marks.sub) return shiftedText(text, lowered)
      return marks.sup ? shiftedText(text, raised) : text
    })
    .join('')
    .replace(/(?<!\s)\s*\n\s*/g, ' ')
    .trim()
  return opensTag.test(text) ? text.replaceAll('<', '＜') : text
}
