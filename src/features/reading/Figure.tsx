import { Image, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { pictureUrl } from '#platform/picture'
import type { PictureBlock } from './use-body'
import './Figure.scss'

interface Props {
  block: PictureBlock
  onPicture: (block: PictureBlock) => void
}

/** Maximum ratio of height to width, for tall pictures such as a long scan or a wrong size. */
const tallest = 2.5

/** A picture with caption and credit. Reserves its height before it loads, so that the text does not move. */
export function Figure({ block, onPicture }: Props) {
  /** Number of retries by the reader after the picture failed to load. `failed` is true until the next retry. */
  const [tries, setTries] = useState(0)
  const [failed, setFailed] = useState(false)
  const { src, width, height, alt, caption, credit } = block
  const words = [caption, credit ? `图：${credit}` : ''].filter(Boolean).join('　')
  const ratio = Math.min(tallest, height / width)
  const place = { style: `--r:${ratio.toFixed(3)}` }
  const url = pictureUrl(src)
  const away = 'figure-picture figure-picture--away'
  const shows = alt ? `[ ${alt} ]` : ''
  return (
    <View className="figure">
      {!url ? (
        // No retry could help.
        <View className={away} {...place}>
          {shows}
        </View>
      ) : failed ? (
        <View
          className={away}
          {...place}
          aria-role="button"
          onClick={() => {
            setFailed(false)
            setTries(tries + 1)
          }}
        >
          {[shows, '图片没有加载出来，点此重试'].filter(Boolean).join('\n')}
        </View>
      ) : (
        <Image
          key={tries}
          className="figure-picture"
          {...place}
          src={url}
          mode={ratio === tallest ? 'aspectFit' : 'aspectFill'}
          lazyLoad
          showMenuByLongpress
          aria-role="button"
          aria-label={`图片：${alt}`}
          onError={() => setFailed(true)}
          onClick={() => onPicture(block)}
        />
      )}
      {words ? (
        <Text className="figure-caption" userSelect>
          {words}
        </Text>
      ) : null}
    </View>
  )
}
