import { entryParameter } from './web-entry'

const singlePage = entryParameter('scene') === '1154'

/** The web shows what Moments shows when asked to by `?scene=1154`. */
export function isSinglePage(): boolean {
  return singlePage
}
