/** Which parts of a page are drawn, and where their boxes are. This includes what a reader must scroll to. */

const styles = new Map<Element, CSSStyleDeclaration>()

/** Clears the cached styles, because a theme or a size has changed. */
export function lookAgain(): void {
  styles.clear()
}

export function styleOf(element: Element): CSSStyleDeclaration {
  const known = styles.get(element)
  if (known) return known
  const style = getComputedStyle(element)
  styles.set(element, style)
  return style
}

/** The bars, toasts and dialogs around and over a page are WeChat's own. Only the tab bar's colours are ours. */
const phoneOwn = '.host-bar, .host-single-top, .host-single-bottom, .host-toast, .host-sheet, .host-pull'

export function isDrawn(element: Element): boolean {
  return (
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest(phoneOwn) === null
  )
}

export interface TextPiece {
  element: Element
  node: Node
  words: string
  /** One box for each line, as laid out. */
  lines: DOMRect[]
}

/** The box of a line's letters: Chinese letters are no higher than the font size, even if the font's line is. */
export function letters(line: DOMRect, fontSize: number): DOMRect {
  const cut = Math.max(0, (line.height - fontSize) / 2)
  return new DOMRect(line.left, line.top + cut, line.width, line.height - 2 * cut)
}

/** Every piece of text that is drawn, with the boxes of its lines. */
export function textPieces(): TextPiece[] {
  const pieces: TextPiece[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    const words = node.textContent?.trim() ?? ''
    if (!element || words === '' || /^(SCRIPT|STYLE)$/.test(element.tagName) || !isDrawn(element)) continue
    range.selectNodeContents(node)
    const lines = Array.from(range.getClientRects()).filter(({ width, height }) => width > 0 && height > 0)
    if (lines.length > 0) pieces.push({ element, node, words, lines })
  }
  return pieces
}

/** Whether the element scrolls sideways: a strip or a carousel. The page itself must not scroll sideways. */
export function isSidewaysScroller(element: Element): boolean {
  if (element.matches('wx-page, wx-page-body, body, html, .taro_page, .taro_router')) return false
  return (
    element.matches('wx-swiper, swiper-core, taro-swiper-core, .swiper, .swiper-container') ||
    /auto|scroll/.test(styleOf(element).overflowX)
  )
}

/** The element and its containers, from the inside out, without the boxes that do not contain a positioned element. */
export function* containers(from: Element): Generator<Element> {
  let position = 'static'
  for (let element: Element | null = from; element; element = element.parentElement) {
    const style = styleOf(element)
    const holds = style.position !== 'static' || style.transform !== 'none'
    const skipped = position === 'fixed' ? style.transform === 'none' : position === 'absolute' && !holds
    if (skipped) continue
    yield element
    position = style.position
  }
}

const nameOf = (element: Element): string => {
  const classes = Array.from(element.classList).filter(name => !/^(hydrated|weui|taro)/.test(name))
  return classes.length > 0 ? `.${classes.join('.')}` : element.tagName.toLowerCase()
}

/** `.home .item .item-title`: enough to find the CSS rule that draws the element. */
export function whereIs(element: Element): string {
  const path = [nameOf(element)]
  for (let up = element.parentElement; up && path.length < 3; up = up.parentElement) {
    if (up.classList.length > 0 && !up.matches('body, html, wx-page')) path.unshift(nameOf(up))
  }
  return path.join(' ')
}
