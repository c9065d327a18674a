/** In WeChat a page that is left stays as it is: nothing to keep (use-grown-list.h5.ts). */
export function useGrownList(_count: number, _state: string, _loadMore: () => Promise<void>): void {}
