/** A tab is a link: tapped again it loads the page again. */
export function useTabRetap(_run: () => void): void {}
