/**
 * Runs in the head, before anything is drawn: the document wears what this reader chose from its first moment on.
 * Small and by itself; the page's script comes later. Whatever it finds broken it leaves alone.
 */
import { fontScale, type SizeStep, sizeSteps } from '../platform/look-steps'

const root = document.documentElement
root.classList.add('js')
try {
  // As look-choice.ts keeps it.
  const { theme, size } =
    (JSON.parse(localStorage.getItem('look') ?? '{}') as { data?: Record<string, string> }).data ?? {}
  if (theme === 'dark' || theme === 'light') root.classList.add(`look--${theme}`)
  if (size !== undefined && Object.keys(sizeSteps).includes(size)) {
    root.style.setProperty('--scale', String(fontScale(1, size as SizeStep)))
  }
} catch {
  // A browser that keeps nothing, or something else under this name.
}
const state = history.state as { unfolded?: unknown } | null
if (state?.unfolded === true) root.classList.add('unfolded')
