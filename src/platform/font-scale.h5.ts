/** Always 1: the browser enlarges text itself. */
export function systemFontScale(): number {
  return 1
}
