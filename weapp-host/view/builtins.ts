import type { Component, Definition } from './framework'

/** What the built-in components need from the phone. */
export interface Surroundings {
  /** `<button open-type="share">` was tapped. */
  share(target: { id: string; dataset: Record<string, unknown> }): void
  violation(words: string): void
  singlePage: boolean
  /** Turns a source written in WXML into an address that the browser can load. */
  address(source: string): string
}

const fits: Record<string, string> = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover' }
/** Modes that do not scale the picture but align it to a side or corner. */
const positions = [
  'top',
  'bottom',
  'center',
  'left',
  'right',
  'top left',
  'top right',
  'bottom left',
  'bottom right',
]

const inner = <E extends HTMLElement>(self: Component) =>
  self._$.getBackendElement().firstElementChild as E | null
const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0)

function showImage(self: Component, source: string): void {
  const img = inner<HTMLImageElement>(self)
  if (!img) return
  const { mode, lazyLoad } = self.data
  const kind = typeof mode === 'string' && mode !== '' ? mode : 'scaleToFill'
  img.loading = lazyLoad === true ? 'lazy' : 'eager'
  img.style.objectFit = positions.includes(kind) ? 'none' : (fits[kind] ?? 'fill')
  if (positions.includes(kind)) img.style.objectPosition = kind
  const host = self._$.getBackendElement()
  if (kind === 'widthFix') {
    host.style.height = 'auto'
    img.style.height = 'auto'
  }
  if (kind === 'heightFix') {
    host.style.width = 'auto'
    img.style.width = 'auto'
  }
  if (source === '') img.removeAttribute('src')
  else if (img.getAttribute('src') !== source) img.setAttribute('src', source)
}

const field = (tag: 'input' | 'textarea'): Definition => {
  const value = (self: Component) => inner<HTMLInputElement>(self)?.value ?? ''
  /** Sets the property, not the attribute: after typing, a browser ignores the attribute. */
  const write = (self: Component) => {
    const element = inner<HTMLInputElement>(self)
    const wanted = String(self.data.value ?? '')
    if (element && element.value !== wanted) element.value = wanted
  }
  return {
    properties: {
      value: String,
      placeholder: String,
      placeholderClass: String,
      placeholderStyle: String,
      type: String,
      password: Boolean,
      maxlength: { type: Number, value: 140 },
      disabled: Boolean,
      focus: Boolean,
      confirmType: String,
    },
    observers: {
      'maxlength,disabled'(this: Component) {
        const element = inner<HTMLInputElement>(this)
        const { maxlength, disabled } = this.data
        if (!element) return
        element.disabled = disabled === true
        // -1 removes the limit (WeChat docs, input).
        if (numberOf(maxlength) >= 0) element.maxLength = numberOf(maxlength)
        else element.removeAttribute('maxlength')
      },
      value(this: Component) {
        write(this)
      },
      focus(this: Component, on: never) {
        if (on) inner<HTMLInputElement>(this)?.focus()
      },
    },
    lifetimes: {
      attached() {
        write(this)
      },
    },
    methods: {
      handleInput(this: Component) {
        this.triggerEvent('input', {
          value: value(this),
          cursor: inner<HTMLInputElement>(this)?.selectionStart ?? 0,
        })
      },
      handleFocus(this: Component) {
        this.triggerEvent('focus', { value: value(this), height: 0 })
      },
      handleBlur(this: Component) {
        this.triggerEvent('blur', { value: value(this) })
      },
      handleKey(this: Component, event: never) {
        const { detail } = event as { detail: { key?: string } | null }
        if (tag === 'input' && detail?.key === 'Enter') this.triggerEvent('confirm', { value: value(this) })
      },
    },
  }
}

/** The items of a swiper, in order. */
function itemsOf(self: Component): Element[] {
  const track = self._$.getBackendElement().firstElementChild
  return Array.from(track?.querySelectorAll(':scope > wx-swiper-item') ?? [])
}

/** Moves a swiper. `source` is `touch`, `autoplay`, or empty if the page's data moved it. */
function goTo(self: Component, wanted: number, source: '' | 'touch' | 'autoplay'): void {
  const element = self._$.getBackendElement()
  const track = element.firstElementChild as HTMLElement | null
  const items = itemsOf(self)
  const count = items.length
  if (!track || count === 0) return
  // Autoplay wraps around even if `circular` is off.
  const around = self.data.circular === true || source === 'autoplay'
  const next = around ? (wanted + count) % count : Math.max(0, Math.min(count - 1, wanted))
  const before = numberOf(self.data.at)
  self.data.at = next
  const axis = self.data.vertical === true ? 'Y' : 'X'
  const duration = numberOf(self.data.duration)
  track.style.flexDirection = axis === 'Y' ? 'column' : 'row'
  track.style.transitionDuration = `${duration}ms`
  track.style.transform = `translate${axis}(${-100 * next}%)`
  drawDots(self, count, next)
  if (next === before) return
  const detail = { current: next, currentItemId: items[next]?.getAttribute('item-id') ?? '', source }
  self.triggerEvent('change', detail)
  setTimeout(() => {
    if (element.isConnected) self.triggerEvent('animationfinish', detail)
  }, duration)
}

function drawDots(self: Component, count: number, at: number): void {
  const dots = self._$.getBackendElement().lastElementChild
  if (!dots) return
  const { indicatorDots, indicatorColor, indicatorActiveColor } = self.data
  const marks = Array.from({ length: indicatorDots === true ? count : 0 }, (_, index) => {
    const dot = document.createElement('i')
    if (index === at) dot.className = 'on'
    dot.style.background = String((index === at ? indicatorActiveColor : indicatorColor) ?? '')
    return dot
  })
  dots.replaceChildren(...marks)
}

/** Distance in pixels that a finger must move to turn a swiper. */
const turning = 40

function attachSwiper(self: Component): void {
  const element = self._$.getBackendElement()
  let start: { x: number; y: number } | undefined
  element.addEventListener('touchstart', event => {
    const touch = event.touches[0]
    start = touch && { x: touch.clientX, y: touch.clientY }
  })
  element.addEventListener('touchend', event => {
    const touch = event.changedTouches[0]
    if (!touch || !start) return
    const [x, y] = [touch.clientX - start.x, touch.clientY - start.y]
    const [along, across] = self.data.vertical === true ? [y, x] : [x, y]
    // A movement across the swiper's axis scrolls the page.
    if (Math.abs(along) >= turning && Math.abs(along) > Math.abs(across))
      goTo(self, numberOf(self.data.at) + (along < 0 ? 1 : -1), 'touch')
    start = undefined
  })
  const tick = () => {
    if (!element.isConnected) return
    if (self.data.autoplay === true) goTo(self, numberOf(self.data.at) + 1, 'autoplay')
    setTimeout(tick, Math.max(200, numberOf(self.data.interval) || 5000))
  }
  setTimeout(tick, Math.max(200, numberOf(self.data.interval) || 5000))
  // The items can be counted only after a microtask.
  queueMicrotask(() => goTo(self, numberOf(self.data.current), ''))
}

function attachScrollView(self: Component): void {
  const element = self._$.getBackendElement()
  let atEnd = false
  let atStart = true
  element.addEventListener('scroll', () => {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element
    self.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: 0, deltaY: 0 })
    const across = self.data.scrollX === true
    const left = across ? scrollWidth - scrollLeft - clientWidth : scrollHeight - scrollTop - clientHeight
    const gone = across ? scrollLeft : scrollTop
    const end = left <= numberOf(self.data.lowerThreshold)
    const start = gone <= numberOf(self.data.upperThreshold)
    if (end && !atEnd) self.triggerEvent('scrolltolower', { direction: across ? 'right' : 'bottom' })
    if (start && !atStart) self.triggerEvent('scrolltoupper', { direction: across ? 'left' : 'top' })
    atEnd = end
    atStart = start
  })
}

interface RichNode {
  type?: string
  text?: string
  name?: string
  attrs?: Record<string, string>
  children?: RichNode[]
}

/** Tags that rich-text renders. Others are dropped with their content (WeChat docs, rich-text, 受信任的 HTML 节点及属性). */
const trusted = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt ' +
    'em fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s ' +
    'section small span strong sub sup table tbody td tfoot th thead tr tt u ul'
  ).split(' '),
)
/** Attributes that rich-text keeps: for every tag under the key '', then by tag. */
const trustedAttributes: Record<string, readonly string[]> = {
  '': ['class', 'style'],
  img: ['alt', 'src', 'height', 'width'],
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  ol: ['start', 'type'],
  table: ['width'],
  td: ['colspan', 'height', 'rowspan', 'width'],
  th: ['colspan', 'height', 'rowspan', 'width'],
  tr: ['colspan', 'height', 'rowspan', 'width'],
}

function richElement(name: string, attributes: readonly (readonly [string, string])[]): Element | undefined {
  const tag = name.toLowerCase()
  if (!trusted.has(tag)) return undefined
  const element = document.createElement(tag)
  const taken = [...(trustedAttributes[''] ?? []), ...(trustedAttributes[tag] ?? [])]
  for (const [key, value] of attributes)
    if (taken.includes(key.toLowerCase())) element.setAttribute(key, value)
  return element
}

function cleanNode(node: Node): Node[] {
  if (node instanceof Text) return [document.createTextNode(node.data)]
  if (!(node instanceof Element)) return []
  const attributes = Array.from(node.attributes).map(({ name, value }) => [name, value] as const)
  const element = richElement(node.tagName, attributes)
  element?.append(...Array.from(node.childNodes).flatMap(cleanNode))
  return element ? [element] : []
}

function richNodes(nodes: unknown): Node[] {
  if (typeof nodes === 'string') {
    const parsed = new DOMParser().parseFromString(nodes, 'text/html')
    return Array.from(parsed.body.childNodes).flatMap(cleanNode)
  }
  return (Array.isArray(nodes) ? (nodes as RichNode[]) : []).flatMap((node): Node[] => {
    if (node.type === 'text') return [document.createTextNode(node.text ?? '')]
    const element = richElement(node.name ?? '', Object.entries(node.attrs ?? {}))
    element?.append(...richNodes(node.children))
    return element ? [element] : []
  })
}

/** Built-in components that are plain elements with a style. */
export const plainComponents: readonly string[] = [
  'view',
  'text',
  'block',
  'cover-view',
  'label',
  'page-body',
]

/** The built-in components that have behaviour. The others are {@link plainComponents}. */
export function createBuiltins(around: Surroundings): Record<string, Definition> {
  return {
    image: {
      properties: {
        src: String,
        mode: String,
        lazyLoad: Boolean,
        showMenuByLongpress: Boolean,
        webp: Boolean,
      },
      observers: {
        'src,mode,lazyLoad'(this: Component) {
          showImage(this, around.address(String(this.data.src ?? '')))
        },
      },
      lifetimes: {
        attached() {
          showImage(this, around.address(String(this.data.src ?? '')))
        },
      },
      methods: {
        handleLoad(this: Component) {
          const img = inner<HTMLImageElement>(this)
          this.triggerEvent('load', { width: img?.naturalWidth ?? 0, height: img?.naturalHeight ?? 0 })
        },
        handleError(this: Component) {
          if (this.data.src) this.triggerEvent('error', { errMsg: `GET ${String(this.data.src)} fail` })
        },
      },
    },
    button: {
      properties: {
        openType: String,
        type: String,
        size: String,
        disabled: Boolean,
        loading: Boolean,
        plain: Boolean,
      },
      observers: {
        openType(this: Component, type: never) {
          // Rendering it is a violation already: a reader would see a dead button.
          if (type && around.singlePage)
            around.violation(`<button open-type="${String(type)}"> is switched off in single-page mode`)
        },
        disabled(this: Component, on: never) {
          // Base CSS uses the attribute for the style, and to ignore taps.
          this._$.getBackendElement().toggleAttribute('disabled', Boolean(on))
        },
      },
      lifetimes: {
        attached() {
          this._$.addListener('tap', () => {
            if (this.data.openType === 'share' && !around.singlePage)
              around.share({ id: this.id, dataset: { ...this.dataset } })
          })
        },
      },
    },
    canvas: { properties: { type: String, canvasId: String, disableScroll: Boolean } },
    'scroll-view': {
      properties: {
        scrollX: Boolean,
        scrollY: Boolean,
        scrollTop: Number,
        scrollLeft: Number,
        scrollIntoView: String,
        upperThreshold: { type: Number, value: 50 },
        lowerThreshold: { type: Number, value: 50 },
      },
      observers: {
        'scrollX,scrollY'(this: Component) {
          const element = this._$.getBackendElement()
          element.toggleAttribute('data-x', this.data.scrollX === true)
          element.toggleAttribute('data-y', this.data.scrollY === true)
        },
        scrollTop(this: Component, top: never) {
          this._$.getBackendElement().scrollTop = numberOf(top)
        },
        scrollLeft(this: Component, left: never) {
          this._$.getBackendElement().scrollLeft = numberOf(left)
        },
        scrollIntoView(this: Component, id: never) {
          const wanted: unknown = id
          if (typeof wanted !== 'string' || wanted === '') return
          this._$.getBackendElement()
            .querySelector(`[id="${CSS.escape(wanted)}"]`)
            ?.scrollIntoView()
        },
      },
      lifetimes: {
        attached() {
          attachScrollView(this)
        },
      },
    },
    swiper: {
      properties: {
        current: Number,
        autoplay: Boolean,
        interval: { type: Number, value: 5000 },
        duration: { type: Number, value: 500 },
        circular: Boolean,
        vertical: Boolean,
        indicatorDots: Boolean,
        indicatorColor: { type: String, value: 'rgba(0, 0, 0, .3)' },
        indicatorActiveColor: { type: String, value: '#000000' },
      },
      data: { at: 0 },
      observers: {
        current(this: Component, at: never) {
          goTo(this, numberOf(at), '')
        },
      },
      lifetimes: {
        attached() {
          attachSwiper(this)
        },
      },
    },
    'swiper-item': {
      properties: { itemId: String },
      observers: {
        itemId(this: Component, id: never) {
          this._$.getBackendElement().setAttribute('item-id', String(id))
        },
      },
    },
    input: field('input'),
    textarea: field('textarea'),
    'rich-text': {
      properties: { nodes: null, space: String },
      observers: {
        nodes(this: Component, nodes: never) {
          inner(this)?.replaceChildren(...richNodes(nodes))
        },
      },
      lifetimes: {
        attached() {
          inner(this)?.replaceChildren(...richNodes(this.data.nodes))
        },
      },
    },
  }
}
