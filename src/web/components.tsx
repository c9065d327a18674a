import {
  Children,
  type CSSProperties,
  createContext,
  createElement,
  type KeyboardEvent,
  type MouseEvent,
  type MouseEventHandler,
  type ReactNode,
  type SyntheticEvent,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'

/**
 * The components of `@tarojs/components` that our pages use, as plain HTML. The web bundles use this module in place of
 * Taro's (config/web.ts). Props have WeChat's names.
 */
interface Props {
  id?: string
  className?: string
  /** WeChat takes a style as a string; React refuses one. */
  style?: string
  children?: ReactNode
  onClick?: MouseEventHandler<HTMLElement>
  'aria-role'?: string
  'aria-label'?: string
  'aria-checked'?: 'true' | 'false'
  'aria-hidden'?: boolean
}

/** Converts `a:b;--c:d` to a style object for React. */
function styleOf(text: string): CSSProperties {
  const style: Record<string, string> = {}
  for (const rule of text.split(';')) {
    const colon = rule.indexOf(':')
    if (colon < 0) continue
    const name = rule.slice(0, colon).trim()
    const key = name.startsWith('--')
      ? name
      : name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    style[key] = rule.slice(colon + 1).trim()
  }
  return style
}

/** Attributes that every element accepts, under their HTML names. */
function attributesOf({ id, className, style, onClick, ...props }: Props) {
  return {
    ...(id === undefined ? {} : { id }),
    ...(className ? { className } : {}),
    ...(style ? { style: styleOf(style) } : {}),
    ...(onClick ? { onClick } : {}),
    ...(props['aria-label'] === undefined ? {} : { 'aria-label': props['aria-label'] }),
    ...(props['aria-hidden'] ? { 'aria-hidden': true } : {}),
  }
}

/** Classes of a page's main heading (h1); every other heading is an h2. */
const headlines = new Set(['head-title', 'topic-title'])

/** Arrow keys go round a radio group. They choose nothing: a choice here is a vote. */
function goRound(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  const radios = Array.from(event.currentTarget.querySelectorAll<Element>('button[role=radio]'))
  const at = document.activeElement ? radios.indexOf(document.activeElement) : -1
  if (step === undefined || at < 0) return
  event.preventDefault()
  const next = radios[(at + step + radios.length) % radios.length]
  if (next instanceof HTMLElement) next.focus()
}

function drawn(tag: 'div' | 'span', props: Props) {
  const attributes = attributesOf(props)
  const { children } = props
  const role = props['aria-role']
  const checked = props['aria-checked']
  switch (role) {
    case undefined:
      return createElement(tag, attributes, children)
    case 'heading':
      return createElement(headlines.has(props.className ?? '') ? 'h1' : 'h2', attributes, children)
    case 'button':
      return (
        <button type="button" {...attributes}>
          {children}
        </button>
      )
    case 'checkbox':
    case 'radio':
      // A reader who may not choose still sees the chosen options.
      if (!props.onClick) {
        return createElement(
          tag,
          { ...attributes, role, 'aria-checked': checked ?? 'false', 'aria-disabled': true },
          children,
        )
      }
      return role === 'checkbox' ? (
        <button type="button" aria-pressed={checked} {...attributes}>
          {children}
        </button>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a radio's own look cannot hold a face and a count
        <button type="button" role="radio" aria-checked={checked ?? 'false'} {...attributes}>
          {children}
        </button>
      )
    case 'radiogroup':
      return createElement(tag, { ...attributes, role, onKeyDown: goRound }, children)
    default:
      return createElement(tag, { ...attributes, role }, children)
  }
}

export const View = (props: Props) => drawn('div', props)
export const Text = (props: Props) => drawn('span', props)

export function Button(props: Props) {
  return (
    <button type="button" {...attributesOf(props)}>
      {props.children}
    </button>
  )
}

/** A click with another key opens a tab or a download, as on every link. */
function enlarged(event: MouseEvent<HTMLElement>, enlarge: MouseEventHandler<HTMLElement> | undefined): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  enlarge?.(event)
}

/** Whether pictures inside load lazily, as in every slide of the carousel after the first. */
const Later = createContext(false)

interface ImageProps extends Props {
  src: string
  mode?: 'aspectFill' | 'aspectFit'
  lazyLoad?: boolean
  onError?: () => void
}

/**
 * A picture that fills its box; an empty box without an address. With the role `button` it is a link to the picture, which
 * works without a script, too; a script enlarges the picture instead.
 */
export function Image({ src, mode, lazyLoad, onError, ...props }: ImageProps) {
  const later = useContext(Later)
  const image = useRef<HTMLImageElement>(null)
  const failed = useRef(onError)
  failed.current = onError
  // The picture may have failed before the script could listen for the error.
  useEffect(() => {
    const { current } = image
    if (current?.complete && current.naturalWidth === 0) failed.current?.()
  }, [])
  const pressed = props['aria-role'] === 'button'
  const words = props['aria-label'] ?? ''
  const { 'aria-label': _, 'aria-hidden': __, onClick, ...attributes } = attributesOf(props)
  if (!src) return <span {...attributes} className={`img ${props.className ?? ''}`} />
  const picture = (
    <img
      {...(pressed ? {} : attributes)}
      className={`img${mode === 'aspectFit' ? ' img--fit' : ''}${pressed ? '' : ` ${props.className ?? ''}`}`}
      ref={image}
      src={src}
      alt={pressed ? '' : words}
      {...(lazyLoad || later ? { loading: 'lazy' } : {})}
      onError={() => failed.current?.()}
    />
  )
  if (!pressed) return picture
  return (
    <a {...attributes} href={src} aria-label={words} onClick={event => enlarged(event, onClick)}>
      {picture}
    </a>
  )
}

export function ScrollView(props: Props) {
  return (
    <div {...attributesOf(props)} className={`scroll-x ${props.className ?? ''}`}>
      {props.children}
    </div>
  )
}

interface SwiperProps extends Props {
  indicatorDots?: boolean
}

/** Slides in a row, moved by the browser's own scrolling. */
export function Swiper({ indicatorDots, children, ...props }: SwiperProps) {
  const [shown, setShown] = useState(0)
  const row = useRef<HTMLDivElement>(null)
  const turn = (by: number) => {
    const { current } = row
    if (current) current.scrollLeft += by * current.clientWidth
  }
  const count = Children.count(children)
  const look = ({ currentTarget: { scrollLeft, clientWidth } }: SyntheticEvent<HTMLElement>) => {
    setShown(Math.round(scrollLeft / Math.max(1, clientWidth)))
  }
  return (
    <div {...attributesOf(props)} className={`swiper ${props.className ?? ''}`}>
      <div className="swiper-row" ref={row} onScroll={look}>
        {Children.map(children, (slide, index) => (
          <Later.Provider value={index > 0}>{slide}</Later.Provider>
        ))}
      </div>
      {indicatorDots ? (
        <>
          <button
            type="button"
            className="swiper-turn swiper-turn--back scripted"
            aria-label="上一张"
            disabled={shown === 0}
            onClick={() => turn(-1)}
          />
          <button
            type="button"
            className="swiper-turn swiper-turn--on scripted"
            aria-label="下一张"
            disabled={shown === count - 1}
            onClick={() => turn(1)}
          />
        </>
      ) : null}
      {indicatorDots ? (
        <div className="swiper-dots" aria-hidden>
          {Array.from({ length: count }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index of a dot is its identity
            <i key={index} className={index === shown ? 'swiper-dot swiper-dot--on' : 'swiper-dot'} />
          ))}
        </div>
      ) : null}
    </div>
  )
}

export function SwiperItem({ children }: Props) {
  return <div className="swiper-item">{children}</div>
}
