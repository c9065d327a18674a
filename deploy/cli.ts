import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { lineOf, Misuse, namedPath } from '../config/given'
import { applyStep, type Context } from './apply-step'
import { commandOf, Refusal, start } from './command'
import { connect, install } from './connect'
import { manualSteps } from './manual-steps'
import { describeStep, type Part, parts, planDeployment, planRollback } from './plan'
import { readState } from './read-state'
import { readSecrets, type Secrets } from './secrets'
import { buildVariables, readSettings } from './settings'
import { emptyState, State } from './state'
import { readTarget } from './target'

/**
 * `npm run deploy` brings a CloudBase environment and the mini-program to what this repository says (see README.md).
 * Exit codes: 0 done, 1 a step failed or something is in the way, 2 wrong arguments or settings.
 */
const root = path.resolve(__dirname, '..')
/** What this machine uploaded last, per mini-program. */
const uploadsFile = path.join(root, '.cache/uploads.json')
const Uploads = v.record(v.string(), v.string())

const usage = `npm run deploy -- [--plan] [--from state.json] [--only rules,functions,web,app] [--rollback] [--json]
  --rollback  lead callers back to the functions as they were before the last deployment; with --plan, print only
  --plan   print every step and change nothing. Without credentials it plans for an empty environment.
  --from   plan against this state instead (implies --plan)
  --only   only these parts: ${parts.join(', ')}
  --json   one JSON object per line, for scripts`

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      plan: { type: 'boolean' },
      rollback: { type: 'boolean' },
      from: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const only = values.only?.split(',').map(part => part.trim()) ?? [...parts]
  const unknown = only.filter(part => !(parts as readonly string[]).includes(part))
  if (unknown.length > 0)
    throw new Misuse(`--only does not know "${unknown.join(', ')}", only ${parts.join(', ')}.`)
  if (values.from !== undefined) namedPath('--from', values.from)
  return {
    plans: values.plan === true || values.from !== undefined,
    from: values.from,
    rollback: values.rollback ?? false,
    only: only as Part[],
    json: values.json ?? false,
  }
}

function readStateFile(file: string): State {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Misuse(`--from: ${file} cannot be read as JSON: ${lineOf(error)}`)
  }
  const parsed = v.safeParse(State, json)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new Misuse(
    `--from: ${file}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message} (deploy/state.ts has the format)`,
  )
}

function readUploads(): Record<string, string> {
  try {
    return v.parse(Uploads, JSON.parse(readFileSync(uploadsFile, 'utf8')))
  } catch {
    return {}
  }
}

async function uploadApp(
  secrets: Secrets,
  target: ReturnType<typeof readTarget>,
  digest: string,
  report: (line: string) => void,
) {
  const { appid, folder, version, robot } = target.app
  if (!secrets.appKeyFile)
    throw new Refusal(
      'Set WEAPP_KEY_FILE to the upload key of the mini-program (mp.weixin.qq.com → 开发管理 → 小程序代码上传).',
    )
  const ci = install('deploy/app', report)('miniprogram-ci') as {
    Project: new (options: object) => object
    upload(options: object): Promise<unknown>
  }
  const project = new ci.Project({
    appid,
    type: 'miniProgram',
    projectPath: folder,
    privateKeyPath: secrets.appKeyFile,
  })
  await ci.upload({
    project,
    version,
    robot,
    desc: `kepu-cloud ${version}`,
    setting: { useProjectConfig: true },
  })
  mkdirSync(path.dirname(uploadsFile), { recursive: true })
  writeFileSync(uploadsFile, JSON.stringify({ ...readUploads(), [appid]: digest }))
}

async function run(args: string[]): Promise<number> {
  const options = readOptions(args)
  const say = (line: string, data: object) => console.log(options.json ? JSON.stringify(data) : line)
  const progress = (line: string) => console.error(line)
  const settings = readSettings()
  const variables = buildVariables(settings)
  const secrets = readSecrets(root)
  const isOnline = options.from === undefined && secrets.account !== null && settings.envId !== ''
  if (!options.plans) {
    if (settings.envId === '')
      throw new Misuse('Name the environment: set envId in deploy/settings.ts, or KEPU_ENV_ID.')
    if (!secrets.account)
      throw new Misuse(
        'Set TENCENT_SECRET_ID and TENCENT_SECRET_KEY, in the environment or in deploy/.env (Tencent Cloud console → 访问管理 → API 密钥).',
      )
  }
  const given = options.from === undefined ? null : readStateFile(options.from)
  // An empty environment lacks everything, whatever it is.
  const needsBuild = isOnline || given !== null
  if (needsBuild) {
    Object.assign(process.env, variables)
    // The compilers take longer to load than such a plan.
    const { ensureBuilt } = await import('../config/build')
    // A plan does not need the mini-program's build, which takes the longest.
    await ensureBuilt(
      options.plans || options.rollback ? ['functions', 'web'] : ['functions', 'web', 'weapp'],
      progress,
    )
  }
  const target = readTarget(root, settings, secrets.variables, needsBuild)
  if (
    options.only.includes('app') &&
    !options.plans &&
    !options.rollback &&
    target.app.appid === 'touristappid'
  ) {
    throw new Misuse(
      'Set the appid of the mini-program in project.config.json, or leave the app out: --only rules,functions,web.',
    )
  }
  const api = isOnline ? connect(secrets, settings, progress) : null
  const where = {
    envId: settings.envId,
    webDomain: settings.webDomain,
    app: readUploads()[target.app.appid] ?? null,
  }
  const state = given ?? (api ? await readState(api, where) : emptyState)
  const against = options.from ?? (api ? `the environment ${settings.envId}` : 'an empty environment')
  const { steps, blockers } = options.rollback
    ? planRollback(
        target.functions.map(({ name }) => name),
        state,
      )
    : planDeployment(target, state, options.only)
  say(`${steps.length} steps from what is in ${against} to what should be:`, { plan: steps.length, against })
  for (const [at, step] of steps.entries()) {
    const text = describeStep(step)
    if (options.plans) say(`${String(at + 1).padStart(3)}  ${text}`, { step: at + 1, do: step.do, text })
  }
  for (const blocker of blockers) say(`In the way: ${blocker}`, { blocker })
  if (!options.plans && blockers.length > 0) return 1
  if (!options.plans && api) {
    const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))
    const context: Context = {
      api,
      ...where,
      target,
      pause,
      release: new Date().toISOString(),
      uploadApp: digest => uploadApp(secrets, target, digest, progress),
    }
    for (const [at, step] of steps.entries()) {
      const text = describeStep(step)
      try {
        await applyStep(step, context)
      } catch (error) {
        const { code, message } = error as { code?: string; message?: string }
        say(
          `failed: ${text}\n  ${code ?? ''} ${message ?? String(error)}\n  ${at} of ${steps.length} steps are done. Mend the cause and run the same command again: it goes on from here.`,
          { step: at + 1, do: step.do, text, failed: message, code },
        )
        return 1
      }
      say(`${String(at + 1).padStart(3)} of ${steps.length}  ${text}`, {
        step: at + 1,
        do: step.do,
        text,
        done: true,
      })
    }
  }
  say('\nBy hand, because no tool can do it:', { manual: manualSteps(target, settings) })
  if (!options.json)
    for (const [at, text] of manualSteps(target, settings).entries())
      console.log(`${String(at + 1).padStart(3)}. ${text}`)
  return blockers.length > 0 ? 1 : 0
}

export const main = commandOf(run, usage)
start(module, main)
