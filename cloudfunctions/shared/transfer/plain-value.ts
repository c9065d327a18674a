/** Extended JSON, as consoles export it, in the form in which the SDK gives and takes documents. */

const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/

const none: ReadonlySet<string> = new Set()

function numberOf(inner: unknown): number {
  const number = typeof inner === 'string' || typeof inner === 'number' ? Number(inner) : Number.NaN
  if (Number.isNaN(number)) throw new Error('数字写错了')
  return number
}

function dateOf(inner: unknown): Date {
  const isText = typeof inner === 'string'
  if (isText && !zoned.test(inner)) throw new Error('日期要写成 {"$date":"2026-11-20T01:30:00Z"}')
  const date = new Date(isText ? inner : numberOf(plainValue(inner)))
  // JavaScript turns February 30 into March 1.
  const isReal =
    !isText || new Date(`${inner.slice(0, 10)}T00:00:00Z`).toJSON()?.slice(0, 10) === inner.slice(0, 10)
  if (Number.isNaN(date.getTime()) || !isReal) throw new Error('没有这个日期')
  return date
}

/**
 * @param left wrappers of extended JSON that stay as they are, by their first key, such as `$binary`
 * @throws Error that says in Chinese what is wrong
 */
export function plainValue(value: unknown, left: ReadonlySet<string> = none, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > 30) throw new Error('嵌套太深')
  if (Array.isArray(value)) return value.map(one => plainValue(one, left, depth + 1))
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only) {
    const [key, inner] = only
    if (key === '$date') return dateOf(inner)
    if (key === '$numberInt' || key === '$numberLong' || key === '$numberDouble') return numberOf(inner)
    if (key === '$oid' && typeof inner === 'string') return inner
  }
  if (only && left.has(only[0])) return value
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      if (key.startsWith('$') || key.includes('.') || key === '__proto__' || key === 'constructor') {
        throw new Error(`不能用这个名字：${key.slice(0, 40)}`)
      }
      return [key, plainValue(inner, left, depth + 1)]
    }),
  )
}

/** The same as JSON that an import reads. */
export function writtenValue(value: unknown): unknown {
  if (Object.prototype.toString.call(value) === '[object Date]') {
    return { $date: (value as Date).toISOString() }
  }
  if (Array.isArray(value)) return value.map(writtenValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, writtenValue(inner)]))
}
