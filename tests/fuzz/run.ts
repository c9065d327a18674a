import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../config/build'
import { Misuse } from '../../config/given'
import { commandOf, start } from '../../deploy/command'
import { startAppCloud } from '../support/app-cloud'
import { fuzz, fuzzArgs, prepare } from './fuzz'

/**
 * `npm run fuzz` sends 10,000 generated events to every endpoint of a local cloud. Exit code 1 if one is answered by
 * `internal`, crashes, or takes more than a second every time, 2 for wrong arguments. `npm run fuzz -- --events 500 content/search` does less.
 */
async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  })
  const [events, seed] = [Number(values.events), Number(values.seed)]
  if (!Number.isInteger(events) || events < 1 || !Number.isInteger(seed))
    throw new Misuse('--events and --seed must be whole numbers, and at least one event.')
  await ensureBuilt(['functions', 'web'])
  const cloud = await startAppCloud({ args: fuzzArgs })
  try {
    await prepare(cloud)
    console.log(`seed ${seed}`)
    const only = positionals.length > 0 ? { only: positionals } : {}
    const { flaws, sent } = await fuzz(cloud, { events, seed, longest: 1_000, ...only }, console.log)
    for (const { target, event, what } of flaws.slice(0, 50))
      console.log(`${target}: ${what}\n  ${JSON.stringify(event)?.slice(0, 500)}`)
    console.log(`${sent} events, ${flaws.length} flaws`)
    return flaws.length === 0 ? 0 : 1
  } finally {
    await cloud.stop()
  }
}

export const main = commandOf(run, 'npm run fuzz -- [--events 10000] [--seed number] [function/action …]')
start(module, main)
