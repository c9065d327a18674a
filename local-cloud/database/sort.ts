import { compareValues, typeRank } from './order'
import { pathParts, visitPath } from './path'

export type SortSpec = Record<string, 1 | -1>

/**
 * The value that a document sorts by under one field: of an array, the smallest element when ascending and the largest
 * when descending. An empty array sorts before null, a missing field sorts like null.
 */
export function sortKey(document: unknown, path: string, direction: 1 | -1): unknown {
  let best: unknown = NONE
  const offer = (value: unknown): void => {
    if (best === NONE || compareSortValues(value, best) * direction < 0) best = value
  }
  visitPath(document, pathParts(path), 0, leaf => {
    if (!Array.isArray(leaf)) offer(leaf ?? null)
    else if (leaf.length === 0) offer(EMPTY)
    else for (const item of leaf) offer(item ?? null)
    return false
  })
  return best === NONE ? null : best
}

const NONE = Symbol('none')
const EMPTY = Symbol('empty array')

export function compareSortValues(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === EMPTY) return typeRank(b) === 0 ? 1 : -1
  if (b === EMPTY) return typeRank(a) === 0 ? -1 : 1
  return compareValues(a, b)
}

/** Compares two documents by a sort specification. */
export function compareBySort(spec: SortSpec): (a: unknown, b: unknown) => number {
  const fields = Object.entries(spec)
  return (a, b) => {
    for (const [path, direction] of fields) {
      const order = compareSortValues(sortKey(a, path, direction), sortKey(b, path, direction))
      if (order !== 0) return order * direction
    }
    return 0
  }
}

/** Sorts without changing the input. Computes the keys once per document. Equal documents keep their order. */
export function sorted<T>(items: readonly T[], spec: SortSpec, documentOf: (item: T) => unknown): T[] {
  const fields = Object.entries(spec)
  const keyed = items.map(item => ({
    item,
    keys: fields.map(([path, direction]) => sortKey(documentOf(item), path, direction)),
  }))
  keyed.sort((a, b) => {
    for (let i = 0; i < fields.length; i++) {
      const order = compareSortValues(a.keys[i], b.keys[i])
      if (order !== 0) return order * (fields[i] as [string, 1 | -1])[1]
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}
