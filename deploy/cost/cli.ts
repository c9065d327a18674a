import { parseArgs } from 'node:util'
import { Misuse } from '../../config/given'
import { commandOf, start } from '../command'
import { assumptions, costOf, tableOf } from './cost'

/** `npm run cost -- --readers 1000000` prints yuan a month by part. Exit codes: 0, or 2 for wrong arguments. */
const usage = 'npm run cost -- [--readers 1000000] [--json]'
/** More than there are people. */
const readersAtMost = 10_000_000_000

export const main = commandOf(async args => {
  const { values } = parseArgs({
    args,
    options: { readers: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
  })
  const readers = Number(values.readers)
  if (!/^\d+$/.test(values.readers) || readers > readersAtMost)
    throw new Misuse(`--readers must be the number of readers in a month, not "${values.readers}".`)
  const rows = costOf(readers)
  console.log(values.json ? JSON.stringify(rows) : `${tableOf(rows, 'en')}\n\n${assumptions}`)
  return 0
}, usage)
start(module, main)
