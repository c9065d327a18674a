import { lookChoice } from '#platform/look-choice'
import { fontScale } from '#platform/look-steps'

/** Gives the whole document the theme and the text size that the reader chose; head.ts did it when it was opened. */
export function wearLook(): void {
  const { theme, size } = lookChoice()
  const { classList, style } = document.documentElement
  classList.toggle('look--dark', theme === 'dark')
  classList.toggle('look--light', theme === 'light')
  style.setProperty('--scale', String(fontScale(1, size)))
}
