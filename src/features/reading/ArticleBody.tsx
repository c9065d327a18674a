import { View } from '@tarojs/components'
import { Fragment, memo } from 'react'
import { ArticleBlock, type BodyActions } from './ArticleBlock'
import type { Piece } from './body-pieces'

interface Props extends BodyActions {
  batches: Piece[][]
  /** Batches drawn now: the first stands with the headline, each later one is a child of its own. */
  upTo: number
  /** The first batch behind the fold, where it is drawn all the same and only unseen. */
  behind: number | undefined
}

/** A story's body. A later batch is one child appended, so that an update carries it and nothing that is there. */
export const ArticleBody = memo(function ArticleBody({ batches, upTo, behind, onStory, onPicture }: Props) {
  return (
    <View className="article-body">
      {batches.slice(0, upTo).map((pieces, batch) => {
        const blocks = pieces.map((piece, index) => (
          <ArticleBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: a story's blocks do not move
            key={index}
            piece={piece}
            onStory={onStory}
            onPicture={onPicture}
          />
        ))
        return batch === 0 ? (
          <Fragment key="first">{blocks}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's batches do not move
          <View key={batch} {...(batch === behind ? { className: 'behind' } : {})}>
            {blocks}
          </View>
        )
      })}
    </View>
  )
})
