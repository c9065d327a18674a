import type {
  ComponentShape,
  EnterOptions,
  Json,
  LogicRecord,
  PageBar,
  PageConfig,
  Program,
  ShareEntry,
  ToView,
} from '../protocol'
import { setAt } from './data-path'
import { type ModuleLoader, resolvePath } from './module-loader'
import { utf8Length } from './utf8'

/** The argument of `Page()` or `Component()`. */
export type Definition = Record<string, unknown> & {
  data?: unknown
  methods?: Record<string, unknown>
  properties?: Record<string, unknown>
  options?: Record<string, unknown>
}

/** A page as its own code sees it through `this` and `getCurrentPages()`, with the members of its definition. */
export interface PageInstance {
  route: string
  options: Record<string, string>
  data: Record<string, unknown>
  [member: string]: unknown
}

interface OpenPage {
  id: number
  path: string
  query: Record<string, string>
  instance: PageInstance
  tab: number
}

export interface Pages {
  enter: () => EnterOptions
  topId: () => number
  stack: () => OpenPage[]
  tabBarHeight: () => number
  /** Makes the URL given to an API absolute. Throws WeChat's error if it is not a page. */
  resolve: (url: string) => string
  push: (url: string) => void
  replace: (url: string) => void
  relaunch: (url: string) => void
  switchTab: (url: string, byTap?: boolean) => void
  back: (delta: number) => void
  pullDown: () => void
  observe: (page: number, args: Json, callback: (value: unknown) => void) => number
  unobserve: (page: number, observer: number) => void
}

/** The tab bar's height in CSS pixels, without the safe area. */
const tabBar = 49
/** Maximum number of pages in the stack (WeChat docs, 页面路由). */
const stackLimit = 10

export interface PageHost extends Pages {
  start: (enter: EnterOptions) => void
  exists: (path: string) => boolean
  /** Runs a page's hook. Records what it throws. */
  fire: (page: OpenPage, hook: string, ...args: unknown[]) => unknown
  handle: (page: number, node: number, component: string, handler: string, event: Json) => void
  applied: (ack: number) => void
  ready: (page: number) => void
  byId: (page: number) => OpenPage | undefined
  intersected: (page: number, observer: number, value: Json) => void
  share: (kind: Exclude<ShareEntry['kind'], 'link'>, argument: Record<string, Json>) => Promise<ShareEntry>
}

interface PageGround {
  program: Program
  record: LogicRecord
  modules: ModuleLoader
  send: (message: ToView) => void
  /** Arguments of `Page()` and `Component()` calls, by the calling file. */
  definitions: Map<string, Definition>
  enter: EnterOptions
  themed: (value: string | undefined) => string
}

export function splitUrl(url: string): { path: string; query: Record<string, string> } {
  const [path = '', search = ''] = url.split('?')
  const query: Record<string, string> = {}
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const [key = '', ...rest] = pair.split('=')
    // WeChat passes the query undecoded. The page, or Taro, decodes it.
    query[key] = rest.join('=')
  }
  return { path: path.replace(/^\//, ''), query }
}

/** Functions of a definition and of its `methods`, by name. */
function methodsOf(definition: Definition): Record<string, (...args: unknown[]) => unknown> {
  const found: Record<string, (...args: unknown[]) => unknown> = {}
  for (const [name, value] of Object.entries({ ...definition, ...definition.methods })) {
    if (typeof value === 'function') found[name] = value as (...args: unknown[]) => unknown
  }
  return found
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? {}))

function typeName(type: unknown): string {
  return typeof type === 'function' ? type.name : 'null'
}

function shapeOf(definition: Definition): ComponentShape {
  const properties: ComponentShape['properties'] = {}
  for (const [name, given] of Object.entries(definition.properties ?? {})) {
    const full =
      typeof given === 'object' && given !== null ? (given as { type?: unknown; value?: unknown }) : undefined
    properties[name] = { type: typeName(full ? full.type : given), value: plain(full?.value ?? null) as Json }
  }
  return {
    methods: Object.keys(methodsOf(definition)),
    properties,
    data: plain(definition.data) as Record<string, Json>,
    options: plain(definition.options) as Record<string, Json>,
  }
}

/** The page stack and its lifecycles. Records every `setData`. */
export function createPages(ground: PageGround): PageHost {
  const { program, record, modules, send, definitions } = ground
  const stack: OpenPage[] = []
  /** Tab pages by path: they stay alive while another tab is shown. */
  const tabs = new Map<string, OpenPage>()
  const waiting = new Map<number, () => void>()
  const observers = new Map<number, (value: unknown) => void>()
  let enter = ground.enter
  let nextPage = 1
  let nextAck = 1
  let nextObserver = 1

  const allPages = [
    ...program.app.pages,
    ...program.app.subPackages.flatMap(part =>
      part.pages.map(page => `${part.root.replace(/\/$/, '')}/${page}`),
    ),
  ]
  const tabPaths = (program.app.tabBar?.list ?? []).map(item => item.pagePath)
  const top = () => stack[stack.length - 1]
  const configOf = (path: string): PageConfig => ({ ...program.app.window, ...program.json[path] })

  function fire(page: OpenPage, hook: string, ...args: unknown[]): unknown {
    const run = page.instance[hook]
    if (typeof run !== 'function') return undefined
    try {
      return run.apply(page.instance, args)
    } catch (error) {
      fault(`${page.path} ${hook}`, error)
      return undefined
    }
  }

  function fault(where: string, error: unknown): void {
    record.errors.push(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }

  function barOf(path: string): PageBar {
    const config = configOf(path)
    return {
      title: config.navigationBarTitleText ?? '',
      background: ground.themed(config.navigationBarBackgroundColor) || '#000000',
      text: ground.themed(config.navigationBarTextStyle) || 'white',
    }
  }

  function loadComponents(owner: string, found: Record<string, ComponentShape>): void {
    const used = { ...program.app.usingComponents, ...program.json[owner]?.usingComponents }
    for (const target of Object.values(used)) {
      const path = resolvePath(owner, target)
      if (found[path] || program.scripts[path] === undefined) continue
      modules.load(path)
      const definition = definitions.get(path)
      if (!definition) throw new Error(`${path}.js did not call Component()`)
      found[path] = shapeOf(definition)
      loadComponents(path, found)
    }
  }

  function sendData(page: OpenPage, node: number, payload: unknown, done?: () => void): void {
    const json = JSON.stringify(payload)
    if (json === undefined || typeof payload !== 'object' || payload === null) {
      fault(page.path, new TypeError('setData wants an object'))
      return
    }
    record.data.push({
      page: page.path,
      bytes: utf8Length(json),
      keys: Object.keys(payload),
      json,
      at: Date.now(),
    })
    const ack = nextAck++
    if (done) waiting.set(ack, done)
    send({ type: 'data', page: page.id, node, json, ack })
  }

  function open(url: string): OpenPage {
    const { path, query } = splitUrl(url)
    const id = nextPage++
    modules.loadPackageOf(path)
    const components: Record<string, ComponentShape> = {}
    loadComponents(path, components)
    modules.load(path)
    const definition = definitions.get(path)
    if (!definition) throw new Error(`${path}.js did not call Page()`)

    const instance: PageInstance = {
      route: path,
      options: query,
      data: plain(definition.data) as Record<string, unknown>,
    }
    const page: OpenPage = { id, path, query, instance, tab: tabPaths.indexOf(path) }
    for (const [name, value] of Object.entries({ ...definition, ...methodsOf(definition) })) {
      if (name !== 'data') instance[name] = typeof value === 'function' ? value : plain(value)
    }
    Object.assign(instance, {
      __route__: path,
      is: path,
      getPageId: () => `pageId:${id}`,
      setData(payload: Record<string, unknown>, done?: () => void) {
        for (const [key, value] of Object.entries(payload)) {
          if (value !== undefined) setAt(instance.data, key, plain(value as object))
        }
        sendData(page, 0, payload, done && (() => done.call(instance)))
      },
      selectComponent: () => null,
      selectAllComponents: () => [],
      getTabBar: () => undefined,
    })
    stack.push(page)
    const config = configOf(path)
    send({
      type: 'open',
      page: id,
      path,
      shape: shapeOf(definition),
      components,
      bar: barOf(path),
      tab: page.tab,
      reachBottomDistance: config.onReachBottomDistance ?? 50,
      pullDown: config.enablePullDownRefresh === true,
    })
    fire(page, 'onLoad', { ...query })
    fire(page, 'onShow')
    return page
  }

  function close(page: OpenPage): void {
    fire(page, 'onUnload')
    tabs.delete(page.path)
    send({ type: 'close', page: page.id })
  }

  function hideTop(): void {
    const page = top()
    if (!page) return
    fire(page, 'onHide')
    send({ type: 'hide', page: page.id })
  }

  function showTop(): void {
    const page = top()
    if (!page) return
    send({ type: 'show', page: page.id })
    fire(page, 'onShow')
  }

  function closeAll(): void {
    for (const page of [...stack.splice(0), ...tabs.values()]
      .filter((one, i, all) => all.indexOf(one) === i)
      .reverse()) {
      close(page)
    }
  }

  function openTab(path: string): void {
    const page = open(path)
    tabs.set(path, page)
  }

  const pages: PageHost = {
    enter: () => enter,
    topId: () => top()?.id ?? 0,
    stack: () => [...stack],
    tabBarHeight: () => ((top()?.tab ?? -1) >= 0 && enter.apiCategory !== 'browseOnly' ? tabBar : 0),
    byId: id => [...stack, ...tabs.values()].find(page => page.id === id),
    fire,

    resolve(url) {
      const [path = '', search] = url.split('?')
      const target = path.startsWith('/') ? path.slice(1) : resolvePath(top()?.path ?? '', path)
      if (!allPages.includes(target)) throw new Error(`page "${target}" is not found`)
      return search === undefined ? target : `${target}?${search}`
    },
    push(url) {
      if (tabPaths.includes(splitUrl(url).path)) throw new Error('can not navigateTo a tabbar page')
      if (stack.length >= stackLimit) throw new Error('webview count limit exceed')
      hideTop()
      open(url)
    },
    replace(url) {
      if (tabPaths.includes(splitUrl(url).path)) throw new Error('can not redirectTo a tabbar page')
      const page = stack.pop()
      if (page) close(page)
      open(url)
    },
    relaunch(url) {
      closeAll()
      const { path } = splitUrl(url)
      if (tabPaths.includes(path)) tabs.set(path, open(url))
      else open(url)
    },
    switchTab(url, byTap = false) {
      const { path, query } = splitUrl(url)
      if (!tabPaths.includes(path)) throw new Error('can not switch to no-tabBar page')
      if (Object.keys(query).length > 0) throw new Error('url of switchTab takes no query')
      const index = tabPaths.indexOf(path)
      if (top()?.path !== path) {
        hideTop()
        // Pages that are not tabs close.
        for (const page of stack.splice(0).reverse()) if (page.tab < 0) close(page)
        const retained = tabs.get(path)
        if (retained) {
          stack.push(retained)
          showTop()
        } else {
          openTab(path)
        }
      }
      const page = top()
      const text = program.app.tabBar?.list[index]?.text ?? ''
      if (byTap && page) fire(page, 'onTabItemTap', { index: String(index), pagePath: path, text })
    },
    back(delta) {
      const closing = Math.min(Math.max(0, delta), stack.length - 1)
      if (closing === 0) return
      for (let i = 0; i < closing; i++) {
        const page = stack.pop()
        if (page) close(page)
      }
      showTop()
    },
    pullDown() {
      const page = top()
      if (page) fire(page, 'onPullDownRefresh')
    },
    observe(page, args, callback) {
      const observer = nextObserver++
      observers.set(observer, callback)
      send({ type: 'observe', page, observer, args })
      return observer
    },
    unobserve(page, observer) {
      observers.delete(observer)
      send({ type: 'unobserve', page, observer })
    },
    intersected(_page, observer, value) {
      observers.get(observer)?.(value)
    },

    start(entered) {
      enter = entered
      const search = Object.entries(entered.query)
        .map(([key, value]) => `${key}=${value}`)
        .join('&')
      pages.relaunch(search ? `${entered.path}?${search}` : entered.path)
    },
    exists: path => allPages.includes(path),

    handle(id, node, component, handler, event) {
      const page = pages.byId(id)
      // A page may close while an event for it is in flight.
      if (!page) return
      try {
        if (component === '') {
          const run = page.instance[handler]
          if (typeof run === 'function') run.call(page.instance, event)
          else fault(page.path, new Error(`does not have a method "${handler}" to handle an event`))
          return
        }
        const definition = definitions.get(component)
        const run = definition && methodsOf(definition)[handler]
        const self = { is: component, data: {}, setData: (payload: unknown) => sendData(page, node, payload) }
        if (run) run.call(self, event)
        else fault(component, new Error(`does not have a method "${handler}" to handle an event`))
      } catch (error) {
        fault(`${page.path} ${handler}`, error)
      }
    },
    applied(ack) {
      const done = waiting.get(ack)
      waiting.delete(ack)
      done?.()
    },
    ready(id) {
      const page = pages.byId(id)
      if (page) fire(page, 'onReady')
    },

    async share(kind, argument) {
      const page = top()
      if (!page) throw new Error('no page to share')
      const hook =
        kind === 'friend' ? 'onShareAppMessage' : kind === 'moments' ? 'onShareTimeline' : 'onAddToFavorites'
      // The menu has no entry without a handler. Moments needs both handlers.
      const needed = kind === 'moments' ? ['onShareAppMessage', hook] : [hook]
      for (const name of needed) {
        if (typeof page.instance[name] !== 'function') throw new Error(`${page.path} does not define ${name}`)
      }
      const given = (fire(page, hook, argument) ?? {}) as Record<string, unknown>
      const { promise, ...values } = given
      const late = await lateShare(promise)
      const entry: ShareEntry = {
        kind,
        from: argument.from === 'button' ? 'button' : 'menu',
        page: page.path,
        result: plain({ ...values, ...late }) as Json,
      }
      record.shares.push(entry)
      return entry
    },
  }
  return pages
}

/** WeChat waits three seconds for `promise` and then uses the synchronous values (开放能力/转发). */
async function lateShare(promise: unknown): Promise<object> {
  if (typeof promise !== 'object' || promise === null || !('then' in promise)) return {}
  const patience = new Promise<object>(resolve => setTimeout(() => resolve({}), 3000))
  return Promise.race([Promise.resolve(promise as PromiseLike<object>), patience]).catch(() => ({}))
}
