import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Misuse, namedPath } from '../../config/given'
import { dataFolderOf } from '../../local-cloud/data-folder'
import { commandOf, start } from '../command'
import { connect } from '../connect'
import { openDocuments } from '../documents'
import { openLocalCloud } from '../local-cloud'
import { collectionNames } from '../read-state'
import { readSecrets } from '../secrets'
import { readSettings } from '../settings'
import { readManifest } from './folder'
import { restoreBackup } from './restore'
import { countDocuments, type Source, saveBackup } from './save'

/**
 * `npm run backup` and `npm run restore`. Exit codes: 0 done; 1 it failed, or a dry run found differences; 2 wrong
 * arguments or settings.
 */
const root = path.resolve(__dirname, '../..')

const usage = `npm run backup -- --to folder [--salt-to file] [--dry-run]
npm run restore -- --from folder [--salt-from file] [--dry-run]
  --dry-run     change nothing: count what a backup would hold, or what differs from it
  --salt-to     write the salt of readers' hashes into a file of its own. Keep it elsewhere: a backup with its salt lets
                its finder tell who voted
  --salt-from   that file
  --local       the local cloud that is running, instead of the environment of deploy/settings.ts
  --data        its data folder (KEPU_DATA, or .cloud)`

async function openSource(local: boolean, data: string | undefined): Promise<Source> {
  if (local) {
    const folder = dataFolderOf(data)
    const cloud = await openLocalCloud(folder)
    if (!cloud) throw new Misuse(`No local cloud is running on ${folder}. Start one with: npm start`)
    return {
      documents: cloud.documents,
      environment: 'local',
      collections: (await cloud.ask('collections', {})) as string[],
    }
  }
  const settings = readSettings()
  const { envId, region } = settings
  const secrets = readSecrets(root)
  if (envId === '') throw new Misuse('Name the environment: set envId in deploy/settings.ts, or KEPU_ENV_ID.')
  if (!secrets.account) throw new Misuse('Set TENCENT_SECRET_ID and TENCENT_SECRET_KEY (deploy/README.md).')
  return {
    documents: openDocuments({ envId, region, account: secrets.account }),
    environment: envId,
    collections: await collectionNames(connect(secrets, settings, line => console.error(line))),
  }
}

/** Whether a file lies in a folder. */
const isWithin = (folder: string, file: string): boolean => {
  const way = path.relative(path.resolve(folder), path.resolve(file))
  return !way.startsWith('..') && !path.isAbsolute(way)
}

function readSalt(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Misuse(`--salt-from: ${(error as Error).message}`)
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      from: { type: 'string' },
      'salt-to': { type: 'string' },
      'salt-from': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      data: { type: 'string' },
    },
  })
  const { 'dry-run': isDry, 'salt-to': saltTo, 'salt-from': saltFrom } = values
  for (const name of ['to', 'from', 'salt-to', 'salt-from', 'data'] as const) {
    const { [name]: file } = values
    if (file !== undefined) namedPath(`--${name}`, file)
  }
  const say = (line: string) => console.log(line)
  const [command, unexpected] = positionals
  if (unexpected !== undefined) throw new Misuse(`There is nothing to do with ${unexpected}.\n${usage}`)
  if (command === 'backup') {
    const { to } = values
    if (to === undefined) throw new Misuse(`Name the folder: --to folder\n${usage}`)
    if (saltTo !== undefined && isWithin(to, saltTo))
      throw new Misuse('Keep the salt elsewhere, not in the folder of the backup.')
    const source = await openSource(values.local, values.data)
    if (isDry) {
      for (const [name, count] of Object.entries(await countDocuments(source)))
        say(`${name}: ${count} documents`)
      return 0
    }
    const { manifest, lost, salt } = await saveBackup(source, to, say)
    for (const id of lost) say(`no such file: ${id}`)
    if (salt !== null && saltTo !== undefined) writeFileSync(saltTo, `${salt}\n`, { mode: 0o600 })
    if (manifest.salt !== null)
      say(
        saltTo === undefined
          ? 'The salt of readers’ hashes is not in the backup. Without it no vote finds its reader again: write it once with --salt-to, and keep it elsewhere.'
          : `The salt is in ${saltTo}. Keep it elsewhere than the backup.`,
      )
    else if (saltTo !== undefined)
      say(
        `No salt of readers’ hashes was made yet, so ${saltTo} was not written: back up again after the first vote.`,
      )
    return 0
  }
  const { from } = values
  if (from === undefined) throw new Misuse(`Name the folder: --from folder\n${usage}`)
  readManifest(from)
  const salt = saltFrom === undefined ? null : readSalt(saltFrom)
  const { documents } = await openSource(values.local, values.data)
  const { collections, files } = await restoreBackup(documents, from, { writes: !isDry, salt }, say)
  const differing = [...Object.values(collections), files].some(one => one.missing + one.different > 0)
  return isDry && differing ? 1 : 0
}

export const main = commandOf(run, usage)
start(module, main)
