import * as v from 'valibot'
import type { Clock } from './clock'
import type { Command } from './control'
import type { Database } from './database/database'
import type { Invocation } from './function-call'
import { listFunctions } from './function-folder'
import type { Identity } from './identity'
import { JsonObject } from './json-object'
import type { Meter } from './meter'
import type { Storage } from './storage'
import type { Timers } from './timers'
import type { Weather } from './weather'
import type { Workers } from './workers'

export interface CommandOptions {
  clock: Clock
  database: Database
  functionsFolder: string
  identity: Identity
  invoke: (invocation: Omit<Invocation, 'requestId'>) => Promise<string>
  meter: Meter
  storage: Storage
  timers: Timers
  weather: Weather
  workers: Workers
  /** Import and export of files (console/local-transfer.ts). */
  transfer: ReadonlyMap<string, Command>
  /** Creates the declared collections and indexes again after a reset. */
  deployIndexes: () => void
  setUnauthenticatedAccess: (allowed: boolean) => void
  about: () => { url: string; envId: string; adminEnv: Record<string, string> }
}

const ClientKind = v.picklist(['reader', 'visitor', 'guest'])

const Limit = v.object({ limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 100) })
const Move = v.object({ move: v.pipe(v.number(), v.integer()) })
const Access = v.object({ allowed: v.boolean() })
const SignIn = v.object({
  kind: v.optional(ClientKind, 'reader'),
  // The SDK turns an OPENID that is all digits into a number.
  openid: v.optional(
    v.pipe(v.string(), v.regex(/^[\w-]*[A-Za-z_-][\w-]*$/, 'an OPENID is letters, digits, - and _')),
  ),
})
const Invoke = v.object({
  name: v.string(),
  event: v.optional(JsonObject, {}),
  /** Null for a client without an OPENID. */
  openid: v.optional(v.nullable(v.string()), null),
  /** Null for a run from the console. */
  source: v.optional(v.nullable(v.string()), null),
})
const Fire = v.object({
  name: v.string(),
  trigger: v.optional(v.string()),
  overlap: v.optional(v.boolean(), false),
})
const Import = v.object({
  collection: v.pipe(v.string(), v.minLength(1)),
  lines: v.string(),
  upsert: v.optional(v.boolean(), false),
})
const Remove = v.object({ collection: v.string(), ids: v.array(v.string()) })
const Export = v.object({ collection: v.string() })

/** What tests, benchmarks and the command line can ask of a local cloud, in addition to what a real cloud offers. */
export function createCommands(options: CommandOptions): ReadonlyMap<string, Command> {
  const { clock, database, identity, invoke, meter, storage, timers, weather, workers } = options
  return new Map<string, Command>([
    ...options.transfer,
    ['about', () => ({ ...options.about(), pid: process.pid })],
    ['counters', () => meter.counters()],
    [
      'reset-counters',
      () => {
        meter.reset()
        return meter.counters()
      },
    ],
    ['logs', body => meter.latest(v.parse(Limit, body).limit)],
    ['workers', () => workers.counts()],
    ['kill-workers', () => ({ killed: workers.kill() })],
    ['functions', () => listFunctions(options.functionsFolder, () => undefined)],
    ['timers', () => timers.list()],
    ['clock', body => ({ now: clock.move(v.parse(Move, body).move) })],
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
        const { allowed } = v.parse(Access, body)
        options.setUnauthenticatedAccess(allowed)
        return { allowed }
      },
    ],
    [
      'sign-in',
      body => {
        const { kind, openid } = v.parse(SignIn, body)
        const { token, client } = identity.signIn(kind, openid)
        return { token, openid: client.openid }
      },
    ],
    [
      'invoke',
      async body => {
        const { name, event, openid, source } = v.parse(Invoke, body)
        const reply = await invoke({
          functionName: name,
          event: JSON.stringify(event),
          context: { openid, source },
        })
        return { result: JSON.parse(reply) as unknown }
      },
    ],
    [
      'fire',
      async body => {
        const { name, trigger, overlap } = v.parse(Fire, body)
        const reply = await timers.fire(name, { overlap, ...(trigger === undefined ? {} : { trigger }) })
        return { result: JSON.parse(reply) as unknown }
      },
    ],
    ['collections', () => database.collections()],
    [
      'import',
      body => {
        const { collection, lines, upsert } = v.parse(Import, body)
        database.ensureCollection(collection)
        return database.importLines(collection, lines.split('\n'), upsert ? 'upsert' : 'insert')
      },
    ],
    [
      'remove',
      async body => {
        const { collection: collectionName, ids } = v.parse(Remove, body)
        const query = JSON.stringify({ _id: { $in: ids } })
        const options = { collectionName, query, multi: true }
        return (await database.handle('database.removeDocument', options)).response.data
      },
    ],
    ['export', body => ({ lines: [...database.exportLines(v.parse(Export, body).collection)].join('\n') })],
    [
      'reset',
      () => {
        database.reset()
        storage.reset()
        options.deployIndexes()
        return {}
      },
    ],
  ])
}
