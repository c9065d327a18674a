import { useMemo, useState } from 'react'
import type { Article, Block } from '#contract/article'
import { bodyOf } from './body-of'
import { batchesOf, type Piece, piecesOf } from './body-pieces'
import { foldAt } from './fold-at'
import { useStages } from './use-stages'

/** Number of blocks sent with the headline: enough for the first screen. */
const firstBlocks = 5

export type PictureBlock = Extract<Block, { type: 'picture' }>

export interface Body {
  batches: Piece[][]
  /** Number of batches to draw now. */
  upTo: number
  /** Everything down to the fold or the end is drawn: the page may draw what follows the text. */
  drawn: boolean
  /** Whether the story has a fold, open or not. */
  folds: boolean
  /** Percentage of the text behind the fold; 0 if the fold is open or there is none. */
  rest: number
  /** Pictures of the whole story, including those behind the fold. */
  pictures: PictureBlock[]
  /** Index of the first batch that is hidden behind the fold (use-body.h5.ts). */
  behind?: number
}

/**
 * Splits a story's body into updates: the first screen with the headline, then batch by batch. `whole` opens the fold.
 * Single-page mode has no fold (`mayFold` is false).
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
      pictures: blocks.flatMap(block => (block.type === 'picture' ? [block] : [])),
    }
  }, [article, mayFold])
  const open = whole || parts.back.length === 0
  const batches = useMemo(() => (open ? [...parts.front, ...parts.back] : parts.front), [open, parts])
  const stage = useStages(article?.id ?? '', article ? Math.max(1, batches.length - 1) : 0)
  // What follows the text is drawn with the last batch, or with the update after the first screen.
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
