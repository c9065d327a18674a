import { containers, isDrawn, isSidewaysScroller, letters, styleOf, type TextPiece, whereIs } from './drawn'
import type { Flaw } from './flaw'

/** Rounding of layouts, in pixels. */
const slack = 1.5

const scrollsAway = (element: Element): boolean =>
  [...containers(element)].some(holder => holder !== element && isSidewaysScroller(holder))

/** What reaches past the window's sides, so that the page could be pushed sideways. */
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
  for (const { element, words, lines } of pieces) {
    const box = blockAround(element)
    for (const { left, right } of lines) {
      if (past(left, right) && !scrollsAway(element))
        report(element, words, `its text reaches from ${Math.round(left)} to ${Math.round(right)} in ${wide}`)
      else if (box && (left < box.left - slack || right > box.right + slack))
        report(element, words, `its text leaves its box by ${Math.round(right - box.right)} px`)
    }
  }
  return flaws
}

/** The box of the block a text stands in: letters that leave it run into what stands beside. */
function blockAround(element: Element): DOMRect | null {
  let block: Element | null = element
  while (block && /^(inline|contents)$/.test(styleOf(block).display)) block = block.parentElement
  return block?.getBoundingClientRect() ?? null
}

const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll'

/** Text that a box with hidden overflow cuts off. `cutBy` is that box: for an ellipsis the exception is granted to it. */
export interface Clipped extends Flaw {
  cutBy: Element
}

export function findClipped(pieces: readonly TextPiece[]): Clipped[] {
  const flaws: Clipped[] = []
  for (const { element, words, lines } of pieces) {
    const size = Number.parseFloat(styleOf(element).fontSize)
    let across = true
    let down = true
    for (const holder of containers(element)) {
      // The page's own scroller holds everything.
      if (holder.matches('wx-page, .taro_page, body')) break
      const { overflowX, overflowY } = styleOf(holder)
      if (isSidewaysScroller(holder)) across = false
      if (scrolls(overflowY)) down = false
      const cutsAcross = across && hides(overflowX)
      const cutsDown = down && hides(overflowY)
      if (!cutsAcross && !cutsDown) continue
      const box = holder.getBoundingClientRect()
      const lost = lines
        .map(line => letters(line, size))
        .find(
          line =>
            (cutsAcross && (line.left < box.left - slack || line.right > box.right + slack)) ||
            (cutsDown && (line.top < box.top - slack || line.bottom > box.bottom + slack)),
        )
      if (!lost) continue
      const [x, y] = [Math.round(lost.right - box.right), Math.round(lost.bottom - box.bottom)]
      flaws.push({
        rule: 'clipped',
        where: whereIs(holder),
        words,
        detail: `cuts its text off: ${x} px past its right, ${y} past its foot`,
        cutBy: holder,
      })
      break
    }
  }
  for (const field of Array.from(document.querySelectorAll<HTMLInputElement>('input, textarea'))) {
    if (!isDrawn(field) || field.type === 'hidden') continue
    const words = field.value || field.placeholder
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
