/** On the web a tab is a link, so tapping it again reloads the page. */
export function useTabRetap(_run: () => void): void {}
