import type { Outcome, RunOptions } from './simulate'

/** What kind of rule a problem is about, without the numbers of this run. */
const kindOf = (problem: string): string => problem.replace(/\d+/g, '#').slice(0, 40)

/** The step at which the first rule did not hold. */
function failedAt({ log }: Outcome): number {
  const line = log.find(one => one.includes(' PROBLEM '))
  return Number(line?.split(' ', 1)[0] ?? Number.POSITIVE_INFINITY)
}

export interface Shrunk {
  options: RunOptions
  outcome: Outcome
}

/**
 * Looks for a smaller run of the same seed in which the same kind of rule does not hold: without some faults, without
 * some actors, with fewer steps.
 */
export async function shrink(
  options: RunOptions,
  failed: Outcome,
  simulate: (options: RunOptions) => Promise<Outcome>,
): Promise<Shrunk> {
  const kinds = new Set(failed.problems.map(kindOf))
  let best: Shrunk = { options, outcome: failed }

  async function attempt(change: Partial<RunOptions>): Promise<void> {
    const smaller = { ...best.options, ...change }
    const outcome = await simulate({ ...smaller, stopsAtProblem: true })
    if (outcome.problems.some(problem => kinds.has(kindOf(problem)))) best = { options: smaller, outcome }
  }

  const at = failedAt(failed)
  if (at < options.steps) await attempt({ steps: at })
  for (const fault of options.faults)
    await attempt({ faults: best.options.faults.filter(other => other !== fault) })
  if (best.options.actors.length > 1)
    for (const actor of options.actors)
      await attempt({ actors: best.options.actors.filter(other => other !== actor) })
  await attempt({ steps: Math.min(best.options.steps, failedAt(best.outcome)) })
  await attempt({ steps: Math.floor(best.options.steps / 2) })
  return best
}
