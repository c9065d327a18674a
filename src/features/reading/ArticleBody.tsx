import { View } from '@tarojs/components'
import { Fragment, memo } from 'react'
import { Part } from '#components/Part'
import { ArticleBlock, type BodyActions } from './ArticleBlock'
import type { Piece } from './body-pieces'

interface Props extends BodyActions {
  batches: Piece[][]
  /**
   * Number of batches to draw now. The first belongs to the headline's update; each later one is a child element of its
   * own.
   */
  upTo: number
  /** Index of the first batch behind the fold, if the page contains it hidden. */
  behind: number | undefined
}

/** A story's body. Each later batch is one appended child, so that an update carries only the new batch. */
export const ArticleBody = memo(function ArticleBody({ batches, upTo, behind, onStory, onPicture }: Props) {
  return (
    <View className="article-body">
      {batches.slice(0, upTo).map((pieces, batch) => {
        const blocks = pieces.map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's blocks do not move
          <Part key={index}>
            <ArticleBlock piece={piece} onStory={onStory} onPicture={onPicture} />
          </Part>
        ))
        return batch === 0 ? (
          <Fragment key="first">{blocks}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's batches do not move
          <View key={batch} {...(batch === behind ? { className: 'article-behind' } : {})}>
            {blocks}
          </View>
        )
      })}
    </View>
  )
})
