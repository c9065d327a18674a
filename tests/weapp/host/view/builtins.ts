import type { Component, Definition } from './framework'

/** What the built-in components ask of the phone around them. */
export interface Surroundings {
  /** `<button open-type="share">` was tapped. */
  share(target: { id: string; dataset: Record<string, unknown> }): void
  violation(words: string): void
  singlePage: boolean
  /** A source as WXML writes it → an address the browser can load. */
  address(source: string): string
}

const fits: Record<string, string> = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover' }
/** Modes that show the picture unscaled, at one of its corners or sides. */
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
        if (numberOf(maxlength) > 0) element.maxLength = numberOf(maxlength)
      },
      focus(this: Component, on: never) {
        if (on) inner<HTMLInputElement>(this)?.focus()
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

/** Moves a swiper and says why: `touch`, `autoplay` or nothing when the page's own data did it. */
function goTo(self: Component, wanted: number, source: '' | 'touch' | 'autoplay'): void {
  const track = self._$.getBackendElement().firstElementChild as HTMLElement | null
  const count = track?.querySelectorAll(':scope > wx-swiper-item').length ?? 0
  if (!track || count === 0) return
  const next =
    self.data.circular === true ? (wanted + count) % count : Math.max(0, Math.min(count - 1, wanted))
  const before = numberOf(self.data.at)
  self.data.at = next
  const axis = self.data.vertical === true ? 'Y' : 'X'
  track.style.flexDirection = axis === 'Y' ? 'column' : 'row'
  track.style.transform = `translate${axis}(${-100 * next}%)`
  drawDots(self, count, next)
  if (next === before) return
  const item = track.children[next]
  const detail = { current: next, currentItemId: item?.getAttribute('item-id') ?? '', source }
  self.triggerEvent('change', detail)
  self.triggerEvent('animationfinish', detail)
}

function drawDots(self: Component, count: number, at: number): void {
  const dots = self._$.getBackendElement().lastElementChild
  if (!dots) return
  const marks = Array.from({ length: self.data.indicatorDots === true ? count : 0 }, (_, index) => {
    const dot = document.createElement('i')
    if (index === at) dot.className = 'on'
    const colour = index === at ? self.data.indicatorActiveColor : self.data.indicatorColor
    if (typeof colour === 'string' && colour !== '') dot.style.background = colour
    return dot
  })
  dots.replaceChildren(...marks)
}

/** How far a finger goes, in pixels, before a swiper turns. */
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
    const moved = self.data.vertical === true ? touch.clientY - start.y : touch.clientX - start.x
    if (Math.abs(moved) >= turning) goTo(self, numberOf(self.data.at) + (moved < 0 ? 1 : -1), 'touch')
    start = undefined
  })
  const tick = () => {
    if (!element.isConnected) return
    if (self.data.autoplay === true) goTo(self, numberOf(self.data.at) + 1, 'autoplay')
    setTimeout(tick, Math.max(200, numberOf(self.data.interval) || 5000))
  }
  setTimeout(tick, Math.max(200, numberOf(self.data.interval) || 5000))
  // The items are attached with the swiper, a microtask before they can be counted.
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

function richNodes(nodes: unknown): Node[] {
  if (typeof nodes === 'string') {
    const parsed = new DOMParser().parseFromString(nodes, 'text/html')
    for (const unsafe of Array.from(parsed.querySelectorAll('script,iframe,style,link'))) unsafe.remove()
    return Array.from(parsed.body.childNodes)
  }
  return (Array.isArray(nodes) ? (nodes as RichNode[]) : []).map(node => {
    if (node.type === 'text') return document.createTextNode(node.text ?? '')
    const element = document.createElement(node.name ?? 'div')
    for (const [key, value] of Object.entries(node.attrs ?? {})) element.setAttribute(key, value)
    element.append(...richNodes(node.children))
    return element
  })
}

/** The built-in components that behave; `view`, `text`, `block` and their like are plain elements with a style. */
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
      lifetimes: {
        attached() {
          this._$.addListener('tap', () => {
            const { openType, disabled } = this.data
            if (!openType || disabled === true) return
            if (around.singlePage)
              around.violation(`button open-type=${String(openType)} is switched off in single-page mode`)
            else if (openType === 'share') around.share({ id: this.id, dataset: { ...this.dataset } })
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
        indicatorColor: String,
        indicatorActiveColor: String,
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
    'swiper-item': { properties: { itemId: String } },
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
