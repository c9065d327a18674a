/**
 * Mark-up as it is typed on a Chinese keyboard, turned into what Markdown knows where the meaning is certain. Every
 * line stays in its place, so that problems name the right one.
 */

const addressLike = /^(?:story:|https?:\/\/|cloud:\/\/|\/|pages\/)|\.(?:svg|jpe?g|png|gif|webp)(?:\s|$)/i
/** A link or picture, with brackets of either width. */
const link = /([!！]?)[[［【]([^\][［］【】\n]{0,300})[\]］】][(（]([^()（）\n]{1,2000})[)）]/g
const destination = /^\s*<?(.+?)>?(?:\s+["“”]([^"“”]*)["“”]|\s+'([^']*)')?\s*$/

function mendLink(whole: string, mark: string, words: string, inside: string): string {
  if (!addressLike.test(inside.trim())) return whole
  const [, address = '', title = ''] = destination.exec(inside) ?? []
  const plain = /^!?\[[^[\]]*\]\([^\s“”]+(?:\s+(?:"[^"]*"|'[^']*'))?\)$/.test(whole)
  if (plain || address === '') return whole
  return `${mark ? '!' : ''}[${words}](<${address.trim()}>${title ? ` "${title}"` : ''})`
}

const fence = /^ {0,3}(`{3,}|~{3,})/
const tableRow = /^\s*[|｜].*[|｜]\s*$/
const tableRule = /^\s*[|｜](?:\s*[:：]?[-－—–]+[:：]?\s*[|｜])+\s*$/

function mendLine(line: string): string {
  return (
    line
      // Indentation by full-width spaces is typography.
      .replace(/^[\u3000\u00A0]+/, '')
      .replace(/^ {0,3}＃{1,6}(?!＃)/, marks => marks.trim().replaceAll('＃', '#'))
      .replace(/^ {0,3}(#{2,6})[\u3000 \t]*(?=[^#\s])/, '$1 ')
      .replace(/^ {0,3}#\u3000+/, '# ')
      // A year at the beginning of a sentence is no number of a list.
      .replace(/^(\s*\d{4,})([.)])(?=\s)/, '$1\\$2')
      .replace(link, mendLink)
  )
}

/** The text with such lines mended; code between fences stays. */
export function mendMarkdown(text: string): string {
  const lines = text.split('\n')
  let open = ''
  return lines
    .map((line, index) => {
      const marker = fence.exec(line)?.[1]
      if (open !== '') {
        if (marker?.startsWith(open)) open = ''
        return line
      }
      if (marker !== undefined) {
        open = marker
        return line
      }
      if (tableRow.test(line) && inTable(lines, index)) {
        const row = line.replaceAll('｜', '|')
        return tableRule.test(line) ? row.replace(/[－—–]/g, '-').replaceAll('：', ':') : row
      }
      return mendLine(line)
    })
    .join('\n')
}

/** A row belongs to a table if the table's rule is the second of the rows that stand together. */
function inTable(lines: readonly string[], index: number): boolean {
  const isRule = (at: number): boolean => tableRule.test(lines[at] ?? '')
  if (isRule(index) || isRule(index + 1)) return true
  for (let at = index - 1; at >= 0 && index - at <= 500 && tableRow.test(lines[at] ?? ''); at--) {
    if (isRule(at)) return true
  }
  return false
}

/** The longest paragraph, list or table, in characters: one update of a phone's page has 256 KB. */
export const longestParagraph = 60_000
const linesTogether = 2_000
const linesAtMost = 20_000
/** Some blocks have several parts, such as a list with empty lines. */
const partsAtMost = 6_000

/** What would take time that grows with the square of a text's length, and its place; null where there is nothing. */
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
