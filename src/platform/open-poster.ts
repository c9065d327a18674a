import { openPage } from './navigate'

/** Opens the poster of a story. `parent` is the mark by which the reader came; the page makes the poster's own mark. */
export function openPoster(id: string, parent: string, _newMark: () => string): void {
  openPage(`/more/poster/index?id=${id}&mark=${parent}`)
}
