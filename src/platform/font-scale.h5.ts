/** A browser enlarges text by itself. */
export function systemFontScale(): number {
  return 1
}
