import { isDrawn, styleOf, whereIs } from './drawn'
import type { Flaw } from './flaw'

/** Smallest side of a tap target, in pixels (look.md). */
export const smallest = 44

/**
 * Every element that reacts to a tap. Every onClick in src has a role on the same element (roles.test.ts checks this),
 * so roles are enough to find them in a mini-program, where all elements are bound to events. No element of ours
 * enlarges its target by a pseudo-element: the box is the target.
 */
export const interactive = [
  ...['button', 'link', 'radio', 'checkbox', 'tab', 'switch'].flatMap(role => [
    `[aria-role="${role}"]`,
    `[role="${role}"]`,
  ]),
  ...['wx-button', 'wx-input', 'wx-textarea', 'wx-switch', 'wx-slider'],
  ...[
    'a[href]',
    'button',
    'input:not([type="hidden"])',
    'select',
    'textarea',
    'summary',
    '.weui-tabbar__item',
  ],
].join(', ')

export interface Small extends Flaw {
  element: Element
}

/** Finds all tap targets, and those that are smaller than a finger. */
export function findTargets(): { count: number; small: Small[] } {
  const small: Small[] = []
  let count = 0
  for (const element of Array.from(document.querySelectorAll(interactive))) {
    if (!isDrawn(element) || styleOf(element).pointerEvents === 'none') continue
    // WeChat's input contains the browser's own field: a finger touches the outer one.
    if (element.matches('wx-input > input, wx-textarea > textarea')) continue
    count++
    const { width, height } = element.getBoundingClientRect()
    if (width >= smallest - 0.5 && height >= smallest - 0.5) continue
    small.push({
      rule: 'target',
      where: whereIs(element),
      words: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
      detail: `is ${Math.round(width * 10) / 10} × ${Math.round(height * 10) / 10}`,
      element,
    })
  }
  return { count, small }
}

/**
 * WCAG 2.2, 2.5.8, exception Inline: a link within a line of text, whose height the line determines. A link that is
 * alone in its block does not belong here.
 */
export function isInLine(element: Element): boolean {
  if (!/^inline/.test(styleOf(element).display)) return false
  let block = element.parentElement
  while (block && /^inline$/.test(styleOf(block).display)) block = block.parentElement
  const around = block?.textContent?.trim() ?? ''
  return around.length > (element.textContent?.trim().length ?? 0)
}
