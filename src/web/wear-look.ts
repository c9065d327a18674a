import * as v from 'valibot'
import { chooseLook, lookChoice } from '#platform/look-choice'
import { fontScale, type SizeStep, sizeSteps, type ThemeChoice, themeChoices } from '#platform/look-steps'
import { readStored } from '#platform/storage'

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

const Stored = v.object({
  theme: v.picklist(Object.keys(themeChoices) as ThemeChoice[]),
  size: v.picklist(Object.keys(sizeSteps) as SizeStep[]),
})

/** Takes a choice that was made in another tab, or while the document was in the back/forward cache. */
export function followLook(): void {
  const follow = () => {
    const stored = readStored('look', Stored)
    // Stores the same value again, about which browsers tell no tab.
    if (stored) chooseLook(stored)
  }
  addEventListener('storage', ({ key }) => {
    if (key === 'look') follow()
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) follow()
  })
}
