import type { Bound, IndexField, OrderedIndex } from './indexes'
import { MAX_MERGED_SCANS, MAX_PLAN_BRANCHES, MAX_PLAN_SCANS, TRIAL_RESULTS } from './limits'
import { compareValues, isDocument, isRegExp, TypeEdge, typeRank } from './order'
import type { StoredRecord } from './record'
import type { SortSpec } from './sort'
import { compareBySort } from './sort'

/** What a conjunction requires of one field, as far as an index can use it. */
interface FieldConstraint {
  /** The field equals one of these values. */
  equal: unknown[] | null
  lower: { value: unknown; inclusive: boolean } | null
  upper: { value: unknown; inclusive: boolean } | null
}

type Conjunction = Map<string, FieldConstraint>

interface Scan {
  index: OrderedIndex
  from: Bound | null
  to: Bound | null
  reverse: boolean
}

/** How to find the candidates of a query. All matches are among the candidates; the query must still test each one. */
export interface Plan {
  /** The index, or the indexes of the branches of an `$or`. All queries of one shape get the same name. */
  name: string
  scans: Scan[]
  /** Whether the candidates come in the order that the sort asks for. */
  ordered: boolean
}

/**
 * The plans for a query and a sort, the most promising first. Without a plan the whole collection is scanned. An `$or`
 * and an `$in` are split into several scans, whose results are merged in sort order: so a page with a keyset cursor
 * reads only the documents it shows. Which plan is best depends on the documents: see trial.ts.
 */
export function candidatePlans(
  query: Record<string, unknown>,
  sort: SortSpec | null,
  indexes: readonly OrderedIndex[],
): Plan[] {
  const branches = conjunctions(query)
  if (branches === null) return []
  const sortFields = sort ? Object.entries(sort) : []
  const plans: { plan: Plan; score: number }[] = []
  // Every branch needs an index. One index for all branches can keep the sort order. Otherwise each branch takes its
  // best index.
  for (const index of indexes) {
    const parts = branches.map(branch => scansOf(index, branch, sortFields))
    if (parts.some(part => part === null)) continue
    const served = parts as BranchScans[]
    const scans = served.flatMap(part => part.scans)
    if (scans.length > MAX_PLAN_SCANS) continue
    const ordered =
      sortFields.length > 0 && scans.length <= MAX_MERGED_SCANS && served.every(part => part.ordered)
    const score = Math.min(...served.map(part => part.score)) + (ordered ? 1.5 : 0)
    if (score > 0) plans.push({ plan: { name: index.name, scans, ordered }, score })
  }
  const separate = branches.length > 1 ? eachItsBest(branches, indexes) : null
  if (separate) {
    const plan = { name: `or ${separate.names.join(' ')}`, scans: separate.scans, ordered: false }
    plans.push({ plan, score: separate.score })
  }
  return plans.sort((x, y) => y.score - x.score).map(({ plan }) => plan)
}

function eachItsBest(
  branches: Conjunction[],
  indexes: readonly OrderedIndex[],
): { names: string[]; scans: Scan[]; score: number } | null {
  const scans: Scan[] = []
  const names: string[] = []
  let score = Number.POSITIVE_INFINITY
  for (const branch of branches) {
    let best: BranchScans[] = []
    for (const index of indexes) {
      const part = scansOf(index, branch, [])
      if (!part || part.score === 0) continue
      if (best[0] === undefined || part.score > best[0].score) best = [part]
      else if (part.score === best[0].score) best.push(part)
    }
    const chosen = shortest(best)
    if (!chosen) return null
    scans.push(...chosen.scans)
    names.push(chosen.scans[0]?.index.name ?? '')
    score = Math.min(score, chosen.score)
  }
  return scans.length > MAX_PLAN_SCANS ? null : { names, scans, score }
}

/** Of equally good scans, the ones that end first. If none ends within the results of a trial, the first ones. */
function shortest(parts: readonly BranchScans[]): BranchScans | undefined {
  const [first, second] = parts
  if (second === undefined) return first
  const walks = parts.map(part => ({ part, rest: walk(part.scans) }))
  for (let step = 0; step < TRIAL_RESULTS; step++) {
    for (const { part, rest } of walks) if (rest.next().done) return part
  }
  return first
}

function* walk(scans: readonly Scan[]): Generator<StoredRecord> {
  for (const { index, from, to, reverse } of scans) yield* index.scan(from, to, reverse)
}

interface BranchScans {
  scans: Scan[]
  ordered: boolean
  /**
   * Each field fixed by equality adds 2, a range adds 1. This is rough, but enough to prefer the more selective index.
   */
  score: number
}

function scansOf(index: OrderedIndex, branch: Conjunction, sort: [string, 1 | -1][]): BranchScans | null {
  let prefixes: unknown[][] = [[]]
  let used = 0
  let score = 0
  while (used < index.fields.length) {
    const constraint = branch.get((index.fields[used] as IndexField).field)
    if (!constraint?.equal) break
    const values = constraint.equal
    if (prefixes.length * values.length > MAX_PLAN_SCANS) break
    prefixes = prefixes.flatMap(prefix => values.map(value => [...prefix, value]))
    used++
    score += 2
  }
  const order = sortDirection(index, branch, used, sort)
  const reverse = order === -1
  const next = index.fields[used]
  const constraint = next && branch.get(next.field)
  let scans: Scan[]
  if (next && constraint && (constraint.lower || constraint.upper)) {
    score += 1
    scans = prefixes.map(prefix => rangeScan(index, prefix, next, constraint, reverse, used))
  } else {
    scans = prefixes.map(prefix => {
      const bound = prefix.length > 0 ? { key: prefix, inclusive: true } : null
      return { index, from: bound, to: bound, reverse }
    })
  }
  // Scanning a whole index is useful only for its order.
  if (score === 0 && order === 0) return { scans, ordered: false, score: 0 }
  return { scans, ordered: order !== 0, score }
}

function rangeScan(
  index: OrderedIndex,
  prefix: unknown[],
  { direction }: IndexField,
  { lower, upper }: FieldConstraint,
  reverse: boolean,
  at: number,
): Scan {
  // Different array elements may satisfy the two ends of a range, so for arrays only one end can be used.
  const oneEnd = (index.multikey[at] ?? 0) > 0
  const rank = typeRank((lower ?? upper)?.value)
  const low = lower ?? { value: new TypeEdge(rank, -1), inclusive: true }
  const high = upper && !(oneEnd && lower) ? upper : { value: new TypeEdge(rank, 1), inclusive: true }
  const first = direction === 1 ? low : high
  const last = direction === 1 ? high : low
  return {
    index,
    from: { key: [...prefix, first.value], inclusive: first.inclusive },
    to: { key: [...prefix, last.value], inclusive: last.inclusive },
    reverse,
  }
}

/**
 * Direction of the index after its first `used` fields are fixed: 1 in sort order, -1 in reverse order, 0 if neither.
 */
function sortDirection(
  index: OrderedIndex,
  branch: Conjunction,
  used: number,
  sort: [string, 1 | -1][],
): 1 | -1 | 0 {
  if (sort.length === 0) return 0
  let result: 1 | -1 | 0 = 0
  let at = used
  for (const [path, direction] of sort) {
    // A field fixed to one value does not affect the order.
    const pinned = branch.get(path)?.equal
    const pinnedAt = index.fields.findIndex(({ field }) => field === path)
    if (pinned?.length === 1 && pinnedAt !== -1 && pinnedAt < used && (index.multikey[pinnedAt] ?? 0) === 0)
      continue
    const field = index.fields[at]
    if (!field || field.field !== path || (index.multikey[at] ?? 0) > 0) return 0
    const here = field.direction === direction ? 1 : -1
    if (result !== 0 && result !== here) return 0
    result = here
    at++
  }
  return result === 0 ? 1 : result
}

/** The query as alternatives of simple conditions, or null if there would be too many. */
function conjunctions(query: Record<string, unknown>): Conjunction[] | null {
  let result: Conjunction[] = [new Map()]
  for (const key of Object.keys(query)) {
    const value = query[key]
    if (key === '$and') {
      for (const part of value as Record<string, unknown>[]) {
        const inner = conjunctions(part)
        if (inner === null) return null
        const product = combine(result, inner)
        if (product === null) return null
        result = product
      }
    } else if (key === '$or') {
      const alternatives: Conjunction[] = []
      for (const part of value as Record<string, unknown>[]) {
        const inner = conjunctions(part)
        if (inner === null) return null
        alternatives.push(...inner)
      }
      const product = combine(result, alternatives)
      if (product === null) return null
      result = product
    } else if (!key.startsWith('$')) {
      const constraint = constraintOf(value)
      if (constraint) for (const conjunction of result) merge(conjunction, key, constraint)
    }
  }
  return result
}

function combine(left: Conjunction[], right: Conjunction[]): Conjunction[] | null {
  if (left.length * right.length > MAX_PLAN_BRANCHES) return null
  return left.flatMap(a =>
    right.map(b => {
      const both = new Map([...a].map(([field, constraint]) => [field, { ...constraint }]))
      for (const [field, constraint] of b) merge(both, field, constraint)
      return both
    }),
  )
}

/** Keeps the first condition of each kind. Fewer conditions only give more candidates, so no match is lost. */
function merge(conjunction: Conjunction, field: string, constraint: FieldConstraint): void {
  const known = conjunction.get(field)
  if (!known) conjunction.set(field, { ...constraint })
  else {
    known.equal ??= constraint.equal
    if (sameRank(known, constraint)) {
      known.lower ??= constraint.lower
      known.upper ??= constraint.upper
    }
  }
}

function sameRank(a: FieldConstraint, b: FieldConstraint): boolean {
  const x = a.lower ?? a.upper
  const y = b.lower ?? b.upper
  return !x || !y || typeRank(x.value) === typeRank(y.value)
}

function constraintOf(value: unknown): FieldConstraint | null {
  const constraint: FieldConstraint = { equal: null, lower: null, upper: null }
  if (isRegExp(value)) return null
  if (!isDocument(value)) return { ...constraint, equal: [value] }
  const range = (end: 'lower' | 'upper', operand: unknown, inclusive: boolean): void => {
    // A range on null also matches missing fields, and a range on NaN matches only NaN. The query tests both without an
    // index.
    if (operand === null || operand === undefined || Number.isNaN(operand)) return
    const other = constraint.lower ?? constraint.upper
    if (other && typeRank(other.value) !== typeRank(operand)) return
    constraint[end] = { value: operand, inclusive }
  }
  for (const operator of Object.keys(value)) {
    const operand = value[operator]
    switch (operator) {
      case '$eq':
        if (!isRegExp(operand)) constraint.equal = [operand]
        break
      case '$in': {
        const list = operand as unknown[]
        if (!list.some(isRegExp)) constraint.equal ??= distinct(list)
        break
      }
      case '$gt':
      case '$gte':
        range('lower', operand, operator === '$gte')
        break
      case '$lt':
      case '$lte':
        range('upper', operand, operator === '$lte')
        break
      default:
    }
  }
  return constraint.equal || constraint.lower || constraint.upper ? constraint : null
}

function distinct(values: unknown[]): unknown[] {
  const ordered = values.slice().sort(compareValues)
  return ordered.filter((value, i) => i === 0 || compareValues(ordered[i - 1], value) !== 0)
}

/** The candidates of a plan, each once. In sort order if the plan is ordered. */
export function* runPlan(plan: Plan, sort: SortSpec | null): Generator<StoredRecord> {
  const { scans } = plan
  if (scans.length === 1) {
    const { index, from, to, reverse } = scans[0] as Scan
    const multikey = index.multikey.some(count => count > 0)
    if (!multikey) yield* index.scan(from, to, reverse)
    else yield* once(index.scan(from, to, reverse))
    return
  }
  if (!plan.ordered || !sort) {
    yield* once(walk(scans))
    return
  }
  yield* once(mergeScans(scans, compareBySort(sort)))
}

function* once(records: Iterable<StoredRecord>): Generator<StoredRecord> {
  const seen = new Set<StoredRecord>()
  for (const record of records) {
    if (seen.has(record)) continue
    seen.add(record)
    yield record
  }
}

function* mergeScans(scans: Scan[], compare: (a: unknown, b: unknown) => number): Generator<StoredRecord> {
  const heads: { record: StoredRecord; rest: Generator<StoredRecord> }[] = []
  for (const { index, from, to, reverse } of scans) {
    const rest = index.scan(from, to, reverse)
    const first = rest.next()
    if (!first.done) heads.push({ record: first.value, rest })
  }
  while (heads.length > 0) {
    let least = 0
    for (let i = 1; i < heads.length; i++) {
      const a = heads[i] as { record: StoredRecord }
      const b = heads[least] as { record: StoredRecord }
      if (compare(a.record.version.document, b.record.version.document) < 0) least = i
    }
    const head = heads[least] as { record: StoredRecord; rest: Generator<StoredRecord> }
    yield head.record
    const next = head.rest.next()
    if (next.done) heads.splice(least, 1)
    else head.record = next.value
  }
}
