import { escapeSums } from './sums'

/**
 * Converts markup typed on a Chinese keyboard to Markdown where the meaning is certain. It never adds or removes lines,
 * so that problems refer to the right line.
 */

const addressLike = /^(?:story:|https?:\/\/|cloud:\/\/|\/|pages\/)|\.(?:svg|jpe?g|png|gif|webp)(?:[?#\s]|$)/i
/** A link or picture, with half-width or full-width brackets. */
const link =
  /([!！][ \t\u3000]?)?[[［【]([^\][［］【】\n]{0,300})[\]］】][ \t\u3000]{0,8}[(（]([^()（）\n]{1,2000})[)）]/g
const destination = /^\s*<?(.+?)>?(?:(?<!\s)\s+(?:["“”]([^"“”]*)["“”]|'([^']*)'))?(?<!\s)\s*$/

const pictureLike = /^cloud:|\.(?:svg|jpe?g|png|gif|webp)(?:[?#\s>]|$)/i

function mendLink(whole: string, mark: string | undefined, words: string, inside: string): string {
  if (!addressLike.test(inside.trim())) return whole
  const [, address = '', title = ''] = destination.exec(inside) ?? []
  const plain = /^!?\[[^[\]]*\]\([^\s“”]+(?:\s+(?:"[^"]*"|'[^']*'))?\)$/.test(whole)
  if (plain || address === '') return whole
  // An exclamation mark before a link ends a sentence: 看！[鲸落](story:whale-fall).
  const isPicture = mark !== undefined && (mark === '!' || pictureLike.test(address.trim()))
  return `${isPicture ? '!' : (mark ?? '')}[${words}](<${address.trim()}>${title ? ` "${title}"` : ''})`
}

/**
 * Begins code, also in an item or a quotation. Indented by any number of spaces: the parser knows no indented code.
 */
const fence = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])[ \t]))*[ \t]*(`{3,}|~{3,})/
const fenceEnd = /^[ \t>]*(`{3,}|~{3,})/
const tableRow = /[|｜]/
/** A delimiter row: bars at both ends, or at least one bar inside. */
const tableRule =
  /^\s*(?:[|｜](?:\s*[:：]?[-－—–]+[:：]?\s*[|｜])+\s*|[:：]?[-－—–]+[:：]?\s*(?:[|｜]\s*[:：]?[-－—–]+[:：]?\s*)+)$/

/** `==words==`, the highlight syntax of other editors; not a comparison (`a==b`). */
const highlight = /(?<!=)==(?=[^\s=])([^=\n]{1,200}?)(?<=[^\s=])==(?!=)/g
function mendHighlight(whole: string, words: string, at: number, line: string): string {
  const isCode = /\w/.test(line[at - 1] ?? '') && /^\w/.test(words)
  return isCode ? whole : `**${words}**`
}

/** A single full-width underscore; several in a row are a blank to fill in. */
const underscored = /(?<!＿)＿(?=[^\s＿])([^＿*\n]{1,300}?)(?<=\S)＿(?!＿)/g

/** Joins neighbouring bold texts (`**甲。****乙。**`), whose four asterisks Markdown would leave in the text. */
function joinBold(text: string): string {
  if (!text.includes('****')) return text
  let isOpen = false
  let isClear = true
  const joined = text.replace(/(?<![*\\])\*+/g, (marks, at: number) => {
    if (marks.length === 4 && isOpen && /\S/.test(text[at - 1] ?? ' ') && /\S/.test(text[at + 4] ?? ' '))
      return ''
    if (marks.length !== 2) isClear = false
    else isOpen = !isOpen
    return marks
  })
  return isClear && !isOpen ? joined : text
}

const boldMark = /(?<![*\\])\*\*(?!\*)/g
const numeric = /^[0-9.]+$/

/** The letters and figures, and the bracket, before and behind a mark. */
const operandBefore = /[0-9A-Za-z.]{1,40}$|\)$/
const operandBehind = /^(?:[-−－]?[0-9][0-9A-Za-z.]{0,40}|[A-Za-z][0-9A-Za-z.]{0,40}|\()/

interface BoldMark {
  index: number
  before: string
  behind: string
  isPower: boolean
  opens: boolean
}

/** Two asterisks between two figures, letters or brackets: `2**10` is a power. Between words they are bold's. */
function boldMarksOf(text: string): BoldMark[] {
  return [...text.matchAll(boldMark)].map(({ index }) => {
    const [before = ''] = operandBefore.exec(text.slice(Math.max(0, index - 40), index)) ?? []
    const [behind = ''] = operandBehind.exec(text.slice(index + 2, index + 42)) ?? []
    const isWord = behind.length > 1 && /^[A-Za-z]/.test(behind)
    const isVariable = before.length > 1 && /^[A-Za-z]$/.test(behind) && !/[0-9)]/.test(before)
    return {
      ...{ index, before, behind },
      isPower: before !== '' && behind !== '' && !(isWord && !numeric.test(before)) && !isVariable,
      opens: /[\s，。：；、！？（]/.test(text[index - 1] ?? ' '),
    }
  })
}

/** Whether a mark and the next one stand around letters within a word, such as `Eins**tein**ium`, or a figure in one. */
function isInWord(text: string, mark: BoldMark, next: BoldMark | undefined): boolean {
  if (!next || next.index - mark.index > 42) return false
  const inside = text.slice(mark.index + 2, next.index)
  const touches = mark.before !== '' || next.behind !== ''
  const areFigures = (mark.before === '' || numeric.test(mark.before)) && numeric.test(next.behind)
  return touches && /^[0-9A-Za-z]+$/.test(inside) && !areFigures
}

/**
 * Escapes the asterisks of powers. A mark between two figures also opens bold words (`占3**5倍**`), unless the next mark
 * is a power too or opens words of its own (`2**10，**很大**`).
 */
function escapePowers(text: string): string {
  if (!text.includes('**')) return text
  const marks = boldMarksOf(text)
  const isPaired = marks.filter(({ isPower }) => !isPower).length % 2 === 0
  const powers = new Set<number>()
  let isOpen = false
  for (const [at, mark] of marks.entries()) {
    const next = marks[at + 1]
    const standsByPower = next?.opens === true || powers.has(marks[at - 1]?.index ?? -1)
    const isLiteral = !next || next.isPower || (isPaired && standsByPower)
    if (mark.isPower && !isOpen && isLiteral && !isInWord(text, mark, next)) powers.add(mark.index)
    else isOpen = !isOpen
  }
  return text.replace(/\*\*/g, (mark, index: number) => (powers.has(index) ? '\\*\\*' : mark))
}

/** Marks within a line, outside of code. */
const mendInline = (text: string): string =>
  escapeSums(
    joinBold(escapePowers(text))
      .replace(underscored, '*$1*')
      .replace(/＊＊(?=[^\s＊])([^＊\n]{1,300}?)＊＊/g, '**$1**'),
  )
    .replace(highlight, mendHighlight)
    .replace(link, mendLink)

const code = /((?<!`)`+[^`]+`+)/

/** A heading without the signs directly behind its words. Behind Latin words they may be text: `## 用 C##`. */
function withoutClosingSigns(line: string): string {
  if (!/^ {0,3}#{2,6}[^#]/.test(line)) return line
  const closing = /^ {0,3}#+[ \t\u3000]/.test(line)
    ? /(?<=[^\w#＃\s\\])[#＃]{2,6}$/
    : /(?<=[^#＃\s\\])[#＃]{2,6}$/
  return line.trimEnd().replace(closing, '')
}

function mendLine(line: string): string {
  return (
    withoutClosingSigns(line.replace(/^ {0,3}＃{1,6}(?!＃)/, marks => marks.trim().replaceAll('＃', '#')))
      .replace(/^ {0,3}(#{2,6})[\u3000 \t]*(?=[^#\s])/, '$1 ')
      .replace(/^ {0,3}#\u3000+/, '# ')
      // “＞5” at a line's beginning is a comparison.
      .replace(/^ {0,3}＞(?![\s\u3000]*\d)/, '>')
      // A year at the beginning of a sentence, of an item or of a quotation is not a list number.
      .replace(/^((?:[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|[ \t]*>)*[ \t]*\d{4,})([.)])(?=\s)/, '$1\\$2')
      .replace(
        /^(\s*[-*+] )\[( |x|X)\] /,
        (_, mark: string, done: string) => mark + (done === ' ' ? '☐ ' : '☑ '),
      )
      .split(code)
      .map((part, index) => (index % 2 === 1 ? part : mendInline(part)))
      .join('')
  )
}

/** A list item without a space after its marker. A marker before a digit is a minus sign or a decimal point. */
const unspaced: Readonly<Record<string, RegExp>> = {
  '-': /^( {0,3})[-－](?![-－—–\s\d.])/,
  '*': /^( {0,3})\*(?![*\s\d])(?!.*\*)/,
  '+': /^( {0,3})[+＋](?![+＋\s\d])/,
  '•': /^( {0,3})[•·●▪■◆○▶►](?!\d)[ \t\u3000]*/,
  '－': /^( {0,3})－[ \t\u3000]+(?=\S)/,
  '＊': /^( {0,3})＊[ \t\u3000]+(?=\S)/,
  '＋': /^( {0,3})＋[ \t\u3000]+(?=\S)/,
  '—': /^( {0,3})[—–][ \t\u3000]+(?=\S)/,
}
const spaced = /^ {0,3}([-*+])[ \t]/
const numbered = /^( {0,3})([0-9０-９]{1,3})(?:、|[.．](?![0-9０-９])|[)）])[ \t\u3000]*(?=\S)/
const spacedNumber = /^ {0,3}\d{1,3}[.)][ \t]/
const bulletOf = (line: string): string | undefined =>
  spaced.exec(line)?.[1] ?? Object.keys(unspaced).find(mark => unspaced[mark]?.test(line))

/** NaN for a line that is no numbered item. */
const numberOf = (line: string): number => Number(numbered.exec(line)?.[2]?.normalize('NFKC'))

/** Whether both lines are items of one kind, with or without the space that Markdown requires. */
export const areItems = (line: string, next: string): boolean =>
  (bulletOf(line) !== undefined && bulletOf(next) !== undefined) ||
  (numbered.test(line) && numbered.test(next))

/**
 * Adds the spaces that Markdown requires in list items, if a neighbouring line shows that this is a list. `counted` holds
 * the number of the item before, also of one above a block of code.
 */
function mendLists(lines: readonly string[], counted: { last: number }): string[] {
  const bullets = lines.map(bulletOf)
  const numbers = lines.map(numberOf)
  let isText = false
  return lines.map((line, at) => {
    const isInText = isText
    const isNext = numbers[at] === counted.last + 1
    isText =
      line.trim() !== '' &&
      bullets[at] === undefined &&
      Number.isNaN(numbers[at]) &&
      (isInText || (lines[at - 1] ?? '').trim() === '')
    const bullet = bullets[at]
    if (bullet !== undefined && (bullets[at - 1] === bullet || bullets[at + 1] === bullet)) {
      if (spaced.test(line)) return line
      return line.replace(unspaced[bullet] ?? '', `$1${/[-*+]/.test(bullet) ? bullet : '-'} `)
    }
    const number = numbers[at] ?? Number.NaN
    if (Number.isNaN(number)) return line
    if (numbers[at - 1] === number - 1 || numbers[at + 1] === number + 1 || (isInText && isNext)) {
      counted.last = number
      return line.replace(numbered, `$1${number}. `)
    }
    // Only a number that counts on begins a list within a paragraph (see list-in-paragraph.ts).
    if (isInText && number !== 1) return line.replace(/^( {0,3}\d{1,9})([.)])(?=\s)/, '$1\\$2')
    if (spacedNumber.test(line)) counted.last = number
    return line
  })
}

/** A heading underlined with equals signs. */
function mendUnderlined(lines: readonly string[]): string[] {
  const isUnderline = (at: number): boolean =>
    /^ {0,3}[=＝]{3,}\s*$/.test(lines[at] ?? '') && (lines[at - 1] ?? '').trim() !== ''
  return lines.map((line, at) => {
    if (isUnderline(at)) return ''
    const stands = (lines[at - 1] ?? '').trim() === '' && line.length <= 60
    return stands && isUnderline(at + 1) ? `## ${line.trim()}` : line
  })
}

/** Consecutive rows form a table if the second one is the delimiter row. */
function mendTables(lines: readonly string[]): string[] {
  const rows = lines.map(line => tableRow.test(line))
  const rules = lines.map((line, at) => rows[at] === true && tableRule.test(line))
  let inTable = false
  return lines.map((line, at) => {
    inTable = rules[at] === true || rules[at + 1] === true || (inTable && rows[at] === true)
    if (!inTable || !rows[at]) return mendLine(line)
    const row = line.replaceAll('｜', '|')
    return rules[at] ? row.replace(/[－—–]/g, '-').replaceAll('：', ':') : mendInline(row)
  })
}

const leadingBreaks = /^[^\S\n]*(?:<br\s{0,9}\/?>[^\S\n]*)+/i
const opensList = /^ {0,3}<(table|ul|ol)[\s>]/i

/**
 * Keeps two constructs of HTML from breaking Markdown: breaks at the beginning of a paragraph, below which nothing is
 * Markdown, and blank lines within a table or a list, which end an HTML block.
 */
function mendHtml(lines: readonly string[]): string[] {
  const mended = [...lines]
  const neverClosed = new Set<string>()
  let from = 0
  for (const [at, line] of lines.entries()) {
    if (at < from) continue
    if (at === 0 || (mended[at - 1] ?? '').trim() === '') mended[at] = line.replace(leadingBreaks, '')
    const name = opensList.exec(line)?.[1]?.toLowerCase()
    if (name === undefined || neverClosed.has(name)) continue
    const closes = new RegExp(`</${name}\\s*>`, 'i')
    let end = at
    while (end < lines.length && !closes.test(lines[end] ?? '')) end++
    if (end === lines.length) {
      neverClosed.add(name)
      continue
    }
    for (let index = at; index < end; index++) if (mended[index]?.trim() === '') mended[index] = '&#32;'
    from = end + 1
  }
  return mended
}

/**
 * Whether each line belongs to fenced code, its fences included. `open`: the fence that is never closed, so that all text
 * below it is code.
 */
export function fencedCode(lines: readonly string[]): {
  isCode: boolean[]
  open: { marks: string; line: number } | null
} {
  let open: { marks: string; line: number } | null = null
  const isCode = lines.map((line, at) => {
    const marks = (open === null ? fence : fenceEnd).exec(line)?.[1]
    const isInside = open !== null || marks !== undefined
    if (open === null) open = marks === undefined ? null : { marks, line: at + 1 }
    else if (marks?.startsWith(open.marks)) open = null
    return isInside
  })
  return { isCode, open }
}

/** Returns the corrected text. Does not change fenced code. */
export function mendMarkdown(text: string): string {
  const mended: string[] = []
  let prose: string[] = []
  const counted = { last: Number.NaN }
  const flush = (): void => {
    for (const line of mendTables(mendLists(mendUnderlined(mendHtml(prose)), counted))) mended.push(line)
    prose = []
  }
  const lines = text.split('\n')
  const { isCode } = fencedCode(lines)
  for (const [at, line] of lines.entries()) {
    if (!isCode[at]) {
      // Full-width spaces at the start of a paragraph are Chinese typography, not code.
      prose.push(
        line
          .replace(/^[\u3000\u00A0]+/, '')
          .replaceAll('\u00A0', ' ')
          .replace(/^( {0,3}(?:[#＃]{1,6}|[-*+>]|\d{1,3}[.)]))(?:&nbsp;)+/, '$1 '),
      )
      continue
    }
    flush()
    mended.push(line)
  }
  flush()
  return mended.join('\n')
}

/** The longest paragraph, list or table in characters: one update of a page on a phone is limited to 256 KB. */
export const longestParagraph = 60_000
const linesTogether = 2_000
const linesAtMost = 20_000
/** Some blocks consist of several parts, such as a list with empty lines. */
const partsAtMost = 6_000

/** Finds markup that would take quadratic time to parse, with its position. Null if there is none. */
export function tooTangled(text: string): { line: number; message: string } | null {
  const lines = text.split('\n')
  if (lines.length > linesAtMost)
    return { line: linesAtMost, message: `正文太长：最多 ${linesAtMost} 行，请分成几篇` }
  let marks = 0
  let length = 0
  let together = 0
  let parts = 0
  for (const [index, line] of lines.entries()) {
    const at = (message: string) => ({ line: index + 1, message })
    if (line.trim() === '') {
      marks = length = together = 0
      continue
    }
    if (together === 0) parts += 1
    marks += line.match(/[*_]+|[[\]`<!&]/g)?.length ?? 0
    length += line.length
    together += 1
    if (parts > partsAtMost) return at(`正文太长：最多 2000 段，请分成几篇`)
    if (length > longestParagraph || together > linesTogether)
      return at(`太长：一段最多 ${longestParagraph / 10_000} 万字、${linesTogether} 行，请分段`)
    if (marks > 4_000) return at('这一段里的标记太多，请分成几段')
    if (/^(?:\s*(?:>|[-+*]\s|\d{1,9}[.)]\s)){30}/.test(line)) return at('引文或列表嵌套太深')
    if (/^\s{200}/.test(line)) return at('行首的空格太多')
  }
  return null
}

/** Finds code that begins with ``` and never ends: all text below it would be code. */
export function unclosedCode(text: string): { line: number; message: string } | null {
  const { open } = fencedCode(text.split('\n'))
  return (
    open && {
      line: open.line,
      message: `${open.marks} 开始的代码没有结尾，请在代码下面另写一行 ${open.marks}`,
    }
  )
}

/** How many lines the information at the top of a file may have. */
const frontLines = 100

/** Finds the YAML front matter of a file that was pasted as a whole. Null if there is none. */
export function frontMatter(text: string): { line: number; message: string } | null {
  const lines = text.trimStart().split('\n', frontLines)
  if (lines[0]?.trimEnd() !== '---') return null
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === '---')
  const inside = lines.slice(1, end)
  const isYaml =
    inside.some(line => /^[\w-]+\s*:/.test(line)) &&
    inside.every(line => /^(?:[\w-]+\s*:|\s|- |#|$)/.test(line))
  if (end < 2 || !isYaml) return null
  return { line: 1, message: '开头是文件的信息（两行 --- 之间），请写进各栏，再从正文里删去' }
}
