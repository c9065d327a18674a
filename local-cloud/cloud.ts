import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { clientDataRoutes } from './client-data'
import { askAsClient } from './client-database'
import { createClock } from './clock'
import { CloudError } from './cloud-error'
import { createCommands } from './commands'
import { createConsole } from './console/console-server'
import { localTransfer } from './console/local-transfer'
import { createControl } from './control'
import { damaged, notWritable, openDataFolder, requireFree } from './data-folder'
import { type Database, type DatabaseOptions, openDatabase } from './database/database'
import { DamagedDatabase } from './database/errors'
import { functionActions } from './function-actions'
import type { Invocation } from './function-call'
import { listFunctions } from './function-folder'
import { createGateway } from './gateway'
import { createHosting } from './hosting'
import { createHttpAccess } from './http-access'
import { readHttpRoutes } from './http-routes'
import { type ClientKind, createIdentity } from './identity'
import { createMeter, type InvocationRecord } from './meter'
import { createOpenApi } from './openapi'
import { readFile, readRules } from './rules'
import { createSdkApi } from './sdk-api'
import { createSite } from './site'
import { createStorage } from './storage'
import { storageActions } from './storage-actions'
import { createTimers } from './timers'
import { createWeather, type WeatherReport } from './weather'
import { createWebApi } from './web-api'
import { createWorkers } from './workers'

export interface LocalCloudOptions {
  /** 0 takes any free port. */
  port: number
  /**
   * Port of the phone preview. It has the same routes, but a client that signs in there becomes a reader with an
   * OPENID, as in WeChat. At the site's own address it becomes a visitor, as on the web. Default: the port after the
   * site's. 0 takes any free port, null starts no preview.
   */
  previewPort?: number | null
  /**
   * Address to listen on, 127.0.0.1 by default. /admin and /local/ answer only this machine, whatever the address is.
   */
  host?: string
  /** Accepted host names besides IP addresses, localhost and the host of `siteUrl`. */
  allowedHosts?: string[]
  /** Null keeps everything in memory (files in a temporary folder). */
  dataFolder: string | null
  functionsFolder: string
  /** Folder of functions.json, database.json, storage.json and indexes.json; null for none. */
  rulesFolder: string | null
  /** The static files that http.json routes to. */
  hostingFolder?: string | null
  /** The built page of the console, served at /console; null for none. Its forms come from the folder of the rules. */
  consoleFolder?: string | null
  /** A single-page web app, served in place of the routes of http.json. */
  siteFolder?: string | null
  /** Address of the web build of the pages, which QR codes point to. Default: this cloud's own address. */
  siteUrl?: string
  envId?: string
  appId?: string
  weather?: WeatherReport
  /** Maximum number of function instances in total. */
  poolSize?: number
  /** How many instances of a function have a thread of their own. Default: one per core. */
  ownThreads?: number
  /** How many calls of one function may wait. */
  queueSize?: number
  /** An existing folder in which the functions' byte code is kept between starts. Default: nowhere. */
  byteCodeFolder?: string | undefined
  /** Environment variables of the functions, as set in the console. KEPU_SITE_URL is `siteUrl` unless it is set here. */
  variables?: Record<string, string>
  /** 未登录访问, on by default. */
  unauthenticatedAccess?: boolean
  /** Whether timers fire automatically. They can always be fired by hand. */
  timers?: boolean
  now?: () => number
  /** Receives messages for the developer: a function or timer that failed, a broken config.json. */
  report?: (line: string) => void
}

export interface LocalCloud {
  /** `http://127.0.0.1:8787` */
  url: string
  /** Address of the phone preview; null without one. */
  previewUrl: string | null
  /** The key that control requests to /local/ must carry. */
  key: string
  /** The token of the console's page. It opens nothing but /console/api/. */
  consoleToken: string
  /** Environment variables that point an unmodified wx-server-sdk in another process at this cloud. */
  adminEnv: Record<string, string>
  database: Database
  /** Runs a command of the control surface, for code in the same process as the cloud. */
  command(name: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
}

const IndexesFile = v.record(
  v.string(),
  v.array(
    v.strictObject({
      name: v.string(),
      unique: v.optional(v.boolean(), false),
      fields: v.array(v.strictObject({ field: v.string(), direction: v.picklist([1, -1]) })),
    }),
  ),
)

/**
 * Starts a local cloud in this process.
 * @throws DataFolderError; Error naming a rules file and its fault; the server's EADDRINUSE unchanged
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const envId = options.envId ?? 'local'
  const appId = options.appId ?? 'wx0000000000000000'
  const report = options.report ?? (() => {})
  const rules = readRules(options.rulesFolder)
  const findRoute = readHttpRoutes(options.rulesFolder)
  const declared = readFile(options.rulesFolder, 'indexes.json', IndexesFile) ?? {}

  const key = randomBytes(18).toString('base64url')
  const consoleToken = randomBytes(18).toString('base64url')
  if (options.dataFolder !== null) await requireFree(options.dataFolder)
  const folder = options.dataFolder === null ? null : openDataFolder(options.dataFolder, key)
  const temporary = folder ? null : mkdtempSync(join(tmpdir(), 'local-cloud-'))
  const identityKey = folder?.identityKey ?? randomBytes(32)
  const cleanUp: (() => unknown)[] = [
    () => folder?.release(),
    () => temporary && rmSync(temporary, { recursive: true, force: true }),
  ]
  const close = async () => {
    for (const step of cleanUp.splice(0).reverse()) await step()
  }

  let url = ''
  let previewUrl: string | null = null
  let guestsAllowed = options.unauthenticatedAccess ?? true

  try {
    const nextRequestId = requestIds()
    const clock = createClock(options.now)
    const meter = createMeter(clock.now)
    const weather = createWeather(options.weather)
    const identity = createIdentity(identityKey)
    const database = openFolderDatabase({ file: folder?.databaseFile ?? null, now: clock.now, report })
    cleanUp.push(() => database.close())
    const storage = createStorage({
      folder: folder?.storageFolder ?? String(temporary),
      envId,
      key: identityKey,
      url: () => url,
      now: clock.now,
      isPublic: rules.isPublic,
    })
    const workers = createWorkers({
      functionsFolder: options.functionsFolder,
      envId,
      appId,
      // The SDK appends its own query to the address, whatever follows the question mark.
      adminUrl: instance => `${url}/admin?instance=${instance}&`,
      variables: {
        // Read when an instance starts: by then the cloud has an address.
        get KEPU_SITE_URL() {
          return options.siteUrl ?? url
        },
        ...options.variables,
      },
      poolSize: options.poolSize ?? 64,
      ownThreads: options.ownThreads ?? availableParallelism(),
      queueSize: options.queueSize ?? 1000,
      byteCodeFolder: options.byteCodeFolder,
      clockOffset: clock.offset,
      meter,
      onFailure: (record, reason) => report(describeFailure(record, reason)),
    })
    cleanUp.push(() => workers.close())
    const invoke = (invocation: Omit<Invocation, 'requestId'>) =>
      workers.invoke({ ...invocation, requestId: nextRequestId() })
    const timers = createTimers({
      functions: () => listFunctions(options.functionsFolder, report),
      now: clock.now,
      onMove: clock.onMove,
      run: (functionName, event) =>
        invoke({ functionName, event, context: { openid: null, source: 'wx_trigger' } }),
      automatic: options.timers ?? true,
      report,
    })
    cleanUp.push(() => timers.close())

    // As in a deployment: creates the declared collections and indexes.
    const deployIndexes = () => {
      for (const [collection, indexes] of Object.entries(declared))
        database.ensureCollection(collection, indexes)
    }
    deployIndexes()

    const modelsFolder = options.rulesFolder === null ? null : join(options.rulesFolder, 'models')
    const commands = createCommands({
      clock,
      database,
      functionsFolder: options.functionsFolder,
      identity,
      invoke,
      meter,
      storage,
      timers,
      weather,
      workers,
      transfer: localTransfer({ database, storage, modelsFolder, now: clock.now }),
      deployIndexes,
      setUnauthenticatedAccess: allowed => {
        guestsAllowed = allowed
      },
      about: () => ({ url, previewUrl, envId, adminEnv: adminEnv(url, envId) }),
    })
    const dataRoutes = clientDataRoutes({ storage, rules })
    const webApi = (...signsIn: [ClientKind, ...ClientKind[]]) =>
      createWebApi({
        identity,
        rules,
        workers,
        dataRoutes,
        askDatabase: (client, body) => askAsClient(database, rules, client, body),
        weather,
        signsIn,
        guestsAllowed: () => guestsAllowed,
        nextRequestId,
      })
    const hosting = createHosting(options.hostingFolder ?? null)
    const singlePage = options.siteFolder ? createSite(options.siteFolder) : null
    const pages = (preview: boolean) =>
      singlePage ?? createHttpAccess({ findRoute, workers, hosting, envId, preview, nextRequestId, report })
    // The web SDK's own end points. A page cannot redirect these names: a developer who points them at this machine
    // means this cloud.
    const endPoints = [
      `${envId}.api.tcloudbasegateway.com`,
      `${envId}.ap-shanghai.tcb-api.tencentcloudapi.com`,
    ]
    const admission = {
      hosts: [...(options.allowedHosts ?? []), ...hostOf(options.siteUrl), ...endPoints],
    }
    const console = createConsole({
      hosting: createHosting(options.consoleFolder ?? null),
      modelsFolder,
      token: consoleToken,
      database,
      storage,
      commands,
      now: clock.now,
      url: () => url,
      nextRequestId,
    })
    const gateway = createGateway(
      {
        ...(options.consoleFolder ? { console } : {}),
        sdk: createSdkApi({
          database,
          actions: new Map([...functionActions(workers, nextRequestId), ...storageActions(storage, rules)]),
          openApi: createOpenApi(() => options.siteUrl ?? url),
          workers,
          weather,
          meter,
          nextRequestId,
        }).handle,
        control: createControl(key, commands, nextRequestId),
        client: webApi('visitor', 'guest'),
        files: storage.handle,
        pages: pages(false),
      },
      nextRequestId,
      admission,
    )
    cleanUp.push(() => gateway.close())
    const host = options.host ?? '127.0.0.1'
    url = await gateway.listen(host, options.port)
    const { previewPort = options.port === 0 ? 0 : options.port + 1 } = options
    if (previewPort !== null) {
      const preview = createGateway(
        { client: webApi('reader', 'visitor', 'guest'), files: storage.handle, pages: pages(true) },
        nextRequestId,
        admission,
      )
      cleanUp.push(() => preview.close())
      previewUrl = await preview.listen(host, previewPort)
    }
    folder?.announce(url)

    return {
      url,
      previewUrl,
      key,
      consoleToken,
      adminEnv: adminEnv(url, envId),
      database,
      async command(name, body = {}) {
        const command = commands.get(name)
        if (!command) throw new CloudError('NOT_FOUND', `no command ${name}`)
        return command(body)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** @throws DataFolderError */
function openFolderDatabase(options: DatabaseOptions): Database {
  try {
    return openDatabase(options)
  } catch (error) {
    if (error instanceof DamagedDatabase) throw damaged(error.file, error.reason)
    throw options.file === null ? error : notWritable(options.file, error)
  }
}

function hostOf(siteUrl: string | undefined): string[] {
  return siteUrl !== undefined && URL.canParse(siteUrl) ? [new URL(siteUrl).hostname] : []
}

function adminEnv(url: string, envId: string): Record<string, string> {
  return {
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${url}/admin` }),
    // Without it the SDK probes a metadata host on every call.
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-local',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: envId,
    TCB_ENV: envId,
  }
}

function describeFailure(record: InvocationRecord, reason: string): string {
  const thrown = record.lines.findLast(line => line.level === 'error')
  return `${record.functionName} ${record.requestId}: ${reason}${thrown ? `\n  ${thrown.text.replaceAll('\n', '\n  ')}` : ''}`
}

/** Request ids stay unique across restarts and are cheap to make. They identify requests in the logs. */
function requestIds(): () => string {
  const start = randomBytes(5).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${start}-${count.toString(36)}`
  }
}
