import { useMemo } from 'react'
import type { Article } from '#contract/article'
import { bodyOf } from './body-of'
import { foldAt } from './fold-at'
import type { Body } from './use-body'

/**
 * A story's body in a document: complete from the start. The text behind the fold is in the HTML but hidden, so that
 * browsers without script, printing and search find it.
 */
export function useBody(article: Article | undefined, mayFold: boolean, whole: boolean): Body {
  const parts = useMemo(() => {
    const blocks = article ? bodyOf(article) : []
    const fold = mayFold ? foldAt(blocks) : null
    const pieces = blocks.map(block => ({ block }))
    return {
      batches: fold ? [pieces.slice(0, fold.at), pieces.slice(fold.at)] : [pieces],
      rest: fold ? fold.rest : 0,
      pictures: blocks.flatMap(block => (block.type === 'picture' ? [block] : [])),
    }
  }, [article, mayFold])
  const { batches, rest, pictures } = parts
  const folded = rest > 0 && !whole
  return {
    batches,
    upTo: batches.length,
    drawn: article !== undefined,
    folds: rest > 0,
    rest: folded ? rest : 0,
    pictures,
    ...(folded ? { behind: 1 } : {}),
  }
}
