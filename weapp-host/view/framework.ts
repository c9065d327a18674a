/** The parts of glass-easel and its adapter that the view uses. Their own types are too wide. */
import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'

/** A framework event. */
export interface FrameworkEvent {
  getEventName(): string
  getOriginalEvent?(): unknown
  detail: unknown
  target: EventTargetLike | null
  currentTarget: EventTargetLike | null
  mark: Record<string, unknown> | null
}

export interface EventTargetLike {
  id?: string
  dataset?: Record<string, unknown>
}

/** A component as `this` of its own methods. */
export interface Component {
  is: string
  id: string
  dataset: Record<string, unknown>
  data: Record<string, unknown>
  setData(data: Record<string, unknown>, done?: () => void): void
  triggerEvent(name: string, detail?: unknown): void
  _$: {
    getBackendElement(): HTMLElement
    addListener(name: string, run: (event: FrameworkEvent) => void): void
  }
}

export interface Definition {
  options?: Record<string, unknown>
  properties?: Record<string, unknown>
  data?: Record<string, unknown>
  observers?: Record<string, (this: Component, ...values: never[]) => void>
  lifetimes?: Record<string, (this: Component) => void>
  methods?: Record<string, (this: Component, ...args: never[]) => unknown>
  [method: string]: unknown
}

interface CodeSpace {
  prepareComponentOptions(...args: unknown[]): [Record<string, unknown>, ...unknown[]]
  addCompiledTemplate(path: string, template: Record<string, unknown>): void
  addComponentStaticConfig(path: string, config: Record<string, unknown>): void
  addStyleSheet(path: string, url: string, prefix?: string): void
  componentEnv(
    path: string,
    run: (env: { Component(d: Definition): unknown; Page(d: Definition): unknown }) => void,
  ): void
  getComponentSpace(): { setGlobalUsingComponent(name: string, definition: unknown): void }
}

interface Root {
  get(): Component
  attach(parent: unknown, placeholder: unknown): void
  release(): void
}

interface Backend {
  createRoot(tag: string, space: CodeSpace, path: string): Root
  registerStyleSheetContent(url: string, content: unknown): void
}

interface DomContext {
  document: unknown
  onEvent(
    run: (target: unknown, type: string, detail: unknown, options: Record<string, unknown>) => number,
  ): void
}

export interface Framework {
  space: CodeSpace
  backend: Backend
}

interface Attributed {
  updateAttribute(this: Attributed, name: string, value: unknown): void
  setAttribute(name: string, value: unknown): void
  removeAttribute(name: string): void
}

/** Events that bubble through components. Other DOM events do not bubble, as in WeChat. */
const bubbling = /^(tap|longpress|longtap|canceltap|touch|transition|animation)/

/**
 * Sets up glass-easel in the window. `onElement` gets the WXML name of every built-in component that is created, `onFault`
 * every error that the framework catches.
 */
export function createFramework(
  templates: Record<string, unknown>,
  onElement: (tag: string) => void,
  onFault: (words: string) => void,
): Framework {
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('main', true) as unknown as CodeSpace
  const prepare = space.prepareComponentOptions.bind(space)
  // IDs must reach the DOM unchanged, because selectors and tests use them.
  space.prepareComponentOptions = (...args) => {
    const prepared = prepare(...args)
    Object.assign(prepared[0], { idPrefixGenerator: null, writeIdToDOM: true })
    return prepared
  }

  // The framework writes a missing value as an empty attribute. An empty `aria-hidden` would hide every node, so a missing
  // value must remove the attribute.
  const { prototype } = glassEasel.Element as unknown as { prototype: Attributed }
  prototype.updateAttribute = function (name, value) {
    if (value === undefined || value === null) this.removeAttribute(name)
    else this.setAttribute(name, value)
  }

  const dom = new glassEasel.CurrentWindowBackendContext() as unknown as DomContext
  dom.document = {
    createElement(tag: string) {
      if (tag.startsWith('html-')) return document.createElement(tag.slice(5))
      // WeChat's `input` must not become the browser's `input`.
      const name = tag.startsWith('wx-') ? tag.slice(3) : tag
      onElement(name)
      return document.createElement(`wx-${name}`)
    },
    createTextNode: (text: string) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  }
  dom.onEvent((target, type, detail, options) => {
    const travel = bubbling.test(type) ? options : { ...options, bubbles: false, composed: false }
    const event = new glassEasel.Event(type, detail, travel as never)
    glassEasel.Event.dispatchEvent(target as never, event)
    return event.defaultPrevented() ? 1 : 0
  })
  const backend = env.associateBackend(dom as never) as unknown as Backend
  glassEasel.addGlobalErrorListener((error: unknown) => {
    onFault(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return true
  })
  for (const [path, content] of Object.entries(templates)) {
    // Without the fallback, `bindtap` on a native node stays a plain attribute.
    space.addCompiledTemplate(path, { content, groupList: templates, fallbackListenerOnNativeNode: true })
  }
  return { space, backend }
}

interface TouchLike {
  identifier: number
  pageX: number
  pageY: number
  clientX: number
  clientY: number
}

/** A framework event as plain data, as WeChat passes it to the logic half. */
export function plainEvent(event: FrameworkEvent): Record<string, unknown> {
  const original = event.getOriginalEvent?.() as {
    touches?: Iterable<TouchLike>
    changedTouches?: Iterable<TouchLike>
  }
  const points = (list: Iterable<TouchLike> | undefined) =>
    [...(list ?? [])].map(({ identifier, pageX, pageY, clientX, clientY }) => ({
      identifier,
      pageX,
      pageY,
      clientX,
      clientY,
    }))
  const element = (target: EventTargetLike | null) => ({
    id: target?.id ?? '',
    dataset: { ...target?.dataset },
    offsetLeft: 0,
    offsetTop: 0,
  })
  const { detail } = event
  const plainDetail = typeof detail === 'object' && detail !== null && 'target' in detail ? {} : detail
  return {
    type: event.getEventName(),
    timeStamp: Math.round(performance.now()),
    detail: plainDetail ?? {},
    target: element(event.target),
    currentTarget: element(event.currentTarget),
    mark: event.mark ?? {},
    touches: points(original?.touches),
    changedTouches: points(original?.changedTouches),
  }
}
