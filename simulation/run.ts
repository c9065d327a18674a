import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { allFaults, type Fault } from './faults'
import { type PlantName, plants } from './plants'
import { shrink } from './shrink'
import { type Actor, allActors, type Outcome, prepareProcess, type RunOptions, simulate } from './simulate'

const root = resolve(__dirname, '..')

const whole = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
const atLeastOne = (text: string): number => {
  const number = whole(text)
  if (number < 1) throw new InvalidArgumentError('It must be at least 1.')
  return number
}
const listOf =
  <Name extends string>(names: readonly Name[]) =>
  (text: string): Name[] => {
    const given = text === '' ? [] : text.split(',')
    const wrong = given.filter(name => !names.includes(name as Name))
    if (wrong.length > 0) throw new InvalidArgumentError(`Choose from ${names.join(', ')}.`)
    return given as Name[]
  }
const seedsOf = (text: string): number[] => text.split(',').map(whole)
const plantOf = (text: string): PlantName => {
  if (!Object.hasOwn(plants, text))
    throw new InvalidArgumentError(`Choose from ${Object.keys(plants).join('; ')}.`)
  return text as PlantName
}

interface Options {
  seeds: number
  from: number
  seed?: number[]
  steps: number
  faults: Fault[]
  actors: Actor[]
  together: boolean
  plant?: PlantName
  processes: number
  log?: string
  digests: boolean
  shrink: boolean
}

const command = new Command()
  .name('npm run simulate --')
  .description('Runs the built functions over the local cloud in simulated time, each seed in its own way.')
  .option('--seeds <count>', 'how many seeds', atLeastOne, 200)
  .option('--from <seed>', 'the first of them', whole, 1)
  .option('--seed <seeds>', 'only these, separated by commas, in this process', seedsOf)
  .option('--steps <count>', 'steps of a run until nothing goes wrong any more', atLeastOne, 1_000)
  .option('--faults <names>', `some of ${allFaults.join(', ')}`, listOf(allFaults), allFaults)
  .option('--actors <names>', `some of ${allActors.join(', ')}`, listOf(allActors), [...allActors])
  .option('--together', 'all actors in every run; otherwise each seed chooses some', false)
  .option('--plant <fault>', 'plants a fault, to see that it is found', plantOf)
  .option('--processes <count>', 'how many seeds run side by side', atLeastOne, 2)
  .option('--log <file>', 'writes what happened in the last run, one line each')
  .option('--digests', 'prints a line for each seed', false)
  .option('--no-shrink', 'does not look for a smaller run of a failing seed')
  // 1 says that a seed failed.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

/** What a process reports in its last line. */
interface Summary {
  seeds: number
  steps: number
  /** Seconds of processor time. */
  seconds: number
  failed: number[]
}

/** How many of its last lines a failing run shows. */
const shown = 60

async function runHere(seeds: readonly number[], options: Options): Promise<Summary> {
  prepareProcess()
  const { steps, faults, actors, together } = options
  const plant = options.plant ? plants[options.plant] : null
  const summary: Summary = { seeds: seeds.length, steps: 0, seconds: 0, failed: [] }
  const begun = process.cpuUsage()
  for (const seed of seeds) {
    const run: RunOptions = { seed, steps, faults, actors, together, plant, root }
    const outcome = await simulate(run)
    summary.steps += outcome.steps
    const hasFailed = outcome.problems.length > 0
    if (options.digests || hasFailed)
      console.log(`seed ${seed} ${outcome.mode} ${outcome.digest} ${outcome.steps} steps`)
    if (options.log) writeFileSync(options.log, `${outcome.log.join('\n')}\n`)
    if (!hasFailed) continue
    summary.failed.push(seed)
    for (const problem of outcome.problems) console.log(`  ${problem}`)
    if (options.shrink) await explain(run, outcome)
  }
  const { user, system } = process.cpuUsage(begun)
  summary.seconds = (user + system) / 1e6
  return summary
}

/** Prints the steps of the smallest run that fails in the same way, and how to repeat it. */
async function explain(run: RunOptions, outcome: Outcome): Promise<void> {
  const { options, outcome: smaller } = await shrink(run, outcome, simulate)
  const problemAt = smaller.log.findIndex(line => line.includes(' PROBLEM '))
  for (const line of smaller.log.slice(Math.max(0, problemAt + 1 - shown), problemAt + 1))
    console.log(`    ${line}`)
  const words = [
    `--seed ${options.seed} --steps ${options.steps}`,
    `--faults '${options.faults.join(',')}' --actors '${options.actors.join(',')}'`,
    ...(options.together ? ['--together'] : []),
    ...(options.plant ? [`--plant "${options.plant.name}"`] : []),
  ]
  console.log(`  again: npm run simulate -- ${words.join(' ')}`)
}

/** Runs a part of the seeds in another process, which inherits this one's arguments. */
function runAside(seeds: readonly number[]): Promise<Summary> {
  const given = [...process.argv.slice(2), '--seed', seeds.join()]
  const child = spawn(process.execPath, ['--import', 'tsx', __filename, ...given], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.splice(-2).join('\n')
    for (const line of lines) console.log(line)
  })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', () => {
      try {
        done(JSON.parse(rest.trim()) as Summary)
      } catch {
        failed(new Error(`a process ended early: ${rest}`))
      }
    })
  })
}

function sumOf(parts: readonly Summary[]): Summary {
  return parts.reduce((sum, part) => ({
    seeds: sum.seeds + part.seeds,
    steps: sum.steps + part.steps,
    seconds: sum.seconds + part.seconds,
    failed: [...sum.failed, ...part.failed],
  }))
}

async function main(): Promise<void> {
  const options = command.parse().opts<Options>()
  const { seed, seeds, from, processes } = options
  const all = seed ?? Array.from({ length: seeds }, (_, number) => from + number)
  const parts = Array.from({ length: Math.max(1, Math.min(processes, all.length)) }, (_, part) =>
    all.filter((_, at) => at % processes === part),
  )
  const summary = seed
    ? await runHere(all, options)
    : sumOf(await Promise.all(parts.map(part => runAside(part))))
  process.exitCode = summary.failed.length > 0 ? 1 : 0
  if (!seed) {
    const { steps, seconds, failed } = summary
    const speed = Math.round(steps / Math.max(0.001, seconds))
    console.log(`${all.length} seeds, ${steps} steps, ${speed} a second on one core, ${failed.length} failed`)
  }
  console.log(JSON.stringify(summary))
}

void main()
