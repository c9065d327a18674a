import { View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { Fragment, memo, useCallback } from 'react'
import { Part } from '#components/Part'
import { attempt } from '#platform/optional'
import { pictureUrl } from '#platform/picture'
import { ArticleBlock, type BodyActions } from './ArticleBlock'
import type { Piece } from './body-pieces'
import type { PictureBlock } from './use-body'

interface Props extends Pick<BodyActions, 'onStory'> {
  batches: Piece[][]
  /**
   * Number of batches to draw now. The first belongs to the headline's update; each later one is a child element of its
   * own.
   */
  upTo: number
  /** Index of the first batch behind the fold, if the page contains it hidden. */
  behind: number | undefined
  /** All pictures of the story: the platform's viewer opens at the tapped one and leads on to the others. */
  pictures: readonly PictureBlock[]
}

/** A story's body. Each later batch is one appended child, so that an update carries only the new batch. */
export const ArticleBody = memo(function ArticleBody({ batches, upTo, behind, pictures, onStory }: Props) {
  const showPicture = useCallback(
    (block: PictureBlock) => {
      const at = pictures.indexOf(block)
      const current = pictureUrl(block.src)
      // WeChat opens the first picture with the address: the same picture before the tapped one is left out.
      const urls = pictures
        .map(({ src }) => pictureUrl(src))
        .filter((url, i) => url && (i >= at || url !== current))
      attempt(() => Taro.previewImage({ current, urls }))
    },
    [pictures],
  )
  return (
    <View className="article-body">
      {batches.slice(0, upTo).map((pieces, batch) => {
        const blocks = pieces.map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's blocks do not move
          <Part key={index}>
            <ArticleBlock piece={piece} onStory={onStory} onPicture={showPicture} />
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
