import fs from 'node:fs'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import vm from 'node:vm'
import { bundle } from './bundle'
import type { Cloud } from './cloud-door'
import { answerFetch } from './cloud-door'
import { bootOf, type Card, defaultDevice, momentsScene } from './entry'
import { readProgram } from './program'
import type { ApiFault, Device, Json, LogicRecord, ShareEntry, ToLogic, ToView } from './protocol'

export interface NodeHostOptions {
  /** Folder of a built mini-program. */
  dist: string
  cloud: Cloud
  device?: Partial<Device>
  /** APIs of `wx` that fail, by name. */
  faults?: Record<string, ApiFault>
  storage?: Record<string, string>
}

/** A node of Taro's page data: `nn` is its template, `cl` its class, `cn` its children, `v` its text. */
export interface TreeNode {
  nn: string
  sid?: string
  uid?: string
  cl?: string
  v?: string
  cn?: TreeNode[]
  [attribute: string]: unknown
}

export interface NodeHost {
  /** Cold start by a card. Resolves when the app is idle. */
  open(card: Card): Promise<void>
  /**
   * Runs the app until it is idle: replies arrive, and timers due within `ahead` milliseconds of its fake clock fire in
   * order. It does not wait in real time.
   */
  settle(ahead?: number): Promise<void>
  /** Taps the innermost node with this text or aria-label (up to a space), or the one that a predicate finds. */
  tap(wanted: string | ((node: TreeNode) => boolean)): Promise<void>
  nodes(): Promise<TreeNode[]>
  /** The nodes of the page's current data, under its root. */
  tree(): Promise<TreeNode[]>
  /** The nodes of the page that listen to an event, such as `tap`. */
  listeners(type: string): Promise<TreeNode[]>
  text(): Promise<string>
  record(): Promise<LogicRecord>
  share(kind: ShareEntry['kind']): Promise<ShareEntry>
  back(): Promise<void>
  pullDown(): Promise<void>
  reachBottom(): Promise<void>
  order(name: string, args?: Json): Promise<Json>
  changeDevice(change: Partial<Device>): Promise<void>
  /** Reports an intersection ratio to every intersection observer of a selector. */
  intersect(selector: string, ratio?: number): Promise<void>
  /** Toasts, dialogs and bars that the app asked for. */
  shown(): { name: string; args: Json }[]
  storage(): Record<string, string>
  device(): Device
}

/** The fake clock's time at launch: 2026-11-22 09:00 in Beijing. */
export const launchedAt = Date.UTC(2026, 10, 22, 1, 0, 0)

interface Timer {
  id: number
  due: number
  run: () => void
  every: number | undefined
}

/** A pending cloud call. Its reply arrives `replyAfter` later on the fake clock, however long it really takes. */
interface Flight {
  due: number
  landed: Promise<void>
}

/** Milliseconds of the fake clock between a call and its reply: enough to draw everything that is due at once. */
const replyAfter = 50

interface Running {
  receive(text: string): void
}

/**
 * Runs a built mini-program without a view. The clock advances only when the app's timers fire, and `Math.random` is
 * constant, so every run sends the same bytes.
 */
export async function createNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  const program = readProgram(options.dist)
  const script = await bundle('logic/node-entry.ts')
  const listening = listeningTemplates(options.dist)
  let device: Device = { ...defaultDevice, ...options.device }
  let storage = options.storage ?? {}
  let now = launchedAt
  let nextId = 1
  let timers: Timer[] = []
  let inbox: string[] = []
  let running: Running | undefined
  let shown: { name: string; args: Json }[] = []
  let observed: { page: number; observer: number; selector: string }[] = []
  const flights = new Set<Flight>()
  const orders = new Map<number, { resolve: (value: Json) => void; reject: (error: Error) => void }>()
  let cardScene = 1001
  /** Number of the cold start. Replies to an earlier one are dropped. */
  let launch = 0

  const post = (message: ToLogic) => inbox.push(JSON.stringify(message))

  function receiveFromLogic(text: string): void {
    const message = JSON.parse(text) as ToView
    switch (message.type) {
      case 'open':
        post({ type: 'ready', page: message.page })
        return
      case 'data':
        post({ type: 'applied', ack: message.ack })
        return
      case 'storage':
        storage = message.entries
        return
      case 'do':
        shown.push({ name: message.name, args: message.args })
        return
      case 'ask':
        shown.push({ name: message.name, args: message.args })
        post({ type: 'answered', id: message.id, value: blindAnswer(message.name, message.args) })
        return
      case 'observe': {
        const { selector } = message.args as { selector: string }
        observed.push({ page: message.page, observer: message.observer, selector })
        return
      }
      case 'unobserve':
        observed = observed.filter(one => one.observer !== message.observer)
        return
      case 'fetch': {
        const mine = launch
        const caller = cardScene === momentsScene ? 'guest' : 'reader'
        const due = now + replyAfter
        const landed = answerFetch(options.cloud, caller, message.name, message.args).then(reply => {
          flights.delete(flight)
          const run = () => void post({ ...reply, id: message.id })
          if (mine === launch) timers.push({ id: nextId++, due, run, every: undefined })
        })
        const flight: Flight = { due, landed }
        flights.add(flight)
        return
      }
      case 'replied':
        orders.get(message.id)?.resolve(message.value)
        return
      case 'failed':
        orders.get(message.id)?.reject(new Error(message.message))
        return
    }
  }

  async function settle(ahead = 500): Promise<void> {
    const until = now + ahead
    for (;;) {
      // The app's microtasks run before the next turn begins.
      await nextTurn()
      const message = inbox.shift()
      if (message !== undefined) {
        running?.receive(message)
        continue
      }
      const timer = earliest(timers)
      const flight = earliest([...flights])
      if (flight && !(timer && timer.due < flight.due)) {
        await flight.landed
        continue
      }
      if (!timer || timer.due > until) return
      now = Math.max(now, timer.due)
      if (timer.every === undefined) timers = timers.filter(one => one !== timer)
      else timer.due = now + Math.max(1, timer.every)
      timer.run()
    }
  }

  function createContext(): vm.Context {
    const add = (run: unknown, ms: unknown, rest: unknown[], repeats: boolean): number => {
      const wait = typeof ms === 'number' && ms > 0 ? ms : 0
      const id = nextId++
      const call = () => {
        if (typeof run === 'function') run(...rest)
      }
      timers.push({ id, due: now + wait, run: call, every: repeats ? wait : undefined })
      return id
    }
    const drop = (id: unknown) => {
      timers = timers.filter(timer => timer.id !== id)
    }
    const quiet = () => undefined
    const context = vm.createContext({
      setTimeout: (run: unknown, ms?: unknown, ...rest: unknown[]) => add(run, ms, rest, false),
      setInterval: (run: unknown, ms?: unknown, ...rest: unknown[]) => add(run, ms, rest, true),
      clearTimeout: drop,
      clearInterval: drop,
      console: {
        log: quiet,
        info: quiet,
        warn: quiet,
        error: quiet,
        debug: quiet,
        group: quiet,
        groupEnd: quiet,
      },
      hostNow: () => now,
    })
    vm.runInContext(frozen, context)
    return context
  }

  async function open(card: Card): Promise<void> {
    launch++
    timers = []
    inbox = []
    observed = []
    shown = []
    now = launchedAt
    cardScene = card.scene ?? 1001
    const context = createContext()
    vm.runInContext(script, context, { filename: 'weapp-host/logic.js' })
    const evaluate = (file: string, source: string, scope: Record<string, unknown>) => {
      const run = vm.compileFunction(source, Object.keys(scope), {
        parsingContext: context,
        filename: `${file}.js`,
      })
      run(...Object.values(scope))
    }
    const boot = JSON.stringify(bootOf(program, card, device, storage, options.faults))
    const begin = context.hostStart as (
      boot: string,
      send: (text: string) => void,
      evaluate: unknown,
    ) => Running
    running = begin(boot, receiveFromLogic, evaluate)
    await settle()
  }

  async function order(name: string, args: Json = null): Promise<Json> {
    const id = nextId++
    const reply = new Promise<Json>((resolve, reject) => {
      orders.set(id, { resolve, reject })
    })
    // The caller handles it, but it may reject before the caller awaits it.
    reply.catch(() => undefined)
    post({ type: 'order', id, name, args })
    await settle()
    return reply
  }

  async function tree(): Promise<TreeNode[]> {
    const data = (await order('page-data')) as { root?: { cn?: unknown[] } } | null
    return (data?.root?.cn ?? []) as TreeNode[]
  }

  async function dispatch(type: string, wanted: (node: TreeNode) => boolean, name: string): Promise<void> {
    const found = findPath(await tree(), wanted)
    const target = found[found.length - 1]
    if (!target) throw new Error(`no node on the page is ${name}`)
    const { top } = await record()
    // A tap reaches only nodes whose template binds it. A binding lost in the build must leave the control dead.
    for (const node of [...found].reverse().filter(one => listening.get(one.nn)?.has(type))) {
      const event = {
        type,
        timeStamp: now,
        target: elementOf(target),
        currentTarget: elementOf(node),
        detail: { x: 1, y: 1 },
        touches: [],
        changedTouches: [],
        mark: {},
      } as unknown as Json
      post({ type: 'event', page: top, node: 0, component: '', handler: 'eh', event })
    }
    await settle()
  }

  const record = async () => (await order('record')) as unknown as LogicRecord

  return {
    open,
    settle,
    order,
    record,
    async tap(wanted) {
      const fits = typeof wanted === 'string' ? (node: TreeNode) => isLabelled(node, wanted) : wanted
      await dispatch('tap', fits, typeof wanted === 'string' ? `labelled ${wanted}` : 'the node looked for')
    },
    tree,
    async nodes() {
      return flatten(await tree())
    },
    async listeners(type) {
      return flatten(await tree()).filter(node => listening.get(node.nn)?.has(type))
    },
    async text() {
      return flatten(await tree())
        .map(node => node.v ?? '')
        .join('')
    },
    async share(kind) {
      return (await order('share', { kind })) as unknown as ShareEntry
    },
    async back() {
      await order('back')
    },
    async pullDown() {
      await order('pull-down')
    },
    async reachBottom() {
      post({ type: 'reached-bottom', page: (await record()).top })
      await settle()
    },
    async changeDevice(change) {
      device = { ...device, ...change }
      post({ type: 'device', device })
      await settle()
    },
    async intersect(selector, ratio = 1) {
      for (const one of observed.filter(it => it.selector === selector)) {
        const value = {
          intersectionRatio: ratio,
          boundingClientRect: noRect,
          intersectionRect: noRect,
          time: now,
        }
        post({ type: 'intersected', page: one.page, observer: one.observer, value })
      }
      await settle()
    },
    shown: () => [...shown],
    storage: () => ({ ...storage }),
    device: () => ({ ...device }),
  }
}

/**
 * The events that each of Taro's templates binds, by the name that nodes carry in `nn`. Taro writes its own templates into
 * base.wxml, and those that it compiles for `compileMode` into files of their own.
 */
function listeningTemplates(dist: string): Map<string, Set<string>> {
  const files = fs.readdirSync(dist, { encoding: 'utf8', recursive: true })
  const holding = files.filter(file => file === 'base.wxml' || file.endsWith('-templates.wxml'))
  const templates = holding.map(file => fs.readFileSync(path.join(dist, file), 'utf8')).join('')
  const found = new Map<string, Set<string>>()
  for (const [, name = '', tag = ''] of templates.matchAll(/<template name="tmpl_0_([^"]+)"><([^>]*)/g)) {
    found.set(
      name,
      new Set([...tag.matchAll(/\b(?:bind|catch):?([a-z]+)="eh"/g)].map(([, event = '']) => event)),
    )
  }
  return found
}

const noRect = { left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 }

/** Answers for the view, which does not exist. */
function blindAnswer(name: string, args: Json): Json {
  if (name === 'modal') return { confirm: true, cancel: false }
  if (name === 'action-sheet') return { tapIndex: 0 }
  if (name === 'query') {
    const { asked } = args as { asked: { scope: string }[] }
    return asked.map(({ scope }) =>
      scope === 'all' ? [] : { ...noRect, id: '', dataset: {}, scrollTop: 0, scrollLeft: 0 },
    )
  }
  return {}
}

function earliest<T extends { due: number }>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>((first, one) => (!first || one.due < first.due ? one : first), undefined)
}

function elementOf(node: TreeNode) {
  return { id: node.uid ?? node.sid ?? '', dataset: { sid: node.sid ?? '' }, offsetLeft: 0, offsetTop: 0 }
}

/** Children are under `cn`. Compile mode puts them under numbered keys. */
function childrenOf(node: object): TreeNode[] {
  return Object.values(node).flatMap((value: unknown): TreeNode[] => {
    if (typeof value !== 'object' || value === null) return []
    if (Array.isArray(value)) return value.flatMap(one => (isNode(one) ? [one] : childrenOf(Object(one))))
    return isNode(value) ? [value] : []
  })
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'nn' in value
}

function flatten(nodes: TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...flatten(childrenOf(node))])
}

function findPath(nodes: TreeNode[], wanted: (node: TreeNode) => boolean): TreeNode[] {
  for (const node of nodes) {
    // The innermost match wins, as with a real tap.
    const inner = findPath(childrenOf(node), wanted)
    if (inner.length > 0) return [node, ...inner]
    if (wanted(node)) return [node]
  }
  return []
}

function isLabelled(node: TreeNode, label: string): boolean {
  return Object.values(node).some(
    value => typeof value === 'string' && (value === label || value.startsWith(`${label} `)),
  )
}

/** Fakes time and randomness, and removes what a phone's JavaScript lacks. */
const frozen = `
  const RealDate = Date
  globalThis.Date = class Date extends RealDate {
    constructor (...given) { given.length === 0 ? super(hostNow()) : super(...given) }
    static now () { return hostNow() }
  }
  Math.random = () => 0.5
  delete globalThis.Intl
  delete globalThis.WebAssembly
`
