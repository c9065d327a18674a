import { resolve } from 'node:path'
import { allFaults } from '../../simulation/faults'
import { plants } from '../../simulation/plants'
import { prepareProcess, simulate } from '../../simulation/simulate'
import { type Finder, finders } from './finders'

/*
 * Looks for planted faults, in a process of its own: the simulation takes over time and chance. Prints a line of JSON for
 * each: the plant, and the seed that found it with its problem, or null. With names of plants, only these.
 */

const seeds = Array.from({ length: 200 }, (_, number) => number + 1)

async function find({ plant, breaks, seed: known, steps, actors, faults }: Finder): Promise<object> {
  for (const seed of [known, ...seeds.filter(one => one !== known)]) {
    const { problems } = await simulate({
      seed,
      steps,
      faults: faults ?? allFaults,
      actors,
      together: true,
      plant: plants[plant],
      stopsAtProblem: true,
      root: resolve(__dirname, '../..'),
    })
    const problem = problems.find(one => breaks.test(one))
    if (problem !== undefined) return { plant, seed, problem }
  }
  return { plant, seed: null }
}

async function findAll(names: readonly string[]): Promise<void> {
  prepareProcess()
  for (const finder of finders)
    if (names.length === 0 || names.includes(finder.plant)) console.log(JSON.stringify(await find(finder)))
}

void findAll(process.argv.slice(2))
