import { isDeepStrictEqual } from 'node:util'
import { beijingOffset } from '#contract/beijing-offset'
import { readTime, timeFault } from '../publishing/read-time'
import { writtenValue } from './plain-value'
import { entriesOf, isListOfWords, type TableField } from './table-model'

/** Cells of a CSV file, and the values that they stand for. */

/** Texts that spreadsheets run as formulas, and those that would be mistaken for their escaped form. */
const formula = /^'*[=+\-@＝＋－＠\t\r\n]/

/** A cell that spreadsheets show as text: they take what follows an apostrophe for text. `plainCell` takes it off. */
export const safeCell = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell)

export const plainCell = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell

/**
 * A cell as the value of its field. An empty cell gives what a form writes for an empty field.
 * @throws Error that says in Chinese what is wrong
 */
export function readCell(cell: string, field: TableField, now: number): unknown {
  const text = cell.trim()
  if (field.format === 'datetime') {
    const time = readTime(text, now)
    if (time === undefined) throw new Error(timeFault(text, now))
    return time ?? 0
  }
  if (field.type === 'number') {
    if (text === '') return null
    const number = Number(text)
    if (!Number.isFinite(number)) throw new Error('要写成数字')
    return number
  }
  if (field.type === 'boolean') {
    if (/^(true|是|1)$/i.test(text)) return true
    if (/^(false|否|0|)$/i.test(text)) return false
    throw new Error('要写成 是 或 否')
  }
  if (field.type === 'array' || field.type === 'object') return readComposed(text, field)
  return cell
}

function isJsonList(text: string): boolean {
  // A source may begin with its number: `[1] Smith, 2015`.
  if (/^\[\s*"/.test(text)) return true
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

function readComposed(text: string, field: TableField): unknown {
  if (field.type === 'array' && field.items?.type === 'string' && !isJsonList(text)) {
    return entriesOf(text, field)
  }
  if (text === '') return field.type === 'array' ? [] : null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('这一格要写成 JSON')
  }
  if (Array.isArray(value) !== (field.type === 'array')) {
    throw new Error(field.type === 'array' ? '这一格要写成 JSON 数组' : '这一格要写成 JSON 对象')
  }
  return value
}

const beijing = (instant: number): string =>
  new Date(instant + beijingOffset).toISOString().slice(0, 19).replace('T', ' ').replace(/:00$/, '')

/** Writes a value as a cell. A value without a text form is written as JSON. */
export function writeCell(value: unknown, field: TableField, now: number): string {
  if (value === undefined || value === null) return ''
  if (field.format === 'datetime') {
    const time = readTime(value, now)
    return time === null ? '' : time === undefined ? String(value) : beijing(time)
  }
  if (Array.isArray(value) && field.items?.type === 'string' && value.every(one => typeof one === 'string')) {
    const joined = value.join(isListOfWords(field) ? '、' : '\n')
    if (!isJsonList(joined) && isDeepStrictEqual(entriesOf(joined, field), value)) return joined
  }
  return typeof value === 'string' ? value : JSON.stringify(writtenValue(value))
}

/** A value in one form: a time may be a text, and a list too. Null where it is empty. */
function formOf(value: unknown, field: TableField, now: number): unknown {
  if (field.format === 'datetime') {
    const time = readTime(value, now)
    return time === undefined ? value : time
  }
  const isList = field.type === 'array' && field.items?.type === 'string'
  return isList && typeof value === 'string' && !isJsonList(value.trim()) ? entriesOf(value, field) : value
}

/** Whether two values of a field mean the same to publishing. */
export const isSameValue = (a: unknown, b: unknown, field: TableField | undefined, now: number): boolean =>
  isDeepStrictEqual(a, b) ||
  (field !== undefined && isDeepStrictEqual(formOf(a, field, now), formOf(b, field, now)))
