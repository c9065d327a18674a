import { messageOf } from './api'

/** Where a text stops being JSON. Browsers say it in English; some do not say it. */
function placeOf(error: unknown): string {
  const [, line, column] = /line (\d+) column (\d+)/.exec(messageOf(error)) ?? []
  return line === undefined ? '' : `第 ${line} 行第 ${column} 个字附近：`
}

/** Reads an object that an editor has written as JSON. @throws Error with a Chinese message */
export function parsedObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`这不是完整的 JSON。${placeOf(error)}请检查引号、冒号和逗号，都要用英文的`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('最外面要写一对大括号：{ … }')
  return value as Record<string, unknown>
}
