import { tell } from './tell'

/**
 * As in open-poster.ts. A script of its own draws the poster over the story (web/poster.ts). It stays in the document
 * as long as the poster is drawn or shown; meanwhile a second tap does nothing.
 */
export function openPoster(_id: string, _parent: string, newMark: () => string): void {
  if (document.querySelector('script[data-mark]')) return
  const script = document.createElement('script')
  script.src = POSTER_SCRIPT
  script.dataset.mark = newMark()
  script.onerror = () => {
    script.remove()
    tell('没能生成海报，请稍后再试')
  }
  document.body.append(script)
}
