import { BoundedMap } from '../../cloudfunctions/shared/bounded-map'
import { isDocument } from './order'

const INDEX = /^(0|[1-9]\d*)$/
const split = new BoundedMap<string, readonly string[]>(5_000)

/** The parts of a dotted path. Cached, because the same few paths are used all the time. */
export function pathParts(path: string): readonly string[] {
  let parts = split.get(path)
  if (parts === undefined) {
    parts = path.split('.')
    split.set(path, parts)
  }
  return parts
}

export function isArrayIndex(part: string): boolean {
  return INDEX.test(part)
}

/** Reads a document's own field. Names on the prototype, such as `toString`, are not fields. */
export function ownField(document: Record<string, unknown>, field: string): unknown {
  const value = document[field]
  return typeof value === 'function' || (value !== undefined && !Object.hasOwn(document, field))
    ? undefined
    : value
}

/**
 * Calls `visit` with every value that a path leads to (`undefined` where the field is missing) and stops when it
 * returns true. As in MongoDB, a path goes through arrays: by element, and by position if the part is a number. An
 * array of scalars in the middle of a path leads to no value (so `{a: [1]}` does not match `{'a.b': null}`). An array
 * at the end is one value; the caller handles its elements.
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

/** Like `visitPath`, but also visits the elements of an array at the end, before the array itself. */
export function visitLeaves(document: unknown, path: string, visit: (leaf: unknown) => boolean): boolean {
  return visitPath(document, pathParts(path), 0, leaf => {
    if (Array.isArray(leaf)) {
      for (const item of leaf) if (visit(item)) return true
    }
    return visit(leaf)
  })
}
