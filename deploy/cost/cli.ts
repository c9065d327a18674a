import { parseArgs } from 'node:util'
import { costOf, tableOf } from './cost'

/** `npm run cost -- --readers 1000000` prints yuan a month by part. Exit codes: 0, or 2 for wrong arguments. */
const { values } = parseArgs({
  options: { readers: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
})
const readers = Number(values.readers)
if (!Number.isInteger(readers) || readers < 0) {
  console.error(`--readers must be the number of readers in a month, not ${values.readers}.`)
  process.exit(2)
}
const rows = costOf(readers)
console.log(values.json ? JSON.stringify(rows) : tableOf(rows, 'en'))
