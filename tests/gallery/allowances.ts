import type { Allowance } from './inspect/flaw'

const shortened =
  'a list shows the beginning of it, with an ellipsis; the whole stands on the page it leads to'

/**
 * All exceptions to the rules. The inspector itself contains one more: a link within a line of text, whose height the
 * line determines (WCAG 2.2, 2.5.8, exception Inline).
 */
export const allowances: readonly Allowance[] = [
  {
    name: 'shortened title',
    rule: 'clipped',
    selector: '.feed-item-title, .focus-title, .strip-title',
    cut: 'down',
    because: shortened,
  },
  {
    name: 'shortened teaser',
    rule: 'clipped',
    selector: '.feed-item-teaser',
    cut: 'down',
    because: shortened,
  },
  {
    name: 'reading bar',
    rule: 'clipped',
    selector: '.reading-bar',
    cut: 'across',
    because: 'one line that reminds of the headline, which stands whole at the head of the page',
  },
]
