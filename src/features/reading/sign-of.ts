import type { Article } from '#contract/article'

/** Author and editor of a story; omits what its row does not contain. */
export function signOf({ author, editor }: Article): string {
  return [author && `文：${author}`, editor && `[ 责编：${editor} ]`].filter(Boolean).join('　')
}
