/**
 * Runs in the head, before the browser draws anything: the document has the reader's theme and text size from the
 * start, and knows of a tap that began on the document before it. Small and self-contained, because the page's script
 * loads later. Ignores broken stored data.
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

/** A tap so soon (ms) after one on a link is the second of a double tap. */
const doubleTap = 400
/** In `sessionStorage`: when the reader last tapped a link, or tapped again. */
const tapKey = 'tapped'

// The second tap of a double tap would hit whatever has just appeared in the place of the link. Deliberate clicks of a
// mouse are never too soon; some engines do not say what clicked. Keys have no `detail`.
addEventListener(
  'click',
  event => {
    const { detail, timeStamp, target, ctrlKey, metaKey, shiftKey, altKey } = event
    const { pointerType } = event as Partial<PointerEvent>
    if (detail === 0 || (detail === 1 && pointerType === 'mouse') || ctrlKey || metaKey || shiftKey || altKey)
      return
    // When the finger was there. A busy document learns of it later.
    const at = Date.now() - (performance.now() - timeStamp)
    try {
      const since = at - Number(sessionStorage.getItem(tapKey))
      const isSecond = since >= 0 && since < doubleTap
      if (isSecond) {
        event.preventDefault()
        event.stopImmediatePropagation()
      }
      if (isSecond || (target as Element).closest('a[href]')) sessionStorage.setItem(tapKey, String(at))
    } catch {
      // The browser refuses storage.
    }
  },
  true,
)
