import { componentsOff } from '../logic/wx/single-page'
import type { Boot, ComponentShape, Json, Program, ToLogic, ToView } from '../protocol'
import type { Sheets } from '../site'
import { baseCss } from './base-css'
import { createBuiltins, plainComponents } from './builtins'
import {
  type Component,
  createFramework,
  type Definition,
  type Framework,
  type FrameworkEvent,
  plainEvent,
} from './framework'
import { createPhone, type Phone } from './phone'
import { answerQuery, observe } from './queries'

declare global {
  interface Window {
    templates: Record<string, unknown>
    sheets: Sheets
    program: Program
    host: ViewHost
  }
}

/** The functions that the driver calls in the window. */
export interface ViewHost {
  /** Starts the app. The page has loaded its program, which a cold start would send slowly. */
  start(boot: Omit<Boot, 'program'>): void
  order(name: string, args: Json): Promise<Json>
  send(message: ToLogic): void
  storage(): Record<string, string>
  violations(): string[]
  /** Resolves at the next message or change of the page, at the latest after `ms` milliseconds. */
  activity(ms: number): Promise<void>
  /** Resolves once no message has crossed and no call has been pending for `ms` milliseconds. */
  quiet(ms: number): Promise<void>
  nodes(): { count: number; depth: number }
  canPullDown(): boolean
}

interface PageView {
  id: number
  path: string
  frame: HTMLElement
  scroller: HTMLElement
  component: Component
  release: () => void
  tab: number
  pullDown: boolean
  scrollTop: number
  bar: { title: string; background: string; text: string }
  /** Custom components by ID, for data that is meant for one of them. */
  observers: Map<number, () => void>
}

const typeOf: Record<string, unknown> = { String, Number, Boolean, Object, Array, null: null }

function createView(boot: Boot): ViewHost {
  const { program } = boot
  let { device } = boot
  const singlePage = boot.enter.apiCategory === 'browseOnly'
  const worker = new Worker('/logic.js')
  const pages = new Map<number, PageView>()
  const files = new Map<string, string>()
  const violations: string[] = []
  const orders = new Map<number, { resolve: (value: Json) => void; reject: (error: Error) => void }>()
  const aborted = new Set<number>()
  let storage = boot.storage
  let top: PageView | undefined
  let nextOrder = 1
  let underway = 0
  let lastCrossing = performance.now()
  const wake: (() => void)[] = []

  function stirred(): void {
    lastCrossing = performance.now()
    for (const run of wake.splice(0)) run()
  }
  const send = (message: ToLogic) => {
    stirred()
    worker.postMessage(JSON.stringify(message))
  }
  const fault = (message: string) => send({ type: 'fault', message })
  const themed = (value: string | undefined) =>
    value?.startsWith('@') ? (program.app.theme?.[device.theme]?.[value.slice(1)] ?? '') : (value ?? '')

  function barColours(path: string): { background: string; text: string } {
    const config = { ...program.app.window, ...program.json[path] }
    return {
      background: themed(config.navigationBarBackgroundColor) || '#000000',
      text: themed(config.navigationBarTextStyle) || 'white',
    }
  }

  /**
   * Whether the bar of single-page mode covers the top of a page. Without a setting it does if the page has a bar of its
   * own (WeChat docs, 全局配置, singlePage).
   */
  function isUnderBar(path: string): boolean {
    const { navigationStyle, singlePage: single } = { ...program.app.window, ...program.json[path] }
    const fit = single?.navigationBarFit ?? (navigationStyle === 'custom' ? 'float' : 'squeezed')
    return singlePage && fit === 'float'
  }

  function address(source: string): string {
    if (source === '') return ''
    if (source.startsWith('cloud://')) return `/cloud-file?id=${encodeURIComponent(source)}`
    if (source.startsWith('wxfile://')) return files.get(source) ?? ''
    if (/^(https?:|data:|blob:)/.test(source)) return source
    return new URL(source, `${location.origin}/${top?.path ?? ''}`).pathname
  }

  const phone: Phone = createPhone({
    singlePage,
    tabBar: program.app.tabBar,
    theme: () => device.theme,
    themed,
    onTab: index => send({ type: 'tab', index }),
  })
  const builtins = createBuiltins({
    singlePage,
    address,
    violation: words => violations.push(words),
    share: target =>
      top && send({ type: 'shared-by-button', page: top.id, target: target as unknown as Json }),
  })
  const ownComponents = [program.app, ...Object.values(program.json)].flatMap(config =>
    Object.keys(config.usingComponents ?? {}),
  )
  const known = new Set([...Object.keys(builtins), ...plainComponents, ...ownComponents])
  const framework: Framework = createFramework(
    window.templates,
    tag => {
      if (singlePage && componentsOff.includes(tag))
        violations.push(`<${tag}> is switched off in single-page mode`)
      // As a plain element it would look right here and behave differently on a phone.
      else if (!known.has(tag)) fault(`the host does not know <${tag}>`)
    },
    fault,
  )
  addStyles(framework)
  defineBuiltins(framework, builtins)

  /** Defines a page or component in the view. Its handlers only forward events to the logic half. */
  const defined = new Set<string>()
  function define(path: string, shape: ComponentShape, kind: 'Page' | 'Component'): void {
    if (defined.has(path)) return
    defined.add(path)
    const config = program.json[path] ?? {}
    const using: Record<string, string> = {}
    for (const [name, target] of Object.entries({
      ...program.app.usingComponents,
      ...config.usingComponents,
    })) {
      using[name] = target.startsWith('/') ? target : new URL(target, `http://host/${path}`).pathname
    }
    framework.space.addComponentStaticConfig(path, {
      ...config,
      usingComponents: using,
      component: kind === 'Component',
      styleIsolation: config.styleIsolation ?? (kind === 'Page' ? 'shared' : 'isolated'),
    })
    const sheet = window.sheets.own[path]
    if (sheet) framework.space.addStyleSheet(path, `/${path}`, sheet.scope)
    const methods: Record<string, (this: Component, event: never) => void> = {}
    for (const handler of shape.methods) {
      methods[handler] = function (this: Component, event: never) {
        const owner = pageOf(this)
        if (!owner) return
        send({
          type: 'event',
          page: owner,
          node: 0,
          component: kind === 'Page' ? '' : path,
          handler,
          event: plainEvent(event as FrameworkEvent) as Json,
        })
      }
    }
    const properties = Object.fromEntries(
      Object.entries(shape.properties).map(([name, { type, value }]) => [
        name,
        { type: typeOf[type], value },
      ]),
    )
    framework.space.componentEnv(path, env => {
      if (kind === 'Page') env.Page({ data: shape.data, ...methods })
      else
        env.Component({ options: shape.options, properties, data: shape.data, methods } satisfies Definition)
    })
  }

  function pageOf(component: Component): number | undefined {
    const frame = component._$.getBackendElement().closest<HTMLElement>('.host-frame')
    return frame ? Number(frame.dataset.page) : undefined
  }

  function open(message: Extract<ToView, { type: 'open' }>): void {
    for (const [path, shape] of Object.entries(message.components)) define(path, shape, 'Component')
    define(message.path, message.shape, 'Page')
    const frame = document.createElement('div')
    frame.className = 'host-frame'
    frame.dataset.page = String(message.page)
    if (isUnderBar(message.path)) frame.style.top = '0'
    const scroller = document.createElement('wx-page')
    scroller.dataset.route = message.path
    const pull = document.createElement('div')
    pull.className = 'host-pull'
    pull.textContent = '正在刷新'
    frame.append(scroller, pull)
    document.body.append(frame)
    const placeholder = document.createElement('div')
    scroller.append(placeholder)
    const root = framework.backend.createRoot('wx-page-body', framework.space, message.path)
    const page: PageView = {
      id: message.page,
      path: message.path,
      frame,
      scroller,
      component: root.get(),
      release: () => root.release(),
      tab: message.tab,
      pullDown: message.pullDown,
      bar: message.bar,
      scrollTop: 0,
      observers: new Map(),
    }
    pages.set(page.id, page)
    top = page
    phone.showBar(page.bar)
    phone.showTabs(page.tab)
    root.attach(scroller, placeholder)
    watchScroll(page, message.reachBottomDistance, message.shape.methods.includes('onPageScroll'))
    requestAnimationFrame(() => send({ type: 'ready', page: page.id }))
  }

  function watchScroll(page: PageView, distance: number, wanted: boolean): void {
    // Once for each height: a list that has grown has a new bottom, even if the reader did not scroll in between.
    let reached = -1
    page.scroller.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = page.scroller
      if (page.frame.dataset.hidden === undefined) page.scrollTop = scrollTop
      if (wanted) send({ type: 'scrolled', page: page.id, scrollTop })
      const near = scrollHeight - scrollTop - clientHeight <= distance
      if (near && reached !== scrollHeight) send({ type: 'reached-bottom', page: page.id })
      reached = near ? scrollHeight : -1
    })
  }

  function setData(page: PageView, json: string, ack: number): void {
    page.component.setData(JSON.parse(json) as Record<string, unknown>)
    send({ type: 'applied', ack })
  }

  async function network(id: number, name: string, args: Json): Promise<void> {
    underway++
    try {
      const reply = await fetch('/network', {
        method: 'POST',
        body: JSON.stringify({ caller: singlePage ? 'guest' : 'reader', name, args }),
      })
      const answer = (await reply.json()) as
        | { type: 'answered'; value: Json }
        | { type: 'refused'; message: string }
      send(aborted.has(id) ? { type: 'refused', id, message: 'abort' } : { ...answer, id })
    } catch (error) {
      send({ type: 'refused', id, message: String(error) })
    } finally {
      underway--
    }
  }

  async function answer(name: string, pageId: number, args: Json): Promise<Json> {
    const page = pages.get(pageId) ?? top
    if (name === 'query' && page) {
      const { asked } = args as unknown as { asked: Parameters<typeof answerQuery>[2] }
      return answerQuery(page.frame, page.scroller, asked)
    }
    if (name === 'image-info') {
      const img = new Image()
      img.src = address((args as { src: string }).src)
      await img.decode()
      return {
        width: img.naturalWidth,
        height: img.naturalHeight,
        path: img.src,
        type: 'unknown',
        orientation: 'up',
      }
    }
    return phone.ask(name, args)
  }

  function run(name: string, args: Json): void {
    const given = (typeof args === 'object' && args !== null ? args : {}) as Record<string, Json>
    if (name === 'pull-down-off') top?.frame.removeAttribute('data-pulling')
    else if (name === 'scroll' && top) {
      const target =
        typeof given.selector === 'string'
          ? top.scroller.querySelector<HTMLElement>(given.selector)
          : undefined
      const goal = target
        ? target.getBoundingClientRect().top -
          top.frame.getBoundingClientRect().top +
          top.scroller.scrollTop +
          Number(given.offsetTop ?? 0)
        : Number(given.scrollTop ?? 0)
      top.scroller.scrollTop = goal
    } else if (name === 'preview') {
      phone.run(name, {
        current: address(String(given.current ?? '')),
        urls: Array.isArray(given.urls) ? given.urls.map(url => address(String(url))) : [],
      })
    } else {
      if (name === 'bar' && top && typeof given.title === 'string') top.bar.title = given.title
      phone.run(name, args)
      if (name.startsWith('tab-') && top) phone.showTabs(top.tab)
    }
  }

  function receive(message: ToView): void {
    const page = 'page' in message ? pages.get(message.page) : undefined
    switch (message.type) {
      case 'open':
        open(message)
        return
      case 'data':
        // A page may close while data for it is in flight.
        if (page) setData(page, message.json, message.ack)
        return
      case 'hide':
        if (page) page.frame.dataset.hidden = ''
        return
      case 'show':
        if (!page) return
        top = page
        delete page.frame.dataset.hidden
        page.scroller.scrollTop = page.scrollTop
        phone.showBar(page.bar)
        phone.showTabs(page.tab)
        return
      case 'close':
        for (const stop of page?.observers.values() ?? []) stop()
        page?.release()
        page?.frame.remove()
        pages.delete(message.page)
        return
      case 'storage':
        storage = message.entries
        return
      case 'do':
        run(message.name, message.args)
        return
      case 'ask':
        answer(message.name, message.page, message.args).then(
          value => send({ type: 'answered', id: message.id, value }),
          error => send({ type: 'refused', id: message.id, message: String(error) }),
        )
        return
      case 'fetch':
        void network(message.id, message.name, message.args)
        return
      case 'abort':
        aborted.add(message.id)
        return
      case 'observe': {
        if (!page) return
        const { observer } = message
        const wanted = message.args as unknown as Parameters<typeof observe>[1]
        page.observers.set(
          observer,
          observe(page.scroller, wanted, value =>
            send({ type: 'intersected', page: page.id, observer, value }),
          ),
        )
        return
      }
      case 'unobserve':
        page?.observers.get(message.observer)?.()
        return
      case 'replied':
        orders.get(message.id)?.resolve(message.value)
        return
      case 'failed':
        orders.get(message.id)?.reject(new Error(message.message))
    }
  }

  worker.addEventListener('error', event => violations.push(`the worker failed: ${event.message}`))
  worker.addEventListener('message', (event: MessageEvent) => {
    stirred()
    const data: unknown = event.data
    if (typeof data === 'string') {
      receive(JSON.parse(data) as ToView)
      return
    }
    if (typeof data !== 'object' || data === null) return
    if ('blob' in data && 'file' in data) files.set(String(data.file), URL.createObjectURL(data.blob as Blob))
    if ('canvasId' in data) giveCanvas(data as { canvasId: number; page: number; selector: string })
  })

  function giveCanvas({
    canvasId,
    page,
    selector,
  }: {
    canvasId: number
    page: number
    selector: string
  }): void {
    const host = (pages.get(page) ?? top)?.scroller.querySelector(selector)
    const canvas = host?.querySelector('canvas')?.transferControlToOffscreen() ?? null
    worker.postMessage({ canvasId, canvas }, canvas ? [canvas] : [])
  }

  new MutationObserver(stirred).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
  worker.postMessage({ boot })

  return {
    start() {
      throw new Error('started already')
    },
    send(message) {
      if (message.type === 'device') ({ device } = message)
      if (message.type === 'pulled-down' && top) top.frame.dataset.pulling = ''
      send(message)
      if (message.type !== 'device' || !top) return
      // Colours of theme.json follow the system immediately.
      for (const page of pages.values()) page.bar = { ...page.bar, ...barColours(page.path) }
      phone.showBar(top.bar)
      phone.showTabs(top.tab)
    },
    order(name, args) {
      const id = nextOrder++
      const reply = new Promise<Json>((resolve, reject) => {
        orders.set(id, { resolve, reject })
      })
      worker.postMessage(JSON.stringify({ type: 'order', id, name, args } satisfies ToLogic))
      return reply
    },
    storage: () => storage,
    violations: () => violations,
    activity: ms =>
      new Promise(resolve => {
        wake.push(resolve)
        setTimeout(resolve, ms)
      }),
    quiet: ms =>
      new Promise(resolve => {
        const look = () => {
          const rested = performance.now() - lastCrossing
          if (underway === 0 && rested >= ms) resolve()
          else setTimeout(look, Math.max(5, ms - rested))
        }
        look()
      }),
    nodes: () => countNodes(top?.scroller),
    canPullDown: () => top?.pullDown === true,
  }
}

/** Counts elements as WeChat's audit does: from wx-page down, without text and the browser's inner elements. */
function countNodes(page: HTMLElement | undefined): { count: number; depth: number } {
  let count = 0
  let depth = 0
  const walk = (element: Element, level: number): void => {
    const own = element.tagName.startsWith('WX-') && element.tagName !== 'WX-PAGE-BODY'
    if (own) {
      count++
      depth = Math.max(depth, level)
    }
    for (const child of Array.from(element.children)) walk(child, own ? level + 1 : level)
  }
  if (page) walk(page, 1)
  return { count, depth }
}

function addStyles({ backend }: Framework): void {
  const add = (css: string) => {
    const style = document.createElement('style')
    style.textContent = css
    document.head.append(style)
  }
  add(baseCss)
  add(window.sheets.app)
  for (const [path, { css }] of Object.entries(window.sheets.own)) {
    add(css)
    backend.registerStyleSheetContent(`/${path}`, '')
  }
  // Inline styles contain rpx and vh too.
  const plain = Element.prototype.setAttribute
  Element.prototype.setAttribute = function (name: string, value: string) {
    const known =
      name === 'style' && typeof value === 'string'
        ? value
            .replace(/(-?[\d.]+)rpx/g, 'calc($1 * var(--rpx))')
            .replace(/(-?[\d.]+)vh\b/g, 'calc($1 * var(--vh))')
            .replace(/(?:env|constant)\(safe-area-inset-(\w+)\)/g, 'var(--safe-$1)')
        : value
    // The framework writes `true` as an empty attribute. WeChat tells a screen reader "true".
    plain.call(this, name, known === '' && name.startsWith('aria-') ? 'true' : known)
  }
}

const ariaNames = [
  'ariaRole',
  'ariaLabel',
  'ariaChecked',
  'ariaHidden',
  'ariaDisabled',
  'ariaSelected',
] as const

/** Lets a component expose aria attributes to screen readers, as a plain element does. */
function withAria(bare: Definition): Definition {
  const observers: NonNullable<Definition['observers']> = {}
  for (const name of ariaNames) {
    observers[name] = function (this: Component, value: never) {
      const attribute = name.replace('aria', 'aria-').toLowerCase()
      const given: unknown = value
      if (given === null || given === undefined || given === '') return
      this._$.getBackendElement().setAttribute(attribute, String(given))
    }
  }
  const unset = Object.fromEntries(ariaNames.map(name => [name, null]))
  return {
    ...bare,
    properties: { ...unset, ...bare.properties, fadeIn: null },
    observers: { ...observers, ...bare.observers },
  }
}

function defineBuiltins({ space }: Framework, builtins: Record<string, Definition>): void {
  const made: [string, unknown][] = []
  for (const [name, bare] of Object.entries(builtins)) {
    const definition = withAria(bare)
    const path = `builtin/${name}`
    space.addComponentStaticConfig(path, { component: true, styleIsolation: 'shared' })
    space.componentEnv(path, ({ Component }) => {
      const component = Component(definition) as { _$?: unknown }
      made.push([name, component._$ ?? component])
    })
  }
  const registry = space.getComponentSpace()
  // Register them when all exist, because some use each other.
  for (const [name, component] of made) registry.setGlobalUsingComponent(name, component)
}

window.host = {
  ...({} as ViewHost),
  start(boot) {
    window.host = createView({ ...boot, program: window.program })
  },
}
