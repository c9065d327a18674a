import { diffArrays, diffChars } from 'diff'
import { findVersionOf, listVersionsOfDraft } from '../shared/stores/versions'
import type { Answer } from './answer'
import { versionLines } from './version-lines'

/** Time limits (ms) for comparing two versions and two lines. Texts with nothing in common take longest. */
const budget = 5_000
const lineBudget = 200
/** Maximum number of lines in a reply and their maximum length, because the panel shows no more. */
const linesAtMost = 200
const longestLine = 600
/** How many unchanged characters are shown on each side of a change. */
const around = 16
/** Two lines with a smaller share of common characters count as different lines, not as one changed line. */
const likeness = 0.4

interface Piece {
  value: string
  added: boolean
  removed: boolean
}

/** Shortens unchanged text: shows its end before a change and its beginning after one. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const characters = [...text]
  const most = (isFirst ? 0 : around) + (isLast ? 0 : around)
  if (characters.length <= most + 2) return text
  const begin = isFirst ? '' : characters.slice(0, around).join('')
  const end = isLast ? '' : characters.slice(-around).join('')
  return `${begin}…${end}`
}

/**
 * Marks the changes in a line, for example `海底变成【删：沙漠】【增：绿洲】。`. Null if the two lines have little in common
 * or the `deadline` (ms) has passed.
 */
function changedLine(before: string, after: string, deadline: number): string | null {
  const timeout = Math.min(lineBudget, deadline - Date.now())
  const pieces: Piece[] | undefined = timeout > 0 ? diffChars(before, after, { timeout }) : undefined
  if (!pieces) return null
  const common = pieces.reduce((sum, one) => sum + (one.added || one.removed ? 0 : one.value.length), 0)
  if (common < likeness * Math.max(before.length, after.length)) return null
  return pieces
    .map(({ value, added, removed }, at) => {
      if (added) return `【增：${value}】`
      if (removed) return `【删：${value}】`
      return shortened(value, at === 0, at === pieces.length - 1)
    })
    .join('')
}

/** The differences between two texts, line by line. Null if the comparison takes too long. */
function changedLines(before: string[], after: string[], deadline: number): string[] | null {
  const parts = diffArrays(before, after, { timeout: budget / 2 })
  if (!parts) return null
  const lines: string[] = []
  let place = 0
  let removed: string[] = []
  const flush = (added: string[]): void => {
    const pairs = Math.max(removed.length, added.length)
    for (let n = 0; n < pairs; n++) {
      const [old, now] = [removed[n], added[n]]
      if (now !== undefined) place += 1
      const isShown = lines.length < linesAtMost && old !== undefined && now !== undefined
      const changed = isShown ? changedLine(old, now, deadline) : null
      if (changed !== null) lines.push(`改　第 ${place} 行　${changed}`)
      else {
        if (old !== undefined) lines.push(`删　${old}`)
        if (now !== undefined) lines.push(`增　第 ${place} 行　${now}`)
      }
    }
    removed = []
  }
  for (const part of parts) {
    if (part.removed) removed = part.value
    else if (part.added) flush(part.value)
    else {
      flush([])
      place += part.value.length
    }
  }
  flush([])
  return lines
}

/** The differences between two versions as lines of Chinese text. */
export function differences(before: unknown, after: unknown): string[] {
  const [old, now] = [versionLines(before), versionLines(after)]
  const deadline = Date.now() + budget
  const fields = [...now.fields].flatMap(([label, value]) => {
    const was = old.fields.get(label) ?? ''
    if (was === value) return []
    if (was === '') return [`${label}　【增：${value}】`]
    if (value === '') return [`${label}　【删：${was}】`]
    return [`${label}　${changedLine(was, value, deadline) ?? `【删：${was}】【增：${value}】`}`]
  })
  const body = changedLines(old.body, now.body, deadline)
  const lines = [...fields, ...(body ?? ['正文　两版相差太大，没法逐行比较'])]
  const cut = lines.slice(0, linesAtMost).map(line => {
    const characters = [...line]
    return characters.length > longestLine ? `${characters.slice(0, longestLine).join('')}…` : line
  })
  const rest = lines.length - cut.length
  return [...cut, ...(rest > 0 ? [`还有 ${rest} 处没有列出`] : [])]
}

/** Compares two versions of a draft's story; without version numbers, the last two. */
export async function compare(draft: string, from?: number, to?: number): Promise<Answer> {
  const [newest] = await listVersionsOfDraft(draft, 1)
  if (!newest) return { ok: false, lines: ['这篇稿件还没有发布过'] }
  const second = to ?? newest.version
  const first = from ?? second - 1
  const versions = await Promise.all([first, second].map(version => findVersionOf(draft, version)))
  const [before, after] = versions
  if (!before || !after) {
    const missing = before ? second : first
    const lines =
      first < 1 ? ['只发布过一版，没有可以比较的'] : [`没有第 ${missing} 版；用 history 可以看到所有版本`]
    return { ok: false, lines }
  }
  const changes = differences(before.content, after.content)
  const summary = `第 ${first} 版 → 第 ${second} 版`
  return {
    ok: true,
    lines:
      changes.length > 0
        ? [`${summary}：${changes.length} 处不同`, ...changes]
        : [`${summary}：文字没有不同，可能只改了加粗、链接之类的格式`],
  }
}
