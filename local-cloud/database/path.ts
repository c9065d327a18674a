import { isDocument } from './order'

const INDEX = /^(0|[1-9]\d*)$/
const split = new Map<string, readonly string[]>()

/** The parts of a dotted path; kept, since the same few paths are asked for all the time. */
export function pathParts(path: string): readonly string[] {
  let parts = split.get(path)
  if (parts === undefined) {
    parts = path.split('.')
    if (split.size > 5_000) split.clear()
    split.set(path, parts)
  }
  return parts
}

export function isArrayIndex(part: string): boolean {
  return INDEX.test(part)
}

/** A document's own field; names such as `toString` on the prototype are not fields. */
export function ownField(document: Record<string, unknown>, field: string): unknown {
  const value = document[field]
  return typeof value === 'function' || (value !== undefined && !Object.hasOwn(document, field))
    ? undefined
    : value
}

/**
 * Calls `visit` with every value a path leads to, `undefined` where the field is missing, and stops when it returns
 * true. Arrays on the way are walked through, as MongoDB does: by element, and by position if the part is a number.
 * An array of scalars on the way leads nowhere (so `{a: [1]}` does not match `{'a.b': null}`).
 * An array at the end is one value; its elements are the caller's business.
 */
export function visitPath(
  value: unknown,
  parts: readonly string[],
  at: number,
  visit: (leaf: unknown) => boolean,
): boolean {
  if (at === parts.length) return visit(value)
  const part = parts[at] as string
  if (Array.isArray(value)) {
    if (isArrayIndex(part) && Number(part) < value.length) {
      if (visitPath(value[Number(part)], parts, at + 1, visit)) return true
    }
    for (const item of value) {
      if (isDocument(item) && visitPath(item, parts, at, visit)) return true
    }
    return false
  }
  if (isDocument(value)) return visitPath(ownField(value, part), parts, at + 1, visit)
  return visit(undefined)
}

/** Like `visitPath`, and the elements of an array at the end are visited too, before the array itself. */
export function visitLeaves(document: unknown, path: string, visit: (leaf: unknown) => boolean): boolean {
  return visitPath(document, pathParts(path), 0, leaf => {
    if (Array.isArray(leaf)) {
      for (const item of leaf) if (visit(item)) return true
    }
    return visit(leaf)
  })
}
