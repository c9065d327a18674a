import * as v from 'valibot'
import { isPair, isScalar, parseDocument, parse as parseYaml, visit, YAMLParseError } from 'yaml'

/** Something an editor must correct: where (line of the file, from 1) and what, in Chinese. */
export interface Problem {
  line: number
  message: string
}

/**
 * Reads YAML fields by a schema. Reports all problems together, each at the line of its field. `where` names the
 * file's part.
 */
export function readFields<Fields>(
  text: string,
  firstLine: number,
  schema: v.GenericSchema<unknown, Fields>,
  where = '文稿开头',
): Fields | Problem[] {
  const malformed = `${where}的信息格式有误（冒号后要有空格，特殊字符要加引号）`
  let data: unknown
  try {
    data = parseYaml(text)
  } catch (error) {
    const named = malformedFields(text, firstLine)
    if (named.length > 0) return named
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) : 1
    return [{ line: firstLine + line - 1, message: malformed }]
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return [{ line: firstLine, message: malformed }]
  }
  const cut = cutFields(text, firstLine)
  if (cut.length > 0) return cut
  const parsed = v.safeParse(schema, data)
  if (parsed.success) return parsed.output
  const lines = text.split('\n')
  return parsed.issues.map(issue => {
    const key = String(issue.path?.[0]?.key ?? '')
    const at = key ? lines.findIndex(line => line.startsWith(`${key}:`)) : 0
    return { line: firstLine + Math.max(0, at), message: issue.message }
  })
}

/** The fields that are no YAML by themselves: an error of one is often found only in the next one. */
function malformedFields(text: string, firstLine: number): Problem[] {
  const problems: Problem[] = []
  let line = firstLine
  for (const field of text.split(/^(?=[\w-]+[ \t]*:)/m)) {
    const key = /^[\w-]+/.exec(field)?.[0]
    if (key !== undefined && !isYaml(field))
      problems.push({
        line,
        message: `${key}：格式有误，含有 #、&、!、*、@、% 或冒号时，请给整个内容加上引号`,
      })
    line += field.split('\n').length - 1
  }
  return problems
}

function isYaml(text: string): boolean {
  try {
    parseYaml(text)
    return true
  } catch {
    return false
  }
}

/** Fields of which YAML silently takes a part away: `#` after a space, and `&` or `!` at the beginning. */
function cutFields(text: string, firstLine: number): Problem[] {
  const problems: Problem[] = []
  visit(parseDocument(text), {
    Node(_key, node, path) {
      if (!isScalar(node)) return
      if (!node.comment && !node.anchor && !node.tag?.startsWith('!')) return
      const pair = path.find(isPair)
      const line = firstLine + text.slice(0, node.range?.[0] ?? 0).split('\n').length - 1
      problems.push({ line, message: `${pair?.key ?? ''}：含有 #、& 或 !，请给整个内容加上引号` })
    },
  })
  return problems
}
