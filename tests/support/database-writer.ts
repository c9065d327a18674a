import { writeSync } from 'node:fs'
import { openDatabase } from '../../local-cloud/database/database'

/*
 * Writes to a database file until it is killed. Prints one line on stdout per answered write: `i <id>` a document was
 * added, `n <total>` the counter was increased to this total, `p <id>` a pair was committed. Runs as a separate
 * process: `node --import tsx database-writer.ts <file> <prefix>`.
 */

const [file = '', prefix = ''] = process.argv.slice(2)
const database = openDatabase({ file })

function act(action: string, params: Record<string, unknown>): Promise<unknown> {
  return database.handle(`database.${action}`, { collectionName: 'things', ...params })
}

const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

let raised = 0

async function add(lane: number): Promise<void> {
  for (let i = 0; ; i++) {
    const id = `${prefix}-${lane}-${i}`
    await act('insertDocument', { data: [JSON.stringify({ _id: id, k: id, state: i % 2 ? 'odd' : 'even' })] })
    say(`i ${id}`)
    await act('modifyDocument', {
      query: '{"_id":"counter"}',
      data: '{"$inc":{"n":1}}',
      merge: true,
      multi: false,
    })
    say(`n ${++raised}`)
  }
}

/** Adds two documents in one transaction: there must never be one without the other. */
async function pair(): Promise<void> {
  for (let i = 0; ; i++) {
    const { response } = await database.handle('database.startTransaction', {})
    const { transactionId } = response
    for (const side of ['left', 'right']) {
      const document = { _id: `${prefix}-${side}-${i}`, k: `${prefix}-${side}-${i}`, pair: `${prefix}-${i}` }
      await act('insertDocument', { data: [JSON.stringify(document)], transactionId })
    }
    await act('commitTransaction', { transactionId })
    say(`p ${prefix}-${i}`)
  }
}

const failed = (error: unknown): void => {
  say(`! ${String(error)}`)
  process.exit(1)
}
for (let lane = 0; lane < 4; lane++) add(lane).catch(failed)
pair().catch(failed)
