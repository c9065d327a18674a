/** A browser's address bar has the page's link. */
export const useCopyUrl = (_query: () => string): void => undefined
