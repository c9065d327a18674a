import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Client } from './identity'
import { compileRule, type Rule } from './rule-expression'

/** Security rules apply to clients only. Functions and the console bypass them [安全规则]. */
export interface Rules {
  mayInvoke(functionName: string, client: Client): boolean
  /** `owner` is the uploader's OPENID or uid; null if a function stored the file. */
  mayRead(client: Client, file: { path: string; owner: string | null }): boolean
  mayWrite(client: Client, file: { path: string; owner: string | null }): boolean
  /** Whether everybody may read a file, signed in or not. Then its address needs no signature. */
  isPublic(file: { path: string; owner: string | null }): boolean
  /** What a client may do with a collection's documents. */
  documents(collection: string, access: 'read' | 'write', client: Client): DocumentAccess
}

/**
 * `own`: the platform adds the condition on the owner (the console's presets). `own-asked`: a custom rule on `doc`; the
 * query itself must contain `_openid: '{openid}'`.
 */
export type DocumentAccess = 'all' | 'own' | 'own-asked' | 'none'

const Condition = v.union([v.boolean(), v.string()])

/** `*` is required [云函数安全规则]. */
const FunctionsFile = v.intersect([
  v.object({ '*': v.object({ invoke: Condition }) }),
  v.record(v.string(), v.object({ invoke: Condition })),
])

const StorageFile = v.strictObject({ read: Condition, write: Condition })

/** The console's four simple permissions. */
const presets = {
  READONLY: { read: 'all', write: 'own' },
  PRIVATE: { read: 'own', write: 'own' },
  ADMINWRITE: { read: 'all', write: 'none' },
  ADMINONLY: { read: 'none', write: 'none' },
} as const

const DatabaseFile = v.record(
  v.string(),
  v.union([
    v.picklist(['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY']),
    v.strictObject({ read: Condition, write: Condition }),
  ]),
)

/**
 * Reads functions.json, storage.json and database.json. Defaults for a missing file: signed-in clients may call every
 * function, everybody may read files, owners may write their files, and collections are closed.
 * @throws Error naming file and fault; a rule that is not understood is a fault, not a `false`
 */
export function readRules(folder: string | null): Rules {
  const functions = readFunctionRules(folder)
  const storage = readStorageRules(folder)
  const database = readDatabaseRules(folder)
  const nobody = { auth: null }

  return {
    mayInvoke: (name, client) =>
      (functions.get(name) ?? functions.get('*'))?.({ auth: authOf(client) }) ?? false,
    mayRead: (client, file) => storage.read({ auth: authOf(client), resource: resourceOf(file) }),
    mayWrite: (client, file) => storage.write({ auth: authOf(client), resource: resourceOf(file) }),
    isPublic: file => storage.read({ ...nobody, resource: resourceOf(file) }),
    documents(collection, access, client) {
      const rule = (database.get(collection) ?? database.get('*'))?.[access] ?? 'none'
      if (rule === 'own') return client.uid === null ? 'none' : rule
      // The rule compares an OPENID, which anonymous visitors do not have.
      if (rule === 'own-asked') return client.openid === null ? 'none' : rule
      if (typeof rule === 'string') return rule
      return rule({ auth: authOf(client) }) ? 'all' : 'none'
    },
  }
}

/** A function's file has no owner: the field is missing and equals no client's id. */
function resourceOf(file: { path: string; owner: string | null }): Record<string, unknown> {
  return file.owner === null ? { path: file.path } : { path: file.path, openid: file.owner }
}

/** `auth` as a rule sees it. Anonymous web visitors have one. Guests, such as readers from Moments, have none. */
function authOf(client: Client): Record<string, unknown> | null {
  if (client.kind === 'guest') return null
  return {
    ...(client.openid === null ? {} : { openid: client.openid }),
    uid: client.uid,
    loginType: client.kind === 'visitor' ? 'ANONYMOUS' : 'WECHAT',
  }
}

function readFunctionRules(folder: string | null): Map<string, Rule> {
  const rules = readFile(folder, 'functions.json', FunctionsFile) ?? { '*': { invoke: 'auth != null' } }
  return new Map(
    Object.entries(rules).map(([name, { invoke }]) => [
      name,
      within(`functions.json: ${name}`, () => compileRule(invoke, ['auth'])),
    ]),
  )
}

function readStorageRules(folder: string | null): { read: Rule; write: Rule } {
  const rules = readFile(folder, 'storage.json', StorageFile) ?? {
    read: true,
    write: 'auth != null && resource.openid == auth.uid',
  }
  const names = ['auth', 'resource']
  return {
    read: within('storage.json: read', () => compileRule(rules.read, names)),
    write: within('storage.json: write', () => compileRule(rules.write, names)),
  }
}

type DocumentRule = DocumentAccess | Rule

function readDatabaseRules(folder: string | null): Map<string, { read: DocumentRule; write: DocumentRule }> {
  const rules = readFile(folder, 'database.json', DatabaseFile) ?? {}
  return new Map(
    Object.entries(rules).map(([collection, rule]) => {
      if (typeof rule === 'string') return [collection, presets[rule]]
      const compile = (access: 'read' | 'write') =>
        within(`database.json: ${collection}.${access}`, () => documentRule(rule[access]))
      return [collection, { read: compile('read'), write: compile('write') }]
    }),
  )
}

/** `doc._openid == auth.openid` is supported as "their own documents". Other rules on `doc` are refused by name. */
function documentRule(rule: boolean | string): DocumentRule {
  if (typeof rule === 'string' && ownDocuments.has(rule.replace(/\s/g, ''))) return 'own-asked'
  return compileRule(rule, ['auth'])
}

const ownDocuments = new Set(['doc._openid==auth.openid', 'auth.openid==doc._openid'])

function within<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Reads and checks one file of the rules folder. Null if the file does not exist. @throws Error naming the file */
export function readFile<Schema extends v.GenericSchema>(
  folder: string | null,
  name: string,
  schema: Schema,
): v.InferOutput<Schema> | null {
  if (folder === null) return null
  const file = join(folder, name)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return within(file, () => v.parse(schema, JSON.parse(text)))
}
