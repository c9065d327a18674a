import type { ApiFault, CallEntry, Json } from '../../protocol'
import { asJson, asynchronous, canReportFailure, type Ground, type Wx } from './api'
import { canvasApis } from './canvas'
import { networkApis } from './cloud'
import { deviceApis } from './device'
import { feedbackApis } from './feedback'
import { navigationApis } from './navigation'
import { queryApis } from './query'
import { switchedOff, throwingKeys } from './single-page'
import { storageApis } from './storage'

/** Global events that an app can listen to. */
const events = [
  ...[
    'AppShow',
    'AppHide',
    'Error',
    'UnhandledRejection',
    'PageNotFound',
    'ThemeChange',
    'NetworkStatusChange',
  ],
  ...[
    'MemoryWarning',
    'WindowResize',
    'KeyboardHeightChange',
    'UserCaptureScreen',
    'CopyUrl',
    'NetworkWeakChange',
  ],
] as const
export type WxEvent = (typeof events)[number]

/** Calls that are too frequent to be worth recording. */
const unrecorded = new Set(['nextTick', 'canIUse'])

export interface WxHost {
  wx: Wx
  /** Every name that `wx` offers, members of `wx.cloud` as `cloud.…`. */
  apis: string[]
  emit: (event: WxEvent, value?: unknown) => unknown[]
  listeners: (event: WxEvent) => number
}

/** The global `wx`. It records every call. Unknown APIs are undefined, so a call to one fails with its name. */
export function createWx(ground: Ground): WxHost {
  const listening = new Map<string, ((value: unknown) => unknown)[]>()
  const table: Wx = {
    ...deviceApis(ground),
    ...storageApis(ground),
    ...networkApis(ground),
    ...feedbackApis(ground),
    ...navigationApis(ground),
    ...queryApis(ground),
    ...canvasApis(ground),
    router: { addRouteBuilder() {} },
    worklet: {},
    shareImageMessage: () => undefined,
  }
  table.canIUse = (schema: string) => Object.hasOwn(table, schema.split('.')[0] ?? '')
  for (const event of events) {
    listening.set(event, [])
    table[`on${event}`] = (listener: (value: unknown) => unknown) => listening.get(event)?.push(listener)
    table[`off${event}`] = (listener?: unknown) => {
      const left = listener ? (listening.get(event) ?? []).filter(one => one !== listener) : []
      listening.set(event, left)
    }
  }

  if (ground.boot.enter.apiCategory === 'browseOnly') {
    for (const name of switchedOff) {
      table[name] = asynchronous(name, () => {
        ground.record.violations.push(`wx.${name} is switched off in single-page mode`)
        throw new Error('can not invoke in single page mode')
      })
    }
    for (const key of throwingKeys) delete table[key]
  }

  const wx: Wx = {}
  const cloud: Wx = {}
  const apis: string[] = []
  const offer = (to: Wx, key: string, name: string, value: unknown) => {
    apis.push(name)
    const fault = ground.boot.faults[name]
    if (fault !== 'missing') to[key] = recorded(name, fault ? faulty(name, fault, value) : value, ground)
  }
  for (const [name, value] of Object.entries(table)) if (name !== 'cloud') offer(wx, name, name, value)
  for (const [key, value] of Object.entries(table.cloud as Wx)) offer(cloud, key, `cloud.${key}`, value)
  offer(wx, 'cloud', 'cloud', cloud)
  const unknown = Object.keys(ground.boot.faults).filter(name => !apis.includes(name))
  for (const name of unknown) ground.record.errors.push(`wx.${name} cannot fail: the host does not have it`)
  if (ground.boot.enter.apiCategory === 'browseOnly') {
    for (const key of throwingKeys) {
      Object.defineProperty(wx, key, {
        enumerable: true,
        configurable: true,
        get() {
          throw new Error(`APP-SERVICE-SDK:${key}:fail rejected due to no permission currently`)
        },
      })
    }
  }

  return {
    wx,
    apis,
    emit: (event, value) => (listening.get(event) ?? []).map(listener => listener(value)),
    listeners: event => listening.get(event)?.length ?? 0,
  }
}

function faulty(name: string, fault: Exclude<ApiFault, 'missing'>, api: unknown): unknown {
  if (fault !== 'throws' && canReportFailure(api))
    return asynchronous(name, () => {
      throw new Error(fault === 'refused' ? 'auth deny' : 'the host was told to fail')
    })
  return () => {
    throw new Error(`${name}: the host was told to throw`)
  }
}

function recorded(name: string, value: unknown, ground: Ground): unknown {
  if (typeof value !== 'function' || unrecorded.has(name)) return value
  return (...args: unknown[]) => {
    const entry: CallEntry = { name, args: args.map(asJson) as Json[], at: Date.now() }
    ground.record.calls.push(entry)
    return (value as (...args: unknown[]) => unknown)(...args)
  }
}
