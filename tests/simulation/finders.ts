import type { Fault } from '../../simulation/faults'
import type { PlantName } from '../../simulation/plants'
import type { Actor } from '../../simulation/simulate'

/** How a planted fault is found: by its seed; if the code takes other steps by now, by the first seed that finds it. */
export interface Finder {
  plant: PlantName
  /** The rule that it breaks. */
  breaks: RegExp
  seed: number
  steps: number
  /** Who plays, all together. Without, the seed chooses. */
  actors?: readonly Actor[]
  /** All without. */
  faults?: readonly Fault[]
}

const inWholeRuns = { steps: 1_000 }
/** Short runs of few actors: what goes wrong rarely needs many of them. */
const inShortRuns = { steps: 300 }

/** What `npm test` looks for. */
export const quickFinders: readonly Finder[] = [
  { plant: 'counts outside the transaction', seed: 2, ...inWholeRuns, breaks: /^counts of mood:/ },
  { plant: 'a clock without its lease', seed: 1, ...inWholeRuns, breaks: /^a tick writes without the lease/ },
  {
    plant: 'openings without their own id',
    ...{ seed: 5, ...inWholeRuns },
    breaks: /^mark .* counts \d openings of \d readers/,
  },
  {
    plant: "revisions of the cloud's clock",
    ...{ seed: 2, ...inWholeRuns },
    breaks: /^no order of its calls explains/,
  },
  {
    plant: 'no guard against an older choice',
    ...{ seed: 6, ...inShortRuns, actors: ['voters'] },
    breaks: /^a newer choice on .* was undone/,
  },
  {
    plant: 'no reading in the transaction',
    ...{ seed: 34, ...inShortRuns, actors: ['voters'] },
    breaks: /^counts of /,
  },
  {
    plant: 'a journal that acknowledges before it writes',
    ...{ seed: 37, ...inShortRuns, actors: ['voters'], faults: ['restarted'] },
    breaks: /^an answered vote of .* is lost/,
  },
  {
    plant: 'a preview in the cache of stories',
    ...{ seed: 9, ...inShortRuns, actors: ['editors', 'timer'] },
    breaks: /^story .* (?:shows text|is not whole)/,
  },
]

/** Rare: when the code takes other steps, it takes minutes to find their seeds anew. So `npm test` does not. */
export const slowFinders: readonly Finder[] = [
  {
    plant: 'a story published in two writes',
    ...{ seed: 19, steps: 400, actors: ['editors', 'timer'], faults: [] },
    breaks: /^story .* is not whole/,
  },
  {
    plant: 'no look at the revisions after a recount',
    ...{ seed: 6, ...inWholeRuns, actors: ['voters', 'timer'], faults: [] },
    breaks: /^counts of /,
  },
]
