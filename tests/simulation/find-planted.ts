import { resolve } from 'node:path'
import { allFaults } from '../../simulation/faults'
import { type PlantName, plants } from '../../simulation/plants'
import { allActors, prepareProcess, simulate } from '../../simulation/simulate'

/*
 * Runs seeds with planted faults, in a process of its own: the simulation takes over time and chance. Its argument is
 * JSON: pairs of a plant and a seed. Prints JSON: the problems by plant.
 */

async function find(pairs: readonly (readonly [PlantName, number])[]): Promise<void> {
  prepareProcess()
  const found: Record<string, string[]> = {}
  for (const [name, seed] of pairs) {
    const { problems } = await simulate({
      seed,
      steps: 1_000,
      faults: allFaults,
      actors: allActors,
      plant: plants[name],
      stopsAtProblem: true,
      root: resolve(__dirname, '../..'),
    })
    found[name] = problems
  }
  console.log(JSON.stringify(found))
}

void find(JSON.parse(process.argv[2] ?? '[]') as [PlantName, number][])
