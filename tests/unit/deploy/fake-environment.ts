import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CloudApi } from '../../../deploy/cloud-api'

/**
 * An environment in memory that answers as manager-node does, and refuses what the documentation says is refused. Its
 * type is the part of manager-node's typings that a deployment uses.
 */
export function fakeEnvironment({ opa = false } = {}) {
  type Fn = {
    Runtime: string
    MemorySize: number
    Timeout: number
    Description: string
    Environment: { Variables: { Key: string; Value: string }[] }
    Triggers: { TriggerName: string; Type: string; TriggerDesc: string }[]
    versions: { Version: string; Description: string }[]
    serving: string
    /** Whether a change of it is still being made: the platform refuses another. */
    isUpdating: boolean
  }
  type Key = { Name: string; Direction: string }
  const collections = new Map<
    string,
    { rule: string; indexes: Map<string, { keys: Key[]; unique: boolean }> }
  >()
  const functions = new Map<string, Fn>()
  const models = new Map<string, { Id: string; Name: string; Schema: string; published: boolean }>()
  const routes = new Map<string, object>()
  const files = new Map<string, string>()
  const environment = {
    collections,
    functions,
    models,
    routes,
    files,
    functionRule: null as string | null,
    storage: null as { read: string | boolean; write: string | boolean } | null,
    hosting: 'none',
    anonymousLogin: false,
    /** Number of calls that change something. */
    changes: 0,
    /** From this change on, every call fails, as without a network. */
    failsAt: Number.POSITIVE_INFINITY,
  }
  const refuse = (code: string): never => {
    throw Object.assign(new Error(`[${code}] refused`), { code })
  }
  const change = (): void => {
    environment.changes += 1
    if (environment.changes > environment.failsAt) refuse('ECONNRESET')
  }
  const fn = (name: string): Fn => functions.get(name) ?? refuse('ResourceNotFound.Function')
  /** A function that can be changed now. */
  const settled = (name: string): Fn => (fn(name).isUpdating ? refuse('FailedOperation.Updating') : fn(name))
  const collection = (name: string) => collections.get(name) ?? refuse('ResourceNotFound')

  const lowcode = (action: string, param: Record<string, unknown>): unknown => {
    switch (action) {
      case 'DescribeDataSourceList':
        return { Data: { Rows: [...models.values()] } }
      case 'CreateDataSourceDetail': {
        change()
        const name = String(param.Name)
        if (models.has(name)) refuse('ResourceInUse')
        models.set(name, { Id: `id-${name}`, Name: name, Schema: String(param.Schema), published: false })
        return { Data: { Id: `id-${name}` } }
      }
      case 'ModifyDataSource': {
        change()
        const model = [...models.values()].find(({ Id }) => Id === param.Id)
        if (!model) return refuse('ResourceNotFound')
        model.Schema = String(param.Schema)
        model.published = false
        return {}
      }
      case 'BatchPublishDataSources':
        for (const model of models.values())
          if ((param.DataSourceIds as string[]).includes(model.Id)) model.published = true
        return {}
      default:
        return refuse('InvalidAction')
    }
  }
  const tcb = (action: string, param: Record<string, unknown>): unknown => {
    switch (action) {
      case 'DescribeSafeRule':
        return { AclTag: collection(String(param.CollectionName)).rule }
      case 'ModifyDatabaseACL':
        change()
        collection(String(param.CollectionName)).rule = String(param.AclTag)
        return {}
      case 'DescribeSecurityRule':
        return { AclTag: 'CUSTOM', Rule: environment.functionRule }
      case 'ModifySecurityRule':
        change()
        environment.functionRule = String(param.Rule)
        return {}
      default:
        return refuse('InvalidAction')
    }
  }
  const api: CloudApi = {
    database: {
      async createCollectionIfNotExists(name) {
        change()
        if (!collections.has(name)) collections.set(name, { rule: 'PRIVATE', indexes: new Map() })
      },
      async listCollections({ MgoLimit = 10, MgoOffset = 0 } = {}) {
        const all = [...collections.keys()].map(CollectionName => ({ CollectionName }))
        return { Collections: all.slice(MgoOffset, MgoOffset + MgoLimit), Pager: { Total: all.length } }
      },
      async describeCollection(name) {
        return {
          Indexes: [
            { Name: '_id_', Keys: [{ Name: '_id', Direction: '1' }], Unique: true },
            ...[...collection(name).indexes].map(([Name, { keys, unique }]) => ({
              Name,
              Keys: keys,
              Unique: unique,
            })),
          ],
        }
      },
      async updateCollection(name, { CreateIndexes = [], DropIndexes = [] }) {
        change()
        const { indexes } = collection(name)
        for (const { IndexName } of DropIndexes)
          if (!indexes.delete(IndexName)) refuse('ResourceNotFound.Index')
        for (const { IndexName, MgoKeySchema } of CreateIndexes) {
          if (indexes.has(IndexName)) refuse('ResourceInUse.Index')
          indexes.set(IndexName, { keys: MgoKeySchema.MgoIndexKeys, unique: MgoKeySchema.MgoIsUnique })
        }
      },
    },
    functions: {
      async listAllFunctions() {
        return [...functions.keys()].map(FunctionName => ({ FunctionName }))
      },
      async getFunctionDetail(name) {
        return fn(name)
      },
      async createFunction({ func }) {
        change()
        if (functions.has(func.name)) refuse('ResourceInUse.FunctionName')
        // Until a rule exists, every reader may call every function.
        if (environment.functionRule === null) refuse('TEST.FunctionBeforeRule')
        functions.set(func.name, {
          Runtime: func.runtime,
          MemorySize: func.memorySize,
          Timeout: func.timeout,
          Description: '',
          Environment: {
            Variables: Object.entries(func.envVariables).map(([Key, Value]) => ({ Key, Value })),
          },
          Triggers: [],
          versions: [],
          serving: '$LATEST',
          isUpdating: true,
        })
      },
      async updateFunctionCode({ func }) {
        change()
        settled(func.name).isUpdating = true
      },
      // The platform replaces the whole set of variables.
      async updateFunctionConfig({ name, memorySize, timeout, description, envVariables }) {
        change()
        const Variables = Object.entries(envVariables).map(([Key, Value]) => ({ Key, Value }))
        Object.assign(settled(name), {
          isUpdating: true,
          MemorySize: memorySize,
          Timeout: timeout,
          Description: description,
          ...(Variables.length > 0 ? { Environment: { Variables } } : {}),
        })
      },
      async waitFunctionActive(name) {
        fn(name).isUpdating = false
      },
      async publishVersion({ functionName, description = '' }) {
        change()
        const { versions } = settled(functionName)
        fn(functionName).isUpdating = true
        versions.push({ Version: String(versions.length + 1), Description: description })
      },
      // Newest first, with the code that was uploaded last in front, and no more than 20 at once.
      async listVersionByFunction({ functionName, limit = 20, offset = 0 }) {
        const all = [{ Version: '$LATEST', Description: '' }, ...fn(functionName).versions.toReversed()]
        return { Versions: all.slice(offset, offset + Math.min(limit, 20)), TotalCount: all.length }
      },
      async getFunctionAlias({ functionName, name }) {
        if (name !== '$DEFAULT') refuse('ResourceNotFound.Alias')
        return { FunctionVersion: fn(functionName).serving }
      },
      async updateFunctionAliasConfig({ functionName, name, functionVersion }) {
        change()
        if (name !== '$DEFAULT') refuse('ResourceNotFound.Alias')
        if (!settled(functionName).versions.some(({ Version }) => Version === functionVersion))
          refuse('ResourceNotFound.FunctionVersion')
        fn(functionName).serving = functionVersion
      },
      async createFunctionTriggers(name, triggers) {
        change()
        for (const { name: TriggerName, type, config } of triggers) {
          if (settled(name).Triggers.some(one => one.TriggerName === TriggerName))
            refuse('ResourceInUse.Trigger')
          fn(name).Triggers.push({ TriggerName, Type: type, TriggerDesc: JSON.stringify({ cron: config }) })
        }
      },
      async deleteFunctionTrigger(name, triggerName) {
        change()
        fn(name).Triggers = fn(name).Triggers.filter(one => one.TriggerName !== triggerName)
      },
    },
    storage: {
      async getStorageAcl() {
        const { storage } = environment
        return storage ? { acl: 'CUSTOM', rule: storage } : { acl: 'PRIVATE' }
      },
      async setStorageAcl(_, rule) {
        change()
        environment.storage = rule
      },
    },
    hosting: {
      async getInfo() {
        if (environment.hosting === 'starting') {
          environment.hosting = 'init'
          return [{ Status: 'init' }]
        }
        if (environment.hosting === 'init') environment.hosting = 'online'
        return environment.hosting === 'none' ? [] : [{ Status: environment.hosting }]
      },
      async enableService() {
        change()
        environment.hosting = 'starting'
      },
      async listFiles() {
        return [...files].map(([Key, md5]) => ({ Key, ETag: `"${md5}"` }))
      },
      async uploadFiles({ files: sent }) {
        change()
        if (environment.hosting !== 'online') refuse('INVALID_OPERATION')
        for (const { localPath, cloudPath } of sent) {
          files.set(cloudPath, createHash('md5').update(readFileSync(localPath)).digest('hex'))
        }
      },
    },
    env: {
      async getEnvInfo() {
        return { EnvInfo: { Meta: opa ? [{ Key: 'authz_engine', Value: 'opa' }] : [] } }
      },
      async getLoginConfig() {
        return { AnonymousLogin: environment.anonymousLogin }
      },
      async describeHttpServiceRoute() {
        return {
          OriginDomain: 'env.example.com',
          Domains: [{ Domain: 'env.example.com', Routes: [...routes.values()] }],
        }
      },
      async createHttpServiceRoute({ Domain }) {
        change()
        for (const route of Domain.Routes) {
          const { Path } = route as { Path: string }
          if (routes.has(Path)) refuse('ResourceInUse.Route')
          routes.set(Path, { ...route, Enable: true, CreateTime: '2026-11-27 10:00:00' })
        }
      },
      async modifyHttpServiceRoute({ Domain }) {
        change()
        for (const route of Domain.Routes) routes.set((route as { Path: string }).Path, route)
      },
    },
    commonService: (service = 'tcb') => ({
      async call({ Action, Param }) {
        return service === 'lowcode' ? lowcode(Action, Param) : tcb(Action, Param)
      },
    }),
  }
  return { api, environment }
}
