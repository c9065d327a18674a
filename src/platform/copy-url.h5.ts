/** A browser's address bar has the page's link. */
export function useCopyUrl(_query: () => string): void {}
