import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { createClock } from './clock'
import { CloudError } from './cloud-error'
import { type Command, createControl } from './control'
import { lockDataFolder, openDataFolder } from './data-folder'
import { type Database, openDatabase } from './database/database'
import { functionActions } from './function-actions'
import { listFunctions } from './function-folder'
import { readFunctionRules } from './function-rules'
import { createGateway } from './gateway'
import { type ClientKind, createIdentity } from './identity'
import { type Counters, createMeter, type InvocationRecord } from './meter'
import { type Action, createSdkApi } from './sdk-api'
import { createSite } from './site'
import { createWeather, type WeatherReport } from './weather'
import { createWebApi } from './web-api'
import { createWorkers, type RequestContext } from './workers'

export interface LocalCloudOptions {
  /** 0 takes any free port. */
  port: number
  host?: string
  /** Null keeps everything in memory. */
  dataFolder: string | null
  functionsFolder: string
  /** Where functions.json, database.json, storage.json and indexes.json lie; null for none. */
  rulesFolder: string | null
  /** The built web app, if it is to be served. */
  siteFolder?: string | null
  envId?: string
  appId?: string
  weather?: WeatherReport
  /** Function instances in all. */
  poolSize?: number
  /** Calls of one function that may wait. */
  queueSize?: number
  /** Variables of the functions' environment, as set in the console. */
  variables?: Record<string, string>
  /** 未登录访问, on by default. */
  unauthenticatedAccess?: boolean
  /** Whether timers fire by themselves; by hand they always can. */
  timers?: boolean
  now?: () => number
  /** Hears of every failed invocation. */
  onFailure?: (record: InvocationRecord, reason: string) => void
}

export interface LocalCloud {
  /** `http://127.0.0.1:8787` */
  url: string
  /** Opens the control surface. */
  key: string
  /** What points an unmodified wx-server-sdk in another process at this cloud. */
  adminEnv: Record<string, string>
  database: Database
  /** Runs a function above all rules. `event` is JSON text. */
  invoke(functionName: string, event: string, context: RequestContext): Promise<string>
  counters(): Counters
  resetCounters(): void
  logs(limit: number): InvocationRecord[]
  setWeather(report: unknown): void
  /** Moves the cloud's clock by ms; returns its new time. */
  moveClock(ms: number): number
  killWorkers(): number
  close(): Promise<void>
}

const IndexesFile = v.record(
  v.string(),
  v.array(
    v.object({
      name: v.string(),
      unique: v.optional(v.boolean(), false),
      fields: v.array(v.object({ field: v.string(), direction: v.picklist([1, -1]) })),
    }),
  ),
)

/** Starts a local cloud in this process. @throws DataFolderError, and the server's EADDRINUSE as it is */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const envId = options.envId ?? 'local'
  const appId = options.appId ?? 'wx0000000000000000'
  const key = randomBytes(18).toString('base64url')
  const clock = createClock(options.now)
  const folder = options.dataFolder === null ? null : openDataFolder(options.dataFolder)
  const lock = folder ? lockDataFolder(folder.path, key) : null
  let url = ''

  const nextRequestId = requestIds()
  const database = openDatabase({ file: folder?.databaseFile ?? null, now: clock.now })
  const meter = createMeter(clock.now)
  const weather = createWeather(options.weather)
  const identity = createIdentity(folder?.identityKey ?? randomBytes(32))
  const rulesFile = (name: string) => (options.rulesFolder === null ? null : join(options.rulesFolder, name))
  let unauthenticatedAccess = options.unauthenticatedAccess ?? true

  const workers = createWorkers({
    functionsFolder: options.functionsFolder,
    envId,
    appId,
    adminUrl: instance => `${url}/admin?instance=${instance}&`,
    variables: options.variables ?? {},
    poolSize: options.poolSize ?? 32,
    queueSize: options.queueSize ?? 1000,
    clockOffset: clock.offset,
    meter,
    ...(options.onFailure ? { onFailure: options.onFailure } : {}),
  })

  const invoke: LocalCloud['invoke'] = (functionName, event, context) =>
    workers.invoke({ functionName, event, context, requestId: nextRequestId() })

  const commands = new Map<string, Command>([
    ['ping', () => ({ url, pid: process.pid, envId })],
    ['env', () => adminEnv(url, envId)],
    ['counters', () => meter.counters()],
    [
      'reset-counters',
      () => {
        meter.reset()
        return meter.counters()
      },
    ],
    ['logs', body => meter.latest(v.parse(v.object({ limit: v.optional(v.number(), 100) }), body).limit)],
    ['workers', () => workers.counts()],
    ['functions', () => listFunctions(options.functionsFolder)],
    ['kill-workers', () => ({ killed: workers.kill() })],
    ['clock', body => ({ now: clock.move(v.parse(v.object({ move: v.number() }), body).move) })],
    [
      'weather',
      body => {
        weather.set(body)
        return weather.report()
      },
    ],
    [
      'unauthenticated-access',
      body => {
        unauthenticatedAccess = v.parse(v.object({ allowed: v.boolean() }), body).allowed
        return { allowed: unauthenticatedAccess }
      },
    ],
    [
      'sign-in',
      body => {
        const wanted = v.parse(
          v.object({
            kind: v.optional(v.picklist(['reader', 'visitor', 'guest']), 'reader'),
            openid: v.optional(v.pipe(v.string(), v.regex(/^[\w-]*[A-Za-z_-][\w-]*$/))),
          }),
          body,
        )
        const { token, client } = identity.signIn(wanted.kind as ClientKind, wanted.openid)
        return { token, openid: client.openid }
      },
    ],
    [
      'invoke',
      async body => {
        const call = v.parse(
          v.object({
            name: v.string(),
            event: v.optional(v.looseObject({}), {}),
            openid: v.optional(v.nullable(v.string()), null),
            source: v.optional(v.nullable(v.string()), null),
          }),
          body,
        )
        const { name, event, openid, source } = call
        return {
          result: JSON.parse(await invoke(name, JSON.stringify(event), { openid, source })) as unknown,
        }
      },
    ],
    [
      'import',
      body => {
        const { collection, lines, upsert } = v.parse(
          v.object({ collection: v.string(), lines: v.string(), upsert: v.optional(v.boolean(), false) }),
          body,
        )
        database.ensureCollection(collection)
        return database.importLines(collection, lines.split('\n'), upsert ? 'upsert' : 'insert')
      },
    ],
    [
      'export',
      body => {
        const { collection } = v.parse(v.object({ collection: v.string() }), body)
        return { lines: [...database.exportLines(collection)].join('\n') }
      },
    ],
    ['collections', () => database.collections()],
    [
      'reset',
      () => {
        database.reset()
        applyIndexes()
        return {}
      },
    ],
  ])

  /** Makes the declared collections and indexes, as a deployment does. */
  function applyIndexes(): void {
    const file = rulesFile('indexes.json')
    const text = file === null ? null : readIfThere(file)
    if (text === null) return
    let declared: v.InferOutput<typeof IndexesFile>
    try {
      declared = v.parse(IndexesFile, JSON.parse(text))
    } catch (error) {
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
    for (const [collection, indexes] of Object.entries(declared))
      database.ensureCollection(collection, indexes)
  }

  const actions = new Map<string, Action>(functionActions(workers, nextRequestId))
  const gateway = createGateway(
    {
      sdk: createSdkApi({
        database,
        actions,
        openApi: () =>
          Promise.reject(new CloudError('INVALID_PARAM', '-604100 not offered by the local cloud yet')),
        workers,
        weather,
        meter,
        nextRequestId,
      }),
      control: createControl(key, commands, nextRequestId),
      client: createWebApi({
        identity,
        rules: readFunctionRules(rulesFile('functions.json')),
        workers,
        weather,
        guestsAllowed: () => unauthenticatedAccess,
        nextRequestId,
      }),
      files: () => false,
      site: createSite(options.siteFolder ?? null),
    },
    nextRequestId,
  )

  try {
    applyIndexes()
    url = await gateway.listen(options.host ?? '127.0.0.1', options.port)
  } catch (error) {
    database.close()
    lock?.release()
    throw error
  }
  lock?.announce(url)

  return {
    url,
    key,
    adminEnv: adminEnv(url, envId),
    database,
    invoke,
    counters: meter.counters,
    resetCounters: meter.reset,
    logs: meter.latest,
    setWeather: weather.set,
    moveClock: clock.move,
    killWorkers: workers.kill,
    async close() {
      await gateway.close()
      await workers.close()
      database.close()
      lock?.release()
    },
  }
}

function adminEnv(url: string, envId: string): Record<string, string> {
  return {
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${url}/admin` }),
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-local',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: envId,
    TCB_ENV: envId,
  }
}

/** Request ids are unique over restarts and cheap: logs are read by them. */
function requestIds(): () => string {
  const start = randomBytes(5).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${start}-${count.toString(36)}`
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
