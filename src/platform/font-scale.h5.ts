import { entryParameter } from './web-entry'

const scale = Number(entryParameter('font')) || 1

/** A browser zooms by itself; `?font=1.65` shows what a phone with large text shows. */
export function systemFontScale(): number {
  return scale
}
