/**
 * Runs in the head, before the browser draws anything: the document has the reader's theme and text size from the
 * start. Small and self-contained, because the page's script loads later. Ignores broken stored data.
 */
import { fontScale, type SizeStep, sizeSteps } from '../platform/look-steps'

const root = document.documentElement
root.classList.add('js')
try {
  // The format that look-choice.ts writes.
  const { theme, size } =
    (JSON.parse(localStorage.getItem('look') ?? '{}') as { data?: Record<string, string> }).data ?? {}
  if (theme === 'dark' || theme === 'light') root.classList.add(`look--${theme}`)
  if (size === 'care') root.classList.add('look--care')
  if (size !== undefined && Object.keys(sizeSteps).includes(size)) {
    root.style.setProperty('--scale', String(fontScale(1, size as SizeStep)))
  }
} catch {
  // The browser refuses storage, or another program wrote this key.
}
const state = history.state as { unfolded?: unknown } | null
if (state?.unfolded === true) root.classList.add('article-unfolded')
