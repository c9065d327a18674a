export type Theme = 'light' | 'dark'

/** What the browser is set to now. */
export function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

/** The web has no bars of WeChat's; the whole document takes the colours, so that no edge stays behind. */
export function paintBars(name: Theme, byHand: boolean): void {
  const { classList } = document.body
  classList.toggle('look--dark', byHand && name === 'dark')
  classList.toggle('look--light', byHand && name === 'light')
}
