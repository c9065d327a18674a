import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { lineOf } from '../config/given'
import type { Settings } from './settings'
import { canonicalJson, digestOf, FunctionRule, Index, Route, StorageRule, Trigger } from './state'

/** A data model of the console: its schema file, parsed. */
export interface Model {
  name: string
  title: string
  schema: Record<string, unknown>
  digest: string
}

export interface TargetFunction {
  name: string
  /** The built folder. */
  folder: string
  /** Digest of the built files; empty in a target that is not built. */
  digest: string
  runtime: string
  /** MB. */
  memory: number
  /** Seconds. */
  timeout: number
  /** Variables to set. Others of the function stay as they are. */
  variables: Record<string, string>
  triggers: Trigger[]
  /** Permissions that only the WeChat developer tool can grant, with an upload of its own. */
  openapi: string[]
}

/** What should be in the environment. */
export interface Target {
  collections: { name: string; rule: string; indexes: Index[] }[]
  functionRule: FunctionRule
  storageRule: StorageRule
  models: Model[]
  functions: TargetFunction[]
  routes: Route[]
  /** `files`: the MD5 of each; null in a target that is not built. */
  hosting: { folder: string; files: Record<string, string> | null }
  app: { appid: string; folder: string; version: string; robot: number; digest: string }
}

const DatabaseRules = v.intersect([v.object({ '*': v.string() }), v.record(v.string(), v.string())])
const Indexes = v.record(v.string(), v.array(Index))
const HttpRules = v.object({ Routes: v.array(Route) })
const ModelFile = v.looseObject({ title: v.string(), properties: v.record(v.string(), v.unknown()) })
const Config = v.object({
  timeout: v.optional(v.number(), 3),
  triggers: v.optional(v.array(Trigger), []),
  permissions: v.optional(v.object({ openapi: v.optional(v.array(v.string()), []) }), { openapi: [] }),
})
const Project = v.object({ appid: v.string() })

function parseFile<T>(file: string, schema: v.GenericSchema<unknown, T>): T {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${lineOf(error)}`)
  }
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new Error(`${file}: ${v.getDotPath(issue) ?? ''} ${issue.message}`)
}

/** All files below a folder, sorted, as paths relative to it with `/`. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map(file => file.split(path.sep).join('/'))
    .sort()
}

function digestOfFolder(folder: string): string {
  const hash = createHash('sha256')
  for (const file of filesBelow(folder)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(folder, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

const md5 = (file: string): string => createHash('md5').update(readFileSync(file)).digest('hex')

/**
 * Reads from the repository what should be in the environment. Without `isBuilt` it lacks the digests and the site's files,
 * which a plan for an empty environment does not need.
 * @param secrets values of the variables that functions need and that must not be in the repository
 * @throws Error naming the file, when one is missing or malformed
 */
export function readTarget(
  root: string,
  settings: Settings,
  secrets: Record<string, string>,
  isBuilt = true,
): Target {
  const rules = path.join(root, 'cloudfunctions/rules')
  const database = parseFile(path.join(rules, 'database.json'), DatabaseRules)
  const indexes = parseFile(path.join(rules, 'indexes.json'), Indexes)
  const functionsFolder = path.join(root, 'cloudfunctions')
  const site = path.join(root, 'dist/web')
  const app = path.join(root, 'dist/weapp')
  return {
    collections: Object.entries(indexes).map(([name, list]) => ({
      name,
      rule: database[name] ?? database['*'],
      indexes: list,
    })),
    functionRule: parseFile(path.join(rules, 'functions.json'), FunctionRule),
    storageRule: parseFile(path.join(rules, 'storage.json'), StorageRule),
    models: readdirSync(path.join(rules, 'models'))
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(file => {
        const schema = parseFile(path.join(rules, 'models', file), ModelFile)
        const name = path.basename(file, '.json')
        return { name, title: schema.title, schema, digest: digestOf(canonicalJson(schema)) }
      }),
    functions: readdirSync(functionsFolder)
      .filter(name => existsSync(path.join(functionsFolder, name, 'index.ts')))
      .sort()
      .map(name => {
        const folder = path.join(root, 'dist/cloudfunctions', name)
        const file = path.join(functionsFolder, name, 'config.json')
        const { timeout, triggers, permissions } = parseFile(file, Config)
        return {
          name,
          folder,
          digest: isBuilt ? digestOfFolder(folder) : '',
          runtime: settings.runtime,
          memory: settings.memory[name] ?? settings.memory.default ?? 256,
          timeout,
          variables: name === 'editor' && secrets.EDITOR_KEYS ? { EDITOR_KEYS: secrets.EDITOR_KEYS } : {},
          triggers,
          openapi: permissions.openapi,
        }
      }),
    routes: parseFile(path.join(rules, 'http.json'), HttpRules).Routes,
    hosting: {
      folder: site,
      files: isBuilt
        ? Object.fromEntries(filesBelow(site).map(file => [file, md5(path.join(site, file))]))
        : null,
    },
    app: {
      appid: parseFile(path.join(root, 'project.config.json'), Project).appid,
      folder: app,
      ...settings.app,
      // A plan can be made without the mini-program's build.
      digest: existsSync(app) ? digestOfFolder(app) : '',
    },
  }
}
