import type {
  Boot,
  Device,
  EnterOptions,
  Json,
  LogicRecord,
  Port,
  ShareEntry,
  ToLogic,
  ToView,
} from '../protocol'
import { createModuleLoader, type Evaluate } from './module-loader'
import { createPages, type Definition } from './pages'
import { ApiFailure, type Canvases } from './wx/api'
import { createWx } from './wx/create-wx'

export interface LogicOptions {
  evaluate: Evaluate
  port: Port
  canvases: Canvases
}

export interface Logic {
  /** Evaluates app.js and opens the first page. Throws what app.js throws. */
  start(): void
  receive(text: string): void
  record: LogicRecord
  /** Records an error that nobody caught, and reports it to `wx.onError`. */
  fault(message: string): void
}

/** The logic half: runs the mini-program's code with WeChat's globals and keeps the page stack. */
export function createLogic(boot: Boot, { evaluate, port, canvases }: LogicOptions): Logic {
  const { program } = boot
  let device: Device = boot.device
  const record: LogicRecord = {
    data: [],
    calls: [],
    shares: [],
    violations: [],
    errors: [],
    stack: [],
    top: 0,
    modules: [],
    apis: [],
  }
  const definitions = new Map<string, Definition>()
  const answers = new Map<number, { resolve: (value: Json) => void; reject: (error: Error) => void }>()
  let nextId = 1
  let app: Record<string, unknown> = {}

  const send = (message: ToView) => port.send(JSON.stringify(message))
  const awaited = (id: number) =>
    new Promise<Json>((resolve, reject) => {
      answers.set(id, { resolve, reject })
    })
  const define = (definition: Definition) => {
    definitions.set(modules.current(), definition)
  }
  const defineApp = (definition: Record<string, unknown>) => {
    app = definition
  }
  const asGiven = (definition: unknown) => definition
  const scope: Record<string, unknown> = {
    App: defineApp,
    Page: define,
    Component: define,
    Behavior: asGiven,
    getApp: () => app,
    getCurrentPages: () => pages.stack().map(page => page.instance),
    __wxConfig: {},
    global: {},
  }
  const modules = createModuleLoader(program.scripts, program.app, scope, evaluate)
  const themed = (value: string | undefined) =>
    value?.startsWith('@') ? (program.app.theme?.[device.theme]?.[value.slice(1)] ?? value) : (value ?? '')
  const pages = createPages({ program, record, modules, send, definitions, enter: boot.enter, themed })
  const host = createWx({
    boot,
    record,
    pages,
    canvases,
    device: () => device,
    timers: { setTimeout },
    ask(name, args) {
      const id = nextId++
      send({ type: 'ask', id, name, page: pages.topId(), args })
      return awaited(id)
    },
    tell: (name, args) => send({ type: 'do', name, args }),
    fetch(name, args) {
      const id = nextId++
      send({ type: 'fetch', id, name, args })
      return { reply: awaited(id), abort: () => send({ type: 'abort', id }) }
    },
    saveStorage: entries => send({ type: 'storage', entries }),
  })
  scope.wx = host.wx
  record.apis = host.apis

  function fault(message: string): void {
    record.errors.push(message)
    host.emit('Error', { message })
  }

  function callApp(hook: string, argument: unknown): void {
    const run = app[hook]
    if (typeof run !== 'function') return
    try {
      run.call(app, argument)
    } catch (error) {
      fault(`app ${hook}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }

  /** Opens the page that a card names. If it does not exist, the app decides (WeChat docs, onPageNotFound). */
  function openEntry(enter: EnterOptions): void {
    if (pages.exists(enter.path)) {
      pages.start(enter)
      return
    }
    const lost = { path: enter.path, query: enter.query, isEntryPage: true }
    if (typeof app.onPageNotFound !== 'function' && host.listeners('PageNotFound') === 0)
      fault(`page "${enter.path}" is not found`)
    callApp('onPageNotFound', lost)
    host.emit('PageNotFound', lost)
  }

  function changeDevice(next: Device): void {
    const before = device
    device = next
    if (before.theme !== next.theme) {
      callApp('onThemeChange', { theme: next.theme })
      host.emit('ThemeChange', { theme: next.theme })
    }
    if (before.online !== next.online || before.networkType !== next.networkType) {
      const networkType = next.online ? next.networkType : 'none'
      host.emit('NetworkStatusChange', { isConnected: next.online, networkType })
    }
    if (before.width !== next.width || before.height !== next.height) {
      const size = { size: { windowWidth: next.width, windowHeight: next.height } }
      host.emit('WindowResize', size)
      for (const page of pages.stack()) pages.fire(page, 'onResize', size)
    }
  }

  /** 复制链接 of the menu: WeChat asks the last listener for the link's query (WeChat docs, wx.onCopyUrl). */
  function copyLink(): ShareEntry {
    const page = pages.stack().at(-1)?.path ?? ''
    if (host.listeners('CopyUrl') === 0) throw new Error(`${page} does not listen to CopyUrl`)
    const entry: ShareEntry = {
      kind: 'link',
      from: 'menu',
      page,
      result: host.emit('CopyUrl').at(-1) as Json,
    }
    record.shares.push(entry)
    return entry
  }

  /** Carries out an order of the driver and resolves with its result. */
  async function order(name: string, args: Json): Promise<Json> {
    const given = (typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {}) as Record<
      string,
      Json
    >
    switch (name) {
      case 'record': {
        const whole = {
          ...record,
          stack: pages.stack().map(({ path, query }) => ({ path, query })),
          modules: modules.evaluated(),
          top: pages.topId(),
        } as unknown as Record<string, Json>
        // The updates of a long story have megabytes, and most questions are about one part.
        const { part } = given
        return typeof part === 'string' ? (whole[part] ?? null) : whole
      }
      case 'share':
        return (given.kind === 'link'
          ? copyLink()
          : await pages.share(given.kind as 'friend', { from: 'menu' })) as unknown as Json
      case 'back':
        if (boot.enter.apiCategory === 'browseOnly')
          throw new Error('single-page mode has nowhere to go back to')
        pages.back(1)
        return null
      case 'pull-down':
        pages.pullDown()
        return null
      case 'enter': {
        const enter = given as unknown as EnterOptions
        callApp('onHide', undefined)
        host.emit('AppHide')
        callApp('onShow', enter)
        host.emit('AppShow', enter)
        openEntry(enter)
        return null
      }
      case 'hide':
        for (const page of pages.stack().slice(-1)) {
          pages.fire(page, 'onHide')
          pages.fire(page, 'onSaveExitState')
        }
        callApp('onHide', undefined)
        host.emit('AppHide')
        return null
      case 'show':
        callApp('onShow', boot.enter)
        host.emit('AppShow', boot.enter)
        for (const page of pages.stack().slice(-1)) pages.fire(page, 'onShow')
        return null
      case 'page-data':
        return JSON.parse(JSON.stringify(pages.stack().slice(-1)[0]?.instance.data ?? null))
      case 'handlers':
        return Object.entries(pages.stack().slice(-1)[0]?.instance ?? {})
          .filter(([, value]) => typeof value === 'function')
          .map(([key]) => key)
      default:
        throw new Error(`the logic half knows no order ${name}`)
    }
  }

  function receive(text: string): void {
    const message = JSON.parse(text) as ToLogic
    switch (message.type) {
      case 'event':
        pages.handle(message.page, message.node, message.component, message.handler, message.event)
        return
      case 'applied':
        pages.applied(message.ack)
        return
      case 'ready':
        pages.ready(message.page)
        return
      case 'scrolled': {
        const page = pages.byId(message.page)
        if (page) pages.fire(page, 'onPageScroll', { scrollTop: message.scrollTop })
        return
      }
      case 'reached-bottom': {
        const page = pages.byId(message.page)
        if (page) pages.fire(page, 'onReachBottom')
        return
      }
      case 'pulled-down':
        pages.pullDown()
        return
      case 'answered':
        answers.get(message.id)?.resolve(message.value)
        answers.delete(message.id)
        return
      case 'refused':
        answers.get(message.id)?.reject(new ApiFailure(message.message, message.code))
        answers.delete(message.id)
        return
      case 'intersected':
        pages.intersected(message.page, message.observer, message.value)
        return
      case 'device':
        changeDevice(message.device)
        return
      case 'shared-by-button':
        pages.share('friend', { from: 'button', target: message.target }).catch(error => fault(String(error)))
        return
      case 'tab': {
        const item = program.app.tabBar?.list[message.index]
        if (item) pages.switchTab(item.pagePath, true)
        return
      }
      case 'fault':
        fault(message.message)
        return
      case 'order': {
        const { id } = message
        order(message.name, message.args).then(
          value => send({ type: 'replied', id, value }),
          error =>
            send({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) }),
        )
      }
    }
  }

  function start(): void {
    modules.load('app')
    callApp('onLaunch', boot.enter)
    callApp('onShow', boot.enter)
    openEntry(boot.enter)
  }

  return { start, receive, record, fault }
}
