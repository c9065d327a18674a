import { readFileSync } from 'node:fs'
import { createClock } from '../local-cloud/clock'
import { CloudError } from '../local-cloud/cloud-error'
import { type Database, type IndexDeclaration, openDatabase } from '../local-cloud/database/database'
import { createMeter } from '../local-cloud/meter'
import { createSdkApi, type SdkApi } from '../local-cloud/sdk-api'
import { createWeather } from '../local-cloud/weather'
import { createWorkers } from '../local-cloud/workers'
import { type Chance, streamOf } from './chance'
import { type Disk, openDisk } from './disk'
import type { FakeRequest } from './fake-request'
import { createLuck, type Fault, type Luck } from './faults'
import { createInstances, type SimulatedInstance } from './instances'
import { type Plant, planted } from './plant'
import { createRows, type Rows } from './rows'
import type { Mode, Schedule, SimulatedEvent } from './schedule'

export interface WorldOptions {
  seed: number
  mode: Mode
  schedule: Schedule
  faults: readonly Fault[]
  plant: Plant | null
  functionsFolder: string
  indexesFile: string
  /** Environment variables of the functions. */
  variables: Record<string, string>
  /** An empty folder for the database's files. */
  folder: string
  /** After how many steps `isOver` becomes true. */
  steps: number
}

/** Who calls a function: a reader, an editor in the console, or the timer. */
export interface Caller {
  /** The unit that the schedule gives a priority. */
  actor: string
  openid: string | null
  source: 'wx_client' | 'wx_trigger' | null
}

/** A call as its client sees it. */
export interface Called {
  /** The reply as JSON text. Null without a reply: the call may have been executed, or still be. */
  text: string | null
  sentAt: number
  sentAtStep: number
}

export interface World {
  readonly seed: number
  readonly schedule: Schedule
  readonly luck: Luck
  readonly rows: Rows
  database(): Database
  step(): number
  /** Calls that reached an instance. */
  readonly calls: ReadonlyMap<string, { functionName: string; isRunning: boolean }>
  log: string[]
  problems: string[]
  say(line: string): void
  /** A rule does not hold. */
  problem(text: string): void
  stream(purpose: string): Chance
  /** `owner`: with whom the wait ends; default: nobody. */
  pause(actor: string, ms: number, owner?: string): Promise<void>
  call(caller: Caller, functionName: string, event: object): Promise<Called>
  /** Waits until an instance of a function sends the next request about a collection, and then freezes it (ms). */
  freezeAt(functionName: string, collection: string, ms: number): Promise<void>
  /** Runs one event and what follows from it. */
  run(event: SimulatedEvent, drained: () => Promise<void>): Promise<void>
  /** From now on nothing goes wrong any more. */
  heal(): void
  isHealed(): boolean
  /** Whether the time of faults is over: actors finish what they do. */
  isOver(): boolean
  /** The database's process since its last start. */
  gateway(): string
  /** How often the database has been opened. */
  starts(): number
  close(): void
}

/** How far the clocks of instances and database differ (ms). */
const cloudSkew = 20
/** More than the SDK waits for a reply (ms). */
const tooLate = 2_000
/** How long a client waits for the reply to a call (ms): `patience` in src/cloud/call.ts. */
const patience = 10_000

interface Inside {
  request: FakeRequest
  instance: SimulatedInstance
}

/** The cloud of one run: its database, its instances, and the network between them and clients. */
export function createWorld(options: WorldOptions): World {
  const { seed, mode, schedule, plant } = options
  const luck = createLuck(seed, options.faults)
  const rows = createRows()
  const disk: Disk = openDisk({
    folder: options.folder,
    acknowledgesEarly: plant?.acknowledgesEarly ?? false,
  })
  const declared = JSON.parse(readFileSync(options.indexesFile, 'utf8')) as Record<string, IndexDeclaration[]>
  const start = schedule.now()
  const log: string[] = []
  const problems: string[] = []
  let steps = 0
  let isHealed = false
  let starts = 0
  let requestIds = 0
  let callIds = 0
  let database: Database
  let api: SdkApi
  const inside = new Set<Inside>()
  const calls = new Map<string, { functionName: string; isRunning: boolean }>()
  let watches: { functionName: string; collection: string; meet(instance: SimulatedInstance): void }[] = []
  const meter = createMeter(schedule.now)
  const calm = createWeather()

  const say = (line: string): void =>
    void log.push(`${steps} +${(schedule.now() - start).toFixed(3)} ${line}`)
  const gateway = (): string => `g${starts}`
  const nextRequestId = (): string => {
    requestIds += 1
    return `r${requestIds}`
  }

  const instances = createInstances({
    seed,
    schedule,
    envId: 'local',
    plant: plant ? { name: plant.name, apply: (name, text) => planted(plant, name, text) } : null,
    skew: cloudSkew,
    send,
    say,
    runs: (requestId, functionName) => void calls.set(requestId, { functionName, isRunning: true }),
    ends(requestId) {
      const ended = calls.get(requestId)
      if (ended) ended.isRunning = false
    },
  })
  const workers = createWorkers({
    functionsFolder: options.functionsFolder,
    envId: 'local',
    appId: 'wx0000000000000000',
    adminUrl: key => `http://cloud.local/admin?instance=${key}&`,
    variables: options.variables,
    poolSize: 12,
    ownThreads: 1,
    queueSize: 1_000,
    clockOffset: () => 0,
    meter,
    threads: instances,
    time: {
      now: () => schedule.now() - start,
      after: (ms, act) => timer('timer', ms, act),
      every: (ms, act) => {
        let event = timer('background', ms, fire)
        function fire(): void {
          event = timer('background', ms, fire)
          act()
        }
        return { cancel: () => event.cancel() }
      },
    },
  })

  function timer(kind: 'timer' | 'background', delay: number, run: () => void): { cancel(): void } {
    const event = schedule.post({ kind, owner: 'platform', actor: 'platform', label: 'platform', delay, run })
    return {
      cancel() {
        event.cancelled = true
      },
    }
  }

  function open(): void {
    starts += 1
    const clock = createClock(() => Math.floor(schedule.now()))
    database = openDatabase({ file: null, journal: disk.open(rows.heard), now: clock.now })
    for (const [name, indexes] of Object.entries(declared)) database.ensureCollection(name, indexes)
    disk.forgetLastWrite()
    api = createSdkApi({
      database,
      actions: new Map(),
      openApi: () => Promise.reject(new CloudError('-604101', 'no permission')),
      workers,
      weather: calm,
      meter,
      nextRequestId,
    })
  }

  /** The database's process ends and starts again. Its connections break. */
  function restart(until: number): void {
    say(`restarted with ${inside.size} requests inside`)
    schedule.end(gateway())
    const cut = [...inside]
    inside.clear()
    const old = database
    rows.restart()
    disk.crash(() => old.abandon(), until)
    open()
    for (const { request, instance } of cut) breakOff(request, instance)
  }

  function breakOff(request: FakeRequest, instance: SimulatedInstance): void {
    schedule.post({
      owner: instance.key,
      actor: instance.actor,
      label: 'reset',
      delay: schedule.travel(),
      run: () => request.fail(),
    })
  }

  /** A message is lost: the sender hears of it by a broken connection, or never. */
  function lose(request: FakeRequest, instance: SimulatedInstance): void {
    if (luck.of('lost').hits(0.5)) breakOff(request, instance)
  }

  function send(instance: SimulatedInstance, request: FakeRequest): void {
    const body = request.body.toString()
    const isJson = request.headers['content-type']?.includes('json') === true
    const about = isJson ? (JSON.parse(body) as Record<string, unknown>) : {}
    const action = String(about.action ?? 'multipart').replace('database.', '')
    const isInside = about.transactionId !== undefined
    const what = `${action} ${about.collectionName ?? ''}${isInside ? ' in transaction' : ''}`
    const isLost = luck.strikes('lost') && luck.of('lost').hits(0.5)
    const isDoubled = !isInside && !action.endsWith('Transaction') && luck.strikes('doubled')
    say(`${isLost ? 'request lost' : 'request'} ${instance.key} ${instance.actor} ${what} ${hashOf(body)}`)
    if (isLost) {
      lose(request, instance)
      return
    }
    const { actor, functionName } = instance
    const met = watches.filter(
      watch => watch.functionName === functionName && watch.collection === about.collectionName,
    )
    watches = watches.filter(watch => !met.includes(watch))
    for (const { meet } of met) meet(instance)
    for (const isFirst of isDoubled ? [true, false] : [true])
      schedule.post({
        owner: 'network',
        actor,
        label: `${isFirst ? '' : 'again '}${what}`,
        delay: schedule.travel(),
        run: () => arrive(request, instance, actor, isFirst),
      })
  }

  function arrive(request: FakeRequest, instance: SimulatedInstance, actor: string, isFirst: boolean): void {
    const at = starts
    const one: Inside = { request, instance }
    if (isFirst) inside.add(one)
    const query = new URLSearchParams(request.path.split('?').slice(1).join('?'))
    // What an instance sent before it ended is still executed.
    if (!workers.knows(query.get('instance') ?? '')) query.delete('instance')
    const contentType = request.headers['content-type'] ?? ''
    const { body } = request
    const answering = api.answer({
      query,
      contentType,
      body: () => Promise.resolve(body),
      requestId: nextRequestId(),
      twice: false,
    })
    void answering.then(reply => {
      if (starts !== at || !isFirst) return
      inside.delete(one)
      answer(one, actor, reply)
    })
  }

  function answer({ request, instance }: Inside, actor: string, reply: string | Buffer): void {
    const isLost = luck.strikes('lost') && luck.of('lost').hits(0.5)
    const late = luck.strikes('late') ? tooLate : 0
    const text = reply.toString()
    say(
      `${isLost ? 'reply lost' : late > 0 ? 'reply late' : 'reply'} ${instance.key} ${actor} ${text.slice(0, 200)}`,
    )
    if (isLost) {
      lose(request, instance)
      return
    }
    schedule.post({
      owner: instance.key,
      actor,
      label: 'reply',
      delay: schedule.travel() + late,
      run: () => request.answer(200, { 'content-type': 'application/json; charset=utf-8' }, reply),
    })
  }

  function call(caller: Caller, functionName: string, event: object): Promise<Called> {
    callIds += 1
    const id = `c${callIds}`
    const text = JSON.stringify(event)
    const sentAt = schedule.now()
    const sentAtStep = steps
    say(`call ${id} of ${caller.actor} to ${functionName} ${text.slice(0, 400)}`)
    return new Promise(resolve => {
      const end = (reply: string | null): void => {
        waiting.cancelled = true
        say(`answer ${id} to ${caller.actor} ${reply?.slice(0, 400) ?? 'none'}`)
        resolve({ text: reply, sentAt, sentAtStep })
      }
      const waiting = schedule.post({
        kind: 'timer',
        owner: 'clients',
        actor: caller.actor,
        label: `${id} not answered`,
        delay: patience * (caller.source === 'wx_client' ? 1 : 8),
        run: () => end(null),
      })
      const copies = luck.strikes('repeated') ? [id, `${id}b`] : [id]
      for (const requestId of copies)
        schedule.post({
          owner: 'network',
          actor: requestId,
          label: `call ${functionName}`,
          delay: schedule.travel(),
          run() {
            const { openid, source } = caller
            const invoked = workers.invoke({
              functionName,
              event: text,
              context: { openid, source },
              requestId,
            })
            void invoked
              .catch((error: unknown) => {
                say(`failed ${requestId} ${error instanceof Error ? error.message : String(error)}`)
                return null
              })
              .then(reply => {
                if (luck.strikes('unanswered')) {
                  say(`unanswered ${requestId}`)
                  return
                }
                schedule.post({
                  owner: 'clients',
                  actor: requestId,
                  label: `answer ${functionName}`,
                  delay: schedule.travel(),
                  run: () => {
                    if (!waiting.cancelled) end(reply)
                  },
                })
              })
          },
        })
    })
  }

  function freeze({ key, actor }: SimulatedInstance, ms: number): void {
    say(`frozen ${key} ${actor} ${ms.toFixed(0)} ms`)
    schedule.freeze(key, ms)
  }

  function strike(): void {
    const live = instances.live()
    if (live.length > 0 && luck.strikes('killed')) luck.of('killed').pick(live).crash()
    if (live.length > 0 && luck.strikes('frozen')) {
      const instance = luck.of('frozen').pick(live)
      freeze(instance, luck.of('frozen').between(300, 8_000))
    }
    if (luck.strikes('restarted')) restart(Number.POSITIVE_INFINITY)
  }

  open()
  return {
    seed,
    schedule,
    luck,
    rows,
    calls,
    log,
    problems,
    say,
    stream: purpose => streamOf(seed, purpose),
    database: () => database,
    step: () => steps,
    problem(text) {
      if (problems.length < 20 && !problems.includes(text)) problems.push(text)
      say(`PROBLEM ${text}`)
    },
    pause: (actor, ms, owner = 'clients') =>
      new Promise(resolve => {
        schedule.post({ kind: 'timer', owner, actor, label: 'pause', delay: ms, run: resolve })
      }),
    call,
    freezeAt: (functionName, collection, ms) =>
      new Promise(met => {
        const meet = (instance: SimulatedInstance): void => {
          freeze(instance, ms)
          met()
        }
        watches.push({ functionName, collection, meet })
      }),
    async run(event, drained) {
      // Nobody waits for background work: it happens on the way to something else.
      if (event.kind !== 'background') steps += 1
      say(`${event.kind} ${event.owner} ${event.actor} ${event.label}`)
      event.run()
      const written = disk.lastWrite()
      if (written && luck.strikes('restarted')) {
        // Nobody has heard of the last write yet, so any part of it may be missing.
        const until = Math.floor(luck.of('restarted').between(written.from, written.to))
        say(`torn at byte ${until - written.from} of ${written.to - written.from}`)
        restart(until)
      }
      disk.forgetLastWrite()
      await drained()
      if (isHealed) return
      strike()
      await drained()
    },
    heal() {
      isHealed = true
      luck.heal()
      schedule.thaw()
      say(`healed (${mode})`)
    },
    isHealed: () => isHealed,
    isOver: () => steps >= options.steps,
    gateway,
    starts: () => starts,
    close: () => database.close(),
  }
}

/** FNV-1a, to tell apart what the log does not show in full. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}
