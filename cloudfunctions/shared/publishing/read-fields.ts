import * as v from 'valibot'
import { parse as parseYaml, YAMLParseError } from 'yaml'

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
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) : 1
    return [{ line: firstLine + line - 1, message: malformed }]
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return [{ line: firstLine, message: malformed }]
  }
  const parsed = v.safeParse(schema, data)
  if (parsed.success) return parsed.output
  const lines = text.split('\n')
  return parsed.issues.map(issue => {
    const key = String(issue.path?.[0]?.key ?? '')
    const at = key ? lines.findIndex(line => line.startsWith(`${key}:`)) : 0
    return { line: firstLine + Math.max(0, at), message: issue.message }
  })
}
