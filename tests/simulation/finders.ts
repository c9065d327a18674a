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
  /** Who plays, all together: few actors meet their faults often. */
  actors: readonly Actor[]
  /** All without. */
  faults?: readonly Fault[]
}

const short = { steps: 300 }

export const finders: readonly Finder[] = [
  {
    plant: 'counts outside the transaction',
    seed: 2,
    ...short,
    actors: ['voters'],
    breaks: /^counts of mood:/,
  },
  {
    plant: 'a clock without its lease',
    ...{ seed: 1, ...short, actors: ['voters', 'timer'] },
    breaks: /^a tick writes without the lease/,
  },
  {
    plant: 'openings without their own id',
    ...{ seed: 1, ...short, actors: ['sharers'] },
    breaks: /^mark .* counts \d openings of \d readers/,
  },
  {
    plant: "revisions of the cloud's clock",
    ...{ seed: 2, ...short, actors: ['voters'] },
    breaks: /^no order of its calls explains/,
  },
  {
    plant: 'no guard against an older choice',
    ...{ seed: 6, ...short, actors: ['voters'] },
    breaks: /^a newer choice on .* was undone/,
  },
  {
    plant: 'no reading in the transaction',
    ...{ seed: 34, ...short, actors: ['voters'] },
    breaks: /^counts of /,
  },
  {
    plant: 'a journal that acknowledges before it writes',
    ...{ seed: 37, ...short, actors: ['voters'], faults: ['restarted'] },
    breaks: /^an answered vote of .* is lost/,
  },
  {
    plant: 'a preview in the cache of stories',
    ...{ seed: 9, ...short, actors: ['editors', 'timer'] },
    breaks: /^story .* (?:shows text|is not whole)/,
  },
  {
    plant: 'a story published in two writes',
    ...{ seed: 2, ...short, actors: ['editors', 'timer'], faults: [] },
    breaks: /^story .* is not whole/,
  },
  {
    plant: 'no look at the revisions after a recount',
    ...{ seed: 16, steps: 600, actors: ['latecomers', 'timer'], faults: [] },
    breaks: /^counts of /,
  },
]
