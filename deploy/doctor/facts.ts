import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { channels, filings } from '../../src/site'
import type { CloudApi } from '../cloud-api'
import type { Documents } from '../documents'
import { planDeployment } from '../plan'
import { readState } from '../read-state'
import { isEditorKeys } from '../secrets'
import type { Settings } from '../settings'
import type { Target } from '../target'
import type { Facts } from './judge'
import { privacyApis } from './privacy'

const { satisfies } = require('semver-7') as { satisfies(version: string, range: string): boolean }

const root = path.resolve(__dirname, '../..')
/** Digest of the salt of each environment, as this machine saw it first. */
export const saltsFile = path.join(root, '.cache/salts.json')
const Salts = v.record(v.string(), v.string())

const PackageFile = v.object({ engines: v.object({ node: v.string() }) })
const ProjectFile = v.object({ appid: v.string() })
const json = <T>(file: string, schema: v.GenericSchema<unknown, T>): T =>
  v.parse(schema, JSON.parse(readFileSync(path.join(root, file), 'utf8')))

/** What the clone itself says. Everything about an environment is still unknown. */
export function repositoryFacts(settings: Settings, now: number): Facts {
  const wanted = json('package.json', PackageFile).engines.node
  return {
    environment: settings.envId,
    isLocal: false,
    node: { version: process.version, wanted, fits: satisfies(process.version, wanted) },
    appid: json('project.config.json', ProjectFile).appid,
    unreachable: null,
    usesOpa: null,
    steps: null,
    missing: null,
    guestsMayCall: null,
    anonymousLogin: null,
    lastTick: null,
    hasDocuments: false,
    now,
    salt: { found: null, known: null },
    hasEditorKeys: null,
    hasMiniCodes: null,
    privacy: privacyApis(path.join(root, 'src')),
    channels: Object.values(channels).map(({ label }) => label),
    icp: filings.icp,
    webDomain: settings.webDomain,
  }
}

const Clock = v.object({ leasedUntil: v.date() })
const Identity = v.object({ salt: v.string() })
const Preview = v.object({ code: v.fallback(v.string(), '') })

function knownSalts(file: string): Record<string, string> {
  try {
    return v.parse(Salts, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}

/** The digest of an environment's salt that this machine saw first. Notes the given one, if it has seen none. */
function firstSalt(file: string, environment: string, found: string | null): string | null {
  const known = knownSalts(file)
  const first = known[environment]
  if (first !== undefined || found === null) return first ?? null
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ ...known, [environment]: found }))
  return found
}

export const digestOfSalt = (salt: string): string => createHash('sha256').update(salt).digest('hex')

/** What the collections say. `salts`: the file that notes the salts this machine saw first; null to note none. */
export async function documentFacts(
  documents: Documents,
  environment: string,
  salts: string | null,
): Promise<Pick<Facts, 'lastTick' | 'salt' | 'hasMiniCodes' | 'hasDocuments'>> {
  const [clock] = await documents.find('rankings', ['clock'])
  const leasedUntil = v.safeParse(Clock, clock)
  const lastTick = leasedUntil.success ? leasedUntil.output.leasedUntil.getTime() : 0
  const identity = v.safeParse(Identity, (await documents.find('settings', ['identity']))[0])
  const found = identity.success ? digestOfSalt(identity.output.salt) : null
  let hasMiniCodes: boolean | null = null
  for await (const page of documents.pages('previews')) {
    hasMiniCodes = page.some(row => v.parse(Preview, row).code !== '')
    break
  }
  return {
    hasDocuments: true,
    lastTick: lastTick > 0 ? lastTick : null,
    salt: { found, known: salts === null ? null : firstSalt(salts, environment, found) },
    hasMiniCodes,
  }
}

const Login = v.object({ AnonymousLogin: v.fallback(v.boolean(), false) })

/** What the management API says of a CloudBase environment. */
export async function cloudFacts(
  api: CloudApi,
  target: Target,
  where: { envId: string; webDomain: string },
): Promise<Pick<Facts, 'usesOpa' | 'steps' | 'anonymousLogin' | 'hasEditorKeys'>> {
  const state = await readState(api, { ...where, app: null })
  const { steps } = planDeployment(target, state, ['rules', 'functions', 'web'])
  const editor = state.functions.find(({ name }) => name === 'editor')
  return {
    usesOpa: state.usesOpa,
    steps,
    anonymousLogin: v.parse(Login, await api.env.getLoginConfig()).AnonymousLogin,
    hasEditorKeys: isEditorKeys(editor?.variables.EDITOR_KEYS ?? ''),
  }
}

/** Sends a command to a local cloud's control surface. */
export type Ask = (command: string, body: unknown) => Promise<unknown>

const Names = v.array(v.string())
const Functions = v.array(v.object({ name: v.string() }))
const Timers = v.array(v.object({ functionName: v.string() }))
const SignedIn = v.object({ token: v.string() })
const Panel = v.object({ result: v.object({ lines: v.array(v.string()) }) })
const Config = v.object({ triggers: v.optional(v.array(v.unknown()), []) })

/** A key of the function `editor`: of `KEPU_EDITOR_KEY`, or the one that `npm start` made. Null if none is known. */
export function editorKeyIn(folder: string, { KEPU_EDITOR_KEY: given } = process.env): string | null {
  if (given) return given
  try {
    return readFileSync(path.join(folder, 'editor.key'), 'utf8').trim()
  } catch {
    return null
  }
}

/** What a running local cloud says. `editorKey`: a key that the function `editor` should accept, if one is known. */
export async function localFacts(
  url: string,
  ask: Ask,
  editorKey: string | null,
): Promise<Pick<Facts, 'missing' | 'guestsMayCall' | 'hasEditorKeys'>> {
  const collections = v.parse(Names, await ask('collections', {}))
  const functions = v.parse(Functions, await ask('functions', {})).map(({ name }) => name)
  const timers = v.parse(Timers, await ask('timers', {})).map(({ functionName }) => functionName)
  const folders = readdirSync(path.join(root, 'cloudfunctions'), { withFileTypes: true })
  const declared = folders.flatMap(({ name }) => {
    try {
      return [{ name, ...json(`cloudfunctions/${name}/config.json`, Config) }]
    } catch {
      return []
    }
  })
  const { token } = v.parse(SignedIn, await ask('sign-in', { kind: 'guest' }))
  const answer = await fetch(`${url}/v1/functions/content`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'readFeed', data: {} }),
  })
  // A key that is right gets another refusal, because it names no action.
  const panel = await ask('invoke', { name: 'editor', event: { key: editorKey ?? '-' }, source: null })
  const [refusal = ''] = v.parse(Panel, panel).result.lines
  return {
    missing: {
      collections: Object.keys(
        json('cloudfunctions/rules/indexes.json', v.record(v.string(), v.unknown())),
      ).filter(name => !collections.includes(name)),
      functions: declared.map(({ name }) => name).filter(name => !functions.includes(name)),
      timers: declared
        .filter(({ name, triggers }) => triggers.length > 0 && !timers.includes(name))
        .map(({ name }) => name),
    },
    guestsMayCall: answer.ok,
    hasEditorKeys: editorKey === null ? null : !refusal.startsWith('没有权限'),
  }
}
