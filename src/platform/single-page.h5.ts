import { pageParameter } from './web-page'

/** The web shows what Moments shows when asked to by `?scene=1154`. */
export function isSinglePage(): boolean {
  return pageParameter('scene') === '1154'
}
