import { BoundedMap } from '../../cloudfunctions/shared/bounded-map'
import { MAX_CACHED_PLANS, MAX_TRIAL_WORKS, REPLAN_AT_LEAST, REPLAN_FACTOR, TRIAL_RESULTS } from './limits'
import { isDocument } from './order'
import { type Plan, runPlan } from './plan'
import type { StoredRecord } from './record'
import type { SortSpec } from './sort'

/** One running plan: the matches found so far, in the plan's own order, and how many documents it examined for them. */
export interface Attempt<Found> {
  plan: Plan | null
  found: Found[]
  examined: number
  /** True when it has found enough, or there are no more documents. */
  done: boolean
}

export interface TrialOptions<Found> {
  sort: SortSpec | null
  /** How many matches are enough for a plan whose candidates come in sort order. */
  enough: number
  /**
   * The match in the form the caller wants, false if the document does not match, null if the record has no document.
   */
  look: (record: StoredRecord) => Found | false | null
}

/** The plan that won for a query shape, and how many documents it had examined by then. */
interface Cached {
  name: string
  works: number
}

/**
 * Chooses among plans as MongoDB does. All plans run in turn, one document each, until one of them has found 101
 * matches or has ended. The plan with the most matches by then runs on, and the next query of the same shape uses it
 * without a trial. If that query examines ten times as many documents, it gives the plan up and tries all plans again.
 */
export class PlanChoice {
  private readonly cache = new BoundedMap<string, Cached>(MAX_CACHED_PLANS)

  /** Called when the indexes change. */
  forget(): void {
    this.cache.clear()
  }

  /** Runs the best plan to its end. @param plans best first: the first one wins if the trial shows no difference */
  run<Found>(
    plans: readonly Plan[],
    query: Record<string, unknown>,
    options: TrialOptions<Found>,
  ): Attempt<Found> {
    const [first, second] = plans
    if (first === undefined) throw new Error('no plan to run')
    if (second === undefined) return runToEnd(begin(first, options))
    const shape = shapeOf(query, options)
    const cached = this.cache.get(shape)
    const known = cached && plans.find(plan => plan.name === cached.name)
    if (cached && known) {
      const running = begin(known, options)
      const most = Math.max(REPLAN_AT_LEAST, cached.works * REPLAN_FACTOR)
      while (!running.attempt.done && running.attempt.examined < most) running.step()
      if (running.attempt.done) return running.attempt
    }
    const winner = tryAll(plans.map(plan => begin(plan, options)))
    this.cache.set(shape, { name: (winner.attempt.plan as Plan).name, works: winner.attempt.examined })
    return runToEnd(winner)
  }
}

interface Running<Found> {
  attempt: Attempt<Found>
  /** Examines one more document, or marks the plan as done if there is none. */
  step(): void
  /** Whether a sort must still wait for the last match. */
  blocking: boolean
}

function begin<Found>(plan: Plan, { sort, enough, look }: TrialOptions<Found>): Running<Found> {
  const blocking = sort !== null && !plan.ordered
  return runningOver(plan, runPlan(plan, sort), blocking, blocking ? Number.POSITIVE_INFINITY : enough, look)
}

function runningOver<Found>(
  plan: Plan | null,
  records: Iterable<StoredRecord>,
  blocking: boolean,
  enough: number,
  look: TrialOptions<Found>['look'],
): Running<Found> {
  const rest = records[Symbol.iterator]()
  const attempt: Attempt<Found> = { plan, found: [], examined: 0, done: enough === 0 }
  return {
    attempt,
    blocking,
    step() {
      const next = rest.next()
      if (next.done) {
        attempt.done = true
        return
      }
      const match = look(next.value)
      if (match === null) return
      attempt.examined++
      if (match === false) return
      attempt.found.push(match)
      if (attempt.found.length >= enough) attempt.done = true
    },
  }
}

/** Examines every document of a collection, for a query without a usable index. */
export function runWithoutIndex<Found>(
  records: Iterable<StoredRecord>,
  { sort, enough, look }: TrialOptions<Found>,
): Attempt<Found> {
  const blocking = sort !== null
  return runToEnd(runningOver(null, records, blocking, blocking ? Number.POSITIVE_INFINITY : enough, look))
}

function runToEnd<Found>(running: Running<Found>): Attempt<Found> {
  while (!running.attempt.done) running.step()
  return running.attempt
}

function tryAll<Found>(all: readonly Running<Found>[]): Running<Found> {
  let decided = false
  for (let works = 0; works < MAX_TRIAL_WORKS && !decided; works++) {
    for (const running of all) {
      running.step()
      const { done, found } = running.attempt
      if (done || (!running.blocking && found.length >= TRIAL_RESULTS)) decided = true
    }
  }
  let best = all[0] as Running<Found>
  for (const running of all) if (merit(running) > merit(best)) best = running
  return best
}

/**
 * Matches per examined document, plus 1 for a plan that has ended. A plan that must sort has no matches before it ends.
 */
function merit({ attempt, blocking }: Running<unknown>): number {
  const { done, found, examined } = attempt
  const given = blocking && !done ? 0 : found.length
  return given / Math.max(1, examined) + (done ? 1 : 0) + (blocking ? 0 : 1e-4)
}

/** The query without its values: the fields and operators it uses, the sort, and whether the result is limited. */
function shapeOf(query: Record<string, unknown>, { sort, enough }: TrialOptions<unknown>): string {
  return `${shapeOfCondition(query)} ${JSON.stringify(sort)} ${enough === Number.POSITIVE_INFINITY}`
}

function shapeOfCondition(value: unknown): string {
  if (!isDocument(value)) return ''
  const parts = Object.keys(value)
    .sort()
    .map(key => {
      const inner = value[key]
      const several = Array.isArray(inner) && (key === '$and' || key === '$or' || key === '$nor')
      if (several) return `${key}:[${inner.map(shapeOfCondition).join()}]`
      return key === '$eq' ? key : `${JSON.stringify(key)}:${shapeOfCondition(inner)}`
    })
  return `{${parts.join()}}`
}
