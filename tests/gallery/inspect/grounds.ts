import { black, type Colour, contrast, gradientAt, over, parseColour, white } from './colour'
import { isDrawn, styleOf, type TextPiece, whereIs } from './drawn'
import type { Flaw } from './flaw'

/** WCAG 2.2, 1.4.3 for all text, large or not (look.md). */
export const leastContrast = 4.5

/**
 * Finds text with too little contrast to its background, for the worst line and the worst possible background. The
 * search goes outwards through the backgrounds of all containers until one is opaque. A vertical gradient has its
 * colour at the line's height. A picture counts as white and as black, whichever is worse, because its content may
 * change. A box that ::before or ::after draws under the text (a poll's bar) counts both as present and as absent.
 * Opacity fades the text.
 */
export function findPale(pieces: readonly TextPiece[]): Flaw[] {
  const flaws: Flaw[] = []
  const judge = (element: Element, words: string, ink: Colour, lines: readonly DOMRect[]) => {
    let worst = Number.POSITIVE_INFINITY
    for (const line of new Set([lines[0], lines[lines.length - 1]])) {
      if (!line) continue
      for (const ground of groundsBehind(element, line)) {
        worst = Math.min(worst, contrast(over(ink, ground), ground))
      }
    }
    if (worst < leastContrast - 0.005)
      flaws.push({
        rule: 'contrast',
        where: whereIs(element),
        words,
        detail: `has ${Math.round(worst * 100) / 100}`,
      })
  }
  for (const { element, words, lines } of pieces) {
    judge(element, words, faded(element, parseColour(styleOf(element).color)), lines)
  }
  for (const field of Array.from(document.querySelectorAll<HTMLInputElement>('input, textarea'))) {
    if (!isDrawn(field) || (field.value || field.placeholder).trim() === '') continue
    const style = field.value ? styleOf(field) : getComputedStyle(field, '::placeholder')
    const ink = parseColour(style.color)
    const pale = field.value ? ink : { ...ink, a: ink.a * Number(style.opacity) }
    judge(field, field.value || field.placeholder, faded(field, pale), [field.getBoundingClientRect()])
  }
  return flaws
}

function faded(element: Element, colour: Colour): Colour {
  let { a } = colour
  for (let up: Element | null = element; up; up = up.parentElement) a *= Number(styleOf(up).opacity)
  return { ...colour, a }
}

const isClear = (colour: string) => parseColour(colour).a === 0

/** All possible backgrounds of one line of an element's text, each opaque. */
function groundsBehind(element: Element, line: DOMRect): Colour[] {
  // The translucent layers above the opaque background, innermost first; one list for each possibility.
  let stacks: Colour[][] = [[]]
  const lay = (layer: Colour) => {
    for (const stack of stacks) stack.push(layer)
  }
  const settle = (...grounds: Colour[]): Colour[] =>
    stacks.flatMap(stack =>
      grounds.map(ground => stack.reduceRight((below, layer) => over(layer, below), ground)),
    )
  for (let at: Element | null = element; at; at = at.parentElement) {
    for (const pseudo of ['::before', '::after']) {
      const { content, position, backgroundColor } = getComputedStyle(at, pseudo)
      if (content === 'none' || content === 'normal' || position !== 'absolute' || isClear(backgroundColor))
        continue
      const laid = parseColour(backgroundColor)
      stacks = stacks.flatMap(stack => [stack, [...stack, laid]])
    }
    const { backgroundImage, backgroundColor } = styleOf(at)
    if (backgroundImage !== 'none') {
      const box = at.getBoundingClientRect()
      const colour = gradientAt(backgroundImage, line.top - box.top, box.height)
      if (!colour) return settle(white, black)
      lay(colour)
    }
    const ground = parseColour(backgroundColor)
    if (ground.a === 1) return settle(ground)
    if (ground.a > 0) lay(ground)
    if (pictureBeside(at, line)) return settle(white, black)
  }
  return settle(white)
}

/** Whether a picture that is drawn before the element lies under this line of it. */
function pictureBeside(element: Element, line: DOMRect): boolean {
  for (let before = element.previousElementSibling; before; before = before.previousElementSibling) {
    const pictures = before.matches('img, canvas, video')
      ? [before]
      : Array.from(before.querySelectorAll('img, canvas, video'))
    for (const picture of pictures) {
      const { left, right, top, bottom } = picture.getBoundingClientRect()
      const meets = left < line.right && right > line.left && top < line.bottom && bottom > line.top
      if (meets) return true
    }
  }
  return false
}
