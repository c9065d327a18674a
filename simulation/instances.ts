import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, startFunction } from '../local-cloud/function-runtime.cjs'
import type { InstanceMessage, InstanceThreads } from '../local-cloud/instance-threads'
import { streamOf } from './chance'
import type { FakeRequest } from './fake-request'
import { worldOf } from './machine'
import type { Schedule } from './schedule'

/** One live instance, in this thread. */
export interface SimulatedInstance {
  key: string
  functionName: string
  /** The call it runs now, or its own key. */
  actor: string
  /** Ends it as a crash of its thread does. */
  crash(): void
}

export interface Planted {
  name: string
  apply(functionName: string, text: string): string
}

export interface InstancesOptions {
  seed: number
  schedule: Schedule
  envId: string
  /** Changes the texts of built functions: a planted fault. */
  plant: Planted | null
  /** How far an instance's clock may be off (ms). */
  skew: number
  send(instance: SimulatedInstance, request: FakeRequest): void
  say(line: string): void
  /** An instance takes a call. */
  runs(requestId: string, functionName: string): void
  /** Its code runs no more, whether it has answered or died. */
  ends(requestId: string): void
}

export interface Instances extends InstanceThreads {
  live(): SimulatedInstance[]
}

/** How long a cold start takes (ms). */
const coldStart = { from: 30, to: 200 }

/** Instances with the same plant share one reader, and with it their compiled scripts. */
const readers = new Map<string, (file: string) => string>()

function readerOf({ name, apply }: Planted): (file: string) => string {
  const known = readers.get(name)
  if (known) return known
  const read = (file: string): string => apply(basename(dirname(file)), readFileSync(file, 'utf8'))
  readers.set(name, read)
  return read
}

/** Runs all instances in this thread: takes the place of worker threads in local-cloud/workers.ts. */
export function createInstances(options: InstancesOptions): Instances {
  const { seed, schedule, envId, plant, say } = options
  const live = new Map<string, SimulatedInstance>()
  const fates = streamOf(seed, 'instances')
  let count = 0

  return {
    processors: 4,
    load: () => null,
    live: () => [...live.values()],
    close: () => Promise.resolve(),
    seat(_pool, built, variables, events) {
      count += 1
      const key = `i${count}`
      const chance = streamOf(seed, key)
      const skew = Math.round(fates.between(-options.skew, options.skew))
      const instance: SimulatedInstance = {
        key,
        functionName: built.name,
        actor: key,
        crash() {
          if (!end()) return
          say(`killed ${key} ${built.name}`)
          events.lost(new Error('the instance was killed'))
        },
      }
      const end = (): boolean => {
        schedule.end(key)
        options.ends(instance.actor)
        return live.delete(key)
      }
      const tell = (message: InstanceMessage): void => {
        if (!live.has(key)) return
        if (message.type === 'log') say(`log ${key} ${message.level} ${message.text.slice(0, 400)}`)
        if (message.type === 'done' || message.type === 'failed') {
          options.ends(instance.actor)
          instance.actor = key
        }
        events.heard(message)
      }
      live.set(key, instance)
      let run: ((job: object) => Promise<void>) | undefined
      schedule.post({
        owner: key,
        actor: key,
        label: `start ${built.name}`,
        delay: fates.between(coldStart.from, coldStart.to),
        run() {
          const machine = {
            schedule: () => schedule,
            owner: () => key,
            actor: () => instance.actor,
            chance: () => chance,
            skew: () => skew,
          }
          const world = worldOf(machine, request => options.send(instance, request))
          const { memorySize: memory } = built.config
          const about = { folder: built.folder, functionName: built.name, memory, envId }
          const env = { PATH: '', TZ: 'UTC', ...variables }
          try {
            run = startFunction(about, env, tell, { ...world, ...(plant ? { read: readerOf(plant) } : {}) })
            tell({ type: 'ready' })
          } catch (error) {
            tell({ type: 'broken', error: describe(error) })
          }
        },
      })
      return {
        run(job) {
          const { requestId } = job as { requestId: string }
          instance.actor = requestId
          options.runs(requestId, built.name)
          schedule.post({
            owner: key,
            actor: requestId,
            label: `run ${built.name}`,
            delay: 0,
            run: () => void run?.(job),
          })
        },
        leave: () => void end(),
      }
    },
  }
}
