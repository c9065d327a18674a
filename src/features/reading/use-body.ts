import { useMemo, useState } from 'react'
import type { Article } from '#contract/article'
import { bodyOf } from './body-of'
import { batchesOf, type Piece, piecesOf } from './body-pieces'
import { foldAt } from './fold-at'
import { useStages } from './use-stages'

/** Blocks sent with the headline: enough for the first screen. */
const firstBlocks = 5

export interface Body {
  batches: Piece[][]
  /** Batches to draw now. */
  upTo: number
  /** Everything down to the fold, or to the end, is drawn: what follows the text may come. */
  drawn: boolean
  /** Whether the story has a fold, open or not. */
  folds: boolean
  /** Percentage behind the fold; 0 where nothing is folded away. */
  rest: number
  /** Pictures of the whole story, folded or not. */
  pictures: string[]
  /** The first batch that is there and unseen behind the fold (use-body.h5.ts). */
  behind?: number
}

/**
 * A story's body as it is sent: the first screen with the headline, then batch by batch. `whole` opens the fold; a
 * story shown in single-page mode has none (`mayFold`).
 */
export function useBody(article: Article | undefined, mayFold: boolean, whole: boolean): Body {
  const parts = useMemo(() => {
    const blocks = article ? bodyOf(article) : []
    const fold = mayFold ? foldAt(blocks) : null
    const [front, back] = piecesOf(blocks, fold?.at)
    return {
      rest: fold ? fold.rest : 0,
      front: batchesOf(front, firstBlocks),
      back: batchesOf(back, 0),
      pictures: blocks.flatMap(block => (block.type === 'picture' ? [block.src] : [])),
    }
  }, [article, mayFold])
  const open = whole || parts.back.length === 0
  const batches = useMemo(() => (open ? [...parts.front, ...parts.back] : parts.front), [open, parts])
  const stage = useStages(article?.id ?? '', article ? Math.max(1, batches.length - 1) : 0)
  // What follows the text comes with its last batch, or with the update after the first screen.
  const last = Math.max(1, parts.front.length - 1)
  const [reached, setReached] = useState('')
  const drawn = article !== undefined && (reached === article.id || stage >= last)
  if (drawn && reached !== article.id) setReached(article.id)
  return {
    batches,
    upTo: stage + 1,
    drawn,
    folds: parts.rest > 0,
    rest: open ? 0 : parts.rest,
    pictures: parts.pictures,
  }
}
