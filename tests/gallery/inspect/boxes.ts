import { containers, isDrawn, isSidewaysScroller, letters, styleOf, type TextPiece, whereIs } from './drawn'
import type { Flaw } from './flaw'

/** Tolerance for the rounding of layouts, in pixels. */
const slack = 1.5

const scrollsAway = (element: Element): boolean =>
  [...containers(element)].some(holder => holder !== element && isSidewaysScroller(holder))

/** Finds everything that reaches past the sides of the window, so that the page could be scrolled sideways. */
export function findOverflow(pieces: readonly TextPiece[]): Flaw[] {
  const flaws: Flaw[] = []
  const wide = document.documentElement.clientWidth
  const past = (left: number, right: number) => left < -slack || right > wide + slack
  const report = (element: Element, words: string, detail: string) =>
    flaws.push({ rule: 'overflow', where: whereIs(element), words, detail })

  for (const scroller of [document.documentElement, ...Array.from(document.querySelectorAll('wx-page'))]) {
    const { scrollWidth, clientWidth } = scroller
    if (scrollWidth > clientWidth + slack && isDrawn(scroller))
      report(scroller, '', `is ${scrollWidth} wide in ${clientWidth}`)
  }
  for (const element of Array.from(document.body.querySelectorAll('*'))) {
    const { left, right, width, height } = element.getBoundingClientRect()
    if (width === 0 || height === 0 || !past(left, right)) continue
    if (isDrawn(element) && !scrollsAway(element))
      report(element, '', `reaches from ${Math.round(left)} to ${Math.round(right)} in ${wide}`)
  }
  for (const { element, words, lines, node } of pieces) {
    const box = blockAround(element)
    const out = lines.find(
      ({ left, right }) =>
        past(left, right) || (box && (left < box.left - slack || right > box.right + slack)),
    )
    // The clipping rule judges what a box cuts off.
    if (!out || isBlankBeyond(node, box, wide) || scrollsAway(element) || isCutAcross(element)) continue
    const [left, right] = [Math.round(out.left), Math.round(out.right)]
    report(
      element,
      words,
      past(left, right)
        ? `its text reaches from ${left} to ${right} in ${wide}`
        : `its text leaves its box by ${Math.round(out.right - (box?.right ?? 0))} px`,
    )
  }
  return flaws
}

/** Full-width marks whose right half is blank. */
const blankToTheRight = /[，。、；：！？）】》〉」』〕”’]/

/**
 * Whether only blank paper reaches past a box: at the end of a line a space may hang over the side, and a full-width mark
 * with its blank half, which the browser takes off there (CSS Text 4, text-spacing-trim) but counts in the mark's box.
 */
function isBlankBeyond(node: Node, box: DOMRect | null, wide: number): boolean {
  const range = document.createRange()
  const text = node.textContent ?? ''
  const side = Math.min(box?.right ?? wide, wide)
  const start = Math.max(box?.left ?? 0, 0)
  for (let at = 0; at < text.length; at++) {
    if (/\s/.test(text.charAt(at))) continue
    range.setStart(node, at)
    range.setEnd(node, at + 1)
    const { left, right, width } = range.getBoundingClientRect()
    const ink = blankToTheRight.test(text.charAt(at)) ? (left + right) / 2 : right
    if (width > 0 && (ink > side + slack || left < start - slack)) return false
  }
  return true
}

const isCutAcross = (element: Element): boolean => {
  for (const holder of containers(element)) {
    if (isWholePage(holder)) return false
    if (hides(styleOf(holder).overflowX)) return true
  }
  return false
}

/** The page's own scroller, which contains everything. */
const isWholePage = (element: Element): boolean => element.matches('wx-page, .host-frame, .taro_page, body')

/** The box of the block that contains the element: letters that leave it overlap the content beside it. */
function blockAround(element: Element): DOMRect | null {
  let block: Element | null = element
  while (block && /^(inline|contents)$/.test(styleOf(block).display)) block = block.parentElement
  return block?.getBoundingClientRect() ?? null
}

const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll'

/** Text that a box with hidden overflow cuts off. `cutBy` is that box; an exception for an ellipsis applies to it. */
export interface Clipped extends Flaw {
  cutBy: Element
  cut: 'down' | 'across'
}

export function findClipped(pieces: readonly TextPiece[]): Clipped[] {
  const flaws: Clipped[] = []
  for (const { element, words, lines } of pieces) {
    const size = Number.parseFloat(styleOf(element).fontSize)
    let across = true
    let down = true
    for (const holder of containers(element)) {
      if (isWholePage(holder)) break
      const { overflowX, overflowY } = styleOf(holder)
      if (isSidewaysScroller(holder)) across = false
      if (scrolls(overflowY)) down = false
      const cutsAcross = across && hides(overflowX)
      const cutsDown = down && hides(overflowY)
      if (!cutsAcross && !cutsDown) continue
      const box = holder.getBoundingClientRect()
      const shapes = lines.map(line => letters(line, size))
      const lostAcross = cutsAcross
        ? shapes.find(({ left, right }) => left < box.left - slack || right > box.right + slack)
        : undefined
      const lostDown = cutsDown
        ? shapes.find(({ top, bottom }) => top < box.top - slack || bottom > box.bottom + slack)
        : undefined
      const lost = lostAcross ?? lostDown
      if (!lost) continue
      const [x, y] = [Math.round(lost.right - box.right), Math.round(lost.bottom - box.bottom)]
      flaws.push({
        rule: 'clipped',
        where: whereIs(holder),
        words,
        detail: `cuts its text off: ${x} px past its right, ${y} past its foot`,
        cutBy: holder,
        cut: lostAcross ? 'across' : 'down',
      })
      break
    }
  }
  for (const field of Array.from(document.querySelectorAll<HTMLInputElement>('input, textarea'))) {
    if (!isDrawn(field) || field.type === 'hidden') continue
    const words = field.value || field.placeholder
    if (words.trim() === '') continue
    const wanted = widthOf(words, field)
    const { width, height } = field.getBoundingClientRect()
    const size = Number.parseFloat(styleOf(field).fontSize)
    if (wanted > width + slack || size > height + slack)
      flaws.push({
        rule: 'clipped',
        where: whereIs(field),
        words,
        detail: `its words take ${Math.round(wanted)} × ${Math.round(size)} of ${Math.round(width)} × ${Math.round(height)}`,
        cutBy: field,
        cut: 'across',
      })
  }
  return flaws
}

function widthOf(words: string, field: Element): number {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) return 0
  const { fontStyle, fontWeight, fontSize, fontFamily } = styleOf(field)
  pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`
  return pen.measureText(words).width
}
