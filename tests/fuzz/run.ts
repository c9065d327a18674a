import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../config/build'
import { startAppCloud } from '../support/app-cloud'
import { fuzz, fuzzArgs, prepare } from './fuzz'

/**
 * `npm run fuzz` sends 10,000 generated events to every endpoint of a local cloud. Exit code 1 if one is answered by
 * `internal`, crashes, or takes more than a second every time. `npm run fuzz -- --events 500 content/search` does less.
 */
async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  })
  const [events, seed] = [Number(values.events), Number(values.seed)]
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

run().then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
