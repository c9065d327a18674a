import { lookChoice, lookKey, readLookAgain } from '#platform/look-choice'
import { fontScale } from '#platform/look-steps'

/**
 * Applies the reader's theme and text size to the whole document after a new choice. head.ts did it when the document
 * was opened.
 */
export function wearLook(): void {
  const { theme, size } = lookChoice()
  const { classList, style } = document.documentElement
  classList.toggle('look--dark', theme === 'dark')
  classList.toggle('look--light', theme === 'light')
  classList.toggle('look--care', size === 'care')
  style.setProperty('--scale', String(fontScale(1, size)))
}

/** Takes a choice that was made in another tab, or while the document was in the back/forward cache. */
export function followLook(): void {
  addEventListener('storage', ({ key }) => {
    if (key === lookKey) readLookAgain()
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) readLookAgain()
  })
}
