import path from 'node:path'
import { parseArgs } from 'node:util'
import { dataFolderOf } from '../../local-cloud/data-folder'
import { commandOf, start } from '../command'
import { connect } from '../connect'
import { openDocuments } from '../documents'
import { openLocalCloud } from '../local-cloud'
import { readSecrets } from '../secrets'
import { buildVariables, readSettings } from '../settings'
import { readTarget } from '../target'
import { cloudFacts, documentFacts, editorKeyIn, localFacts, repositoryFacts, saltsFile } from './facts'
import { type Facts, judge, type Line } from './judge'

/**
 * `npm run doctor` says of each thing that a live mini-program needs whether it is well, or what to do. Exit codes: 0
 * nothing to mend, 1 something to mend, 2 wrong arguments, settings or secrets.
 */
const root = path.resolve(__dirname, '../..')

const usage = `npm run doctor -- [--local] [--data folder] [--json]
  --local  look at the local cloud that is running, instead of the environment of deploy/settings.ts
  --data   its data folder (KEPU_DATA, or .cloud)
  --json   one JSON object per line, for scripts`

const marks = { ok: '✓', mend: '✗', look: '?' } as const

async function factsOfLocalCloud(folder: string): Promise<Facts> {
  const known: Facts = { ...repositoryFacts(readSettings(), Date.now()), isLocal: true, environment: folder }
  const cloud = await openLocalCloud(folder)
  if (!cloud)
    return {
      ...known,
      unreachable: `no local cloud is running on ${folder}: npm start, or npm run cloud -- start`,
    }
  return {
    ...known,
    environment: `the local cloud at ${cloud.url}`,
    ...(await localFacts(cloud.url, cloud.ask, editorKeyIn(folder))),
    ...(await documentFacts(cloud.documents, folder, null)),
  }
}

async function factsOfEnvironment(): Promise<Facts> {
  const settings = readSettings()
  const known = repositoryFacts(settings, Date.now())
  const { envId, region, webDomain } = settings
  const secrets = readSecrets(root)
  if (envId === '')
    return { ...known, unreachable: 'it has no name: set envId in deploy/settings.ts, or KEPU_ENV_ID' }
  if (!secrets.account)
    return {
      ...known,
      unreachable: 'no credentials: set TENCENT_SECRET_ID and TENCENT_SECRET_KEY (deploy/README.md)',
    }
  const say = (line: string) => console.error(line)
  // The compilers are not needed to look at a local cloud.
  const { ensureBuilt } = await import('../../config/build')
  // As a deployment builds them: their digests are compared.
  Object.assign(process.env, buildVariables(settings))
  await ensureBuilt(['functions', 'web'], say)
  try {
    const target = readTarget(root, settings, secrets.variables)
    const facts = {
      ...known,
      ...(await cloudFacts(connect(secrets, settings, say), target, { envId, webDomain })),
    }
    if (facts.steps?.some(step => step.do === 'create-collection')) return facts
    const documents = openDocuments({ envId, region, account: secrets.account })
    return { ...facts, ...(await documentFacts(documents, envId, saltsFile)) }
  } catch (error) {
    const { code = '', message = String(error) } = error as { code?: string; message?: string }
    return { ...known, unreachable: `${code} ${message}`.trim() }
  }
}

const shown = ({ about, verdict, says, next }: Line): string =>
  `${marks[verdict]} ${about}: ${says}${next === undefined ? '' : `\n    → ${next}`}`

async function run(args: string[]): Promise<number> {
  const { values: options } = parseArgs({
    args,
    options: {
      local: { type: 'boolean' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const folder = dataFolderOf(options.data)
  const lines = judge(await (options.local ? factsOfLocalCloud(folder) : factsOfEnvironment()))
  for (const line of lines) console.log(options.json ? JSON.stringify(line) : shown(line))
  const wrong = lines.filter(({ verdict }) => verdict === 'mend').length
  if (!options.json) console.log(wrong === 0 ? '\nNothing to mend.' : `\n${wrong} to mend.`)
  return wrong === 0 ? 0 : 1
}

export const main = commandOf(run, usage)
start(module, main)
