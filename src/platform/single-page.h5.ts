import { pageParameter } from './web-page'

/** On the web, `?scene=1154` shows a story as Moments does. */
export function isSinglePage(): boolean {
  return pageParameter('scene') === '1154'
}
