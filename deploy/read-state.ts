import * as v from 'valibot'
import type { CloudApi } from './cloud-api'
import { canonicalJson, digestOf, FunctionRule, Index, Route, type State, StorageRule } from './state'

/** Replies of the services that manager-node passes on untyped. Only what is used is read. */
const SafeRule = v.object({ AclTag: v.fallback(v.string(), '') })
const SecurityRule = v.object({ AclTag: v.fallback(v.string(), ''), Rule: v.nullish(v.string(), null) })
const DataSources = v.object({
  Data: v.object({
    Rows: v.nullish(
      v.array(v.object({ Id: v.string(), Name: v.string(), Schema: v.nullish(v.string(), '') })),
      [],
    ),
  }),
})
const EnvInfo = v.object({
  EnvInfo: v.object({ Meta: v.nullish(v.array(v.object({ Key: v.string(), Value: v.string() })), []) }),
})
const Routes = v.object({
  OriginDomain: v.fallback(v.string(), ''),
  Domains: v.nullish(
    v.array(v.object({ Domain: v.string(), Routes: v.nullish(v.array(v.unknown()), []) })),
    [],
  ),
})

/** Collections read in one request. */
const collectionsAtOnce = 100

function parsedRule<T>(text: string | null, schema: v.GenericSchema<unknown, T>): T | null {
  if (text === null) return null
  try {
    return v.parse(schema, JSON.parse(text))
  } catch {
    // A rule that somebody wrote by hand in a form of its own: it counts as none, and the plan replaces it.
    return null
  }
}

/** The names of all collections. */
export async function collectionNames(api: CloudApi): Promise<string[]> {
  const names: string[] = []
  for (let total = 1; names.length < total; ) {
    const { Collections, Pager } = await api.database.listCollections({
      MgoLimit: collectionsAtOnce,
      MgoOffset: names.length,
    })
    if (Collections.length === 0) break
    names.push(...Collections.map(({ CollectionName }) => CollectionName))
    total = Pager.Total
  }
  return names
}

async function readCollections(api: CloudApi, envId: string): Promise<State['collections']> {
  const collections: State['collections'] = []
  for (const name of await collectionNames(api)) {
    const { Indexes = [] } = await api.database.describeCollection(name)
    const rule = await api.commonService().call({
      Action: 'DescribeSafeRule',
      Param: { EnvId: envId, CollectionName: name },
    })
    collections.push({
      name,
      rule: v.parse(SafeRule, rule).AclTag,
      indexes: Indexes.flatMap(({ Name, Keys, Unique }) => {
        const fields = Keys.map(key => ({ field: key.Name, direction: Number(key.Direction) }))
        const index = v.safeParse(Index, { name: Name, fields, unique: Unique })
        // The platform's own indexes, such as geographic ones, have other directions.
        return index.success ? [index.output] : []
      }),
    })
  }
  return collections
}

/** The alias that callers reach where they name no version. */
export const servingAlias = '$DEFAULT'
const versionsAtOnce = 20

/** The published versions of a function, oldest first, and the one that callers reach. */
export async function readVersions(
  api: CloudApi,
  functionName: string,
): Promise<{ versions: { version: string; description: string }[]; serving: string }> {
  const versions: { version: string; description: string }[] = []
  for (let offset = 0, total = 1; offset < total; offset += versionsAtOnce) {
    const page = await api.functions.listVersionByFunction({ functionName, offset, limit: versionsAtOnce })
    total = page.TotalCount
    for (const { Version, Description } of page.Versions)
      if (/^\d+$/.test(Version)) versions.push({ version: Version, description: Description ?? '' })
  }
  versions.sort((a, b) => Number(a.version) - Number(b.version))
  const { FunctionVersion } = await api.functions.getFunctionAlias({ functionName, name: servingAlias })
  return { versions, serving: FunctionVersion }
}

async function readFunctions(api: CloudApi, envId: string): Promise<State['functions']> {
  const list = await api.functions.listAllFunctions({ envId })
  const functions: State['functions'] = []
  for (const { FunctionName: name = '' } of list) {
    const detail = await api.functions.getFunctionDetail(name)
    const { serving, versions } = await readVersions(api, name)
    functions.push({
      versions,
      serving,
      name,
      runtime: detail.Runtime,
      memory: detail.MemorySize,
      timeout: detail.Timeout,
      description: detail.Description ?? '',
      variables: Object.fromEntries(
        (detail.Environment?.Variables ?? []).map(({ Key, Value }) => [Key, Value]),
      ),
      triggers: (detail.Triggers ?? [])
        .filter(({ Type }) => Type === 'timer')
        .map(({ TriggerName, TriggerDesc }) => ({
          name: TriggerName,
          type: 'timer' as const,
          config: timerOf(TriggerDesc),
        })),
    })
  }
  return functions
}

/** A timer's expression: the service answers it bare, or as JSON `{"cron": …}`. */
function timerOf(description: string): string {
  try {
    return v.parse(v.object({ cron: v.string() }), JSON.parse(description)).cron
  } catch {
    return description
  }
}

async function readHosting(api: CloudApi): Promise<State['hosting']> {
  const [info] = await api.hosting.getInfo()
  if (info?.Status !== 'online') return { enabled: false, files: {} }
  const files = await api.hosting.listFiles()
  // The ETag of a file uploaded in one part is its MD5, in quotes.
  return {
    enabled: true,
    files: Object.fromEntries(files.map(({ Key, ETag }) => [Key, ETag.replaceAll('"', '')])),
  }
}

/** The routes of a domain, and the environment's own domain. */
export async function readRoutes(
  api: CloudApi,
  envId: string,
  webDomain: string,
): Promise<{ domain: string; routes: Route[] }> {
  const { OriginDomain, Domains } = v.parse(
    Routes,
    await api.env.describeHttpServiceRoute({ EnvId: envId, Limit: 100 }),
  )
  const domain = webDomain || OriginDomain
  const routes = Domains?.find(one => one.Domain === domain)?.Routes ?? []
  return {
    domain,
    routes: routes.flatMap(route => {
      const parsed = v.safeParse(Route, route)
      return parsed.success ? [parsed.output] : []
    }),
  }
}

/**
 * Reads what is in an environment. Changes nothing.
 * @param app digest of the mini-program that this machine uploaded last
 */
export async function readState(
  api: CloudApi,
  { envId, webDomain, app }: { envId: string; webDomain: string; app: string | null },
): Promise<State> {
  const { EnvInfo: info } = v.parse(EnvInfo, await api.env.getEnvInfo())
  const security = v.parse(
    SecurityRule,
    await api.commonService().call({
      Action: 'DescribeSecurityRule',
      Param: { EnvId: envId, ResourceType: 'FUNCTION', ResourceName: envId },
    }),
  )
  const storage = await api.storage.getStorageAcl({ withRule: true })
  const models = v.parse(
    DataSources,
    await api.commonService('lowcode', '2021-01-08').call({
      Action: 'DescribeDataSourceList',
      Param: { EnvId: envId, PageIndex: 1, PageSize: 100, QuerySystemModel: false, QueryConnector: 0 },
    }),
  )
  return {
    collections: await readCollections(api, envId),
    functionRule: parsedRule(security.Rule, FunctionRule),
    storageRule: parsedRule(storage.rule ? JSON.stringify(storage.rule) : null, StorageRule),
    usesOpa: info.Meta?.some(({ Key, Value }) => Key === 'authz_engine' && Value === 'opa') ?? false,
    models: (models.Data.Rows ?? []).map(({ Id, Name, Schema }) => ({
      id: Id,
      name: Name,
      digest: digestOf(canonicalJson(parsedRule(Schema || null, v.unknown()))),
    })),
    functions: await readFunctions(api, envId),
    routes: (await readRoutes(api, envId, webDomain)).routes,
    hosting: await readHosting(api),
    app,
  }
}
