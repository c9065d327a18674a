import { View } from '@tarojs/components'
import './Skeleton.scss'

interface Props {
  rows: ReadonlyArray<'head' | 'line' | 'short'>
  /** Each `head` is the beginning of a story with its picture. */
  stories?: boolean
}

/**
 * Placeholder in the shape of the coming content: a headline and lines of text. Not animated; hidden from screen
 * readers.
 */
export function Skeleton({ rows, stories }: Props) {
  return (
    <View className={stories ? 'skeleton skeleton--stories' : 'skeleton'} aria-hidden>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
        <View key={index} className={`skeleton-line skeleton-line--${row}`} />
      ))}
    </View>
  )
}
