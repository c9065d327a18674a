import { tell } from './tell'

/** As in open-poster.ts. A script of its own draws the poster over the story (web/poster.ts). */
export function openPoster(_id: string, _parent: string, newMark: () => string): void {
  const script = document.createElement('script')
  script.src = POSTER_SCRIPT
  script.dataset.mark = newMark()
  script.onerror = () => tell('没能生成海报，请稍后再试')
  document.body.append(script)
}
