/** Nothing to store in WeChat: a page that the reader leaves stays unchanged (on the web: use-grown-list.h5.ts). */
export function useGrownList(_count: number, _state: string, _loadMore: () => Promise<void>): void {}

export const hadGrown = (): boolean => false
