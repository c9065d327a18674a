import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Figure } from './figure'

const root = path.resolve(__dirname, '../..')
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

/** How fast the simulation is, with all actors in every run. */
export async function measureSimulation(): Promise<Figure[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'simulation/run.ts', '--seed', seeds.join(), '--together'],
    { cwd: root, maxBuffer: 64 << 20 },
  )
  const { steps, seconds } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    steps: number
    seconds: number
  }
  return [
    {
      name: 'simulate.stepsPerSecond',
      value: Math.round(steps / seconds),
      unit: '',
      how: `${seeds.length} seeds, all actors, steps per second of processor time`,
    },
  ]
}
