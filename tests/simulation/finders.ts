import type { Fault } from '../../simulation/faults'
import type { PlantName } from '../../simulation/plants'
import type { Actor } from '../../simulation/simulate'

/** How a planted fault is looked for: seeds from the first one on, until one breaks the rule. */
export interface Finder {
  plant: PlantName
  /** The rule that it breaks. */
  breaks: RegExp
  /** The first seed. */
  seed: number
  /** How many seeds are tried. */
  tries: number
  steps: number
  /** Who plays, all together. Without, the seed chooses. */
  actors?: readonly Actor[]
  /** All without. */
  faults?: readonly Fault[]
}

const inWholeRuns = { tries: 1, steps: 1_000 }
/** Short runs of few actors: what goes wrong rarely needs many of them. */
const inShortRuns = { seed: 1, tries: 200, steps: 300 }

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
    ...{ ...inShortRuns, tries: 60, actors: ['voters'] },
    breaks: /^a newer choice on .* was undone/,
  },
]

/** What takes up to minutes: `node --import tsx tests/simulation/find-planted.ts` looks for these too. */
export const slowFinders: readonly Finder[] = [
  {
    plant: 'no reading in the transaction',
    ...{ ...inShortRuns, actors: ['voters'] },
    breaks: /^counts of /,
  },
  {
    plant: 'a journal that acknowledges before it writes',
    ...{ ...inShortRuns, actors: ['voters'], faults: ['restarted'] },
    breaks: /^an answered vote of .* is lost/,
  },
  {
    plant: 'a preview in the cache of stories',
    ...{ ...inShortRuns, actors: ['editors', 'timer'] },
    breaks: /^story .* (?:shows text|is not whole)/,
  },
  {
    plant: 'a story published in two writes',
    ...{ ...inShortRuns, actors: ['editors', 'timer'] },
    breaks: /^story .* is not whole/,
  },
  {
    plant: 'no look at the revisions after a recount',
    ...{ ...inShortRuns, actors: ['voters', 'timer'] },
    breaks: /^counts of /,
  },
]
