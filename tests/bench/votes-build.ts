import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildCloudFunctions } from '../../config/cloudfunctions'
import { startCloudProcess } from '../support/local-cloud'
import { atOnce, type BenchBuild } from './votes-cloud'

const root = path.resolve(__dirname, '../..')

/**
 * Builds the cloud functions and the bare functions they are compared with. Indexes are the real ones. Clients may call
 * everything, because the bare functions have no rule.
 */
export async function buildForBench(): Promise<BenchBuild> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-votes-'))
  const functionsFolder = path.join(folder, 'functions')
  const rulesFolder = path.join(folder, 'rules')
  const bare = path.join(folder, 'bare')
  await buildCloudFunctions(path.join(root, 'cloudfunctions'), functionsFolder)
  await buildCloudFunctions(path.join(root, 'tests/bench/functions'), bare)
  cpSync(bare, functionsFolder, { recursive: true })
  mkdirSync(rulesFolder)
  cpSync(path.join(root, 'cloudfunctions/rules/indexes.json'), path.join(rulesFolder, 'indexes.json'))
  writeFileSync(path.join(rulesFolder, 'functions.json'), '{ "*": { "invoke": true } }')
  return {
    folder,
    start: (options = {}) =>
      startCloudProcess({
        functionsFolder,
        rulesFolder,
        ...options,
        args: ['--no-timers', '--instances', String(atOnce), '--queue', '4000', ...(options.args ?? [])],
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
